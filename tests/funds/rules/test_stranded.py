"""Money that is stranded: the example of funds F-05, each trigger, and that all of it goes back."""

from datetime import date
from decimal import Decimal

import pytest

from funds.rules.stranded import (
    Consequence,
    Leftover,
    StrandedReason,
    Window,
    carried_too_long,
    consequences,
    leftover,
    points_off,
    reason_on,
    redistribution_refusals,
    return_refusals,
    return_window,
    stranded_amount,
)

ARRIVED = date(2014, 7, 1)
PLANNED = date(2014, 12, 31)


def test_the_worked_example() -> None:
    """300.00 万 arrived in 2014, 184.50 paid and accepted, the rest not out by 12-31: 115.50 万 due by 2015-12-31."""
    reason = reason_on(date(2015, 1, 1), unpaid=Decimal(1_155_000), arrived_on=ARRIVED, planned_until=PLANNED)
    assert reason is StrandedReason.NOT_ON_TIME
    found = stranded_amount(
        reason, placed=Decimal(3_000_000), paid=Decimal(1_845_000), accepted=Decimal(1_845_000)
    )
    assert (found.amount, found.to_recover) == (1_155_000, 0)
    window = return_window(arrived_on=ARRIVED, recognised_on=date(2015, 1, 5))
    assert (window.first, window.last) == (date(2015, 1, 1), date(2015, 12, 31))
    assert not window.overdue(date(2015, 12, 31))
    assert window.overdue(date(2016, 1, 1))


@pytest.mark.parametrize(
    ("today", "unpaid", "feasible", "reason"),
    [
        (date(2014, 12, 31), "1.00", True, None),  # the planned day itself is in time
        (date(2015, 1, 1), "0.01", True, "NOT_ON_TIME"),
        (date(2015, 1, 1), "0", True, None),
        (date(2014, 7, 1), "1.00", False, "NOT_FEASIBLE"),
        (date(2014, 12, 1), "0", False, "NOT_FEASIBLE"),  # what was paid may have to be fetched back
        (date(2014, 6, 30), "1.00", False, None),  # not here yet
    ],
)
def test_both_triggers_of_the_article(today: date, unpaid: str, feasible: bool, reason: str | None) -> None:
    found = reason_on(
        today, unpaid=Decimal(unpaid), arrived_on=ARRIVED, planned_until=PLANNED, feasible=feasible
    )
    assert found == reason


@pytest.mark.parametrize(
    ("today", "reason"),
    [(date(2014, 12, 31), None), (date(2015, 12, 31), None), (date(2016, 1, 1), "CARRY_OVER")],
)
def test_what_was_carried_over_two_years_stands_apart(today: date, reason: str | None) -> None:
    found = reason_on(today, unpaid=Decimal(1), arrived_on=ARRIVED, planned_until=None, fiscal_year=2014)
    assert found == reason


def test_carrying_over_is_counted_by_ends_of_years() -> None:
    assert not carried_too_long(2014, date(2015, 12, 31))
    assert carried_too_long(2014, date(2016, 1, 1))


@pytest.mark.parametrize(
    ("reason", "standing", "unpaid", "to_recover"),
    [
        (StrandedReason.NOT_ON_TIME, None, 400, 0),
        (StrandedReason.NOT_FEASIBLE, None, 400, 350),  # nothing stands but what was accepted
        (StrandedReason.NOT_FEASIBLE, "500", 400, 100),  # a part of it stands, though nobody accepted it
        (StrandedReason.NOT_FEASIBLE, "600", 400, 0),
        (StrandedReason.CARRY_OVER, None, 400, 0),
    ],
)
def test_what_goes_back(reason: StrandedReason, standing: str | None, unpaid: int, to_recover: int) -> None:
    found = stranded_amount(
        reason,
        placed=Decimal(1000),
        paid=Decimal(600),
        accepted=Decimal(250),
        standing=None if standing is None else Decimal(standing),
    )
    assert (found.unpaid, found.to_recover, found.amount) == (unpaid, to_recover, unpaid + to_recover)


@pytest.mark.parametrize(
    ("placed", "paid", "accepted", "standing"),
    [
        ("10", "11", "0", "0"),
        ("10", "5", "6", "5"),
        ("10", "5", "3", "2"),
        ("10", "5", "3", "6"),
        ("10", "5", "-1", "5"),
    ],
)
def test_impossible_amounts(placed: str, paid: str, accepted: str, standing: str) -> None:
    with pytest.raises(ValueError, match="已验收"):
        stranded_amount(
            StrandedReason.NOT_FEASIBLE,
            placed=Decimal(placed),
            paid=Decimal(paid),
            accepted=Decimal(accepted),
            standing=Decimal(standing),
        )


@pytest.mark.parametrize(
    ("sent", "refused"), [("1155000.00", False), ("1154999.99", True), ("1155000.01", True), ("0", True)]
)
def test_all_of_it_or_nothing(sent: str, refused: bool) -> None:
    assert bool(return_refusals(due=Decimal(1_155_000), sent=Decimal(sent))) is refused


def test_reminders_of_a_return() -> None:
    window = Window(date(2015, 1, 1), date(2015, 12, 31))
    assert [f"{day:%m-%d}" for day in window.reminders()] == ["01-15", "06-30", "09-30", "11-30", "12-15"]


def test_consequences_once_it_is_overdue() -> None:
    window = Window(date(2015, 1, 1), date(2015, 12, 31))
    assert consequences(window, date(2015, 12, 31)) == ()
    assert consequences(window, date(2016, 1, 1)) == (Consequence.NAMED, Consequence.PAUSED)
    assert points_off(2016) == 0  # no document says how many


def test_names_of_what_is_left_over() -> None:
    assert leftover(finished=True) is Leftover.BALANCE
    assert leftover(finished=False) is Leftover.CARRIED


@pytest.mark.parametrize(
    ("amount", "kind", "fields"),
    [
        ("100", "发展资金", []),
        ("100.01", "发展资金", ["amount_yuan"]),
        ("0", "发展资金", ["amount_yuan"]),
        ("100", "以工代赈", ["kind"]),
    ],
)
def test_used_again_through_its_own_channel(amount: str, kind: str, fields: list[str]) -> None:
    found = redistribution_refusals(
        in_pool=Decimal(100), amount=Decimal(amount), kind=kind, original_kind="发展资金"
    )
    assert list(found) == fields
