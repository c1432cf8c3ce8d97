"""A team, its leader, its roster and its log."""

from collections.abc import Callable
from datetime import date

import pytest
from django.urls import reverse

from fupin.accounts.models import User
from registry.models import (
    RosterEntry,
    WorkLog,
    WorkTeam,
)
from tests.registry.factories import OTHER_VILLAGE, VILLAGE
from tests.registry.helping import helper, organ, registered
from tests.registry.views.help.conftest import ClientFor, Scope, page

pytestmark = pytest.mark.django_db


def test_a_team_and_its_log(
    bo: User, tong: User, ai: User, client_for: ClientFor, in_scope: Scope, on_the_day: Callable[[date], None]
) -> None:
    with in_scope(bo):
        office, first, second = organ(bo), helper(bo, name="甲队长"), helper(bo, name="乙队长")
        household = registered(bo)
    client = client_for(bo)
    new = {
        "name": "县农业局驻村工作队",
        "organ": office.pk,
        "village": str(VILLAGE),
        "leader": first.pk,
        "since": "2014-09-01",
        "document": "临扶〔2014〕1号",
    }
    answer = client.post(reverse("help_team_new"), {**new, "village": str(VILLAGE - 200)})
    assert answer.status_code == 422
    assert "不到乡、片" in answer.content.decode()
    assert client.post(reverse("help_team_new"), new).status_code == 302
    with in_scope(bo):
        team = WorkTeam.objects.get()
    answer = client.post(
        reverse("help_post_team", args=[team.pk]),
        {"village": str(OTHER_VILLAGE), "since": "2019-08-31", "document": "临扶"},
    )
    assert "五年内不能改驻他村" in answer.content.decode()
    answer = client.post(
        reverse("help_leader", args=[team.pk]), {"person": second.pk, "since": "2015-09-01", "reason": ""}
    )
    assert "不满两年更换须写明原因" in answer.content.decode()
    answer = client.post(
        reverse("help_enrol"),
        {
            "village": str(VILLAGE),
            "person": "甲队长",
            "kind": "TEAM_MEMBER",
            "team": team.pk,
            "since": "2014-09-01",
            "is_young_cadre": "on",
        },
    )
    assert answer.status_code == 302, answer.context["form"].errors
    with in_scope(bo):
        entry = RosterEntry.objects.get()
    on_the_day(date(2014, 9, 30))
    assert "县农业局驻村工作队" not in page(client, "help_teams", list="silent")
    on_the_day(date(2014, 10, 1))
    assert "县农业局驻村工作队" in page(client, "help_teams", list="silent")
    log = {
        "on": "2014-10-01",
        "kind": "REGISTERING",
        "household": household.household_no[12:],
        "content": "入户",
    }
    mate = client_for(ai)
    refused = mate.post(reverse("help_log", args=[entry.pk]), {**log, "on": "2014-08-31"})
    assert refused.status_code == 422
    assert "不在名册的任期内" in refused.content.decode()
    assert mate.post(reverse("help_log", args=[entry.pk]), log).status_code == 302
    with in_scope(bo):
        assert WorkLog.objects.get().household == household
    on_the_day(date(2014, 10, 30))
    assert "县农业局驻村工作队" not in page(client, "help_teams", list="silent")
    on_the_day(date(2014, 10, 31))
    assert "县农业局驻村工作队" in page(client, "help_teams", list="silent")
    assert (
        client.post(
            reverse("help_stay", args=[entry.pk]), {"first_day": "2014-10-01", "last_day": "2014-10-05"}
        ).status_code
        == 302
    )
    assert "住村 5 天" in page(client, "help_roster_entry", entry.pk)
    assert "甲队长" in page(client, "help_roster", kind="TEAM_MEMBER")
    for name in ("help_teams", "help_coverage", "help_people", "help_organs"):
        page(client, name)
    page(client, "help_team", team.pk)
    assert "甲队长" in page(client, "help_village", VILLAGE)
    assert client.post(reverse("help_leave", args=[entry.pk]), {"on": "2014-11-01"}).status_code == 302
