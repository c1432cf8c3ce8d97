"""What standing on a list means, and where a household belongs (procedures §4.2, §5)."""

from datetime import date
from typing import Any

import pytest

from registry.codes import PoorType
from registry.codes.outside import HitState, ListKind
from registry.models import MemberYear
from registry.rules.matching import (
    LINKAGE_LABELS,
    MEANINGS,
    Care,
    Consequence,
    Linkage,
    can_work,
    decisions,
    fact_of,
    headings,
    is_able_to_work,
    linkages,
    place_of,
    stands_in_the_way,
)
from tests.registry.factories import card, member, saved


@pytest.mark.parametrize(
    ("able", "dibao", "wubao", "care", "poor_type"),
    [
        (True, False, False, Care.DEVELOPMENT, PoorType.GENERAL),
        (True, True, False, Care.BOTH, PoorType.DIBAO_POOR),
        (False, True, False, Care.CIVIL_AFFAIRS, PoorType.DIBAO),
        (True, False, True, Care.SUPPORT, PoorType.WUBAO),
        (False, False, True, Care.SUPPORT, PoorType.WUBAO),
        (False, False, False, Care.TRANSFER, None),
    ],
)
def test_where_a_household_belongs(
    able: bool, dibao: bool, wubao: bool, care: Care, poor_type: PoorType | None
) -> None:
    placed = place_of(able=able, dibao=dibao, wubao=wubao)
    assert (placed.care, placed.poor_type) == (care, poor_type)


@pytest.mark.parametrize(
    ("on_card", "claims", "in_dibao", "in_wubao", "found"),
    [
        (False, False, True, False, {Linkage.UNREGISTERED}),
        (False, False, False, True, {Linkage.UNREGISTERED}),
        (False, False, False, False, set()),
        (True, True, False, False, {Linkage.UNLISTED}),
        (True, True, True, False, set()),
        (True, False, False, False, set()),
        (True, True, True, True, {Linkage.DOUBLE}),
        (False, False, True, True, {Linkage.DOUBLE, Linkage.UNREGISTERED}),
    ],
)
def test_the_three_lists(
    on_card: bool, claims: bool, in_dibao: bool, in_wubao: bool, found: set[Linkage]
) -> None:
    assert linkages(on_card=on_card, claims=claims, in_dibao=in_dibao, in_wubao=in_wubao) == found
    assert set(LINKAGE_LABELS) == set(Linkage)


@pytest.mark.parametrize("kind", list(ListKind))
def test_what_is_named_before_the_countys_review_blocks_it_until_it_is_settled(kind: ListKind) -> None:
    blocks = kind != ListKind.DISABILITY
    assert [state for state in HitState if stands_in_the_way(kind, state)] == (
        [HitState.OPEN, HitState.CONFIRMED] if blocks else []
    )


@pytest.mark.parametrize("kind", list(ListKind))
def test_every_kind_says_what_it_asks_for(kind: ListKind) -> None:
    meaning = MEANINGS[kind]
    assert meaning.task
    assert meaning.suppliers
    assert set(meaning.fact) <= set(meaning.columns)
    assert headings(kind)[:2] == ("姓名", "身份号码")
    assert HitState.OPEN not in decisions(kind)
    waivable = HitState.WAIVED in decisions(kind)
    assert waivable == (meaning.consequence != Consequence.CHANGE)


def test_two_cars_are_two_facts_and_one_allowance_is_one() -> None:
    assert fact_of(ListKind.VEHICLE, {"号牌号码": "晋J1", "车辆类型": "小型轿车"}) == "晋J1"
    assert (
        fact_of(ListKind.DIBAO, {"月保障金额": "180"}) == fact_of(ListKind.DIBAO, {"月保障金额": "200"}) == ""
    )


@pytest.mark.parametrize(
    ("values", "able"),
    [
        ({}, True),
        ({"labor": "02"}, True),
        ({"labor": "03"}, False),
        ({"labor": "04"}, False),
        ({"student": "05"}, False),
        ({"is_soldier": True}, False),
        ({"born": date(1998, 12, 31)}, True),
        ({"born": date(1999, 1, 1), "dropout_reason": "厌学"}, False),
        ({"born": date(1949, 1, 1)}, True),
        ({"born": date(1948, 12, 31)}, False),
    ],
)
@pytest.mark.django_db
def test_who_gives_a_household_its_labour(bo: Any, in_scope: Any, values: dict[str, Any], able: bool) -> None:
    """Of 2014: whoever is 16 to 65 at its end; the rows' filter says the same."""
    given = member(**values, relation="03", name="张某某")
    assert can_work(given, 2014) is able
    with in_scope(bo):
        saved(bo, card(member(born=date(1930, 1, 1), labor="03"), given))
        rows = MemberYear.objects.filter(is_able_to_work(2014), relation="03")
        assert rows.exists() is able
