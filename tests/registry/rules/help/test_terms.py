"""The rules of help, a table each, on both sides of every date."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from registry.codes import Cause, MeasureKind, PoorType
from registry.rules.help.after_exit import may_begin, stops_on
from registry.rules.help.doubling import Light, expected, is_reached, light, path, target
from registry.rules.help.effects import effect_due, has_reached, latest_on_waiting, waits_for_effect
from registry.rules.help.suggestions import BY_CAUSE, NOT_WITHOUT_LABOUR, suggested
from registry.rules.help.terms import (
    Term,
    is_silent,
    leader_stays_until,
    leader_term,
    team_stays_until,
    village_stays_until,
)


def test_the_path_doubles_in_five_years() -> None:
    assert path(Decimal(3200)) == tuple(
        Decimal(value) for value in ("3675.83", "4222.43", "4850.29", "5571.52", "6400.00")
    )
    assert target(Decimal(3200)) == 6400


@pytest.mark.parametrize(
    ("year", "value"),
    [
        (2012, "3200"),
        (2013, "3200"),
        (2014, "3675.83"),
        (2017, "5571.52"),
        (2018, "6400.00"),
        (2019, "6400.00"),
    ],
)
def test_what_is_expected_of_a_year(year: int, value: str) -> None:
    assert expected(2013, Decimal(3200), year) == Decimal(value)


@pytest.mark.parametrize(
    ("incomes", "shown"),
    [
        ({}, Light.NONE),
        ({2013: "3200"}, Light.NONE),
        ({2014: "3675.83"}, Light.GREEN),
        ({2014: "3675.82"}, Light.YELLOW),
        ({2014: "3200.00"}, Light.YELLOW),
        ({2014: "3199.99"}, Light.RED),
        ({2015: "3675.83"}, Light.YELLOW),
        ({2015: "3675.82"}, Light.RED),
        ({2014: "3000", 2015: "4222.43"}, Light.GREEN),
        ({2018: "6399.99"}, Light.RED),
        ({2018: "6400.00"}, Light.GREEN),
    ],
)
def test_the_light_of_a_village(incomes: dict[int, str], shown: Light) -> None:
    assert light(2013, Decimal(3200), {year: Decimal(value) for year, value in incomes.items()}) == shown


@pytest.mark.parametrize(("income", "done"), [("6399.99", False), ("6400.00", True), ("6400.01", True)])
def test_twice_the_base_is_enough(income: str, done: bool) -> None:
    assert is_reached(Decimal(3200), Decimal(income)) is done


def test_terms_are_calendar_years() -> None:
    assert team_stays_until(date(2014, 9, 1)) == date(2019, 9, 1)
    assert team_stays_until(date(2016, 2, 29)) == date(2021, 2, 28)
    assert leader_stays_until(date(2014, 9, 1)) == date(2016, 9, 1)
    assert village_stays_until(date(2014, 6, 1)) == date(2019, 6, 1)


@pytest.mark.parametrize(
    ("today", "until", "term"),
    [
        (date(2014, 8, 31), None, Term.NOT_YET),
        (date(2014, 9, 1), None, Term.RUNNING),
        (date(2016, 7, 2), None, Term.RUNNING),  # 61 days before the end
        (date(2016, 7, 3), None, Term.ENDING),  # 60 days
        (date(2016, 8, 31), None, Term.ENDING),
        (date(2016, 9, 1), None, Term.OVER),
        (date(2017, 1, 1), date(2016, 9, 1), Term.RUNNING),
    ],
)
def test_a_leaders_term(today: date, until: date | None, term: Term) -> None:
    assert leader_term(date(2014, 9, 1), until, today) == term


@pytest.mark.parametrize(
    ("last_log", "today", "silent"),
    [
        (None, date(2014, 9, 30), False),
        (None, date(2014, 10, 1), True),
        (date(2014, 9, 20), date(2014, 10, 19), False),
        (date(2014, 9, 20), date(2014, 10, 20), True),
        (date(2014, 8, 1), date(2014, 9, 30), False),  # from before it came here
    ],
)
def test_thirty_days_without_a_log(last_log: date | None, today: date, silent: bool) -> None:
    assert is_silent(last_log, date(2014, 9, 1), today) is silent


@pytest.mark.parametrize(
    ("on", "due"),
    [
        (date(2014, 8, 1), date(2015, 8, 1)),
        (date(2015, 2, 28), date(2016, 2, 28)),
        (date(2016, 2, 29), date(2017, 2, 28)),
        (date(2014, 12, 31), date(2015, 12, 31)),
    ],
)
def test_an_effect_waits_from_the_day_after(on: date, due: date) -> None:
    assert effect_due(on) == due
    assert not waits_for_effect(on, confirmed=False, today=due)
    assert waits_for_effect(on, confirmed=False, today=due + timedelta(days=1))
    assert not waits_for_effect(on, confirmed=True, today=due + timedelta(days=1))


def test_the_query_waits_as_the_rule_does() -> None:
    for today in (date(2015, 8, 1), date(2016, 2, 29), date(2016, 3, 1), date(2017, 2, 28), date(2017, 3, 1)):
        for days in range(340, 400):
            on = today - timedelta(days=days)
            waits = waits_for_effect(on, confirmed=False, today=today)
            assert (on <= latest_on_waiting(today)) is waits, (today, on)


@pytest.mark.parametrize(
    ("amount", "delivered", "reached"),
    [
        (None, None, False),
        (None, "0", True),
        ("300", None, False),
        ("300", "299.99", False),
        ("300", "300", True),
    ],
)
def test_help_counts_when_it_arrived(amount: str | None, delivered: str | None, reached: bool) -> None:
    given = [None if value is None else Decimal(value) for value in (amount, delivered)]
    assert has_reached(*given) is reached


@pytest.mark.parametrize(
    ("exited_on", "first_day"),
    [
        (date(2014, 12, 31), date(2015, 1, 1)),
        (date(2016, 2, 28), date(2016, 2, 29)),
        (date(2016, 4, 27), date(2016, 4, 28)),
        (date(2016, 4, 28), date(2021, 1, 1)),
        (date(2020, 12, 30), date(2021, 1, 1)),
        (date(2020, 12, 31), date(2021, 1, 1)),
        (date(2021, 5, 1), date(2021, 5, 2)),
    ],
)
def test_policy_stops_the_day_after_or_at_the_end_of_what_keeps_it(exited_on: date, first_day: date) -> None:
    assert stops_on(exited_on) == first_day
    assert may_begin("O", exited_on, first_day - timedelta(days=1))
    assert not may_begin("O", exited_on, first_day)


@pytest.mark.parametrize("status", ["D", "A", "M", "M-", "P1", "V", "T", "P2", "C", "R", "K", "Z", "S"])
def test_who_is_not_on_the_register_begins_nothing(status: str) -> None:
    assert not may_begin(status, None, date(2014, 5, 1))


@pytest.mark.parametrize("status", ["N", "X1", "X2", "X3", "X4", "XP"])
def test_who_is_on_the_register_does(status: str) -> None:
    assert may_begin(status, None, date(2014, 5, 1))


def test_every_cause_has_its_measures_and_the_four_ways_are_among_them() -> None:
    assert set(BY_CAUSE) == set(Cause)
    every = {kind for kinds in BY_CAUSE.values() for kind in kinds}
    assert {
        MeasureKind.PROJECT_SUBSIDY,
        MeasureKind.INDUSTRY_COVERAGE,
        MeasureKind.TRAINING,
        MeasureKind.LOAN_INTEREST,
    } <= every


def test_measures_are_named_once_with_the_cause_that_comes_first() -> None:
    found = suggested(["09", "07"])
    assert found[0] == (MeasureKind.LOAN_INTEREST, "09")
    assert len({kind for kind, _ in found}) == len(found)
    assert suggested([]) == ()


def test_who_cannot_work_is_offered_no_work() -> None:
    for poor_type in (PoorType.DIBAO, PoorType.WUBAO):
        assert not {kind for kind, _ in suggested(Cause.values, poor_type=poor_type)} & NOT_WITHOUT_LABOUR
