"""A village's year in one sheet: good rows are saved, wrong ones stay with the reason at their cell."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fupin.accounts.models import AuditRecord, User
from registry.models import HouseholdYear
from registry.rules.card import IncomeLine
from registry.services.cards import SavedCard
from tests.conftest import VILLAGE
from tests.registry.factories import card, member, saved, wife
from tests.registry.views.conftest import Scope

pytestmark = pytest.mark.django_db

ClientFor = Callable[[User], Client]
SHEET = f"/registry/villages/{VILLAGE}/2014/grid/"
FIRST, SECOND = f"{VILLAGE}0001", f"{VILLAGE}0002"


@pytest.fixture
def two(zhang: SavedCard, ai: User, in_scope: Scope) -> SavedCard:
    """Two households on the sheet."""
    with in_scope(ai):
        saved(ai, card(member(name="王有田"), wife(), phone="13800000002"))
    return zhang


def stored(number: str) -> HouseholdYear:
    return HouseholdYear.objects.get(household__household_no=number, year=2014)


def test_it_shows_every_household_with_its_figures(two: SavedCard, jin: User, client_for: ClientFor) -> None:
    text = client_for(jin).get(SHEET).content.decode()
    for said in ("张建国", "王有田", "5,200", "是"):
        assert said in text
    assert "保存" not in text.partition('class="foot"')[2]  # an auditor has nothing to save


def test_good_rows_are_saved_and_wrong_ones_stay_as_typed(
    two: SavedCard, ai: User, client_for: ClientFor, in_scope: Scope
) -> None:
    answer = client_for(ai).post(
        SHEET,
        {
            f"{FIRST}-version": "1",
            f"{FIRST}-income.wage_income": "6，000",
            f"{FIRST}-condition.danger_level": "3",
            f"{SECOND}-version": "1",
            f"{SECOND}-condition.irrigated_area": "99",
            f"{SECOND}-condition.water_safe": "大概",
        },
    )
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "已保存 1 户" in text
    assert 'value="99"' in text
    assert 'value="大概"' in text
    with in_scope(ai):
        first, second = stored(FIRST), stored(SECOND)
        assert (first.wage_income, first.danger_level, first.version) == (Decimal(6000), "3", 2)
        assert (second.irrigated_area, second.version) == (Decimal("1.50"), 1)
    act = AuditRecord.objects.get(action="village.grid")
    assert (act.object_key, act.detail["saved"], act.detail["households"]) == (f"{VILLAGE}/2014", 1, [FIRST])


def test_what_the_rules_refuse_is_told_at_the_cell(two: SavedCard, ai: User, client_for: ClientFor) -> None:
    sent = {f"{SECOND}-version": "1", f"{SECOND}-condition.irrigated_area": "99"}
    answer = client_for(ai).post(SHEET, sent)
    assert answer.status_code == 422
    [row] = answer.context["wrong"]
    told = {cell.column.path: cell.error for cell in row.cells if cell.error}
    assert set(told) == {"condition.irrigated_area"}
    assert "耕地" in told["condition.irrigated_area"]


def test_all_good_leads_back_to_the_sheet(two: SavedCard, ai: User, client_for: ClientFor) -> None:
    answer = client_for(ai).post(SHEET, {f"{FIRST}-version": "1", f"{FIRST}-income.tr_eco": "500"})
    assert answer["Location"] == SHEET


def test_a_row_that_somebody_changed_meanwhile_is_not_overwritten(
    two: SavedCard, ai: User, tong: User, client_for: ClientFor, in_scope: Scope
) -> None:
    path = "income.wage_income"
    client_for(tong).post(SHEET, {f"{FIRST}-version": "1", f"{FIRST}-{path}": "700"})
    answer = client_for(ai).post(SHEET, {f"{FIRST}-version": "1", f"{FIRST}-{path}": "900"})
    assert answer.status_code == 422
    assert "佟镇" in answer.content.decode()
    with in_scope(ai):
        assert stored(FIRST).wage_income == 700


def test_a_household_without_a_card_of_the_year_gets_one_from_the_year_before(
    ai: User, client_for: ClientFor, in_scope: Scope
) -> None:
    with in_scope(ai):
        saved(ai, card(year=2013))
    client = client_for(ai)
    assert "未建卡" in client.get(SHEET).content.decode()
    answer = client.post(SHEET, {f"{FIRST}-version": "", f"{FIRST}-income.wage_income": "100"})
    assert answer.status_code == 302
    with in_scope(ai):
        fresh = stored(FIRST)
        assert (fresh.wage_income, fresh.member_count) == (Decimal(100), 3)


def test_an_amount_made_of_lines_is_replaced_only_when_that_was_confirmed(
    ai: User, client_for: ClientFor, in_scope: Scope
) -> None:
    given = card()
    lines = (
        IncomeLine(kind="wage_income", item="太原打工", amount=Decimal(4000)),
        IncomeLine(kind="wage_income", item="护林", amount=Decimal(1200)),
    )
    income = replace(given.income, wage_income=Decimal(5200), lines=lines)
    with in_scope(ai):
        saved(ai, replace(given, income=income))
    client = client_for(ai)
    cell = f"{FIRST}-income.wage_income"
    sent = {f"{FIRST}-version": "1", cell: "6000"}
    warned = client.post(SHEET, sent)
    assert warned.status_code == 422
    text = warned.content.decode()
    for said in (
        "由 2 条明细合计 5,200",
        "改为 6000 后",
        "汇总录入",
        "只留在历史里",
        f'name="{cell}-replace"',
    ):
        assert said in text
    with in_scope(ai):
        assert (stored(FIRST).wage_income, stored(FIRST).version) == (Decimal(5200), 1)
    assert client.post(SHEET, {**sent, f"{cell}-replace": "1"}).status_code == 302
    with in_scope(ai):
        row = stored(FIRST)
        assert (row.wage_income, row.version) == (Decimal(6000), 2)
        assert [line["item"] for line in row.income_lines if line["kind"] == "wage_income"] == ["汇总录入"]
    assert client.post(SHEET, {f"{FIRST}-version": "2", cell: "6100"}).status_code == 302


def test_it_is_not_there_for_another_county_and_read_only_for_the_auditor(
    two: SavedCard, du: User, jin: User, client_for: ClientFor, in_scope: Scope
) -> None:
    sent = {f"{FIRST}-version": "1", f"{FIRST}-income.wage_income": "1"}
    assert client_for(du).get(SHEET).status_code == 404
    assert client_for(du).post(SHEET, sent).status_code == 404
    assert client_for(jin).post(SHEET, sent).status_code == 403
    with in_scope(jin):
        assert stored(FIRST).version == 1


def test_more_households_take_no_more_queries(
    zhang: SavedCard, ai: User, client_for: ClientFor, in_scope: Scope
) -> None:
    client = client_for(ai)
    client.get(SHEET)
    with CaptureQueriesContext(connection) as one:
        client.get(SHEET)
    with in_scope(ai):
        for _ in range(3):
            saved(ai)
    with CaptureQueriesContext(connection) as four:
        client.get(SHEET)
    assert len(four) == len(one)
    assert reverse("village_grid", args=[VILLAGE, 2014]) == SHEET
