"""担保与再担保公司: whose capital it is and how much may be guaranteed on it (funds F-13, policy-trace 13.2, 21.2)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from django.db import models

from funds.rules import Refusals
from funds.rules.pool import percent_of
from fupin.lib.money import grouped, to_fen
from fupin.policy.cites import cites
from fupin.policy.standards import figure


class CompanyKind(models.TextChoices):
    """The two kinds of company that the policy knows."""

    REGUARANTEE = "REGUARANTEE", "产业扶贫开发再担保公司"
    FINANCING = "FINANCING", "融资性担保公司"


class Capital(models.TextChoices):
    """Whose capital it is."""

    INTEREST_MONEY = "INTEREST_MONEY", "财政贴息资金（资本金）"
    PROVINCE = "PROVINCE", "省级财政扶贫资金（入股）"
    ENTERPRISE = "ENTERPRISE", "企业资金"
    SOCIAL = "SOCIAL", "社会资金"


CAPITAL_OF: Final[Mapping[CompanyKind, frozenset[Capital]]] = {
    CompanyKind.REGUARANTEE: frozenset({Capital.INTEREST_MONEY, Capital.ENTERPRISE, Capital.SOCIAL}),
    CompanyKind.FINANCING: frozenset({Capital.PROVINCE, Capital.ENTERPRISE}),
}
"""§13: interest money as capital, enterprises and society join; §21: provincial money and enterprises found it together."""


class Subject(models.TextChoices):
    """As what public money stands in the company's books."""

    EQUITY = "EQUITY", "入股"
    CASH_DEPOSIT = "CASH_DEPOSIT", "现金担保金"


@cites("§13", "探索财政贴息资金作为资本金,引导企业资金入股,吸引社会资金投入,成立产业扶贫开发再担保公司")
@cites("§21", "省级财政扶贫资金采取入股方式和企业资金共同发起成立融资性担保公司")
def capital_refusals(kind: str, capital: str, *, amount: Decimal, subject: str, approval_no: str) -> Refusals:
    """Return what keeps capital from being booked: not a source of this kind of company, nothing, cash deposits without approval."""
    refused: Refusals = {}
    if kind not in CompanyKind.values:
        refused["kind"] = "请选公司类别"
    elif capital not in CAPITAL_OF[CompanyKind(kind)]:
        refused["capital"] = f"{CompanyKind(kind).label}不收这类资金"
    if amount <= 0:
        refused["amount_yuan"] = "金额须大于零"
    if subject == Subject.CASH_DEPOSIT and not approval_no.strip():
        refused["approval_no"] = "现金担保金须有批文（2011 年办法列为禁止用途）"
    return refused


def deposit_warning(subject: str) -> str | None:
    """Return the warning that goes with each cash deposit, with an approval or without."""
    return (
        "现金担保金：2011 年办法列“企业担保金”为禁止用途，请核对批文"
        if subject == Subject.CASH_DEPOSIT
        else None
    )


def stakes(capital: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Return each holder's stake in per cent, to two decimals."""
    whole = sum(capital.values(), Decimal(0))
    return {holder: percent_of(amount, whole) for holder, amount in capital.items()}


def multiple(outstanding: Decimal, net_assets: Decimal) -> Decimal | None:
    """Return 放大倍数, what is guaranteed ÷ net assets, to two decimals; None without assets."""
    return to_fen(outstanding / net_assets) if net_assets > 0 else None


@cites("§13", "帮助扶贫对象和扶贫企业解决担保难问题")
def guarantee_refusals(*, amount: Decimal, outstanding: Decimal, net_assets: Decimal, year: int) -> Refusals:
    """Return a refusal where all that is guaranteed would come to more than ten times the net assets."""
    if amount <= 0:
        return {"amount_yuan": "金额须大于零"}
    room = net_assets * figure("guarantee_multiple", year) - outstanding
    if amount <= room:
        return {}
    return {
        "amount_yuan": f"在保余额最多再增 {grouped(max(room, Decimal(0)))} 元（净资产的 {figure('guarantee_multiple', year)} 倍）"
    }


def paid_for_refusals(*, amount: Decimal, outstanding: Decimal) -> Refusals:
    """Return a refusal where more is paid for a borrower (代偿) than is guaranteed for him."""
    if amount <= 0:
        return {"amount_yuan": "金额须大于零"}
    return (
        {} if amount <= outstanding else {"amount_yuan": f"在保余额 {grouped(outstanding)} 元，代偿不得超过"}
    )
