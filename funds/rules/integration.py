"""资源整合: departments' money put together, and how far each leans towards poor areas (funds F-08, policy-trace 8.1, 8.2)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from funds.rules import Refusals
from funds.rules.pool import percent_of
from fupin.lib.money import grouped
from fupin.policy.cites import cites


@cites("§8", "以扶贫攻坚规划和重大扶贫项目为平台,整合扶贫和相关涉农资金,集中力量解决突出贫困问题")
def integrated_refusals(*, amount: Decimal, department: str, plan: str, problem: str) -> Refusals:
    """Return what a sum put together lacks: a department, an amount, the plan or project that is its platform, the problem it answers."""
    refused: Refusals = {}
    if not department.strip():
        refused["department"] = "填写部门"
    if amount <= 0:
        refused["amount_yuan"] = "金额须大于零"
    if not plan.strip():
        refused["plan"] = "须以扶贫攻坚规划或重大扶贫项目为平台"
    if not problem.strip():
        refused["problem"] = "写明对应的突出问题"
    return refused


@cites("§8", "整合扶贫和相关涉农资金")
def purpose_refusals(*, purpose: str, original: str) -> Refusals:
    """Return a refusal where money put together is to serve another purpose than the one for which the department had it."""
    same = purpose.strip() == original.strip()
    return {} if same else {"purpose": f"整合不改用途，原用途：{original.strip()}"}


@cites("§8", "集中力量解决突出贫困问题")
def use_refusals(*, amount: Decimal, left: Decimal) -> Refusals:
    """Return a refusal where more of a sum is used than is left of it."""
    if amount <= left:
        return {}
    return {"amount_yuan": f"这笔整合资金余 {grouped(left)} 元，不够 {grouped(amount)} 元"}


@dataclass(frozen=True, slots=True)
class Tilt:
    """A department's year: what it spent, what of it went to poor areas, and against the year before."""

    department: str
    total: Decimal
    to_poor: Decimal
    before: Decimal | None = None
    """The share of the year before, in per cent."""

    @property
    def share(self) -> Decimal:
        """投向贫困地区额 ÷ 该部门总额 in per cent."""
        return percent_of(self.to_poor, self.total)

    @property
    def change(self) -> Decimal | None:
        """Percentage points more than the year before."""
        return None if self.before is None else self.share - self.before


@cites("§8", "对行业部门支持扶贫开发投入和实施效果进行跟踪监测和量化考核")
def tilts(
    spent: Iterable[tuple[str, Decimal, bool]], before: Mapping[str, Decimal] | None = None
) -> list[Tilt]:
    """Return each department's tilt, the strongest first, from (department, yuan, whether to a poor area) of its spending."""
    sums: dict[str, tuple[Decimal, Decimal]] = {}
    for department, amount, poor in spent:
        total, to_poor = sums.get(department, (Decimal(0), Decimal(0)))
        sums[department] = (total + amount, to_poor + (amount if poor else 0))
    rows = [
        Tilt(department, total, to_poor, (before or {}).get(department))
        for department, (total, to_poor) in sums.items()
    ]
    return sorted(rows, key=lambda row: (-row.share, row.department))


@cites("§8", "统筹协调行业部门在行业规划和资金项目安排上向贫困地区重点倾斜")
def tilt_warning(tilt: Tilt) -> str | None:
    """Return a warning where a department leans less towards poor areas than the year before."""
    if tilt.change is None or tilt.change >= 0:
        return None
    return f"{tilt.department}投向贫困地区 {tilt.share}%，上年 {tilt.before}%，下降"
