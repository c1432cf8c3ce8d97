"""A closed year's card put right: listed before it is sent, decided by another, visible afterwards."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from fupin.accounts.models import User
from registry.forms.card import CardForms
from registry.models import CorrectionSlip, HouseholdYear, VillageYear
from registry.reports.cards import read_card
from registry.services.cards import SavedCard
from registry.services.years import close_year
from tests.conftest import VILLAGE, as_owner
from tests.registry.factories import card, saved
from tests.registry.services.test_village_tables import save as save_table
from tests.registry.views.conftest import Scope
from tests.registry.views.test_villages import posted as table_posted

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "record", "owner"])

ClientFor = Callable[[User], Client]
FORM = f"/registry/households/{VILLAGE}0001/2013/correct/"


@pytest.fixture
def closed(tong: User, in_scope: Scope) -> SavedCard:
    """A card of 2013, after the year was closed."""
    with in_scope(tong):
        first = saved(tong, card(year=2013))
    with as_owner():
        close_year(actor=None, year=2013, on=date(2014, 3, 1), document="晋扶办〔2014〕1号")
    return first


def posted(closed: SavedCard, **more: Any) -> dict[str, Any]:
    """Return the card as the browser posts it."""
    row = HouseholdYear.objects.select_related("household").get(pk=closed.household_year.pk)
    forms = CardForms(year=2013, card=read_card(row))
    sent: dict[str, Any] = {}
    for form in forms.everyone():
        for bound in form:
            value = form.fields[bound.name].prepare_value(bound.value())
            sent[bound.html_name] = "" if value is None else value
    return {**sent, "version": "1", "slip-reason": "门牌录错", "slip-evidence": "户口簿", **more}


@pytest.fixture
def corrected(closed: SavedCard, tong: User, in_scope: Scope) -> dict[str, Any]:
    with in_scope(tong):
        return posted(closed, address="后庄1号")


def test_two_people_correct_a_card(
    corrected: dict[str, Any],
    closed: SavedCard,
    tong: User,
    chen: User,
    client_for: ClientFor,
    in_scope: Scope,
) -> None:
    clerk, reviewer = client_for(tong), client_for(chen)
    assert clerk.get(FORM).status_code == 200
    told = clerk.post(FORM, corrected)
    assert [(one.label, one.new) for one in told.context["changes"]] == [("家庭住址", "后庄1号")]
    sent = clerk.post(FORM, {**corrected, "confirmed": "1"})
    assert sent.status_code == 302, sent.context["refusal"]
    slip = sent["Location"]
    assert clerk.get(FORM)["Location"] == slip  # one at a time
    assert "门牌录错" in reviewer.get("/registry/corrections/?status=PROPOSED").content.decode()
    assert clerk.post(slip, {"decision": "approve"}).status_code == 403
    assert reviewer.post(slip, {"decision": "reject", "note": ""}).status_code == 422
    assert reviewer.post(slip, {"decision": "approve"}).status_code == 302
    assert reviewer.post(slip, {"decision": "approve"}).status_code == 422
    with in_scope(chen):
        assert HouseholdYear.objects.get().address == "后庄1号"
    history = reviewer.get(f"/registry/households/{VILLAGE}0001/history/").content.decode()
    assert "白文镇前庄12号" in history
    assert "门牌录错" in history


@pytest.mark.parametrize(
    ("more", "said"),
    [({"slip-reason": ""}, "请填写更正理由"), ({"address": "白文镇前庄12号"}, "没有更正事项")],
)
def test_nothing_is_sent_without_a_reason_or_a_change(
    more: dict[str, str],
    said: str,
    corrected: dict[str, Any],
    tong: User,
    client_for: ClientFor,
    in_scope: Scope,
) -> None:
    answer = client_for(tong).post(FORM, {**corrected, **more, "confirmed": "1"})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    with in_scope(tong):
        assert not CorrectionSlip.objects.exists()


def test_another_county_sees_no_slip_and_the_auditor_writes_none(
    corrected: dict[str, Any], tong: User, du: User, jin: User, client_for: ClientFor
) -> None:
    slip = client_for(tong).post(FORM, {**corrected, "confirmed": "1"})["Location"]
    assert client_for(du).get(slip).status_code == 404
    assert client_for(du).get(FORM).status_code == 404
    assert "门牌录错" not in client_for(du).get("/registry/corrections/").content.decode()
    assert client_for(jin).get(slip).status_code == 200
    assert client_for(jin).post(slip, {"decision": "approve"}).status_code == 403
    assert client_for(jin).get(FORM).status_code == 403


def test_two_people_correct_a_villages_table(
    tong: User, chen: User, du: User, client_for: ClientFor, in_scope: Scope
) -> None:
    with in_scope(tong):
        save_table(tong, year=2013)
    with as_owner():
        close_year(actor=None, year=2013, on=date(2014, 3, 1), document="晋扶办〔2014〕1号")
    form, clerk, reviewer = f"/registry/villages/{VILLAGE}/2013/correct/", client_for(tong), client_for(chen)
    assert "更正单" in clerk.get(f"/registry/villages/{VILLAGE}/2013/").content.decode()
    assert clerk.get(form).status_code == 200
    assert client_for(du).get(form).status_code == 404
    sent = {**table_posted(households=210), "version": "1", "slip-reason": "漏报十户"}
    assert clerk.post(form, {**sent, "slip-reason": ""}).status_code == 422
    told = clerk.post(form, sent)
    assert ("总户数", "200", "210") in [(c["label"], c["old"], c["new"]) for c in told.context["changes"]]
    slip = clerk.post(form, {**sent, "confirmed": "1"})["Location"]
    assert "漏报十户" in reviewer.get("/registry/corrections/").content.decode()
    assert "总户数" in reviewer.get(slip).content.decode()
    assert reviewer.post(slip, {"decision": "approve"}).status_code == 302
    with in_scope(chen):
        assert VillageYear.objects.get().households == 210
