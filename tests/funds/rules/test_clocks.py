"""By when money is passed on: the examples of funds F-04, both sides of each boundary."""

from datetime import date
from decimal import Decimal

import pytest

from funds.rules.clocks import (
    day_refusals,
    due_on,
    exempt_warning,
    exemption_refusals,
    is_advance,
    mean_days,
    overdue_days,
    overdue_weight,
    pass_on_by,
    place_by,
    reminders,
    speed_points,
    stays,
)


@pytest.mark.parametrize(
    ("issued_on", "due"),
    [
        (date(2014, 5, 9), date(2014, 7, 9)),
        (date(2014, 7, 31), date(2014, 9, 30)),
        (date(2014, 12, 31), date(2015, 2, 28)),
        (date(2015, 12, 31), date(2016, 2, 29)),
        (date(2014, 6, 30), date(2014, 8, 30)),
    ],
)
def test_two_months_by_calendar(issued_on: date, due: date) -> None:
    assert pass_on_by(issued_on, advance=False, fiscal_year=issued_on.year) == due


@pytest.mark.parametrize("issued_on", [date(2014, 9, 30), date(2014, 12, 31)])
def test_what_was_announced_in_advance_is_out_by_the_end_of_march(issued_on: date) -> None:
    assert is_advance(issued_on, 2015)
    assert pass_on_by(issued_on, advance=True, fiscal_year=2015) == date(2015, 3, 31)


def test_money_of_its_own_year_is_not_in_advance() -> None:
    assert not is_advance(date(2015, 1, 1), 2015)


def test_the_few_that_the_province_approves_have_no_clock_but_a_reason() -> None:
    day = date(2014, 5, 9)
    assert due_on(day, fiscal_year=2014, advance=False, needs_prov_approval=True) is None
    assert due_on(day, fiscal_year=2014, advance=False) == date(2014, 7, 9)
    assert exemption_refusals(needs_prov_approval=True, reason=" ") == {
        "approval_reason": "须省级审批的，写明理由"
    }
    assert exemption_refusals(needs_prov_approval=True, reason="跨市项目") == {}
    assert exemption_refusals(needs_prov_approval=False, reason="") == {}


@pytest.mark.parametrize(("exempt", "warned"), [("10.00", False), ("10.01", True), ("0", False)])
def test_a_few_are_no_more_than_a_tenth(exempt: str, warned: bool) -> None:
    assert (exempt_warning(Decimal(exempt), Decimal(100), 2014) is not None) is warned


def test_a_county_has_thirty_days() -> None:
    assert place_by(date(2014, 7, 10)) == date(2014, 8, 9)


def test_reminders_go_out_four_times() -> None:
    assert reminders(date(2014, 7, 9)) == [
        date(2014, 6, 9),
        date(2014, 6, 25),
        date(2014, 7, 2),
        date(2014, 7, 8),
    ]


@pytest.mark.parametrize(
    ("today", "days", "weight"),
    [
        (date(2014, 7, 8), 0, 0),
        (date(2014, 7, 9), 0, 0),
        (date(2014, 7, 10), 1, 12_600_000),
        (date(2014, 11, 24), 138, 12_600_000 * 138),
    ],
)
def test_days_over_weigh_by_what_is_not_out(today: date, days: int, weight: int) -> None:
    due = date(2014, 7, 9)
    assert overdue_days(due, today) == days
    assert overdue_weight(Decimal(12_600_000), due, today) == weight


def test_without_a_clock_nothing_is_overdue() -> None:
    assert overdue_days(None, date(2099, 1, 1)) == 0
    assert overdue_weight(Decimal(5), None, date(2099, 1, 1)) == 0


@pytest.mark.parametrize(
    ("passed_on", "points"),
    [
        (date(2014, 5, 9), "10"),
        (date(2014, 6, 9), "10"),
        (date(2014, 6, 10), "9–8"),
        (date(2014, 7, 9), "9–8"),
        (date(2014, 7, 10), "7–6"),
        (date(2014, 9, 9), "5–4"),
        (date(2014, 10, 9), "3–2"),
        (date(2014, 11, 9), "1"),
        (date(2014, 11, 10), "0"),
    ],
)
def test_points_for_speed(passed_on: date, points: str) -> None:
    assert str(speed_points(date(2014, 5, 9), passed_on)) == points


def test_mean_days_weigh_by_amount() -> None:
    assert mean_days([(10, Decimal(300)), (40, Decimal(100))]) == Decimal("17.5")
    assert mean_days([]) is None
    assert mean_days([(5, Decimal(0))]) is None


STOPS = [
    ("中央", date(2014, 5, 9)),
    ("省级", date(2014, 5, 14)),
    ("市级", date(2014, 6, 20)),
    ("县级", date(2014, 6, 26)),
]


def test_days_at_each_level_add_up_to_the_way() -> None:
    found = stays(STOPS, date(2014, 11, 24))
    assert [(one.level, one.days) for one in found] == [("中央", 5), ("省级", 37), ("市级", 6)]
    assert sum(one.days for one in found) == (date(2014, 6, 26) - date(2014, 5, 9)).days


def test_money_lies_where_it_came_to_last() -> None:
    found = stays([*STOPS[:2], ("市级", None), ("县级", None)], date(2014, 11, 24))
    assert [(one.level, one.until, one.days) for one in found] == [
        ("中央", date(2014, 5, 14), 5),
        ("省级", None, 194),
    ]


def test_a_county_of_the_province_itself_skips_the_city() -> None:
    found = stays([*STOPS[:2], STOPS[3]], date(2014, 11, 24))
    assert [(one.level, one.days) for one in found] == [("中央", 5), ("省级", 43)]


def test_a_day_before_the_level_above_is_refused() -> None:
    with pytest.raises(ValueError, match="县级的日期早于省级"):
        stays([("省级", date(2014, 5, 14)), ("县级", date(2014, 5, 13))], date(2014, 11, 24))


@pytest.mark.parametrize(
    ("on", "field"),
    [
        (date(2014, 5, 8), ["on"]),
        (date(2014, 5, 9), []),
        (date(2014, 11, 24), []),
        (date(2014, 11, 25), ["on"]),
    ],
)
def test_money_comes_neither_before_it_was_issued_nor_tomorrow(on: date, field: list[str]) -> None:
    assert list(day_refusals(issued_on=date(2014, 5, 9), on=on, today=date(2014, 11, 24))) == field
