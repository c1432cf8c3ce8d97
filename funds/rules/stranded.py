"""滞留资金归还: what is stranded, how much of it, by when all of it goes back (funds F-05, policy-trace 6.4, 6.6)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import IntEnum
from typing import Final

from django.db import models

from funds.rules import Refusals
from fupin.lib.money import grouped
from fupin.policy.cites import cites
from fupin.policy.standards import figure


class StrandedReason(models.TextChoices):
    """Why money goes back. The two of §6, and apart from them what was carried over too often."""

    NOT_FEASIBLE = "NOT_FEASIBLE", "不再具备实施条件"
    NOT_ON_TIME = "NOT_ON_TIME", "不能按时到村到户"
    CARRY_OVER = "CARRY_OVER", "连续结转满年限"


class Leftover(models.TextChoices):
    """What unspent money is called: of finished work 结余, of unfinished work 结转."""

    BALANCE = "BALANCE", "结余"
    CARRIED = "CARRIED", "结转"


class ReturnBase(IntEnum):
    """The year from which 下一财政年度 is counted."""

    ARRIVAL = 1
    RECOGNITION = 2


# Whether and how much -----------------------------------------------------------------------------------------------------------------


@cites("§6", "对资金拨付到位后不再具备实施条件的项目投资和不能按时到村到户的资金")
def reason_on(
    today: date,
    *,
    unpaid: Decimal,
    arrived_on: date,
    planned_until: date | None,
    feasible: bool = True,
    fiscal_year: int | None = None,
) -> StrandedReason | None:
    """Return why money on a project is stranded on a day, or None while it is not.

    What can no longer be carried out is stranded at once, whatever is left of it. Money not out by the end of the planned day is too late
    from the day after. Money of a ``fiscal_year`` carried over for two years goes back even if nothing else is wrong.
    """
    if today < arrived_on:
        return None
    if not feasible:
        return StrandedReason.NOT_FEASIBLE
    if unpaid <= 0:
        return None
    if planned_until is not None and today > planned_until:
        return StrandedReason.NOT_ON_TIME
    if fiscal_year is not None and carried_too_long(fiscal_year, today):
        return StrandedReason.CARRY_OVER
    return None


@dataclass(frozen=True, slots=True)
class Stranded:
    """What goes back: the whole unpaid balance, and what is fetched back from payments that left no standing work."""

    unpaid: Decimal
    to_recover: Decimal

    @property
    def amount(self) -> Decimal:
        """Yuan that are due to the province."""
        return self.unpaid + self.to_recover


@cites("§6", "在下一财政年度内全额无条件返还省级财政")
def stranded_amount(
    reason: StrandedReason,
    *,
    placed: Decimal,
    paid: Decimal,
    accepted: Decimal,
    standing: Decimal | None = None,
) -> Stranded:
    """Return what of the money on a project goes back, in yuan.

    All that is unpaid. Where the project can't be carried out, what was paid without standing work as well: paid less ``standing`` (the
    work that stands, at least what was accepted). What was rightly paid and accepted stays. Raise ValueError for impossible amounts.
    """
    kept = accepted if standing is None else standing
    if not 0 <= accepted <= kept <= paid <= placed:
        raise ValueError("须有：已验收 ≤ 已形成实物 ≤ 已支付 ≤ 已落实")
    recovered = paid - kept if reason is StrandedReason.NOT_FEASIBLE else Decimal(0)
    return Stranded(placed - paid, recovered)


@cites("§6", "盘活用好结余结转资金")
def leftover(*, finished: bool) -> Leftover:
    """Return what unspent money of a project is called."""
    return Leftover.BALANCE if finished else Leftover.CARRIED


@cites("§6", "盘活用好结余结转资金")
def carried_years(fiscal_year: int, today: date) -> int:
    """Return over how many ends of a year money was carried since its fiscal year."""
    return max(today.year - fiscal_year, 0)


@cites("§6", "盘活用好结余结转资金")
def carried_too_long(fiscal_year: int, today: date) -> bool:
    """Tell whether money was carried over for two years and more, and so is called back, in a line apart from the stranded."""
    return carried_years(fiscal_year, today) >= figure("carry_max_years", today.year)


# By when ------------------------------------------------------------------------------------------------------------------------------

_REMINDERS: Final = ((1, 15), (6, 30), (9, 30), (11, 30), (12, 15))


@dataclass(frozen=True, slots=True)
class Window:
    """The fiscal year within which money goes back."""

    first: date
    last: date

    def overdue(self, today: date) -> bool:
        """Tell whether it is over: the last day still counts."""
        return today > self.last

    def reminders(self) -> list[date]:
        """Return the days on which the county is reminded."""
        return [date(self.last.year, month, day) for month, day in _REMINDERS]


@cites("§6", "在下一财政年度内全额无条件返还省级财政")
def return_window(*, arrived_on: date, recognised_on: date) -> Window:
    """Return the days within which money goes back: all of the year after the one in which it arrived (or was recognised: parameter)."""
    base = ReturnBase(int(figure("return_base", arrived_on.year)))
    year = (arrived_on if base is ReturnBase.ARRIVAL else recognised_on).year + 1
    return Window(date(year, 1, 1), date(year, 12, 31))


class Consequence(models.TextChoices):
    """What follows where money is not back in time."""

    NAMED = "NAMED", "通报"
    POINTS = "POINTS", "下年因素扣分"
    PAUSED = "PAUSED", "暂停新项目"


@cites("§6", "建立滞留资金归还制度")
def consequences(window: Window, today: date) -> tuple[Consequence, ...]:
    """Return what follows on a day for money not back: nothing while there is time."""
    if not window.overdue(today):
        return ()
    year = today.year
    kept = {
        Consequence.NAMED: True,
        Consequence.POINTS: figure("overdue_return_points", year) > 0,
        Consequence.PAUSED: figure("overdue_return_pauses", year) == 1,
    }
    return tuple(one for one, holds in kept.items() if holds)


def points_off(year: int) -> Decimal:
    """Return how many points of the next year's 绩效 a county loses for money that is not back in time."""
    return figure("overdue_return_points", year)


# Without condition --------------------------------------------------------------------------------------------------------------------


@cites("§6", "全额无条件返还省级财政,由原管理渠道全省范围内调剂使用")
def return_refusals(*, due: Decimal, sent: Decimal) -> Refusals:
    """Return a refusal where not all of it goes back: nothing is set off, nothing kept, nothing put to another use."""
    if sent == due:
        return {}
    return {"amount_yuan": f"须全额归还 {grouped(due)} 元，不得抵扣、改项或留用"}


@cites("§6", "由原管理渠道全省范围内调剂使用")
def redistribution_refusals(*, in_pool: Decimal, amount: Decimal, kind: str, original_kind: str) -> Refusals:
    """Return what keeps returned money from being used again: another channel than its own, more than came back."""
    refused: Refusals = {}
    if kind != original_kind:
        refused["kind"] = "须由原管理渠道调剂"
    if amount <= 0:
        refused["amount_yuan"] = "金额须大于零"
    elif amount > in_pool:
        refused["amount_yuan"] = f"调剂池余 {grouped(in_pool)} 元，不够 {grouped(amount)} 元"
    return refused
