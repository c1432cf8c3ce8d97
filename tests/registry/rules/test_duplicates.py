"""A row a sentence: what makes two cards look like one, and what does not."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest

from registry.codes.duplicates import DuplicateSign as Sign
from registry.rules.duplicates import (
    Person,
    common_division,
    is_open,
    name_sign,
    pairs_by_account,
    pairs_by_phone,
    split_sign,
    weight,
)
from tests.registry.factories import KELAN_VILLAGE, OTHER_VILLAGE, VILLAGE

BORN = date(1970, 5, 6)
LI = Person(1, VILLAGE, "liyoufu", "1", BORN, b"a" * 16)
OTHER = Person(2, VILLAGE, "liyoufu", "1", BORN, b"b" * 16)


@pytest.mark.parametrize(
    ("change", "sign"),
    [
        ({}, Sign.NAME_VILLAGE),
        ({"village": OTHER_VILLAGE}, Sign.NAME_COUNTY),
        ({"village": KELAN_VILLAGE}, None),  # another county's namesake
        ({"name_pinyin": "liyoufa"}, None),
        ({"sex": "2"}, None),
        ({"birth_date": date(1970, 5, 7)}, None),
        ({"household": 1}, None),  # in one household: the card's own check
        ({"counted": False, "change_type": "01"}, None),
    ],
)
def test_one_person_under_two_numbers(change: dict[str, object], sign: Sign | None) -> None:
    assert name_sign(LI, replace(OTHER, **change)) == sign
    assert name_sign(replace(OTHER, **change), LI) == sign


def test_without_a_birth_date_or_a_name_nothing_is_told() -> None:
    assert name_sign(replace(LI, birth_date=None), replace(OTHER, birth_date=None)) is None
    assert name_sign(replace(LI, name_pinyin=""), replace(OTHER, name_pinyin="")) is None


@pytest.mark.parametrize(
    ("change_type", "counted", "sign"),
    [
        ("08", False, Sign.SPLIT),  # 其他转出
        ("02", False, None),  # 嫁出
        ("01", False, None),  # 死亡
        ("", True, None),
    ],
)
def test_who_moved_out_and_stands_elsewhere(change_type: str, counted: bool, sign: Sign | None) -> None:
    left = replace(LI, change_type=change_type, counted=counted)
    assert split_sign(left, replace(OTHER, id_no_index=LI.id_no_index)) == sign
    assert split_sign(left, OTHER) is None
    assert split_sign(left, replace(OTHER, id_no_index=LI.id_no_index, village=KELAN_VILLAGE)) is None


def test_a_shared_number_makes_no_flood() -> None:
    assert pairs_by_account([3, 1, 2]) == {(1, 2), (1, 3), (2, 3)}
    assert pairs_by_account(range(1, 301)) == {(1, other) for other in range(2, 301)}
    assert pairs_by_phone([1, 2, 3], year=2014) == {(1, 2), (1, 3), (2, 3)}
    assert pairs_by_phone([1, 2, 3, 4], year=2014) == set()
    assert pairs_by_account([5]) == set()


def test_the_lowest_division_of_both() -> None:
    assert common_division(VILLAGE, VILLAGE) == VILLAGE
    assert common_division(VILLAGE, OTHER_VILLAGE) == 141124101000
    assert common_division(VILLAGE, 141124102200) == 141124000000
    assert common_division(VILLAGE, KELAN_VILLAGE) == 140000000000


def test_heavier_signs_come_first() -> None:
    order = [Sign.NAME_VILLAGE, Sign.SPLIT, Sign.ACCOUNT, Sign.NAME_COUNTY, Sign.PHONE]
    assert all(weight([one]) > weight([other]) for one, other in pairwise(order))
    assert weight([Sign.PHONE, Sign.PHONE]) == weight([Sign.PHONE])


def test_a_new_sign_opens_a_decided_pair() -> None:
    assert is_open(["PHONE"], "", [])
    assert not is_open(["PHONE"], "TWO", ["PHONE"])
    assert not is_open(["PHONE"], "TWO", ["PHONE", "ACCOUNT"])
    assert is_open(["PHONE", "ACCOUNT"], "TWO", ["PHONE"])
