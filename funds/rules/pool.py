"""The pool that counties share by factors: an appropriation less ordered tasks and the bonus (funds F-01, policy-trace 5.3)."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from funds.errors import MoneyRefused
from funds.rules import Refusals
from fupin.lib.money import FEN, grouped
from fupin.policy.cites import cites
from fupin.policy.standards import figure


@dataclass(frozen=True, slots=True)
class CarveOut:
    """Money kept for a task that centre or province have ordered; it has a document that says so."""

    amount: Decimal
    document_no: str


@dataclass(frozen=True, slots=True)
class Pool:
    """What is left of an appropriation to be shared out to counties by factors."""

    total: Decimal
    carved_out: Decimal
    bonus: Decimal

    @property
    def amount(self) -> Decimal:
        """What counties share by factors; negative where more was taken out than there is."""
        return self.total - self.carved_out - self.bonus

    @property
    def block_share(self) -> Decimal:
        """Its part of the total in per cent, to two decimals."""
        return percent_of(self.amount, self.total)

    @property
    def bonus_share(self) -> Decimal:
        """The bonus's part of the total in per cent, to two decimals."""
        return percent_of(self.bonus, self.total)


@cites("§5", "除保障中央和省确定必须完成的重大任务、重点工作涉及资金外,主要资金切块到县")
def pool_refusals(total: Decimal, carve_outs: Collection[CarveOut], bonus: Decimal) -> Refusals:
    """Return what keeps a pool from being shared out: a task without document, more taken out than there is."""
    refused: Refusals = {}
    if any(not one.document_no.strip() for one in carve_outs):
        refused["carve_outs"] = "重大任务、重点工作单列须有文号"
    elif any(one.amount <= 0 for one in carve_outs):
        refused["carve_outs"] = "单列的金额须大于零"
    if bonus < 0:
        refused["bonus_yuan"] = "奖励资金不能小于零"
    taken = sum((one.amount for one in carve_outs), bonus)
    if taken > total:
        refused.setdefault(
            "bonus_yuan", f"单列与奖励合计 {grouped(taken)} 元，多于文件总额 {grouped(total)} 元"
        )
    return refused


def pool_of(total: Decimal, carve_outs: Collection[CarveOut], bonus: Decimal) -> Pool:
    """Return the pool; raise MoneyRefused where it cannot be one."""
    if refused := pool_refusals(total, carve_outs, bonus):
        raise MoneyRefused(refused)
    return Pool(total, sum((one.amount for one in carve_outs), Decimal(0)), bonus)


@cites("§5", "主要资金切块到县")
def block_warning(pool: Pool, year: int) -> str | None:
    """Return a warning where no more than half of the money goes to counties by factors; exactly half is not the main part."""
    least = figure("block_share_over", year)
    if pool.amount * 100 > pool.total * least:
        return None
    return f"切块到县 {pool.block_share}%，须大于 {least.normalize():f}%（主要资金切块到县）"


def percent_of(part: Decimal, whole: Decimal) -> Decimal:
    """Return a part in per cent of the whole, half up to two decimals; 0 of nothing."""
    return (part * 100 / whole).quantize(FEN, ROUND_HALF_UP) if whole else Decimal("0.00")
