"""贷款贴息: how much interest is borne for whom, and never more than the loan's own rate (funds F-10, policy-trace 13.1, 21.4)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from dateutil.relativedelta import relativedelta
from django.db import models

from funds.rules import Refusals
from fupin.lib.apportion import apportion
from fupin.lib.money import FEN, to_fen, whole_fen
from fupin.policy.cites import cites
from fupin.policy.standards import figure


class LoanKind(models.TextChoices):
    """What a loan is for; §13 added the second."""

    FIXED = "FIXED", "固定资产贷款"
    WORKING = "WORKING", "流动资金贷款"


class Borrower(models.TextChoices):
    """Who borrows."""

    HOUSEHOLD = "HOUSEHOLD", "农户"
    ENTERPRISE = "ENTERPRISE", "企业"
    PROJECT_UNIT = "PROJECT_UNIT", "项目单位"


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms interest is borne: per cent a year, yuan of principal at the most, years at the most."""

    rate: Decimal
    most: Decimal | None = None
    years: int | None = None


@cites("§13", "对项目单位和企业流动资金贷款也给予贴息扶持,适当提高贴息率")
def terms_for(borrower: str, year: int) -> Terms:
    """Return the terms of a year: households 5% on up to 50,000 yuan for one year, all others 3%."""
    if borrower == Borrower.HOUSEHOLD:
        years = int(figure("interest_household_years", year))
        return Terms(figure("interest_household", year), figure("interest_household_most", year), years)
    return Terms(figure("interest_project", year))


@dataclass(frozen=True, slots=True)
class Term:
    """Whole years and the days beyond them for which interest is borne."""

    years: int
    days: int


def term_of(
    begins: date, agreed_end: date, *, repaid_on: date | None = None, years: int | None = None
) -> Term:
    """Return for how long interest is borne: to the agreed end or an earlier repayment, ``years`` at the most.

    Extensions and time overdue are the borrower's own, so they can't be given at all. Raise ValueError for an end before the begin.
    """
    ends = agreed_end if repaid_on is None else min(agreed_end, repaid_on)
    if ends < begins:
        raise ValueError("到期日早于放款日")
    whole = relativedelta(ends, begins).years
    if years is not None and whole >= years:
        return Term(years, 0)
    return Term(whole, (ends - (begins + relativedelta(years=whole))).days)


@cites("§13", "改变财政扶贫资金只对固定资产贷款贴息的方式")
def interest_borne(
    principal: Decimal, terms: Terms, term: Term, year: int, *, borne_already: Decimal = Decimal(0)
) -> Decimal:
    """Return min(principal, cap) × rate × time in yuan to the fen: whole years by the year, the rest actual days ÷ 360.

    ``borne_already`` is principal of the same household and year that already has its interest borne, and uses the cap up. Days never come
    to more than a whole year would.
    """
    counted = principal if terms.most is None else min(principal, max(terms.most - borne_already, Decimal(0)))
    basis = figure("interest_year_days", year)
    time = term.years + min(term.days / basis, Decimal(1))
    return to_fen(counted * terms.rate / 100 * time)


@cites("§13", "拓宽扶贫贴息资金使用范围")
def loan_refusals(
    *, principal: Decimal, begins: date, ends: date, others: Iterable[tuple[date, date]] = ()
) -> Refusals:
    """Return what keeps interest from being borne: no principal, no time, or a time for which it is borne already.

    ``others`` are the times (first day, last day) for which interest on the same loan is or was borne.
    """
    refused: Refusals = {}
    if principal <= 0:
        refused["principal_yuan"] = "本金须大于零"
    if ends <= begins:
        refused["ends_on"] = "到期日须晚于放款日"
    if any(begins < other_end and other_begin < ends for other_begin, other_end in others):
        refused["begins_on"] = "这笔贷款在此期间已贴息，不得重复"
    return refused


# Several levels on one loan -----------------------------------------------------------------------------------------------------------


class Payer(models.TextChoices):
    """Who bears interest, from the highest level to the lowest."""

    PROVINCE = "PROVINCE", "省级"
    PROVINCE_MATCH = "PROVINCE_MATCH", "省级配套"
    CITY = "CITY", "市级"
    COUNTY = "COUNTY", "县级"


CUT_ORDER: Final = (Payer.COUNTY, Payer.CITY, Payer.PROVINCE_MATCH, Payer.PROVINCE)
"""Who is cut first where all together would bear more than the loan costs."""


@dataclass(frozen=True, slots=True)
class Borne:
    """What a level bears: the rate it offered, the rate that is left of it, and yuan a year."""

    payer: Payer
    offered: Decimal
    rate: Decimal
    yuan: Decimal

    @property
    def cut(self) -> Decimal:
        """Percentage points taken off."""
        return self.offered - self.rate


@cites("§21", "在不超过实际贷款利率前提下,各级财政可给予累加贴息")
def stacked(
    principal: Decimal,
    loan_rate: Decimal,
    offered: Mapping[Payer, Decimal],
    *,
    order: tuple[Payer, ...] = CUT_ORDER,
) -> list[Borne]:
    """Return what each level bears in a year, together never more than the loan's own rate; the lowest level is cut first.

    A loan below the base rate is capped by the rate really agreed as well. Amounts add up to principal × the rates together. Raise
    ValueError for a rate below zero.
    """
    if loan_rate < 0 or any(rate < 0 for rate in offered.values()):
        raise ValueError("利率不能小于零")
    rates = dict(offered)
    over = sum(rates.values(), Decimal(0)) - loan_rate
    for payer in order:
        if over > 0 and payer in rates:
            cut = min(over, rates[payer])
            rates[payer] -= cut
            over -= cut
    whole = to_fen(principal * sum(rates.values(), Decimal(0)) / 100)
    fen = apportion(whole_fen(whole), {payer.value: rate for payer, rate in rates.items()})
    return [
        Borne(payer, offered[payer], rates[payer], fen[payer.value] * FEN)
        for payer in Payer
        if payer in rates
    ]


@cites("§21", "在不超过实际贷款利率前提下")
def stack_refusals(loan_rate: Decimal, borne: Mapping[Payer, Decimal]) -> Refusals:
    """Return a refusal where levels together bear more than the loan's own rate."""
    whole = sum(borne.values(), Decimal(0))
    return {} if whole <= loan_rate else {"rate": f"各级累加贴息 {whole}%，不得超过实际贷款利率 {loan_rate}%"}


def saved_by_cut(principal: Decimal, borne: Iterable[Borne]) -> Decimal:
    """Return yuan a year that the cap saves."""
    return to_fen(principal * sum((one.cut for one in borne), Decimal(0)) / 100)
