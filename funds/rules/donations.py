"""扶贫济困日捐赠: what is left of gifts with a purpose and without, and that none is diverted (funds F-08, policy-trace 8.3)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from funds.rules import Refusals
from fupin.lib.money import grouped
from fupin.policy.cites import cites
from fupin.policy.standards import figure

FREE: Final = ""
"""The purpose of a gift that was given for none."""


@dataclass(frozen=True, slots=True)
class Gift:
    """A gift, or a spending of gifts: yuan (things at their value), for a purpose or free."""

    amount: Decimal
    purpose: str = FREE


@cites("§8", "全省设立扶贫济困日接受社会捐助,实行阳光操作")
def given_day(year: int) -> date:
    """Return the day of giving of a year: 17 October from 2014 on, until the province names its own."""
    return date(year, int(figure("donation_month", year)), int(figure("donation_day", year)))


@cites("§8", "接受社会捐助,实行阳光操作,完善资金监管")
def left_over(received: Iterable[Gift], spent: Iterable[Gift]) -> dict[str, Decimal]:
    """Return what is left by purpose, the free under ''; raise ValueError where more was spent of one than was given for it."""
    left: defaultdict[str, Decimal] = defaultdict(Decimal)
    for gift in received:
        left[gift.purpose] += gift.amount
    for gift in spent:
        left[gift.purpose] -= gift.amount
    if short := [purpose or "非定向" for purpose, amount in left.items() if amount < 0]:
        raise ValueError("支出多于收入：" + "、".join(short))
    return dict(left)


@cites("§8", "接受社会捐助,实行阳光操作,完善资金监管")
def gift_refusals(
    *, amount: Decimal, receipt_no: str, in_kind: bool, thing: str, anonymous: bool, donor: str
) -> Refusals:
    """Return what a gift lacks: an amount, a receipt, what was given in kind, who gave it unless he wants no name."""
    refused: Refusals = {}
    if amount <= 0:
        refused["amount_yuan"] = "金额（实物按作价）须大于零"
    if not receipt_no.strip():
        refused["receipt_no"] = "填写票据号，捐赠人凭它查询去向"
    if in_kind and not thing.strip():
        refused["thing"] = "写明实物名称和数量"
    if not anonymous and not donor.strip():
        refused["donor"] = "填写捐赠人，或选匿名"
    return refused


@cites("§8", "实行阳光操作,完善资金监管")
def spending_refusals(
    spending: Gift, *, left: dict[str, Decimal], given_purpose: str, tied: bool, on: date, received_on: date
) -> Refusals:
    """Return what keeps gifts from being spent.

    A gift for a purpose is spent for it alone: ``given_purpose`` is that of the money taken, ``spending.purpose`` what it is taken for.
    Each spending is ``tied`` to a project or a household. Free gifts may serve any purpose.
    """
    refused: Refusals = {}
    if given_purpose not in (FREE, spending.purpose):
        refused["purpose"] = f"定向捐款只能用于“{given_purpose}”，不得改用"
    rest = left.get(given_purpose, Decimal(0))
    if spending.amount <= 0:
        refused["amount_yuan"] = "金额须大于零"
    elif spending.amount > rest:
        refused["amount_yuan"] = (
            f"{given_purpose or '非定向'}结余 {grouped(rest)} 元，不够 {grouped(spending.amount)} 元"
        )
    if not tied:
        refused["project"] = "支出须挂项目或贫困户"
    if on < received_on:
        refused["on"] = f"不能早于收到捐款的 {received_on}"
    return refused


@cites("§8", "实行阳光操作")
def publish_by(day: date) -> date:
    """Return by when the quarter of a day is published: thirty days after it ends."""
    last_month = (day.month + 2) // 3 * 3
    next_month = date(day.year + last_month // 12, last_month % 12 + 1, 1)
    return next_month - timedelta(days=1) + timedelta(days=int(figure("donation_publish_days", day.year)))
