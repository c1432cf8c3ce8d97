"""Who may leave, who has newly fallen below the line, who has fallen back: both sides of every condition."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from registry.rules.card import Card, MemberCard
from registry.rules.exit_conditions import exit_refusals
from registry.rules.help.after_exit import ON_REGISTER
from registry.rules.people import age
from registry.rules.reidentify import (
    SECURED,
    Listed,
    Reason,
    Standing,
    Told,
    is_adjustment_year,
    judge,
    next_adjustment,
    sentences,
)
from tests.registry.factories import card, condition, income, member, pupil, wife

LINE = Decimal(2952)
YEAR = 2016
ON_LINE = LINE * 3
ABOVE, BELOW = ON_LINE + Decimal("0.01"), ON_LINE - Decimal("0.01")


def standing(status: str = "N", net_income: Decimal | None = ABOVE, **values: Any) -> Standing:
    """Return a household of three that may leave but for what is given."""
    defaults: dict[str, Any] = {"danger_level": "2", "water_safe": True}
    return Standing(status, net_income, 3, **{**defaults, **values})


@pytest.mark.parametrize(
    ("one", "listed", "reasons"),
    [
        (standing(), Listed.MAY_LEAVE, SECURED),
        (standing("XP"), Listed.MAY_LEAVE, SECURED),
        (standing(net_income=ON_LINE), None, 0),
        (standing(net_income=None), None, 0),
        (standing(dropouts=1), None, 0),
        (standing(uninsured=1), None, 0),
        (standing(unasked=1), None, 0),
        (standing(danger_level="3"), None, 0),
        (standing(danger_level="4"), None, 0),
        (standing(danger_level=""), Listed.MAY_LEAVE, SECURED),
        (standing(water_safe=False), None, 0),
        (standing(water_safe=None), None, 0),
        (standing(id_standard="2"), None, 0),
        (standing("D", BELOW), Listed.NEWLY_BELOW, Reason.INCOME_BELOW),
        (standing("M-", BELOW), Listed.NEWLY_BELOW, Reason.INCOME_BELOW),
        (standing("C", BELOW, id_standard=""), Listed.NEWLY_BELOW, Reason.INCOME_BELOW),
        (standing("D", ON_LINE), None, 0),
        (standing("D", None), None, 0),
        (standing("D", BELOW, id_standard="3"), None, 0),
        (standing("S", BELOW), None, 0),
        (standing("S"), None, 0),
        (standing("K", BELOW), None, 0),
        (standing("Z", BELOW), None, 0),
        (standing("O", BELOW, exit_year=2015), Listed.FALLEN_BACK, Reason.INCOME_BELOW),
        (standing("R", BELOW, exit_year=2016), Listed.FALLEN_BACK, Reason.INCOME_BELOW),
        (standing("O", BELOW, exit_year=2017), None, 0),
        (standing("O", BELOW), None, 0),
        (standing("O", ON_LINE, exit_year=2015), None, 0),
        (standing("O", None, exit_year=2015), None, 0),
        (standing("O", exit_year=2015, dropouts=1), Listed.FALLEN_BACK, Reason.OUT_OF_SCHOOL),
        (standing("O", exit_year=2015, uninsured=2), Listed.FALLEN_BACK, Reason.UNINSURED),
        (standing("O", exit_year=2015, unasked=2), None, 0),
        (standing("O", exit_year=2015, danger_level="4"), Listed.FALLEN_BACK, Reason.DANGEROUS_HOUSE),
        (standing("O", exit_year=2015, water_safe=False), Listed.FALLEN_BACK, Reason.UNSAFE_WATER),
        (standing("O", exit_year=2015, water_safe=None), None, 0),
        (
            standing("O", BELOW, exit_year=2015, dropouts=1, uninsured=1, danger_level="3", water_safe=False),
            Listed.FALLEN_BACK,
            Reason(62),
        ),
    ],
)
def test_which_list_and_why(one: Standing, listed: Listed | None, reasons: int) -> None:
    verdict = judge(one, line=LINE, income_year=YEAR)
    assert (verdict.listed, verdict.reasons) == (listed, reasons)


def test_nobody_without_members_is_judged_by_income() -> None:
    nobody = replace(standing("D", Decimal(0)), members=0)
    assert judge(nobody, line=LINE, income_year=YEAR).listed is None
    assert judge(replace(nobody, status="N"), line=LINE, income_year=YEAR).listed is None


YES_NO_UNKNOWN = st.sampled_from([True, False, None])


@st.composite
def cards(draw: st.DrawFn) -> Card:
    """Return a card around the line, with something missing now and then."""
    people: list[MemberCard] = [
        member(in_ncms=draw(YES_NO_UNKNOWN)),
        wife(in_ncms=True),
        pupil(born=date(draw(st.integers(1999, 2011)), 6, 1), student=draw(st.sampled_from(["01", "03"]))),
    ]
    amount = draw(st.sampled_from([BELOW, ON_LINE, ABOVE, ABOVE * 2]))
    return card(
        *people,
        year=YEAR,
        income=income(
            wage_income=amount, business_income=Decimal(0), property_income=Decimal(0), tr_eco=Decimal(0),
            tr_other=Decimal(0), business_expense=Decimal(0),
        ),
        condition=condition(
            danger_level=draw(st.sampled_from(["1", "2", "3", "4", "9"])), water_safe=draw(YES_NO_UNKNOWN)
        ),
    )  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(cards())
def test_whoever_may_leave_is_whoever_the_exit_would_let_go(one: Card) -> None:
    """The list and the refusals of the procedure (R-93) are the same conditions."""
    counted = [someone for _, someone in one.counted]
    held = Standing(
        "N",
        one.income.net_income,
        one.member_count,
        one.condition.danger_level or "",
        one.condition.water_safe,
        dropouts=sum(s.student == "01" and 6 <= (age(s, YEAR) or 0) <= 15 for s in counted),
        uninsured=sum(s.in_ncms is False for s in counted),
        unasked=sum(s.in_ncms is None for s in counted),
    )
    may_leave = judge(held, line=LINE, income_year=YEAR).listed == Listed.MAY_LEAVE
    assert may_leave is not bool(exit_refusals(one, line=LINE))


def test_statuses_are_on_one_side_only() -> None:
    for status in ON_REGISTER:
        assert judge(standing(status, BELOW, exit_year=2015), line=LINE, income_year=YEAR).listed is None


@pytest.mark.parametrize(
    ("year", "expected"),
    [(2014, False), (2015, False), (2016, False), (2017, True), (2018, False), (2020, True)],
)
def test_every_third_year_from_the_first(year: int, expected: bool) -> None:
    assert is_adjustment_year(year) is expected


def test_the_next_adjustment_is_this_year_or_later() -> None:
    assert [next_adjustment(year) for year in (2014, 2015, 2017, 2018)] == [2017, 2017, 2017, 2020]


def test_reasons_can_be_told_to_a_villager() -> None:
    told = Told(2016, LINE, Decimal("7812.50"), 3, dropouts=1, uninsured=2, danger_level="4")
    assert list(sentences(Reason(62), told)) == [
        "2016 年全家纯收入 7,812.50 元，标准为每人 2,952 元、3 人合计 8,856.00 元，低于标准",
        "有 1 名义务教育阶段的孩子没有上学",
        "有 2 人没有参加新农合",
        "住房鉴定为 D 级（整幢危房），尚未改造",
        "饮水不安全",
    ]
    kept = Told(2016, LINE, Decimal("12000.00"), 3, dropouts=0, uninsured=0, danger_level="2")
    assert list(sentences(SECURED, kept)) == [
        "2016 年全家纯收入 12,000.00 元，标准为每人 2,952 元、3 人合计 8,856.00 元，高于标准",
        "没有义务教育阶段失学辍学的孩子",
        "全家 3 人都参加了新农合",
        "住房不是 C、D 级危房",
        "饮水安全",
    ]
