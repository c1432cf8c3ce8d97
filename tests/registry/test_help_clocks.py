"""Clocks of help: from which day on, until when, and what stops them."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection

from fupin.accounts.models import User
from fupin.deadlines.kinds import KINDS
from fupin.deadlines.services.columns import selection
from registry.models import AssistPair, Case, LeaderVillage, TeamLeader, TeamPosting, WorkTeam
from registry.services.help.measures import For, MeasureFacts, put_down_measure, record_effect
from registry.services.help.pairs import pair
from tests.registry.cases import TO_THE_REGISTER, applicant, office, round_of, walk
from tests.registry.factories import VILLAGE
from tests.registry.helping import LINXIAN, helper, left, organ, registered

pytestmark = pytest.mark.django_db

Scope = Callable[[User], AbstractContextManager[User]]


def clocks(kind: str, today: date) -> list[dict[str, Any]]:
    """Return what the worker would write, by the very statement that it runs."""
    query, parameters = selection(KINDS[f"registry.{kind}"], today)
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


@pytest.mark.parametrize(
    ("on", "due"),
    [
        (date(2014, 8, 1), date(2015, 8, 1)),
        (date(2016, 2, 29), date(2017, 2, 28)),
        (date(2014, 12, 31), date(2015, 12, 31)),
    ],
)
def test_an_effect_is_due_after_twelve_months(bo: User, in_scope: Scope, on: date, due: date) -> None:
    with in_scope(bo):
        household = registered(bo)
        person = helper(bo, user=bo)
        measure = put_down_measure(
            actor=bo,
            village=VILLAGE,
            facts=MeasureFacts(on, "01", "补助", person),
            recipients=[For(household)],
            today=on,
        )
        (clock,) = clocks("help_effect", on)
        assert (clock["starts_on"], clock["due_on"], clock["user"], clock["done_on"]) == (
            on,
            due,
            bo.pk,
            None,
        )
        record_effect(
            actor=bo,
            recipient=measure.recipients.get(),
            on=due,
            income_gain=0,  # type: ignore[arg-type]
            jobs=0,
            contribution="增收",
            confirmed_by="张建国",
            today=due,
        )
        (clock,) = clocks("help_effect", due)
        assert clock["done_on"] == due


def test_terms_of_teams_leaders_and_villages(bo: User, in_scope: Scope) -> None:
    with in_scope(bo):
        person = helper(bo)
        team = WorkTeam.objects.create(division_id=LINXIAN, name="工作队", organ=organ(bo), entered_by=bo)
        TeamPosting.objects.create(
            division_id=VILLAGE, team=team, since=date(2016, 2, 29), document="临扶", entered_by=bo
        )
        TeamLeader.objects.create(
            division_id=LINXIAN, team=team, person=person, since=date(2016, 2, 29), entered_by=bo
        )
        LeaderVillage.objects.create(
            division_id=VILLAGE,
            person=person,
            since=date(2014, 6, 1),
            base_year=2013,
            base_income=3200,
            entered_by=bo,
        )
        today = date(2016, 3, 1)
        (leader,), (term,), (village,) = (
            clocks(kind, today) for kind in ("help_team_leader", "help_team", "help_leader_village")
        )
    assert (leader["due_on"], leader["warn_days"], leader["at"]) == (date(2018, 2, 28), 60, LINXIAN)
    assert term["due_on"] == date(2021, 2, 28)
    assert village["due_on"] == date(2019, 6, 1)


def test_a_planned_year_of_leaving_ends_on_its_last_day(bo: User, in_scope: Scope) -> None:
    with in_scope(bo):
        household = registered(bo, plan_exit_year=2016)
        (clock,) = clocks("help_planned_exit", date(2016, 12, 31))
        assert (clock["starts_on"], clock["due_on"]) == (date(2014, 1, 1), date(2016, 12, 31))
        left(household, date(2016, 12, 30))
        assert clocks("help_planned_exit", date(2016, 12, 31)) == []


@pytest.mark.parametrize(
    ("today", "key", "due"),
    [
        (date(2015, 3, 31), f"{VILLAGE}/2015Q1", date(2015, 3, 31)),
        (date(2015, 4, 1), f"{VILLAGE}/2015Q2", date(2015, 6, 30)),
        (date(2015, 12, 31), f"{VILLAGE}/2015Q4", date(2015, 12, 31)),
        (date(2016, 1, 1), f"{VILLAGE}/2016Q1", date(2016, 3, 31)),
    ],
)
def test_a_village_is_told_each_quarter_of_households_without_a_measure(
    bo: User, in_scope: Scope, today: date, key: str, due: date
) -> None:
    with in_scope(bo):
        household = registered(bo)
        (clock,) = clocks("help_no_measure", today)
        assert (clock["subject_key"], clock["due_on"]) == (key, due)
        put_down_measure(
            actor=bo,
            village=VILLAGE,
            facts=MeasureFacts(today, "01", "补助", helper(bo)),
            recipients=[For(household)],
            today=today,
        )
        assert clocks("help_no_measure", today) == []


def test_somebody_answers_within_thirty_days_of_the_announcement(bo: User, in_scope: Scope) -> None:
    with in_scope(bo):
        household = registered(bo)
        assert clocks("help_pair", date(2014, 8, 1)) == [], "nobody announced it here"
        AssistPair.objects.create(
            division_id=VILLAGE,
            household=household,
            person=helper(bo),
            start_date=date(2014, 7, 1),
            entered_by=bo,
        )
        assert clocks("help_pair", date(2014, 8, 1)) == []


def test_an_announced_household_waits_thirty_days_for_somebody(in_scope: Scope) -> None:
    people = office()
    case = applicant(people, round_of(people))
    walk(people, case, *TO_THE_REGISTER, on=date(2014, 3, 13))
    announced = Case.objects.get().closed_on
    assert announced is not None
    with in_scope(people.county_entry) as actor:
        (clock,) = clocks("help_pair", announced)
        assert (clock["starts_on"], clock["due_on"]) == (announced, announced + timedelta(days=30))
        assert (clock["role"], clock["at"]) == ("TOWNSHIP", VILLAGE // 1000 * 1000)
        assert case.household is not None
        pair(actor=actor, household=case.household, person=helper(actor), on=announced + timedelta(days=5))
        assert clocks("help_pair", announced + timedelta(days=6)) == []


def test_every_rule_can_be_asked(bo: User, in_scope: Scope) -> None:
    with in_scope(bo):
        for kind in KINDS:
            if kind.startswith("registry.help_"):
                clocks(kind.removeprefix("registry."), date(2016, 2, 29))
