"""稳定增长: each level's money against the year before, the province's against the centre's (funds F-03, policy-trace 4.1–4.3)."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from funds.rules.points import NONE, Band
from funds.rules.pool import percent_of
from fupin.lib.money import FEN, grouped
from fupin.policy.cites import cites


@dataclass(frozen=True, slots=True)
class Budget:
    """What a level put in this year and the year before, in yuan; None where the year before is not known."""

    now: Decimal
    before: Decimal | None

    @property
    def growth(self) -> Decimal | None:
        """（本年−上年）÷上年 in per cent, half up to two decimals; None against nothing."""
        if not self.before:
            return None
        return ((self.now - self.before) * 100 / self.before).quantize(FEN, ROUND_HALF_UP)

    @property
    def fell(self) -> bool:
        """Whether it lies below the year before."""
        return self.before is not None and self.now < self.before

    @property
    def rose(self) -> bool:
        """Whether it lies above the year before."""
        return self.before is not None and self.now > self.before


@dataclass(frozen=True, slots=True)
class Alarm:
    """What is amiss with a budget; a red one breaks the article, another only falls short of it."""

    text: str
    red: bool = True


@cites("§4", "各级政府要逐步增加财政专项扶贫资金投入")
def level_alarm(budget: Budget) -> Alarm | None:
    """Return an alarm where any level puts in less than the year before."""
    return Alarm(f"投入低于上年：{_against(budget)}") if budget.fell else None


@cites("§4", "省级财政要建立与中央财政扶贫资金相适应的投入增长机制")
def pace_alarm(province: Budget, central: Budget) -> Alarm | None:
    """Return an alarm where the province's money grows less than what the centre gives it; compared unrounded."""
    if not province.before or not central.before:
        return None
    if province.now * central.before >= central.now * province.before:
        return None
    return Alarm(f"省级增幅 {province.growth}%，低于中央对省增幅 {central.growth}%")


@cites("§4", "财政收入状况好的市、县要切实优化支出结构,逐年增加扶贫投入")
def well_off_alarm(budget: Budget) -> Alarm | None:
    """Return an alarm where a city or county that is well off puts in less than the year before (red), or no more."""
    if budget.before is None or budget.rose:
        return None
    if budget.fell:
        return Alarm(f"财力好的市县须逐年递增，现低于上年：{_against(budget)}")
    return Alarm("财力好的市县须逐年递增，现与上年相同", red=False)


@cites("§4", "地方政府要预算安排工作经费,为扶贫开发管理工作提供必要保障")
def working_alarm(budget: Budget) -> Alarm | None:
    """Return an alarm where a local government budgets no working funds, or less than the year before."""
    if not budget.now:
        return Alarm("没有预算安排工作经费")
    return Alarm(f"工作经费低于上年：{_against(budget)}") if budget.fell else None


def _against(budget: Budget) -> str:
    before = grouped(budget.before or Decimal(0))
    return f"本年 {grouped(budget.now)} 元，上年 {before} 元"


@cites("§4", "切实优化支出结构")
def share_alarm(budget: Budget, spending: Budget, *, well_off: bool) -> Alarm | None:
    """Return an alarm where the part of a city's or county's general spending that goes to the poor fell; red where it is well off.

    ``spending`` is its general budget's spending of the same two years. Compared unrounded.
    """
    if budget.before is None or not spending.before or not spending.now:
        return None
    if budget.now * spending.before >= budget.before * spending.now:
        return None
    now, before = percent_of(budget.now, spending.now), percent_of(budget.before, spending.before)
    return Alarm(f"占一般预算支出 {now}%，上年 {before}%，下降", red=well_off)


@cites("§4", "省级财政要建立与中央财政扶贫资金相适应的投入增长机制")
def growth_points(budget: Budget) -> Band:
    """Return the points for growth: from 8% 5, from 4% 4–3, above none 2–1, none 0 (2008 table, read by OCR, to be checked)."""
    if not budget.before or not budget.rose:
        return NONE
    grown = (budget.now - budget.before) * 100
    if grown >= 8 * budget.before:
        return Band(5, 5)
    return Band(4, 3) if grown >= 4 * budget.before else Band(2, 1)


@cites("§4", "省级财政要建立与中央财政扶贫资金相适应的投入增长机制")
def ratio_points(province: Decimal, central: Decimal) -> Band:
    """Return the points for the province's money against the centre's, by the ladder of the middle provinces.

    From 40% 5, from 20% 4–3, from 10% 2–1, below 0 (2008 table, read by OCR, to be checked).
    """
    for least, band in ((40, Band(5, 5)), (20, Band(4, 3)), (10, Band(2, 1))):
        if central > 0 and province * 100 >= central * least:
            return band
    return NONE
