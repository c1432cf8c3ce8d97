"""Who comes in to the pages of help, by role and by county."""

from datetime import date

import pytest
from django.urls import reverse

from fupin.accounts.models import User
from registry.models import (
    LeaderVillage,
    RosterEntry,
    WorkTeam,
)
from registry.services.help.measures import For, MeasureFacts, put_down_measure, record_effect
from registry.services.help.plans import make_plan
from tests.registry.factories import VILLAGE
from tests.registry.helping import LINXIAN, helper, registered
from tests.registry.views.help.conftest import ClientFor, Scope, facts_of_plan

pytestmark = pytest.mark.django_db


OWN, FOREIGN = 200, 404
SEES = ("ai", "tong", "bo", "chen", "fan", "gao", "jin")


@pytest.mark.parametrize(
    ("name", "may"),
    [
        ("help_household", SEES),
        ("help_pair", ("tong", "bo", "fan", "gao")),
        ("help_end_pair", ("tong", "bo", "fan", "gao")),
        ("help_visit", ("ai", "tong", "bo")),
        ("help_plan", ("ai", "tong", "bo")),
        ("help_measure", ("ai", "tong", "bo")),
    ],
)
def test_who_comes_in_to_a_households_help(
    name: str,
    may: tuple[str, ...],
    request: pytest.FixtureRequest,
    bo: User,
    client_for: ClientFor,
    in_scope: Scope,
) -> None:
    with in_scope(bo):
        household = registered(bo)
    url = reverse(name, args=[household.household_no])
    for who in ("ai", "tong", "bo", "chen", "du", "fan", "gao", "he", "jin", "kang"):
        status = client_for(request.getfixturevalue(who)).get(url).status_code
        if who == "du":
            assert status == (403 if "bo" not in may else FOREIGN), who
        else:
            assert status == (OWN if who in may else 403), who


@pytest.mark.parametrize(
    ("name", "may"),
    [
        *(
            (name, SEES)
            for name in (
                "help_gaps",
                "help_lists",
                "help_people",
                "help_organs",
                "help_teams",
                "help_ledgers",
            )
        ),
        *((name, SEES) for name in ("help_coverage", "help_roster", "lead_villages", "help_links")),
        *(
            (name, ("tong", "bo", "fan", "gao"))
            for name in ("help_person_new", "help_organ_new", "help_team_new", "help_enrol")
        ),
        ("help_coverage_new", ("tong", "bo", "fan", "gao")),
        ("lead_village_new", ("bo", "fan", "gao")),
    ],
)
def test_who_comes_in_to_lists_and_forms(
    name: str, may: tuple[str, ...], request: pytest.FixtureRequest, client_for: ClientFor
) -> None:
    for who in ("ai", "tong", "bo", "chen", "fan", "gao", "he", "jin", "kang"):
        status = client_for(request.getfixturevalue(who)).get(reverse(name)).status_code
        assert status == (OWN if who in may else 403), who


@pytest.mark.parametrize(
    "name",
    [
        "help_recipient",
        "help_deliver",
        "help_effect",
        "help_confirm",
        "help_stop",
        "help_measure_page",
        "help_add_recipient",
        "help_withdraw_measure",
        "help_correct_measure",
        "help_person",
        "help_team",
        "help_post_team",
        "help_leader",
        "help_roster_entry",
        "help_leave",
        "help_log",
        "help_stay",
        "lead_village",
        "lead_village_propose",
        "lead_village_hand_over",
        "help_withdraw_plan",
    ],
)
def test_another_county_finds_nothing(
    name: str, bo: User, du: User, client_for: ClientFor, in_scope: Scope
) -> None:
    with in_scope(bo):
        household, person = registered(bo), helper(bo)
        measure = put_down_measure(
            actor=bo,
            village=VILLAGE,
            facts=MeasureFacts(date(2014, 8, 1), "01", "补助", person),
            recipients=[For(household)],
            today=date(2014, 8, 1),
        )
        recipient = measure.recipients.get()
        effect = record_effect(
            actor=bo,
            recipient=recipient,
            on=date(2014, 9, 1),
            income_gain=1,  # type: ignore[arg-type]
            jobs=0,
            contribution="增收",
            today=date(2014, 9, 1),
        )
        team = WorkTeam.objects.create(division_id=LINXIAN, name="队", organ=person.organ, entered_by=bo)
        entry = RosterEntry.objects.create(
            division_id=VILLAGE, person=person, kind="STAYING_CADRE", since=date(2014, 5, 1), entered_by=bo
        )
        taken = LeaderVillage.objects.create(
            division_id=VILLAGE,
            person=person,
            since=date(2014, 6, 1),
            base_year=2013,
            base_income=3200,
            entered_by=bo,
        )
        plan = make_plan(actor=bo, village=VILLAGE, facts=facts_of_plan(person), household=household)
    of = {
        "help_measure_page": measure,
        "help_add_recipient": measure,
        "help_withdraw_measure": measure,
        "help_correct_measure": measure,
        "help_confirm": effect,
        "help_person": person,
        "help_team": team,
        "help_post_team": team,
        "help_leader": team,
        "help_roster_entry": entry,
        "help_leave": entry,
        "help_log": entry,
        "help_stay": entry,
        "lead_village": taken,
        "lead_village_propose": taken,
        "lead_village_hand_over": taken,
        "help_withdraw_plan": plan,
    }
    url = reverse(name, args=[of.get(name, recipient).pk])
    assert client_for(bo).get(url).status_code == 200
    assert client_for(du).get(url).status_code == 404
    answer = client_for(du).post(url, {"reason": "x"})
    assert answer.status_code in {404, 405}
