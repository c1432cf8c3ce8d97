"""Gifts: the example of funds F-08, and the five rules that go with it."""

from datetime import date
from decimal import Decimal

import pytest

from funds.rules.donations import (
    FREE,
    Gift,
    gift_refusals,
    given_day,
    left_over,
    publish_by,
    spending_refusals,
)

WAN = 10_000
SCHOOL = "助学"
RECEIVED = [Gift(Decimal(30 * WAN), SCHOOL), Gift(Decimal(90 * WAN))]
SPENT = [Gift(Decimal(28 * WAN), SCHOOL), Gift(Decimal(75 * WAN))]


def test_the_worked_example() -> None:
    """120 万 received, 30 of it for a purpose; 28 and 75 spent: 2 and 15 are left."""
    assert left_over(RECEIVED, SPENT) == {SCHOOL: 2 * WAN, FREE: 15 * WAN}


def refusals(amount: str, purpose: str, *, given: str = SCHOOL, tied: bool = True) -> dict[str, str]:
    return spending_refusals(
        Gift(Decimal(amount), purpose),
        left=left_over(RECEIVED, SPENT),
        given_purpose=given,
        tied=tied,
        on=date(2014, 11, 1),
        received_on=date(2014, 10, 17),
    )


def test_what_is_left_of_a_purpose_is_not_diverted() -> None:
    """The example's last sentence: the 2 万 for one purpose are refused to another."""
    assert refusals("20000", "修路") == {"purpose": "定向捐款只能用于“助学”，不得改用"}
    assert refusals("20000", SCHOOL) == {}


@pytest.mark.parametrize(
    ("amount", "purpose", "given", "tied", "fields"),
    [
        ("20000.01", SCHOOL, SCHOOL, True, ["amount_yuan"]),
        ("0", SCHOOL, SCHOOL, True, ["amount_yuan"]),
        ("150000", "修路", FREE, True, []),
        ("150000.01", "修路", FREE, True, ["amount_yuan"]),
        ("10", "修路", "修路", True, ["amount_yuan"]),
        ("10", SCHOOL, SCHOOL, False, ["project"]),
    ],
)
def test_each_spending_has_its_money_and_its_project(
    amount: str, purpose: str, given: str, tied: bool, fields: list[str]
) -> None:
    assert list(refusals(amount, purpose, given=given, tied=tied)) == fields


def test_nothing_is_spent_before_it_is_given() -> None:
    found = spending_refusals(
        Gift(Decimal(1)),
        left={FREE: Decimal(1)},
        given_purpose=FREE,
        tied=True,
        on=date(2014, 10, 16),
        received_on=date(2014, 10, 17),
    )
    assert list(found) == ["on"]


def test_more_spent_than_given_is_impossible() -> None:
    with pytest.raises(ValueError, match="非定向"):
        left_over([Gift(Decimal(1))], [Gift(Decimal(2))])


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({}, []),
        ({"anonymous": True, "donor": ""}, []),
        ({"donor": " "}, ["donor"]),
        ({"receipt_no": ""}, ["receipt_no"]),
        ({"in_kind": True}, ["thing"]),
        ({"in_kind": True, "thing": "面粉 20 袋"}, []),
        ({"amount": Decimal("-1")}, ["amount_yuan"]),
    ],
)
def test_what_a_gift_says_of_itself(changed: dict[str, object], fields: list[str]) -> None:
    given = {
        "amount": Decimal(100),
        "receipt_no": "晋捐2014-0001",
        "in_kind": False,
        "thing": "",
        "anonymous": False,
        "donor": "某公司",
    } | changed
    assert list(gift_refusals(**given)) == fields  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("day", "by"),
    [
        (date(2014, 10, 1), date(2015, 1, 30)),
        (date(2014, 12, 31), date(2015, 1, 30)),
        (date(2014, 1, 1), date(2014, 4, 30)),
        (date(2014, 4, 1), date(2014, 7, 30)),
        (date(2014, 9, 30), date(2014, 10, 30)),
    ],
)
def test_published_by_the_quarter(day: date, by: date) -> None:
    assert publish_by(day) == by


def test_the_day_of_giving() -> None:
    assert given_day(2014) == date(2014, 10, 17)
