"""Drafts: kept while one types, seen by oneself alone, found again, thrown away."""

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from fupin.accounts.models import AuditRecord, User
from registry.models import FormDraft
from registry.services.cards import SavedCard
from tests.conftest import VILLAGE

pytestmark = pytest.mark.django_db

ClientFor = Callable[[User], Client]


def keep(client: Client, draft_id: uuid.UUID, **more: Any) -> int:
    sent = {
        "form": "card",
        "subject": "",
        "title": "王有田",
        "sequence": 1_400_000_000_000,
        "division": str(VILLAGE),
        "fields": [
            ["village_code", str(VILLAGE)],
            ["members-0-name", "王有田"],
            ["cause_other", "07"],
            ["cause_other", "09"],
        ],
        **more,
    }
    address = reverse("draft_save", args=[draft_id])
    return client.post(address, json.dumps(sent), content_type="application/json").status_code


def test_a_draft_is_kept_without_a_record_for_each_keystroke_and_goes_on(
    ai: User, client_for: ClientFor
) -> None:
    client, draft_id = client_for(ai), uuid.uuid4()
    acts = AuditRecord.objects.count()
    assert keep(client, draft_id) == 204
    assert AuditRecord.objects.count() == acts
    assert b"\xe7\x8e\x8b" not in bytes(FormDraft.objects.get().payload)  # nothing of it in the clear
    listed = client.get(reverse("draft_list")).content.decode()
    assert "王有田" in listed
    resume = f"{reverse('household_new')}?draft={draft_id}"
    assert resume in listed
    assert 'value="王有田"' in client.get(resume).content.decode()


def test_an_older_state_never_replaces_a_newer_one(ai: User, client_for: ClientFor) -> None:
    client, draft_id = client_for(ai), uuid.uuid4()
    assert keep(client, draft_id, sequence=1_400_000_000_002, title="新") == 204
    assert keep(client, draft_id, sequence=1_400_000_000_001, title="旧") == 204
    assert FormDraft.objects.get().title == "新"


@pytest.mark.parametrize(
    "wrong", [{"form": "poem"}, {"fields": "x"}, {"sequence": "soon"}, {"sequence": 2**60}]
)
def test_what_is_no_form_of_ours_is_not_kept(wrong: dict[str, Any], ai: User, client_for: ClientFor) -> None:
    assert keep(client_for(ai), uuid.uuid4(), **wrong) == 400
    assert not FormDraft.objects.exists()


def test_another_persons_draft_does_not_exist(ai: User, bo: User, jin: User, client_for: ClientFor) -> None:
    draft_id = uuid.uuid4()
    keep(client_for(ai), draft_id)
    others = client_for(bo)
    assert keep(others, draft_id) == 404
    assert "王有田" not in others.get(reverse("draft_list")).content.decode()
    assert others.post(reverse("draft_discard", args=[draft_id])).status_code == 404
    assert others.get(f"{reverse('household_new')}?draft={draft_id}").status_code == 404
    assert keep(client_for(jin), uuid.uuid4()) == 403  # an auditor writes nothing


def test_a_draft_is_thrown_away_after_a_question(ai: User, client_for: ClientFor) -> None:
    client, draft_id = client_for(ai), uuid.uuid4()
    keep(client, draft_id)
    address = reverse("draft_discard", args=[draft_id])
    assert "不能恢复" in client.get(address).content.decode()
    assert client.post(address).status_code == 302
    assert "没有未填完的表" in client.get(reverse("draft_list")).content.decode()
    assert AuditRecord.objects.filter(action="draft.discard").count() == 1


def test_the_draft_of_a_card_is_offered_on_the_card(
    ai: User, zhang: SavedCard, client_for: ClientFor
) -> None:
    client = client_for(ai)
    card = reverse("household_card", args=[zhang.household.household_no, 2014])
    draft_id = client.get(card).context["draft_id"]
    keep(client, draft_id, subject=f"{zhang.household.household_no}/2014", fields=[["address", "后庄1号"]])
    assert f"?draft={draft_id}" in client.get(card).content.decode()
    assert "后庄1号" in client.get(f"{card}?draft={draft_id}").content.decode()
