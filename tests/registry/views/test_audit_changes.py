"""Two days compared: who came onto the list, who left it, who was changed; on the page and in the file."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from fupin.accounts.models import User
from fupin.accounts.roles import Role
from fupin.divisions.codes import PROVINCE_CODE
from fupin.jobs.models import Job
from fupin.jobs.services.running import carry_out
from fupin.sheets.models import ExportLog
from registry.reports.audit.changes import Between, Changed, Turn, Whole, households, told
from registry.services.lineage import move_household
from tests.conftest import KELAN, LINXIAN, person
from tests.registry import factories as make
from tests.registry.helping import paired
from tests.registry.standing import days_pass, put
from tests.registry.views.conftest import Scope

pytestmark = pytest.mark.django_db

ClientFor = Callable[[User], Client]


@pytest.fixture
def mover(db: None) -> User:
    return person("mover", Role.COUNTY_ENTRY, PROVINCE_CODE, full_name="省录")


@pytest.fixture
def history(bo: User, mover: User, in_scope: Scope) -> dict[str, str]:
    """Ten days ago five households on the register; since then one changed, one left it, one moved away, one came, one is a draft."""
    with in_scope(bo):
        cards = {
            name: make.saved(bo, year=2013, phone=f"1380000020{n}")
            for n, name in enumerate(("stays", "changed", "exits", "moves"))
        }
        for card in cards.values():
            put(card.household, "N", first_identified_year=2014)
        paired(bo, cards["changed"].household)
    days_pass(10)
    with in_scope(bo):
        make.change(
            bo,
            cards["changed"],
            make.with_member(
                replace(
                    make.card(year=2013, address="后庄1号", phone="13800000201"),
                    members=_same(cards["changed"]),
                ),
                0,
                education="04",
            ),
        )
        put(cards["exits"].household, "O", exit_year=2014, exited_on="2014-12-01", first_identified_year=2014)
        cards["comes"] = make.saved(bo, year=2013, phone="13800000205")
        put(cards["comes"].household, "N", first_identified_year=2014)
        cards["draft"] = make.saved(bo, year=2013, phone="13800000206")
    with in_scope(mover):
        move_household(
            actor=mover,
            household=cards["moves"].household,
            to_village=make.KELAN_VILLAGE,
            natural_village="东沟",
            reason="投亲",
            on=make.TODAY,
        )
    return {name: card.household.household_no for name, card in cards.items()}


def _same(saved: Any) -> Any:
    from registry.reports.cards import read_card

    return read_card(saved.household_year).members


def days() -> tuple[date, date]:
    today = timezone.localdate()
    return today - timedelta(days=5), today


def found(user: User, division: int, turn: Turn, whole: Whole = Whole.REGISTER) -> dict[str, Changed]:
    since, until = days()
    asked = Between(user, division, 2013, since, until, whole)
    return {one.household_no: one for one in told(asked, households(asked, turn))}


def test_each_household_takes_its_turn(
    history: dict[str, str], jin: User, bo: User, du: User, in_scope: Scope
) -> None:
    for user in (jin, bo):
        with in_scope(user):
            entered, left, changed = (found(user, LINXIAN, turn) for turn in Turn)
        assert set(entered) == {history["comes"]}
        assert set(left) == {history["exits"], history["moves"]}
        assert set(changed) == {history["changed"]}
        assert entered[history["comes"]].then.standing == "未建档"
        assert left[history["exits"]].now.standing == "已脱贫"
        assert left[history["moves"]].now.standing == "不在本区划"
        (one,) = changed.values()
        assert [(part.label, part.old, part.new) for part in one.fields] == [
            ("家庭住址", "白文镇前庄12号", "后庄1号"),
            ("张建国 文化程度", "03 初中", "04 高中(含中职)"),
        ]
    for user in (jin, du):
        with in_scope(user):
            entered = found(user, KELAN, Turn.ENTERED)
            assert set(entered) == {history["moves"]}
            assert entered[history["moves"]].then.standing == "不在本区划"
            assert not found(user, KELAN, Turn.LEFT)
            assert not found(user, KELAN, Turn.CHANGED)


def test_of_all_on_file_an_exit_is_a_change(history: dict[str, str], jin: User, in_scope: Scope) -> None:
    with in_scope(jin):
        entered, left, changed = (found(jin, LINXIAN, turn, Whole.ALL) for turn in Turn)
        assert set(entered) == {history["comes"], history["draft"]}
        assert set(left) == {history["moves"]}
        assert set(changed) == {history["changed"], history["exits"]}
        moved = found(jin, PROVINCE_CODE, Turn.CHANGED)
        assert set(moved) == {history["changed"], history["moves"]}
        assert moved[history["moves"]].fields[0].label == "省市县乡村"


def test_other_counties_are_not_seen(history: dict[str, str], du: User, in_scope: Scope) -> None:
    with in_scope(du):
        for turn in Turn:
            assert not found(du, LINXIAN, turn, Whole.ALL)


def test_the_page_and_the_file(history: dict[str, str], jin: User, bo: User, client_for: ClientFor) -> None:
    client = client_for(jin)
    since, until = days()
    query = f"since={since}&until={until}&division={LINXIAN}&year=2013"
    assert "请先选择区划" in client.get("/registry/audit/changes/").content.decode()
    page = client.get(f"/registry/audit/changes/?{query}&turn=left")
    assert [(turn, count) for turn, count, _ in page.context["tabs"]] == [
        (Turn.ENTERED, "1"),
        (Turn.LEFT, "2"),
        (Turn.CHANGED, "1"),
    ]
    assert history["moves"] in page.content.decode()
    changed = client.get(f"/registry/audit/changes/?{query}&turn=changed").content.decode()
    assert "<del>白文镇前庄12号</del>" in changed
    for wrong in (f"since={until}&until={since}", "since=2012-01-01", "since=x", "until=2999-01-01"):
        assert client.get(f"/registry/audit/changes/?{wrong}&division={LINXIAN}").status_code == 422
    assert client_for(bo).get("/registry/audit/changes/").status_code == 403

    sent = {"kind": "audit_changes", "year": "2013", "query": f"{query}&turn=left", "format": "csv"}
    assert client.post("/sheets/exports/start/", sent).status_code == 302
    carry_out(Job.objects.get().pk, on=make.TODAY)
    log = ExportLog.objects.get()
    assert (log.kind, log.rows) == ("audit_changes", 2)
    assert log.filters["变动"] == "离开"
    assert log.filters["自"] == f"{since} 日终"
