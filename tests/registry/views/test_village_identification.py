"""一高一低一无 on the page: three figures a village, each side of each bar, filtered, with the way to the rows behind."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client

from fupin.accounts.models import User
from fupin.sheets import exports
from fupin.sheets.kinds import NotAsked, Request
from registry.models import Village, VillageYear
from registry.reports.village_identification import Measures, candidates
from registry.rules.village_identification import VillageFigures, village_refusals
from tests.conftest import VILLAGE
from tests.registry.factories import card, saved
from tests.registry.standing import put

pytestmark = pytest.mark.django_db

Scope = Callable[[User], AbstractContextManager[User]]
URL = "/registry/villages/identification/"
BARS = Measures(2013, Decimal("13.6"), Decimal(7154))
"""A bar of 27.2 per cent and of 4,292.40 yuan."""


def village(actor: User, code: int, *, poor: int, **table: Any) -> VillageYear:
    """A village with a table of 2013 and households of three on the register."""
    for _ in range(poor // 3):
        put(saved(actor, card(year=2013, village_code=str(code))).household, "N", first_identified_year=2013)
    thing = Village.objects.create(division_id=code, entered_by=actor)
    values = {"rural_pop": 11, "net_income_pc": Decimal("4292.39"), "collective_income": Decimal(0), **table}
    return VillageYear.objects.create(division_id=code, village=thing, year=2013, updated_by=actor, **values)


@pytest.mark.parametrize(
    "table",
    [
        {},  # 3 of 11 are 27.27 per cent
        {"rural_pop": 12},  # 25 per cent
        {"net_income_pc": Decimal("4292.40")},
        {"collective_income": Decimal("0.0001")},
        {"collective_income": None},
    ],
)
def test_the_query_and_the_rule_say_the_same(tong: User, in_scope: Scope, table: dict[str, Any]) -> None:
    with in_scope(tong):
        village(tong, VILLAGE, poor=3, **table)
        row = candidates(tong, BARS).get()
        income = row.collective_income
        figures = VillageFigures(
            2013,
            row.poor,
            row.rural_pop or 0,
            row.net_income_pc or Decimal(0),
            income,
            BARS.rate,
            BARS.income,
        )  # type: ignore[attr-defined]
        refused = {one.rule for one in village_refusals(figures)}
        assert {"一高": row.high, "一低": row.low, "一无": row.without} == {
            name: name not in refused for name in ("一高", "一低", "一无")
        }


def test_exactly_on_the_bar_fulfils_nothing(tong: User, in_scope: Scope) -> None:
    """Three of eleven against a province of 3/22: exactly twice its rate is not above it."""
    with in_scope(tong):
        village(tong, VILLAGE, poor=3, rural_pop=12)
        assert not candidates(tong, replace(BARS, rate=Decimal("12.5"))).get().high
        assert candidates(tong, replace(BARS, rate=Decimal("12.4999"))).get().high


def test_what_is_not_filled_in_fulfils_nothing(tong: User, in_scope: Scope) -> None:
    with in_scope(tong):
        village(tong, VILLAGE, poor=3, rural_pop=None, net_income_pc=None, collective_income=None)
        row = candidates(tong, BARS).get()
        assert (row.high, row.low, row.without) == (False, False, False)


def test_the_page_filters_and_leads_to_the_rows(
    tong: User, in_scope: Scope, client_for: Callable[[User], Client]
) -> None:
    with in_scope(tong):
        village(tong, VILLAGE, poor=3)
        village(tong, VILLAGE + 1, poor=0)
    browser = client_for(tong)
    page = browser.get(URL)
    assert [row.division_id for row, _ in page.context["rows"]] == [VILLAGE, VILLAGE + 1]
    text = page.content.decode()
    assert "27.2%" in text
    assert "4,292.40" in text
    assert f"?division={VILLAGE}&amp;year=2013" in text
    poor = browser.get(URL, {"meets": "all"})
    assert [row.division_id for row, _ in poor.context["rows"]] == [VILLAGE]
    not_high = browser.get(URL, {"meets": "not_high"})
    assert [row.division_id for row, _ in not_high.context["rows"]] == [VILLAGE + 1]
    stricter = browser.get(URL, {"meets": "all", "rate": "13.7"})
    assert stricter.context["rows"] == []
    assert "按所填的全省数" in stricter.content.decode()


def test_the_file_is_held_to_the_same_figures(tong: User, in_scope: Scope) -> None:
    with in_scope(tong):
        village(tong, VILLAGE, poor=3)
        selection = exports.select(
            "village_identification", Request(tong, 2013, QueryDict("meets=all&rate=13.6&income=7154"))
        )
        assert selection.rows.count() == 1
        assert ("全省贫困发生率", "13.6%") in selection.filters
        with pytest.raises(NotAsked, match="2019"):
            exports.select("village_identification", Request(tong, 2019, QueryDict("")))
