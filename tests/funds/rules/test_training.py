"""Training paid in two parts (funds F-15)."""

from datetime import date
from decimal import Decimal

import pytest

from funds.rules.training import (
    Trainee,
    first_refusals,
    instalments,
    second_refusals,
    stable_from,
    standard_warning,
)


@pytest.mark.parametrize(
    ("standard", "first", "second"),
    [("800", "400.00", "400.00"), ("800.01", "400.01", "400.00"), ("0", "0", "0")],
)
def test_two_parts_that_add_up(standard: str, first: str, second: str) -> None:
    found = instalments(Decimal(standard), 2014)
    assert (found.on_completion, found.on_staying) == (Decimal(first), Decimal(second))
    assert found.on_completion + found.on_staying == Decimal(standard)


DONE = date(2014, 6, 30)


@pytest.mark.parametrize(
    ("registered", "trade", "completed_on", "on", "fields"),
    [
        (True, "焊工", DONE, DONE, []),
        (False, "焊工", DONE, DONE, ["labourer"]),
        (True, "厨师", DONE, DONE, ["trade"]),
        (True, "焊工", None, DONE, ["completed_on"]),
        (True, "焊工", DONE, date(2014, 6, 29), ["completed_on"]),
    ],
)
def test_the_first_part(
    registered: bool, trade: str, completed_on: date | None, on: date, fields: list[str]
) -> None:
    trainee = Trainee(registered=registered, trade=trade, year=2014, claimed={("厨师", 2014), ("焊工", 2013)})
    assert list(first_refusals(trainee, completed_on=completed_on, on=on)) == fields


@pytest.mark.parametrize(
    ("employed_on", "left_on", "on", "first_paid", "fields"),
    [
        (date(2014, 7, 1), None, date(2015, 1, 1), True, []),
        (date(2014, 7, 1), None, date(2014, 12, 31), True, ["on"]),
        (date(2014, 7, 1), date(2014, 12, 31), date(2015, 6, 1), True, ["left_on"]),
        (date(2014, 7, 1), date(2015, 1, 1), date(2015, 6, 1), True, []),
        (None, None, date(2015, 6, 1), True, ["employed_on"]),
        (date(2014, 7, 1), None, date(2015, 1, 1), False, [""]),
    ],
)
def test_the_second_part_is_for_staying(
    employed_on: date | None, left_on: date | None, on: date, first_paid: bool, fields: list[str]
) -> None:
    found = second_refusals(employed_on=employed_on, left_on=left_on, on=on, first_paid=first_paid)
    assert list(found) == fields


def test_six_months_by_calendar() -> None:
    assert stable_from(date(2014, 8, 31)) == date(2015, 2, 28)


@pytest.mark.parametrize(
    ("now", "before", "warned"), [("799", "800", True), ("800", "800", False), ("1", None, False)]
)
def test_the_standard_does_not_fall(now: str, before: str | None, warned: bool) -> None:
    said = standard_warning(Decimal(now), None if before is None else Decimal(before))
    assert (said is not None) is warned
