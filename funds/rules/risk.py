"""扶贫贷款支持保障基金: what of a bank's loss is made good, and what waits (funds F-12, policy-trace 13.5, 13.6)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from django.db import models

from funds.rules import Refusals
from fupin.lib.money import to_fen
from fupin.policy.cites import cites
from fupin.policy.standards import figure


class LossReason(models.TextChoices):
    """Why a loan is lost. The last three are moral, and nothing is made good."""

    DISASTER = "DISASTER", "自然灾害"
    MARKET = "MARKET", "市场"
    ILLNESS = "ILLNESS", "疾病意外"
    DEATH = "DEATH", "死亡"
    OTHER = "OTHER", "其他"
    EVASION = "EVASION", "恶意逃废"
    DIVERSION = "DIVERSION", "挪用"
    FRAUD = "FRAUD", "欺诈"


MORAL: Final = frozenset({LossReason.EVASION, LossReason.DIVERSION, LossReason.FRAUD})


@cites("§13", "对非道德原因造成的银行扶贫开发贷款风险,给予一定比例补偿")
def claim_refusals(*, reason: str, note: str, loss: Decimal, outstanding: Decimal) -> Refusals:
    """Return what keeps a loss from being made good: a moral reason, no reason, more than is outstanding."""
    refused: Refusals = {}
    if reason not in LossReason.values:
        refused["reason"] = "请选损失原因"
    elif reason in MORAL:
        refused["reason"] = f"{LossReason(reason).label}属道德原因，不予补偿"
    elif reason == LossReason.OTHER and not note.strip():
        refused["note"] = "写明损失原因"
    if loss <= 0:
        refused["loss_yuan"] = "金额须大于零"
    elif loss > outstanding:
        refused["loss_yuan"] = "不能多于贷款余额"
    return refused


@cites("§13", "对非道德原因造成的银行扶贫开发贷款风险,给予一定比例补偿")
def compensation(bad: Decimal, moral: Decimal, year: int) -> Decimal:
    """Return （不良额−道德类）× 比例 in yuan to the fen: 180 less 40 万 at 70% → 98 万."""
    return to_fen(max(bad - moral, Decimal(0)) * figure("risk_share", year) / 100)


@dataclass(frozen=True, slots=True)
class Claim:
    """A compensation in its place in the queue: yuan due, paid now, and waiting."""

    key: str
    due: Decimal
    paid: Decimal

    @property
    def waiting(self) -> Decimal:
        """Yuan that wait for the fund to be filled (待补)."""
        return self.due - self.paid


@cites("§13", "稳定银行扶贫贷款信心")
def settle(claims: Iterable[tuple[str, Decimal]], balance: Decimal) -> list[Claim]:
    """Pay claims in the order in which they came, as far as the balance reaches; whatever it doesn't reach waits."""
    settled = []
    for key, due in claims:
        paid = min(due, balance)
        balance -= paid
        settled.append(Claim(key, due, paid))
    return settled


@cites("§13", "避免贫困户因偿还贷款而重新返贫")
def repayment_warning(due_on: date, today: date, *, poor: bool, days: int = 30) -> str | None:
    """Return a warning where a poor household's loan is due within thirty days, or overdue: repaying must not make it poor again."""
    if not poor or today < due_on - timedelta(days=days):
        return None
    return (
        f"逾期 {(today - due_on).days} 天，防因还贷返贫" if today > due_on else f"{due_on} 到期，防因还贷返贫"
    )
