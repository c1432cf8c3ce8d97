"""贴息资金使用范围: one pot of interest money, four uses, never more out than in (policy-trace 13.7)."""

from collections.abc import Mapping
from decimal import Decimal

from django.db import models

from funds.rules import Refusals
from fupin.lib.money import grouped, to_fen
from fupin.policy.cites import cites


class PotUse(models.TextChoices):
    """For what interest money is used."""

    DIRECT = "DIRECT", "直接贴息"
    REGUARANTEE = "REGUARANTEE", "再担保公司资本金"
    VILLAGE_SHARE = "VILLAGE_SHARE", "村级互助组织政府配股"
    RISK_FUND = "RISK_FUND", "扶贫贷款支持保障基金"


def left_in_pot(pot: Decimal, used: Mapping[PotUse, Decimal]) -> Decimal:
    """Return what of the pot is set aside for none of the four uses."""
    return pot - sum(used.values(), Decimal(0))


@cites("§13", "拓宽扶贫贴息资金使用范围")
def set_aside_refusals(pot: Decimal, used: Mapping[PotUse, Decimal], *, amount: Decimal) -> Refusals:
    """Return a refusal where the four uses together would come to more than the interest money there is."""
    if amount <= 0:
        return {"amount_yuan": "金额须大于零"}
    left = left_in_pot(pot, used)
    return {} if amount <= left else {"amount_yuan": f"贴息资金余 {grouped(left)} 元，四项用途合计不得超过"}


@cites(
    "§13",
    "探索财政贴息资金作为资本金……探索财政贴息资金作为政府配股……探索将部分财政贴息资金设立扶贫贷款支持保障基金",
)
def change_refusals(
    used: Mapping[PotUse, Decimal],
    *,
    source: str,
    target: str,
    amount: Decimal,
    spent: Decimal,
    document_no: str,
) -> Refusals:
    """Return what keeps money from moving between two uses: no document, the same use, more than is left of what was set aside."""
    refused: Refusals = {}
    if source not in PotUse.values or target not in PotUse.values or source == target:
        refused["target"] = "选另一项用途"
    if not document_no.strip():
        refused["document_no"] = "改用途须有文号"
    if amount <= 0:
        refused["amount_yuan"] = "金额须大于零"
    elif source in PotUse.values and amount > (left := used.get(PotUse(source), Decimal(0)) - spent):
        refused["amount_yuan"] = f"“{PotUse(source).label}”未用 {grouped(left)} 元"
    return refused


@cites("§13", "鼓励金融资本、社会资金投入扶贫开发")
def leverage(used: Decimal, *, finance: Decimal, social: Decimal) -> Decimal | None:
    """Return how many yuan of banks and society one yuan of interest money moved, to two decimals; None of nothing."""
    return to_fen((finance + social) / used) if used else None
