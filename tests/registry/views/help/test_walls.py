"""Help of another county stays there where the application forgets its filter: row-level security says so again."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from fupin.accounts.doors import addresses
from fupin.accounts.middleware import scope as scope_middleware
from fupin.accounts.models import User
from fupin.accounts.scope import enter_scope
from fupin.accounts.scoped import ScopedQuerySet
from fupin.divisions.codes import PROVINCE_CODE, code_range
from registry.models import (
    AssistPair,
    CoverageStage,
    LeaderVillage,
    RosterEntry,
    TeamPosting,
    ThreeInOneLink,
    WorkTeam,
)
from registry.models.help.reach import ReachingQuerySet
from registry.services.help.leading import log_activity
from registry.services.help.measures import For, MeasureFacts, put_down_measure, record_effect
from registry.services.help.plans import PlanFacts, make_plan
from tests.registry.factories import KELAN_VILLAGE
from tests.registry.helping import helper, organ, registered

pytestmark = pytest.mark.django_db
ClientFor = Callable[[User], Client]
Scope = Callable[[User], AbstractContextManager[User]]

CANARY = "他县暗记"
DAY = date(2014, 8, 1)
KELAN = KELAN_VILLAGE // 1_000_000 * 1_000_000
BY_PLACE = {"help_village", "help_village_plan", "help_village_measure"}
BY_HOUSEHOLD = {"help_household", "help_pair", "help_end_pair", "help_visit", "help_plan", "help_measure"}


def _forget_filters(monkeypatch: pytest.MonkeyPatch) -> None:
    for queryset in (ScopedQuerySet, ReachingQuerySet):
        monkeypatch.setattr(queryset, "visible_to", lambda self, _user: self)
    monkeypatch.setattr(ScopedQuerySet, "within", lambda self, _code: self)
    monkeypatch.setattr(ReachingQuerySet, "reaching", lambda self, _code: self)


@pytest.fixture
def theirs(du: User, gao: User, in_scope: Scope) -> dict[str, Any]:
    """One of everything in 岢岚县, each under a name that occurs nowhere else: what the addresses name."""
    with in_scope(du):
        household = registered(du, village_code=str(KELAN_VILLAGE), address=CANARY, natural_village=CANARY)
        person = helper(du, KELAN, name=CANARY, organ=organ(du, KELAN, name=f"{CANARY}局"))
        AssistPair.objects.create(
            division_id=KELAN_VILLAGE, household=household, person=person, start_date=DAY, entered_by=du
        )
        measure = put_down_measure(
            actor=du,
            village=KELAN_VILLAGE,
            facts=MeasureFacts(DAY, "11", CANARY, person, led_by=CANARY),
            recipients=[For(household)],
            today=DAY,
        )
        recipient = measure.recipients.get()
        effect = record_effect(
            actor=du,
            recipient=recipient,
            on=DAY,
            income_gain=Decimal(1),
            jobs=0,
            contribution=CANARY,
            today=DAY,
        )
        facts = PlanFacts(2014, "01", CANARY, Decimal(1), date(2014, 12, 31), person)
        plan = make_plan(actor=du, village=KELAN_VILLAGE, facts=facts, household=household)
        team = WorkTeam.objects.create(
            division_id=KELAN, name=f"{CANARY}队", organ=person.organ, entered_by=du
        )
        TeamPosting.objects.create(
            division_id=KELAN_VILLAGE, team=team, since=DAY, document=CANARY, entered_by=du
        )
        entry = RosterEntry.objects.create(
            division_id=KELAN_VILLAGE, person=person, kind="STAYING_CADRE", since=DAY, entered_by=du
        )
        taken = LeaderVillage.objects.create(
            division_id=KELAN_VILLAGE,
            person=person,
            since=DAY,
            base_year=2013,
            base_income=3200,
            choice_reason=CANARY,
            entered_by=du,
        )
        CoverageStage.objects.create(
            division_id=KELAN, number=1, due_on=DAY, villages=1, households=1, document=CANARY, entered_by=du
        )
    with in_scope(gao):
        link = ThreeInOneLink.objects.create(
            division_id=KELAN, enterprise=f"{CANARY}公司", since=DAY, entered_by=gao
        )
        activity = log_activity(actor=gao, link=link, on=DAY, kind="PROBLEM", content=CANARY, progress="OPEN")
    of: dict[str, Any] = dict.fromkeys(BY_HOUSEHOLD, household.household_no)
    of |= dict.fromkeys(BY_PLACE, KELAN_VILLAGE)
    of |= dict.fromkeys(
        ("help_measure_page", "help_add_recipient", "help_withdraw_measure", "help_correct_measure"),
        measure.pk,
    )
    of |= dict.fromkeys(("help_recipient", "help_deliver", "help_effect", "help_stop"), recipient.pk)
    of |= {"help_confirm": effect.pk, "help_withdraw_plan": plan.pk}
    of |= dict.fromkeys(("help_person", "help_person_reveal"), person.pk)
    of |= dict.fromkeys(("help_team", "help_post_team", "help_leader"), team.pk)
    of |= dict.fromkeys(("help_roster_entry", "help_leave", "help_log", "help_stay"), entry.pk)
    of |= dict.fromkeys(
        ("lead_village", "lead_village_propose", "lead_village_approve", "lead_village_hand_over"), taken.pk
    )
    of |= dict.fromkeys(("help_link", "help_link_change", "help_activity"), link.pk)
    of |= {"help_problem": activity.pk, "help_link_new": KELAN}
    return of


def _asked(client: Client, of: dict[str, Any]) -> dict[str, tuple[int, str]]:
    """Return what every address of help that can be read answers, with nothing and with the other county's thing."""
    answers: dict[str, tuple[int, str]] = {}
    client.raise_request_exception = False
    for address in addresses():
        name = address.name
        if not name.startswith(("help_", "lead_village")):
            continue
        url = reverse(name, args=[of[name]] if name in of else [])
        for query in ("", "?list=reach", "?list=nobody", "?list=led", "?gap=plan", "?list=unchosen"):
            if query and name in of:
                continue
            answer = client.get(url + query)
            answers[name + query] = (answer.status_code, answer.content.decode().replace(url, ""))
    return answers


@pytest.mark.parametrize("who", ["ai", "tong", "bo", "chen"])
def test_row_level_security_holds_where_the_filter_is_forgotten(
    who: str,
    theirs: dict[str, Any],
    request: pytest.FixtureRequest,
    client_for: ClientFor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client = client_for(request.getfixturevalue(who))
    _forget_filters(monkeypatch)
    answers = _asked(client, theirs)
    assert len(answers) > 40
    assert [name for name, (_, body) in answers.items() if CANARY in body] == []
    of_theirs = {name: status for name, (status, _) in answers.items() if name in theirs}
    assert {name: one for name, one in of_theirs.items() if one not in {403, 404, 405}} == {}


def test_without_both_walls_it_would_show(
    theirs: dict[str, Any], bo: User, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the walls keep it away, and nothing else."""
    client = client_for(bo)
    _forget_filters(monkeypatch)
    low, high = code_range(PROVINCE_CODE)
    monkeypatch.setattr(
        scope_middleware,
        "enter_scope",
        lambda _low, _high, *, user_id: enter_scope(low, high, user_id=user_id),
    )
    shown = {name for name, (_, body) in _asked(client, theirs).items() if CANARY in body}
    assert {
        "help_household", "help_person", "help_measure_page", "help_team", "lead_village", "help_people",
        "help_roster", "help_teams", "lead_villages",
    } <= shown  # fmt: skip
