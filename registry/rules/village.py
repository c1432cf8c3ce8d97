"""Checks of the village's table (data standard §6) and what follows from it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from fupin.lib import phone
from fupin.policy.cites import cites
from registry.codes import VillageAttr
from registry.rules.findings import Finding, error, warning
from registry.rules.tables import TableCheck, is_empty
from registry.standard.fields import by_name
from registry.standard.village import NOT_ABOVE, VILLAGE_YEAR

Values = Mapping[str, Any]
"""A village's table of a year by the standard's English names; a missing name is not collected."""

_TABLE: Final = TableCheck(VILLAGE_YEAR)
_FIELDS: Final = by_name(VILLAGE_YEAR)
_TEAM: Final = ("team", "team_leader", "lead", "secretary")
_KINDS: Final = ("general", "dibao", "wubao")
_FROM_CARDS: Final = ("danger_c", "danger_d")


@dataclass(frozen=True, slots=True, kw_only=True)
class VillageContext:
    """What the check of a village needs beyond its table.

    - `derived`: values that the household cards of the village add up to (`poor_households`, `poor_pop` …).
    - `cards`: households of the village whose card says so, for counts that may not be smaller (`danger_c`).
    - `exiting`: whether the village is about to leave the list, or has left it (R-94).
    """

    today: date
    derived: Values = field(default_factory=dict)
    cards: Mapping[str, int] = field(default_factory=dict)
    exiting: bool = False


@cites("§3", "村有表")
def check_village(values: Values, *, ctx: VillageContext) -> list[Finding]:
    """Return everything wrong with a village's table, errors first."""
    findings = [
        *_TABLE.of_mapping(values, ctx.today),
        *_counts(values, ctx),
        *_conditions(values),
        *_sums(values, ctx),
        *_doubts(values, ctx),
    ]
    findings.sort(key=lambda finding: finding.level)
    return findings


def poverty_rate(poor_pop: int | None, rural_pop: int | None) -> Decimal | None:
    """Return 贫困发生率 in percent to two places: the poor by the rural registered population.

    None where the population is unknown or nil. For show; a threshold is compared with the unrounded ratio.
    """
    if poor_pop is None or not rural_pop:
        return None
    return (Decimal(poor_pop) * 100 / rural_pop).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _counts(values: Values, ctx: VillageContext) -> Iterator[Finding]:
    known = {**values, **{name: value for name, value in ctx.derived.items() if value is not None}}
    for smaller, larger in NOT_ABOVE:
        part, whole = known.get(smaller), known.get(larger)
        if part is not None and whole is not None and part > whole:
            text = f"{_FIELDS[smaller].label}{part}大于{_FIELDS[larger].label}{whole}，请核对"
            yield error("R-20", smaller, text)
    households, population = values.get("households"), values.get("population")
    if households is not None and population is not None and population < households:
        yield error("R-20", "population", f"总人口{population}小于总户数{households}，请核对")


def _conditions(values: Values) -> Iterator[Finding]:
    code = values.get("village_code")
    if code and not (len(code) == 12 and code.isascii() and code.isdecimal() and 200 <= int(code[9:]) <= 599):
        yield error("R-20", "village_code", "村代码应为行政村的12位代码，末三位在200–599之间")
    number = values.get("head_phone")
    if number and not phone.is_phone(number):
        text = "村负责人电话应为11位手机号，或带区号的固定电话"
        yield error("R-20", "head_phone", text)
    if values.get("paved_to_town") and values.get("unpaved_to_town"):
        text = "行政村到乡镇未通硬化路里程应为0：到乡镇已通沥青(水泥)路"
        yield error("R-20", "unpaved_to_town", text)
    year, plan = values.get("year"), values.get("plan_exit_year")
    if year and plan and plan < year:
        yield error("R-20", "plan_exit_year", f"脱贫退出计划年份不能早于本年度{year}年")
    since, until = values.get("team_since"), values.get("team_until")
    if since and until and until < since:
        yield error("R-20", "team_until", "工作队驻村终止日期早于起始日期，请核对")


def _sums(values: Values, ctx: VillageContext) -> Iterator[Finding]:
    for name, right in ctx.derived.items():
        posted = values.get(name)
        if name in _FIELDS and not is_empty(posted) and posted != right:
            text = f"{_FIELDS[name].label}填的是{posted}，按户卡汇总应为{right}，请留空由系统汇总"
            yield error("R-43", name, text)
    for whole, suffix in (("poor_households", "_poor_households"), ("poor_pop", "_poor_pop")):
        parts: list[int] = [values[k + suffix] for k in _KINDS if values.get(k + suffix) is not None]
        total = values.get(whole)
        if total is not None and len(parts) == len(_KINDS) and sum(parts) != total:
            text = f"{_FIELDS[whole].label}{total}不等于一般、低保、五保三类之和{sum(parts)}"
            yield error("R-43", whole, text)


def _doubts(values: Values, ctx: VillageContext) -> Iterator[Finding]:
    for name in _FROM_CARDS:
        counted, cards = values.get(name), ctx.cards.get(name, 0)
        if counted is not None and counted < cards:
            text = f"{_FIELDS[name].label}{counted}少于户卡中的{cards}户，请核对"
            yield warning("F-11", name, text)
    if values.get("village_attr") == VillageAttr.POOR:
        for name in _TEAM:
            if not values.get(name):
                text = f"{_FIELDS[name].label}未填：贫困村须填，分期分批尚未派驻的请说明"
                yield warning("F-12", name, text)
    if ctx.exiting:
        if values.get("paved_to_town") is False:
            yield warning("R-94", "paved_to_town", "退出村到乡镇未通沥青(水泥)路，请核实")
        if not values.get("garbage_points"):
            yield warning("R-94", "garbage_points", "退出村垃圾集中堆放点数为空或0，请核实")
