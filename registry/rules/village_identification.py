"""一高一低一无: which villages may be identified as poor, and when one may leave (procedures §3, §6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import DecimalField, ExpressionWrapper, F, Q, Value

from fupin.policy.cites import cites
from fupin.policy.standards import figure
from registry.rules.findings import Finding, error


@dataclass(frozen=True, slots=True)
class VillageFigures:
    """What is known of a village and its province for a year.

    `poor` and `rural_population` are persons, `income_per_head` and `province_income` yuan, `province_rate` percent,
    `collective_income` yuan, None where nobody asked.
    """

    year: int
    poor: int
    rural_population: int
    income_per_head: Decimal
    collective_income: Decimal | None
    province_rate: Decimal
    province_income: Decimal


@cites("§1", "对贫困村、贫困户、贫困劳动力逐个建档立卡")
def village_refusals(village: VillageFigures) -> list[Finding]:
    """Return which of the three conditions a village does not meet: high rate, low income, no collective income; unrounded."""
    times = figure("poor_village_rate_ratio", village.year)
    part = figure("poor_village_income_ratio", village.year)
    found = []
    if village.poor * 100 <= times * village.province_rate * village.rural_population:
        bar = times * village.province_rate
        found.append(error("一高", "poor_pop", f"贫困发生率不高于全省的 {times} 倍（{bar}%）"))
    bar = part * village.province_income
    if village.income_per_head >= bar:
        found.append(
            error("一低", "income_pc", f"农民人均纯收入不低于全省平均的 {part * 100:.0f}%（{bar} 元）")
        )
    if village.collective_income is None or village.collective_income > 0:
        found.append(error("一无", "collective_income", "有集体经济收入，或未填"))
    return found


def conditions(year: int, *, province_rate: Decimal, province_income: Decimal) -> Mapping[str, Q]:
    """Return the three conditions of `village_refusals` for rows of villages' tables annotated with `poor`, by their names.

    What nobody has filled in fulfils none of them.
    """
    bar = figure("poor_village_rate_ratio", year) * province_rate
    low = figure("poor_village_income_ratio", year) * province_income
    needed = ExpressionWrapper(
        F("rural_pop") * Value(bar), output_field=DecimalField(max_digits=24, decimal_places=4)
    )
    return {
        "high": Q(poor__gt=needed / 100),
        "low": Q(net_income_pc__lt=low),
        "without": Q(collective_income__lte=0),
    }


@cites("§3", "实现扶贫对象有进有出动态管理")
def village_may_leave(poor: int, rural_population: int, year: int) -> bool:
    """Tell whether a village's rate of poverty lies below the figure for leaving (2.00 %, exclusive), compared unrounded.

    Before there was a figure (2016) a village leaves by decision alone.
    """
    if rural_population <= 0:
        return False
    return poor * 100 < figure("exit_rate", max(year, 2016)) * rural_population
