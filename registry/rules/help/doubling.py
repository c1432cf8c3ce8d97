"""A leader's village: its farmers' income per head doubles within five years (policy §19; procedures §8)."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Final

from django.db.models import TextChoices

from fupin.policy.cites import cites

YEARS: Final = 5
TIMES: Final = 2
_FEN: Final = Decimal("0.01")


class Light(TextChoices):
    """How a village stands against its path."""

    NONE = "NONE", "尚无数据"
    GREEN = "GREEN", "达到轨迹"
    YELLOW = "YELLOW", "低于轨迹"
    RED = "RED", "落后一年以上"


@cites("§19", "确保五年内农民人均纯收入翻番")
def target(base: Decimal) -> Decimal:
    """Return the income per head that ends the task: twice that of the base year, in yuan."""
    return base * TIMES


def path(base: Decimal) -> tuple[Decimal, ...]:
    """Return the income per head to be reached after one to five years, in yuan to the fen.

    The path is geometric, the same rate each year (14.87 %): 3200 → 3675.83, 4222.43, 4850.29, 5571.52, 6400.00.
    """
    with localcontext() as context:
        context.prec = 40
        rate = (Decimal(TIMES).ln() / YEARS).exp()
        return tuple((base * rate**n).quantize(_FEN, ROUND_HALF_UP) for n in range(1, YEARS + 1))


def expected(base_year: int, base: Decimal, year: int) -> Decimal:
    """Return the path's value for a year: the base before it begins, the target once it has ended."""
    steps = year - base_year
    if steps <= 0:
        return base
    return path(base)[min(steps, YEARS) - 1]


def is_reached(base: Decimal, income: Decimal) -> bool:
    """Tell whether the task is done: twice the base, exactly twice included."""
    return income >= target(base)


def light(base_year: int, base: Decimal, incomes: Mapping[int, Decimal]) -> Light:
    """Return the light of the latest year with an income after the base year.

    Below the path is yellow; below the path of the year before, or below the target when the five years are over, is red.
    """
    later = [year for year in incomes if year > base_year]
    if not later:
        return Light.NONE
    year = max(later)
    income = incomes[year]
    if income >= expected(base_year, base, year):
        return Light.GREEN
    over = year >= base_year + YEARS
    return Light.RED if over or income < expected(base_year, base, year - 1) else Light.YELLOW
