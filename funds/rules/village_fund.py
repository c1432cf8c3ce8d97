"""村级互助资金: who may join and borrow, how much, for what and at what cost (funds F-11, policy-trace 13.3)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from dateutil.relativedelta import relativedelta
from django.db import models

from funds.rules import Refusals
from funds.rules.pool import percent_of
from fupin.lib.money import grouped, to_fen
from fupin.policy.cites import cites
from fupin.policy.standards import figure


class LoanPurpose(models.TextChoices):
    """For what a member borrows. Only what produces is lent for."""

    PLANTING = "PLANTING", "种植"
    BREEDING = "BREEDING", "养殖"
    PROCESSING = "PROCESSING", "加工"
    TRADE = "TRADE", "流通经营"
    TOURISM = "TOURISM", "乡村旅游"
    OTHER_PRODUCTION = "OTHER_PRODUCTION", "其他生产"
    CONSUMPTION = "CONSUMPTION", "生活消费"
    HOUSING = "HOUSING", "建房"
    CEREMONY = "CEREMONY", "婚丧"
    DEBT = "DEBT", "还债"


PRODUCTION: Final = frozenset(LoanPurpose) - {
    LoanPurpose.CONSUMPTION,
    LoanPurpose.HOUSING,
    LoanPurpose.CEREMONY,
    LoanPurpose.DEBT,
}


class MoneyIn(models.TextChoices):
    """How money comes into the fund, apart from loans that come back. There are no deposits."""

    GOVERNMENT = "GOVERNMENT", "政府配股"
    SHARE = "SHARE", "农户入股"
    DONATION = "DONATION", "社会捐赠"
    FEE = "FEE", "占用费"


# The fund and its members -------------------------------------------------------------------------------------------------------------


@cites("§13", "建立村级互助基金组织")
def fund_refusals(*, registration_no: str, village: int | None) -> Refusals:
    """Return what a fund lacks: a registration as 社团法人 with civil affairs, one administrative village that is its own."""
    refused: Refusals = {}
    if not registration_no.strip():
        refused["registration_no"] = "须在民政部门登记为社团法人，填写登记证号"
    if village is None:
        refused["village"] = "选一个行政村"
    return refused


@cites("§13", "探索财政贴息资金作为政府配股,建立村级互助基金组织,吸引农户自愿入股,接受社会捐赠资金")
def composition(*, government: Decimal, shares: Decimal, donations: Decimal) -> Decimal:
    """Return what a fund consists of in yuan: the government's share, the members', and gifts."""
    return government + shares + donations


@cites("§13", "吸引农户自愿入股")
def join_refusals(
    *, member_village: int, fund_village: int, share: Decimal, paid_for_by_state: bool = False, year: int
) -> Refusals:
    """Return what keeps a household from joining: another village, a share outside the limits (100 to 500 yuan).

    The state pays the share of a poor household that can't (``paid_for_by_state``).
    """
    refused: Refusals = {}
    if member_village != fund_village:
        refused["household"] = "不是本行政村农户，互助资金不得跨村"
    least, most = figure("village_join_least", year), figure("village_join_most", year)
    if not least <= share <= most:
        refused["share_yuan"] = f"入社 {least.normalize():f}–{most.normalize():f} 元"
        if paid_for_by_state:
            refused["share_yuan"] += "，财政代缴的也在此限内"
    return refused


@cites("§13", "为贫困户发展生产提供小额贷款的扶贫型金融服务")
def inflow_refusals(kind: str) -> Refusals:
    """Return a refusal where money comes in as anything but a share, a gift or a fee: a fund takes no deposits."""
    return {} if kind in MoneyIn.values else {"kind": "互助资金不得吸收存款，只收配股、入股、捐赠和占用费"}


def dividend_refusals(year: int) -> Refusals:
    """Return a refusal of dividends, unless the parameter allows them: the money stays in the fund and goes round."""
    return {} if figure("village_dividend", year) else {"kind": "互助资金封闭周转，不得分红"}


def members_remark(shares: Decimal, year: int) -> str | None:
    """Return a remark where the members' shares together stay below 20,000 yuan, as 南江 asks; it refuses nothing."""
    least = figure("village_members_total", year)
    return None if shares >= least else f"社员交纳合计 {grouped(shares)} 元，少于 {grouped(least)} 元"


