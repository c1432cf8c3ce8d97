"""Organisation codes, money, telephones, cards, masks, text."""

from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from fupin.lib import bankcard, masking, money, orgcode, phone, plaintext


def test_organisation_code_example():
    assert orgcode.is_org_code("D2143569X")
    assert not orgcode.is_org_code("D21435690")
    assert not orgcode.is_org_code("D2143569")
    assert orgcode.normal(" d2143569-x ") == "D2143569X"


def test_organisation_code_with_remainder_nought():
    bodies = ("00000000", "10000007")
    assert [orgcode.org_check_digit(body) for body in bodies] == ["0", str((11 - (3 + 14) % 11) % 11)]
    with pytest.raises(ValueError, match="eight"):
        orgcode.org_check_digit("1234567")


def test_uscc_example():
    assert orgcode.is_uscc("91350100M000100Y43")
    assert not orgcode.is_uscc("91350100M000100Y44")
    assert not orgcode.is_uscc("91350100M000100Y4")
    assert not orgcode.is_uscc("91350100M000100I43")


def test_both_codes_are_of_one_body():
    assert orgcode.agree("M000100Y4", "91350100M000100Y43")
    assert not orgcode.agree("D2143569X", "91350100M000100Y43")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,234.5", "1234.5"), ("1234", "1234"), (" 1 234.50 ", "1234.50"), ("１２３４．５", "1234.5"),
        ("1，234", "1234"), ("-0.01", "-0.01"), ("+3", "3"), ("0", "0"),
    ],
)  # fmt: skip
def test_numbers_as_people_write_them(text: str, value: str):
    assert money.parse_decimal(text) == Decimal(value)


@pytest.mark.parametrize(
    "text", ["", "12,34", "1.2.3", "1e5", "NaN", "￥5", "五", ".", "1,2345", "--1", "1."]
)
def test_no_number_is_guessed(text: str):
    with pytest.raises(ValueError, match="number"):
        money.parse_decimal(text)


@given(st.decimals(min_value=-(10**10), max_value=10**10, places=2))
def test_money_round_trips(amount: Decimal):
    assert money.parse_decimal(money.grouped(amount)) == amount
    assert Decimal(money.whole_fen(amount)) / 100 == amount
    assert money.wan_to_yuan(money.yuan_to_wan(amount)) == amount


def test_rounding_is_half_up():
    assert [money.to_fen(Decimal(text)) for text in ("0.005", "0.015", "-0.005", "2.674")] == [
        Decimal("0.01"), Decimal("0.02"), Decimal("-0.01"), Decimal("2.67"),
    ]  # fmt: skip
    with pytest.raises(ValueError, match="two"):
        money.whole_fen(Decimal("0.005"))


@pytest.mark.parametrize(
    ("number", "right"),
    [
        ("13903580001", True), ("0358-4422000", True), ("03584422000", True), ("010-12345678", True),
        ("23903580001", False), ("1390358000", False), ("4422000", False), ("0358--4422000", False),
        ("", False), ("１３９０３５８０００１", False),
    ],
)  # fmt: skip
def test_phone(number: str, right: bool):
    assert phone.is_phone(number) is right


def test_phone_is_stored_plain():
    assert phone.is_phone(phone.normal(" １３９ ０３５８ ０００１ "))


def test_bank_card():
    assert bankcard.looks_like_card("4111111111111111")
    assert not bankcard.looks_like_card("4111111111111112")
    assert not bankcard.looks_like_card("411111111111")
    assert bankcard.normal("4111 1111-1111 1111") == "4111111111111111"


def test_masks():
    assert masking.mask_id_no("11010519491231002X") == "110105************"
    assert masking.mask_id_no("LS1411241012000007") == "LS1411241012000007"
    assert masking.mask_account("4111111111111111") == "************1111"
    assert masking.mask_phone("13903580001") == "*******0001"
    assert masking.mask_phone("0001") == "****"
    assert masking.is_masked("*******0001")
    assert not masking.is_masked("13903580001")


def test_text_made_plain():
    assert plaintext.plain("　Ａ１\u200b  b\n") == "A1 b"
    assert plaintext.tight(" 1 2 ") == "12"
    assert plaintext.holds_control("a\x00")
    assert plaintext.holds_control("a\x7f")
    assert not plaintext.holds_control("甲\n乙\t")
