"""Re-identification: who may leave the register, who has newly fallen below the line, who has fallen back (policy §3; procedures §6, §7).

Each condition stands here once, twice over: as what it asks of a `Standing`, and as the expression that asks the same of a row. A table
of rows holds the two together (tests/registry/rules/test_reidentify.py). Nothing here decides: the lists are candidates for the procedure.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import IntFlag
from functools import reduce
from operator import add, or_
from typing import Final

from django.db.models import Case, IntegerChoices, Q, SmallIntegerField, Value, When
from django.db.models.expressions import CombinedExpression

from fupin.policy.cites import cites
from fupin.policy.standards import NATIONAL, figure
from registry.codes import DANGEROUS_LEVELS, HouseholdStatus as H
from registry.rules.help.after_exit import ON_REGISTER
from registry.rules.poverty import above_line, below_line, is_above_line, is_below_line

FIRST_ROUND: Final = 2014
"""The year of the first identification, from which the cycle is counted."""

NOT_YET: Final = frozenset(
    {
        H.DRAFT,
        H.APPLIED,
        H.DELIBERATED,
        H.DELIBERATION_FAILED,
        H.FIRST_NOTICE,
        H.VILLAGE_REPORTED,
        H.TOWNSHIP_PASSED,
        H.SECOND_NOTICE,
        H.COUNTY_PASSED,
    }
)
"""Statuses of a household that is not on the register, or not yet. One whose file an objection suspends (S) waits for its answer."""

LEFT: Final = frozenset({H.EXITED, H.RELAPSE_REVIEW})
"""Statuses of a household that has left the register."""

OURS: Final = (NATIONAL, "")
"""Identified by the national standard, or by none yet; those of a provincial or city standard are counted apart (procedures §2)."""


class Listed(IntegerChoices):
    """The list that a household stands on."""

    MAY_LEAVE = 1, "可退出"
    NEWLY_BELOW = 2, "新低于线"
    FALLEN_BACK = 3, "返贫"


class Reason(IntFlag):
    """Why a household stands on its list; several hold at once."""

    INCOME_ABOVE = 1
    INCOME_BELOW = 2
    OUT_OF_SCHOOL = 4
    UNINSURED = 8
    DANGEROUS_HOUSE = 16
    UNSAFE_WATER = 32
    AT_SCHOOL = 64
    INSURED = 128
    SAFE_HOUSE = 256
    SAFE_WATER = 512


NO_REASON: Final = Reason(0)

SECURED: Final = (
    Reason.INCOME_ABOVE | Reason.AT_SCHOOL | Reason.INSURED | Reason.SAFE_HOUSE | Reason.SAFE_WATER
)
"""All that must hold of a household that may leave (R-93)."""

OF_LIST: Final = {Listed.MAY_LEAVE: SECURED, Listed.NEWLY_BELOW: Reason.INCOME_BELOW}
"""The reasons that follow from the list alone; those of the third list are what is broken."""

BROKEN: Final = (
    Reason.INCOME_BELOW
    | Reason.OUT_OF_SCHOOL
    | Reason.UNINSURED
    | Reason.DANGEROUS_HOUSE
    | Reason.UNSAFE_WATER
)
"""What brings a household that had left back: one of them is enough (procedures §4.2)."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides of a household: its status, and its card of the income's year.

    `net_income` in yuan, None where it was not collected whole; `dropouts` are counted members of compulsory school age who are not at
    school, `uninsured` those who are not in the 新农合, `unasked` those of whom it is not known.
    """

    status: str
    net_income: Decimal | None
    members: int
    danger_level: str = ""
    water_safe: bool | None = None
    dropouts: int = 0
    uninsured: int = 0
    unasked: int = 0
    exit_year: int | None = None
    id_standard: str = NATIONAL


@dataclass(frozen=True, slots=True)
class Verdict:
    """The list that a household stands on, None for none, and why."""

    listed: Listed | None
    reasons: Reason = NO_REASON


@cites("§3", "扶贫对象每三年进行一次动态调整")
def is_adjustment_year(year: int) -> bool:
    """Tell whether the whole register is to be adjusted in a year: every third from the first identification on, so 2017 and 2020."""
    cycle = int(figure("adjust_cycle", year))
    return year > FIRST_ROUND and (year - FIRST_ROUND) % cycle == 0


def next_adjustment(year: int) -> int:
    """Return the first adjustment year that is not before `year`."""
    while not is_adjustment_year(year):
        year += 1
    return year


@cites("§3", "按照农户家庭收入变化情况，实现扶贫对象有进有出动态管理")
def judge(one: Standing, *, line: Decimal, income_year: int) -> Verdict:
    """Return the list that a household belongs on by its card of `income_year` and that year's line.

    To leave, everything must be known to hold; what brings back must be known to be broken; exactly on the line nobody moves. A
    household that left in a later year than the income's was judged by that income then, and is not judged by it again.
    """
    if one.id_standard not in OURS:
        return Verdict(None)
    above = one.net_income is not None and above_line(one.net_income, one.members, line)
    below = one.net_income is not None and below_line(one.net_income, one.members, line)
    if one.status in ON_REGISTER:
        return _on_list(Listed.MAY_LEAVE) if above and _is_secured(one) else Verdict(None)
    if one.status in NOT_YET:
        return _on_list(Listed.NEWLY_BELOW) if below else Verdict(None)
    if one.status in LEFT and one.exit_year is not None and one.exit_year <= income_year:
        broken = Reason.INCOME_BELOW * below | _broken(one)
        return Verdict(Listed.FALLEN_BACK, broken) if broken else Verdict(None)
    return Verdict(None)


def _on_list(listed: Listed) -> Verdict:
    return Verdict(listed, OF_LIST[listed])


def _is_secured(one: Standing) -> bool:
    return (
        one.dropouts == 0
        and one.uninsured == 0
        and one.unasked == 0
        and one.danger_level not in DANGEROUS_LEVELS
        and one.water_safe is True
    )


def _broken(one: Standing) -> Reason:
    found = {
        Reason.OUT_OF_SCHOOL: one.dropouts > 0,
        Reason.UNINSURED: one.uninsured > 0,
        Reason.DANGEROUS_HOUSE: one.danger_level in DANGEROUS_LEVELS,
        Reason.UNSAFE_WATER: one.water_safe is False,
    }
    return Reason(sum(reason for reason, holds in found.items() if holds))


# The same of rows of `registry.models.HouseholdStanding`, which has a column for each field of `Standing`.


def is_secured() -> Q:
    """Return the filter twin of what must hold besides income of whoever may leave."""
    return Q(dropouts=0, uninsured=0, unasked=0, water_safe=True) & ~Q(danger_level__in=DANGEROUS_LEVELS)


def _bits(line: Decimal) -> dict[Reason, Q]:
    """Return what brings back, each with its filter."""
    return {
        Reason.INCOME_BELOW: is_below_line(line),
        Reason.OUT_OF_SCHOOL: Q(dropouts__gt=0),
        Reason.UNINSURED: Q(uninsured__gt=0),
        Reason.DANGEROUS_HOUSE: Q(danger_level__in=DANGEROUS_LEVELS),
        Reason.UNSAFE_WATER: Q(water_safe=False),
    }


def listed_as(line: Decimal, income_year: int) -> Case:
    """Return the list of a row as an expression, 0 for none; twin of `judge`."""
    ours = Q(id_standard__in=OURS)
    on_register = ours & Q(status__in=ON_REGISTER)
    left = ours & Q(status__in=LEFT, exit_year__lte=income_year)
    broken = reduce(or_, _bits(line).values())
    return Case(
        When(on_register & is_above_line(line) & is_secured(), then=Value(Listed.MAY_LEAVE.value)),
        When(
            ours & Q(status__in=NOT_YET) & is_below_line(line),
            then=Value(Listed.NEWLY_BELOW.value),
        ),
        When(left & broken, then=Value(Listed.FALLEN_BACK.value)),
        default=Value(0),
        output_field=SmallIntegerField(),
    )


def broken_as(line: Decimal) -> CombinedExpression:
    """Return what is broken of a row as an expression, the sum of its reasons; the reasons of the third list."""
    bits = [
        Case(When(holds, then=Value(reason.value)), default=Value(0), output_field=SmallIntegerField())
        for reason, holds in _bits(line).items()
    ]
    return reduce(add, bits)  # type: ignore[return-value]  # more than one


def over_line(line: Decimal) -> Q:
    """Return the filter of who is on the register above the line: may leave, or is held back by school, doctor, house or water."""
    return Q(status__in=ON_REGISTER, id_standard__in=OURS) & is_above_line(line)


# In words.


@dataclass(frozen=True, slots=True)
class Told:
    """The figures that reasons are told with, in yuan and persons."""

    income_year: int
    line: Decimal
    net_income: Decimal | None
    members: int
    dropouts: int
    uninsured: int
    danger_level: str


def sentences(reasons: Reason, told: Told) -> Iterator[str]:
    """Yield each reason as a sentence that a villager can be told, with its figures."""
    house = {"3": "C 级（局部危房）", "4": "D 级（整幢危房）"}.get(told.danger_level, "")
    words = {
        Reason.INCOME_ABOVE: f"{_income(told)}，高于标准",
        Reason.INCOME_BELOW: f"{_income(told)}，低于标准",
        Reason.OUT_OF_SCHOOL: f"有 {told.dropouts} 名义务教育阶段的孩子没有上学",
        Reason.UNINSURED: f"有 {told.uninsured} 人没有参加新农合",
        Reason.DANGEROUS_HOUSE: f"住房鉴定为 {house}，尚未改造",
        Reason.UNSAFE_WATER: "饮水不安全",
        Reason.AT_SCHOOL: "没有义务教育阶段失学辍学的孩子",
        Reason.INSURED: f"全家 {told.members} 人都参加了新农合",
        Reason.SAFE_HOUSE: "住房不是 C、D 级危房",
        Reason.SAFE_WATER: "饮水安全",
    }
    for reason in Reason:
        if reason in reasons:
            yield words[reason]


def _income(told: Told) -> str:
    """Say net income against line × members, as it is compared: in whole, never rounded a head."""
    needed = told.line * told.members
    return (
        f"{told.income_year} 年全家纯收入 {told.net_income or 0:,.2f} 元，"
        f"标准为每人 {told.line:,.0f} 元、{told.members} 人合计 {needed:,.2f} 元"
    )
