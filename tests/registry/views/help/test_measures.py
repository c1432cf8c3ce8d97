"""Measures for many households, corrected with their history, and the ledgers of who leads others."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from fupin.accounts.models import User
from registry.models import (
    AssistMeasure,
    AssistPlan,
    LabourerYear,
    MeasureRecipient,
    MemberYear,
)
from registry.services.help.measures import For, MeasureFacts, put_down_measure
from tests.registry.factories import VILLAGE
from tests.registry.helping import helper, registered
from tests.registry.views.help.conftest import ClientFor, Scope, page

pytestmark = pytest.mark.django_db


def test_a_villages_measure_names_its_households(ai: User, client_for: ClientFor, in_scope: Scope) -> None:
    with in_scope(ai):
        one, two = registered(ai), registered(ai)
        person = helper(ai, VILLAGE)
    client = client_for(ai)
    url = reverse("help_village_measure", args=[VILLAGE])
    new = {"on": "2014-08-01", "kind": "14", "content": "光伏", "amount": "1000", "person": person.pk}
    assert client.post(url, new).status_code == 302
    assert "光伏" in page(client, "help_lists", list="nobody")
    lines = f"{one.household_no[12:]} 400\n{two.household_no[12:]} 700"
    answer = client.post(url, {**new, "recipients": lines})
    assert "超过措施金额" in answer.content.decode()
    answer = client.post(url, {**new, "recipients": lines.replace("700", "600")})
    assert answer.status_code == 302, answer.context["form"].errors
    assert client.post(url, {**new, "recipients": "9999"}).status_code == 422
    with in_scope(ai):
        assert MeasureRecipient.objects.count() == 2
        named = AssistMeasure.objects.filter(recipients__isnull=False).distinct().get()
    assert two.household_no in page(client, "help_lists", list="reach")
    assert (
        client.post(reverse("help_withdraw_measure", args=[named.pk]), {"reason": "录错"}).status_code == 302
    )
    assert two.household_no not in page(client, "help_lists", list="reach")
    answer = client.post(
        reverse("help_village_plan", args=[VILLAGE]),
        {
            "kind": "01",
            "goal": "整村推进",
            "amount": "0",
            "due_on": "2014-12-31",
            "person": person.pk,
            "cause": "",
        },
    )
    assert answer.status_code == 302, answer.context["form"].errors
    with in_scope(ai):
        plan = AssistPlan.objects.get()
    assert "整村推进" in page(client, "help_village", VILLAGE)
    assert client.post(reverse("help_withdraw_plan", args=[plan.pk]), {"reason": "并入"}).status_code == 302


def test_a_measure_is_corrected_and_says_what_it_said(
    ai: User, bo: User, jin: User, client_for: ClientFor, in_scope: Scope
) -> None:
    with in_scope(bo):
        measure = put_down_measure(
            actor=bo,
            village=VILLAGE,
            facts=MeasureFacts(date(2014, 8, 1), "01", "补助购羊", helper(bo), amount=Decimal(3000)),
            recipients=[For(registered(bo))],
            today=date(2014, 8, 1),
        )
    client, url = client_for(ai), reverse("help_correct_measure", args=[measure.pk])
    assert 'value="补助购羊"' in page(client, "help_correct_measure", measure.pk)
    sent = {
        "on": "2014-08-01",
        "kind": "01",
        "content": "补助购牛",
        "amount": "3000",
        "person": measure.person_id,
    }
    assert client.post(url, sent).status_code == 422, "without a reason"
    assert client.post(url, {**sent, "reason": "录错畜种"}).status_code == 302
    shown = page(client, "help_measure_page", measure.pk)
    for words in ("更正记录", "补助购羊", "补助购牛", "录错畜种", "艾村"):
        assert words in shown
    assert client_for(jin).get(url).status_code == 403


def test_backbones_and_those_who_come_back_have_a_ledger(
    bo: User, client_for: ClientFor, in_scope: Scope
) -> None:
    with in_scope(bo):
        household = registered(bo, year=2013)
        row = MemberYear.objects.filter(household_year__household=household, is_labourer=True).order_by(
            "seat"
        )[0]
        LabourerYear.objects.create(
            division_id=VILLAGE,
            member=row.member,
            member_year=row,
            year=2013,
            is_away_youth=True,
            return_will=True,
            is_tech_backbone=True,
            updated_by=bo,
        )
        put_down_measure(
            actor=bo,
            village=VILLAGE,
            facts=MeasureFacts(date(2014, 8, 1), "11", "红枣嫁接", helper(bo), led_by="李技术"),
            recipients=[For(household)],
            today=date(2014, 8, 1),
        )
    client = client_for(bo)
    assert "愿返乡" in page(client, "help_ledgers")
    assert row.member.member_no in page(client, "help_ledgers", list="backbone")
    assert "李技术" in page(client, "help_ledgers", list="led", division=str(VILLAGE))
