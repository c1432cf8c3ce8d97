"""培训补助: paid in two parts, the second for staying in work (funds F-15, policy-trace 28.2, 28.5)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from funds.rules import Refusals
from fupin.lib.money import grouped, to_fen
from fupin.policy.cites import cites
from fupin.policy.standards import figure


@dataclass(frozen=True, slots=True)
class Instalments:
    """The two parts of a training subsidy, which add up to its standard."""

    on_completion: Decimal
    on_staying: Decimal


@cites("§28", "实行培训资金补助与稳定就业相挂钩")
def instalments(standard: Decimal, year: int) -> Instalments:
    """Return the two parts: half when the training is completed, the rest when the work has lasted. 800 → 400 and 400."""
    first = to_fen(standard * figure("training_first_part", year) / 100)
    return Instalments(first, standard - first)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trainee:
    """What is known of whoever was trained."""

    registered: bool
    """Whether he is a poor labourer of the register, or of a poor village on it."""
    trade: str
    year: int
    claimed: Collection[tuple[str, int]] = ()
    """Trade and year of the subsidies that he had before."""


@cites("§28", "瞄准建档立卡贫困村劳动力特别是妇女劳动力实施千村万人就业培训行动计划")
def first_refusals(trainee: Trainee, *, completed_on: date | None, on: date) -> Refusals:
    """Return what keeps the first part from being paid: not of the register, had before, the training not completed."""
    refused: Refusals = {}
    if not trainee.registered:
        refused["labourer"] = "不是建档立卡贫困村劳动力或贫困劳动力，不得列支"
    if (trainee.trade, trainee.year) in trainee.claimed:
        refused["trade"] = f"{trainee.year} 年已领过同一工种的补助"
    if completed_on is None or on < completed_on:
        refused["completed_on"] = "完训后方可支付"
    return refused


@cites("§28", "实行培训资金补助与稳定就业相挂钩,做到培训就业紧密衔接")
def stable_from(employed_on: date) -> date:
    """Return the day on which work has lasted long enough: six months by calendar after it began."""
    return employed_on + relativedelta(months=int(figure("stable_employment_months", employed_on.year)))


@cites("§28", "实行培训资金补助与稳定就业相挂钩,做到培训就业紧密衔接")
def second_refusals(
    *, employed_on: date | None, left_on: date | None, on: date, first_paid: bool
) -> Refusals:
    """Return what keeps the second part from being paid: no first part, no work, or work that did not last."""
    if not first_paid:
        return {"": "第一笔未付"}
    if employed_on is None:
        return {"employed_on": "未就业，第二笔为 0"}
    stable = stable_from(employed_on)
    if left_on is not None and left_on < stable:
        return {"left_on": f"{left_on} 离岗，未稳定就业，第二笔为 0"}
    return {"on": f"{stable} 稳定就业满期，此前不得支付第二笔"} if on < stable else {}


@cites("§28", "加大就业培训补助力度")
def standard_warning(now: Decimal, before: Decimal | None) -> str | None:
    """Return a warning where the year's standard lies below the year before."""
    if before is None or now >= before:
        return None
    return f"本年培训补助标准 {grouped(now)} 元，低于上年 {grouped(before)} 元"
