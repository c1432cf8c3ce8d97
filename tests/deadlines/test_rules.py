"""Stages, colours, the day, the line above: both sides of every boundary, and the twins in the database."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings as hypothesis_settings, strategies as st

from fupin.accounts.roles import LEVELS, Role
from fupin.deadlines.kinds import clock_rule, rows
from fupin.deadlines.rules import (
    Colour,
    Stage,
    above,
    colour_on,
    day_of,
    left_in_words,
    stage_on,
    warns_on,
)
from fupin.divisions.codes import PROVINCE_CODE, Level, level_of
from fupin.divisions.models import Division
from tests.conftest import BAIWEN, LINXIAN, LVLIANG, VILLAGE


@dataclass(frozen=True)
class Sample:
    """A clock as the rules see it."""

    due_on: date
    starts_on: date = date(2013, 1, 1)
    warn_days: int = 10
    escalate_days: int | None = 5


DUE = date(2014, 12, 31)


@pytest.mark.parametrize(
    ("today", "stage"),
    [
        (date(2014, 12, 20), Stage.NOT_YET),
        (date(2014, 12, 21), Stage.WARN),
        (date(2014, 12, 22), Stage.WARN),
        (date(2014, 12, 30), Stage.WARN),
        (date(2014, 12, 31), Stage.DUE),
        (date(2015, 1, 1), Stage.OVERDUE),
        (date(2015, 1, 4), Stage.OVERDUE),
        (date(2015, 1, 5), Stage.ESCALATED),
        (date(2015, 1, 6), Stage.ESCALATED),
    ],
)
def test_stages_on_both_sides_of_each_boundary(today: date, stage: Stage) -> None:
    assert stage_on(Sample(DUE), today) == stage


@pytest.mark.parametrize(
    ("today", "stage"),
    [
        (date(2016, 2, 18), Stage.NOT_YET),
        (date(2016, 2, 19), Stage.WARN),
        (date(2016, 2, 28), Stage.WARN),
        (date(2016, 2, 29), Stage.DUE),
        (date(2016, 3, 1), Stage.OVERDUE),
        (date(2016, 3, 4), Stage.OVERDUE),
        (date(2016, 3, 5), Stage.ESCALATED),
    ],
)
def test_the_29th_of_february_is_a_day_like_others(today: date, stage: Stage) -> None:
    assert stage_on(Sample(date(2016, 2, 29)), today) == stage


def test_it_does_not_warn_before_it_runs() -> None:
    late_start = Sample(DUE, starts_on=date(2014, 12, 28))
    assert warns_on(late_start) == date(2014, 12, 28)
    assert stage_on(late_start, date(2014, 12, 27)) == Stage.NOT_YET
    assert stage_on(late_start, date(2014, 12, 28)) == Stage.WARN


def test_without_warning_the_due_day_is_the_first_that_is_told() -> None:
    silent = Sample(DUE, warn_days=0)
    assert stage_on(silent, date(2014, 12, 30)) == Stage.NOT_YET
    assert stage_on(silent, DUE) == Stage.DUE


def test_what_is_never_escalated_stays_overdue() -> None:
    assert stage_on(Sample(DUE, escalate_days=None), date(2024, 1, 1)) == Stage.OVERDUE
    assert stage_on(Sample(DUE, escalate_days=1), date(2015, 1, 1)) == Stage.ESCALATED


@pytest.mark.parametrize(
    ("today", "colour", "words"),
    [
        (date(2014, 12, 20), Colour.GREEN, "还有 11 天"),
        (date(2014, 12, 21), Colour.YELLOW, "还有 10 天"),
        (date(2014, 12, 27), Colour.YELLOW, "还有 4 天"),
        (date(2014, 12, 28), Colour.ORANGE, "还有 3 天"),
        (date(2014, 12, 31), Colour.ORANGE, "今天到期"),
        (date(2015, 1, 1), Colour.RED, "逾期 1 天"),
    ],
)
def test_colours_by_the_days_left(today: date, colour: Colour, words: str) -> None:
    assert colour_on(Sample(DUE), today) == colour
    assert left_in_words(Sample(DUE), today) == words


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (datetime(2014, 12, 31, 15, 59, 59, tzinfo=UTC), date(2014, 12, 31)),
        (datetime(2014, 12, 31, 16, 0, 0, tzinfo=UTC), date(2015, 1, 1)),
        (datetime(2016, 2, 28, 16, 0, 0, tzinfo=UTC), date(2016, 2, 29)),
        (datetime(2016, 2, 29, 16, 0, 0, tzinfo=UTC), date(2016, 3, 1)),
    ],
)
def test_the_day_turns_at_midnight_in_shanxi_whatever_the_server_keeps(
    settings: pytest.FixtureRequest, now: datetime, day: date
) -> None:
    settings.TIME_ZONE = "UTC"  # type: ignore[attr-defined]
    assert day_of(now) == day


def line_of(role: Role, code: int) -> Iterator[tuple[Role, int]]:
    """A post and those above it."""
    post: tuple[Role, int] | None = (role, code)
    while post:
        yield post
        post = above(*post)


def test_the_line_above_goes_up_to_the_province() -> None:
    assert list(line_of(Role.VILLAGE, VILLAGE)) == [
        (Role.VILLAGE, VILLAGE),
        (Role.TOWNSHIP, BAIWEN),
        (Role.COUNTY_REVIEW, LINXIAN),
        (Role.CITY, LVLIANG),
        (Role.PROVINCE, PROVINCE_CODE),
    ]
    assert above(Role.FINANCE, LINXIAN) == (Role.FINANCE, LVLIANG)
    assert above(Role.PROVINCE, PROVINCE_CODE) is None


@pytest.mark.parametrize("role", sorted(LEVELS))
def test_every_step_of_every_line_is_a_post_that_may_exist(role: Role) -> None:
    codes = {
        Level.PROVINCE: PROVINCE_CODE,
        Level.CITY: LVLIANG,
        Level.COUNTY: LINXIAN,
        Level.TOWNSHIP: BAIWEN,
        Level.VILLAGE: VILLAGE,
    }
    for level in LEVELS[role]:
        for higher, code in line_of(role, codes[level]):
            assert level_of(code) in LEVELS[higher]


def test_a_rule_without_article_or_with_an_impossible_post_is_refused() -> None:
    good = {
        "kind": "x",
        "title": "事",
        "basis": "§3",
        "role": Role.VILLAGE,
        "level": Level.VILLAGE,
        "permission": "p",
    }
    for wrong in ({"basis": ""}, {"level": Level.CITY}, {"escalate_days": 0}, {"warn_days": -1}):
        with pytest.raises(ValueError, match="x:"):
            clock_rule(**{**good, **wrong})  # type: ignore[arg-type]


def test_a_row_names_what_a_clock_needs_and_nothing_else() -> None:
    with pytest.raises(ValueError, match="missing"):
        rows(Division.objects.all(), subject_key="name")
    needed = {"subject_key": "name", "division": "code", "starts_on": "valid_from", "due_on": "valid_to"}
    with pytest.raises(ValueError, match="colour"):
        rows(Division.objects.all(), **needed, colour="name")


@hypothesis_settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    due=st.dates(date(2013, 6, 1), date(2020, 1, 1)),
    lead=st.integers(0, 60),
    warn=st.integers(0, 90),
    escalate=st.one_of(st.none(), st.integers(1, 60)),
    off=st.integers(-120, 120),
)
def test_stages_only_ever_go_on(due: date, lead: int, warn: int, escalate: int | None, off: int) -> None:
    one = Sample(due, starts_on=due - timedelta(days=lead), warn_days=warn, escalate_days=escalate)
    order = list(Stage)
    today = due + timedelta(days=off)
    assert order.index(stage_on(one, today)) <= order.index(stage_on(one, today + timedelta(days=1)))
