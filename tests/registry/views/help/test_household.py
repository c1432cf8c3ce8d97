"""A household's help, from its pair to the confirmed effect, and what waits on the page of whoever answers for it."""

from collections.abc import Callable
from datetime import date

import pytest
from django.urls import reverse

from fupin.accounts.models import User
from registry.models import (
    MeasureRecipient,
)
from registry.services.help.measures import For, MeasureFacts, put_down_measure, record_effect
from tests.registry.factories import VILLAGE
from tests.registry.helping import helper, registered
from tests.registry.views.help.conftest import ClientFor, Scope, page

pytestmark = pytest.mark.django_db


def test_a_household_is_helped_from_pair_to_confirmed_effect(
    tong: User, client_for: ClientFor, in_scope: Scope
) -> None:
    with in_scope(tong):
        household = registered(tong, year=2013)
        person, next_one = helper(tong, VILLAGE - 200), helper(tong, VILLAGE - 200)
    number = household.household_no
    client = client_for(tong)
    shown = page(client, "help_household", number)
    assert "没有帮扶责任人" in shown
    assert "贷款贴息" in shown
    answer = client.post(
        reverse("help_pair", args=[number]), {"person": person.pk, "on": "2014-07-01", "reason": ""}
    )
    assert answer.status_code == 302, answer.context["form"].errors
    answer = client.post(
        reverse("help_pair", args=[number]), {"person": next_one.pk, "on": "2014-09-01", "reason": ""}
    )
    assert answer.status_code == 422
    assert "请填写更换原因" in answer.content.decode()
    answer = client.post(
        reverse("help_plan", args=[number]),
        {
            "member": "",
            "cause": "09",
            "kind": "04",
            "goal": "养羊二十只",
            "amount": "5000",
            "due_on": "2014-12-31",
            "person": person.pk,
        },
    )
    assert answer.status_code == 302, answer.context["form"].errors
    answer = client.post(
        reverse("help_measure", args=[number]),
        {"on": "2014-08-01", "kind": "04", "content": "小额贷款贴息", "amount": "300", "person": person.pk},
    )
    assert answer.status_code == 302, answer.context["form"].errors
    with in_scope(tong):
        recipient = MeasureRecipient.objects.get()
    assert "未到户" in page(client, "help_household", number)
    answer = client.post(
        reverse("help_deliver", args=[recipient.pk]),
        {"on": "2014-08-10", "by": "IN_KIND", "amount": "300", "signed_by": ""},
    )
    assert answer.status_code == 422
    answer = client.post(
        reverse("help_deliver", args=[recipient.pk]),
        {"on": "2014-08-10", "by": "IN_KIND", "amount": "300", "signed_by": "张建国"},
    )
    assert answer.status_code == 302, answer.context["form"].errors
    answer = client.post(
        reverse("help_effect", args=[recipient.pk]),
        {"on": "2014-12-01", "income_gain": "1200", "jobs": "", "contribution": "养羊增收"},
    )
    assert answer.status_code == 302, answer.context["form"].errors
    with in_scope(tong):
        effect = recipient.effects.get()
    assert "农户确认" in page(client, "help_recipient", recipient.pk)
    answer = client.post(
        reverse("help_confirm", args=[effect.pk]), {"confirmed_by": "张建国", "on": "2014-12-02"}
    )
    assert answer.status_code == 302, answer.context["form"].errors
    answer = client.post(
        reverse("help_visit", args=[number]),
        {"person": person.pk, "on": "2014-08-02", "content": "看望"},
    )
    assert answer.status_code == 302, answer.context["form"].errors
    shown = page(client, "help_household", number)
    assert "成效已确认" in shown
    assert "没有帮扶责任人" not in shown
    card_page = page(client, "household_card", number, 2013)
    assert person.name in card_page
    page(client, "help_measure_page", recipient.measure_id)


def test_the_effect_waits_on_the_persons_page_the_day_after_twelve_months(
    tong: User, client_for: ClientFor, in_scope: Scope, on_the_day: Callable[[date], None]
) -> None:
    with in_scope(tong):
        household = registered(tong)
        person = helper(tong, VILLAGE - 200)
        put_down_measure(
            actor=tong,
            village=VILLAGE,
            facts=MeasureFacts(date(2014, 8, 1), "01", "养羊补助一期", person),
            recipients=[For(household)],
            today=date(2014, 8, 1),
        )
    client = client_for(tong)
    empty = "没有等待成效的措施"
    on_the_day(date(2015, 8, 1))
    assert empty in page(client, "help_person", person.pk)
    on_the_day(date(2015, 8, 2))
    assert empty not in page(client, "help_person", person.pk)
    assert "养羊补助一期" in page(client, "help_person", person.pk)
    assert household.household_no in page(client, "help_lists", list="effect")
    with in_scope(tong):
        effect = {"income_gain": 100, "jobs": 0, "contribution": "增收", "today": date(2015, 8, 2)}
        recipient = MeasureRecipient.objects.get()
        record_effect(actor=tong, recipient=recipient, on=date(2015, 8, 2), **effect)  # type: ignore[arg-type]
    assert empty not in page(client, "help_person", person.pk), "recorded, but not confirmed"
    with in_scope(tong):
        record_effect(
            actor=tong,
            recipient=recipient,
            on=date(2015, 8, 2),
            confirmed_by="张建国",
            **effect,  # type: ignore[arg-type]
        )
    assert empty in page(client, "help_person", person.pk)