# Loans ----------------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanWish:
    """What a household asks for, and what is known of it and of the fund."""

    is_member: bool
    same_village: bool
    amount: Decimal
    months: int
    purpose: str
    first: bool
    guarantors: int
    cash: Decimal
    """What the fund has at hand."""
    owed: Decimal = Decimal(0)
    """What the household still owes the fund."""


@cites("§13", "为贫困户发展生产提供小额贷款的扶贫型金融服务")
def loan_refusals(wish: LoanWish, year: int) -> Refusals:
    """Return what keeps a loan from being made: an outsider, another village, too much, too long, no production, too few guarantors."""
    refused: Refusals = {}
    if not wish.same_village:
        refused["household"] = "不是本行政村农户，互助资金不得跨村借款"
    elif not wish.is_member:
        refused["household"] = "不是社员，互助资金只借给社员"
    if amount := _amount_flaw(wish, year):
        refused["amount_yuan"] = amount
    longest = int(figure("village_loan_months", year))
    if not 1 <= wish.months <= longest:
        refused["months"] = f"期限 1–{longest} 个月"
    if wish.purpose not in PRODUCTION:
        refused["purpose"] = "只借给发展生产，请选生产用途"
    least = int(figure("village_guarantors", year))
    if wish.guarantors < least:
        refused["guarantors"] = f"小组联保：至少 {least} 名其他社员"
    return refused


def _amount_flaw(wish: LoanWish, year: int) -> str | None:
    first, most = figure("village_first_loan_most", year), figure("village_loan_most", year)
    limit = first if wish.first else most
    if wish.amount <= 0:
        return "金额须大于零"
    if wish.owed + wish.amount > limit:
        named = "首次借款" if wish.first else "借款"
        owed = f"（含未还 {grouped(wish.owed)} 元）" if wish.owed else ""
        return f"{named}最高 {grouped(limit)} 元{owed}"
    return f"互助资金现有 {grouped(wish.cash)} 元，不够借出" if wish.amount > wish.cash else None


@cites("§13", "为贫困户发展生产提供小额贷款的扶贫型金融服务")
def usage_fee(principal: Decimal, rate: Decimal, months: int) -> Decimal:
    """Return 本金 × 年费率（%）× 月数 ÷ 12 in yuan to the fen: 5,000 at 6% for 9 months → 225.00."""
    return to_fen(principal * rate * months / 1200)


def due_on(lent_on: date, months: int) -> date:
    """Return the day on which a loan has to be back, by calendar month."""
    return lent_on + relativedelta(months=months)


def repayment_refusals(*, amount: Decimal, owed: Decimal) -> Refusals:
    """Return a refusal where more is paid back than is owed, or nothing."""
    if amount <= 0:
        return {"amount_yuan": "金额须大于零"}
    return {"amount_yuan": f"只欠 {grouped(owed)} 元"} if amount > owed else {}


def leave_refusals(*, owed: Decimal) -> Refusals:
    """Return a refusal where a member would take his share out while he owes the fund."""
    return {"household": f"还欠 {grouped(owed)} 元，还清后方可退社"} if owed > 0 else {}


# How it stands ------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ratios:
    """How a fund stands, in per cent: lent out of all, overdue of what is lent, lent to the poor of what is lent."""

    lent: Decimal
    overdue: Decimal
    to_poor: Decimal


@cites("§13", "为贫困户发展生产提供小额贷款的扶贫型金融服务")
def ratios(*, fund: Decimal, outstanding: Decimal, overdue: Decimal, to_poor: Decimal) -> Ratios:
    """Return 在借率, 逾期率 and 贫困户借款占比; raise ValueError where a part is more than its whole."""
    if not (0 <= overdue <= outstanding <= fund and 0 <= to_poor <= outstanding):
        raise ValueError("部分大于全部")
    return Ratios(
        percent_of(outstanding, fund), percent_of(overdue, outstanding), percent_of(to_poor, outstanding)
    )
