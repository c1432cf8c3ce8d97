"""Who has none: households, labourers, villages; and what is still to be stopped for those who left."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from fupin.accounts.models import User
from registry.models import (
    MeasureRecipient,
    MemberYear,
    Village,
)
from registry.services.help.measures import For, MeasureFacts, put_down_measure
from registry.services.help.plans import make_plan
from tests.registry.factories import VILLAGE
from tests.registry.helping import helper, left, registered
from tests.registry.standing import put
from tests.registry.views.help.conftest import ClientFor, Scope, facts_of_plan, page

pytestmark = pytest.mark.django_db


class TestGaps:
    """In a village of sixty households the page names each household and each labourer without a plan."""

    def test_sixty_households(self, ai: User, client_for: ClientFor, in_scope: Scope) -> None:
        with in_scope(ai):
            households = [registered(ai, year=2013) for _ in range(60)]
            person = helper(ai, VILLAGE)
            planned = households[:7]
            for one in planned:
                make_plan(
                    actor=ai,
                    village=VILLAGE,
                    facts=facts_of_plan(person),
                    household=one,
                )
            labourers = list(
                MemberYear.objects.filter(year=2013, is_labourer=True).select_related("member").order_by("pk")
            )
            for row in labourers[:5]:
                make_plan(
                    actor=ai,
                    village=VILLAGE,
                    facts=facts_of_plan(person),
                    household=row.household_year.household,
                    member=row.member,
                )
            put(households[59], "O", exit_year=2014, exited_on=date(2014, 12, 31))
        client = client_for(ai)
        named = _all_of(client, "plan")
        for one in planned:
            assert one.household_no not in named
        for one in households[7:59]:
            assert one.household_no in named
        assert households[59].household_no not in named
        missing = _all_of(client, "labourer")
        for row in labourers[:5]:
            assert row.member.member_no not in missing
        for row in labourers[5:]:
            gone = row.household_year.household_id == households[59].pk
            assert (row.member.member_no in missing) is not gone

    @pytest.mark.parametrize("gap", ["person", "plan", "measure", "labourer", "village_plan", "team"])
    def test_each_kind_has_its_page(self, bo: User, client_for: ClientFor, in_scope: Scope, gap: str) -> None:
        with in_scope(bo):
            household = registered(bo, year=2013)
            put(Village.objects.create(division_id=VILLAGE, entered_by=bo), "VN", first_identified_year=2014)
        shown = page(client_for(bo), "help_gaps", gap=gap)
        wanted = {
            "labourer": f"{household.household_no}01",
            "village_plan": reverse("help_village", args=[VILLAGE]),
            "team": reverse("help_village", args=[VILLAGE]),
        }
        assert wanted.get(gap, household.household_no) in shown


def _all_of(client: Client, gap: str) -> str:
    return "".join(page(client, "help_gaps", gap=gap, size="50", page=str(n)) for n in (1, 2, 3))


def test_the_stop_list_shrinks_as_things_are_stopped(
    tong: User, client_for: ClientFor, in_scope: Scope, on_the_day: Callable[[date], None]
) -> None:
    with in_scope(tong):
        household, other = registered(tong), registered(tong)
        person = helper(tong, VILLAGE - 200)
        for one in (household, other):
            put_down_measure(
                actor=tong,
                village=VILLAGE,
                facts=MeasureFacts(date(2014, 8, 1), "04", "贴息", person),
                recipients=[For(one, None, None, date(2016, 7, 31))],
                today=date(2014, 8, 1),
            )
        left(household, date(2015, 12, 31))
        recipient = MeasureRecipient.objects.get(household=household)
    client = client_for(tong)
    on_the_day(date(2015, 12, 31))
    assert household.household_no not in page(client, "help_lists", list="stop")
    on_the_day(date(2016, 1, 1))
    shown = page(client, "help_lists", list="stop")
    assert household.household_no in shown
    assert other.household_no not in shown
    answer = client.post(
        reverse("help_stop", args=[recipient.pk]),
        {"how": "CONTRACT", "on": "2016-01-01", "reason": "贷款合同 2014-17 号"},
    )
    assert answer.status_code == 302, answer.context["form"].errors
    assert household.household_no not in page(client, "help_lists", list="stop")
