"""Who helps: his own page, his number under seal, the organs that are to send people."""

from datetime import date

import pytest
from django.urls import reverse

from fupin.accounts.models import AccessRecord, User
from registry.models import (
    Organ,
    RosterEntry,
)
from tests.registry.factories import VILLAGE, id_number
from tests.registry.helping import helper, organ
from tests.registry.views.help.conftest import ClientFor, Scope, page

pytestmark = pytest.mark.django_db


def test_ones_own_page_is_found(tong: User, ai: User, client_for: ClientFor, in_scope: Scope) -> None:
    with in_scope(tong):
        mine = helper(tong, VILLAGE - 200, user=ai)
    answer = client_for(ai).get(reverse("help_mine"))
    assert answer["Location"] == reverse("help_person", args=[mine.pk])
    assert client_for(tong).get(reverse("help_mine"))["Location"] == reverse("help_people")


def test_a_person_is_registered_with_his_number_sealed(
    bo: User, client_for: ClientFor, in_scope: Scope
) -> None:
    from tests.registry.factories import id_number

    client = client_for(bo)
    assert (
        client.post(reverse("help_organ_new"), {"name": "县教育局", "affiliation": "04"}).status_code == 302
    )
    with in_scope(bo):
        office = Organ.objects.get()
    number = id_number(date(1980, 3, 4))
    new = {"name": "李帮扶", "id_no": number, "organ": office.pk, "position": "科长", "phone": "13800000002"}
    answer = client.post(reverse("help_person_new"), {**new, "id_no": number[:-1]})
    assert answer.status_code == 422
    assert client.post(reverse("help_person_new"), new).status_code == 302
    shown = page(client, "help_people")
    assert "李帮扶" in shown
    assert number not in shown
    answer = client.post(reverse("help_person_new"), new)
    assert "该身份号码已登记为帮扶责任人" in answer.content.decode()


def test_a_helpers_whole_number_is_opened_for_a_reason_and_recorded(
    bo: User, chen: User, tong: User, ai: User, du: User, client_for: ClientFor, in_scope: Scope
) -> None:
    number = id_number(date(1975, 8, 9))
    with in_scope(bo):
        person = helper(bo, id_no=number)
    url = reverse("help_person_reveal", args=[person.pk])
    client = client_for(chen)
    assert url in page(client, "help_person", person.pk)
    assert number not in client.get(url).content.decode()
    row = str(person.id_no_sealed)
    for wrong in ({"reason": "核对派驻名单"}, {"row": row, "reason": "看"}):
        answer = client.post(url, wrong)
        assert (answer.status_code, number in answer.content.decode()) == (422, False)
    assert not AccessRecord.objects.exists()
    answer = client.post(url, {"row": row, "reason": "核对派驻名单"})
    assert number in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    record = AccessRecord.objects.get()
    assert (record.reason, record.object_key) == ("核对派驻名单", f"assist_person/{person.pk}")
    assert client_for(bo).get(url).status_code == 403, "who enters opens nothing"
    assert client_for(ai).get(url).status_code == 403
    assert client_for(tong).get(url).status_code == 404, "the county's official is the county's to open"
    assert url not in page(client_for(tong), "help_person", person.pk)
    assert client_for(du).get(url).status_code == 403


def test_organs_that_sent_nobody(bo: User, client_for: ClientFor, in_scope: Scope) -> None:
    with in_scope(bo):
        sent, unsent = organ(bo, name="县财政局"), organ(bo, name="县水利局")
        organ(bo, name="县气象站", must_send=False)
        RosterEntry.objects.create(
            division_id=VILLAGE,
            person=helper(bo, organ=sent),
            kind="STAYING_CADRE",
            since=date(2014, 5, 1),
            entered_by=bo,
        )
    shown = page(client_for(bo), "help_organs")
    assert "县水利局" in shown
    assert "县财政局" not in shown
    assert "县气象站" not in shown
    assert unsent.must_send
