"""Villages: listed with what their cards come to, their tables filled in, their natural villages named."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from fupin.accounts.models import User
from registry.forms.village import VillageForm
from registry.models import NaturalVillage, VillageYear
from registry.services.cards import SavedCard
from registry.standard.values import present
from tests.conftest import VILLAGE
from tests.registry.factories import card, saved
from tests.registry.rules.test_village import village
from tests.registry.views.conftest import Scope

pytestmark = pytest.mark.django_db

ClientFor = Callable[[User], Client]
TABLE = f"/registry/villages/{VILLAGE}/2014/"
NAMES = f"/registry/villages/{VILLAGE}/natural-villages/"


def posted(**more: Any) -> dict[str, Any]:
    """Return the table as the browser posts it."""
    values, form = village(**more), VillageForm()
    sent: dict[str, Any] = {}
    for name, field in form.fields.items():
        raw = field.prepare_value(values.get(name))
        sent[name] = "" if raw is None else raw
        if not isinstance(raw, list) and field.standard.kind not in {"enum", "bool"}:
            sent[name] = present(field.standard, values.get(name))
        elif field.standard.kind == "enum":
            sent[name] = values.get(name) or ""
    return sent


def test_the_list_sums_the_cards_of_each_village(
    ai: User, bo: User, client_for: ClientFor, in_scope: Scope
) -> None:
    with in_scope(ai):
        saved(ai, card(year=2013))
    client = client_for(bo)
    [(_, sums, table)] = client.get("/registry/villages/").context["rows"]
    assert (sums.households, sums.persons, sums.below, table) == (1, 3, 1, None)
    assert client.get("/registry/villages/", {"table": "missing"}).context["page"].paginator.count == 1
    assert client.get("/registry/villages/", {"table": "there"}).context["page"].paginator.count == 0


def test_a_table_is_saved_changed_and_refused(ai: User, client_for: ClientFor, in_scope: Scope) -> None:
    client = client_for(ai)
    assert client.get(TABLE).status_code == 200
    answer = client.post(TABLE, {**posted(), "version": ""})
    assert answer.status_code == 302, answer.context and answer.context["lines"]
    with in_scope(ai):
        row = VillageYear.objects.get()
        assert (row.households, row.version) == (200, 1)
    wrong = client.post(TABLE, {**posted(population=100), "version": "1"})
    assert wrong.status_code == 422
    assert "总人口" in wrong.content.decode()
    stale = client.post(TABLE, {**posted(households=210), "version": ""})
    assert stale.status_code == 409
    assert "210" in stale.content.decode()


def test_what_cannot_be_read_stands_at_its_box(ai: User, client_for: ClientFor) -> None:
    answer = client_for(ai).post(TABLE, {**posted(), "households": "约二百", "version": ""})
    assert answer.status_code == 422
    assert answer.context["form"].has_error("households")
    assert "约二百" in answer.content.decode()


def test_doubts_may_be_answered_with_a_reason(ai: User, client_for: ClientFor, in_scope: Scope) -> None:
    client = client_for(ai)
    sent = {**posted(team=None), "version": ""}
    client.post(TABLE, sent)
    with in_scope(ai):
        row = VillageYear.objects.get()
        assert row.open_remarks == 1
    client.post(TABLE, {**sent, "version": "1", "reason-F-12 team": "第二批派驻"})
    with in_scope(ai):
        row.refresh_from_db()
        assert (row.open_remarks, row.remarks[0]["reason"]) == (0, "第二批派驻")


def test_natural_villages_are_listed_and_added_once(
    zhang: SavedCard, ai: User, client_for: ClientFor, in_scope: Scope
) -> None:
    client = client_for(ai)
    assert "前庄" in client.get(NAMES).content.decode()
    assert client.post(NAMES, {"name": " 后沟 "}).status_code == 302
    again = client.post(NAMES, {"name": "后沟"})
    assert again.status_code == 422
    assert "本村已有此自然村" in again.content.decode()
    with in_scope(ai):
        assert NaturalVillage.objects.filter(name="后沟").count() == 1


def test_another_county_sees_none_of_it_and_the_auditor_writes_none(
    zhang: SavedCard, du: User, jin: User, client_for: ClientFor
) -> None:
    stranger, auditor = client_for(du), client_for(jin)
    for address in (TABLE, NAMES):
        assert stranger.get(address).status_code == 404
        assert auditor.get(address).status_code == 200
    assert str(VILLAGE) not in stranger.get("/registry/villages/").content.decode()
    assert auditor.post(TABLE, {**posted(), "version": ""}).status_code == 403
    assert auditor.post(NAMES, {"name": "后沟"}).status_code == 403
