"""When help counts: when it reached whom it was meant for, and when its effect is on file (policy §2, §3; procedures §7)."""

from datetime import date
from decimal import Decimal

from dateutil.relativedelta import relativedelta
from django.db.models import F, Q

from fupin.policy.cites import cites
from fupin.policy.standards import figure
from registry.codes import MeasureKind

TO_PEOPLE = frozenset({MeasureKind.LEADER_VILLAGE, MeasureKind.WORK_TEAM})
"""Measures that have to name the households and persons whom they reach (§2)."""


@cites("§3", "跟踪监测到村到户到人扶贫措施及实施效果")
def effect_due(on: date, *, months: int | None = None) -> date:
    """Return the last day on which a measure's effect is recorded in time: twelve months after it, counted by the calendar.

    29 February is followed by 28 February; the day after is the first on which it waits.
    """
    return on + relativedelta(months=int(figure("effect_months", on.year)) if months is None else months)


def waits_for_effect(on: date, *, confirmed: bool, today: date) -> bool:
    """Tell whether a measure without a confirmed effect stands on the page of whoever answers for it."""
    return not confirmed and today > effect_due(on)


def latest_on_waiting(today: date) -> date:
    """Return the latest day of a measure that waits today: the twin of `waits_for_effect` for queries is ``on <= that day``."""
    months = int(figure("effect_months", today.year))
    day = today - relativedelta(months=months)
    while effect_due(day, months=months) >= today:
        day -= relativedelta(days=1)
    return day


@cites("§2", "领导干部包村增收和工作队帮扶项目要到户到人，促进帮扶资金直接用于扶贫对象")
def has_reached(amount: Decimal | None, delivered: Decimal | None) -> bool:
    """Tell whether help reached its recipient: all of it is in his account or signed for; without an amount, anything is.

    `amount` is what was to come, `delivered` what came, in yuan; None for nothing yet.
    """
    return delivered is not None and delivered >= (amount or Decimal(0))


def reached(*, amount: str = "amount", delivered: str = "delivered") -> Q:
    """Return the filter twin of `has_reached` for rows annotated with what was delivered."""
    return Q(**{f"{delivered}__isnull": False}) & (
        Q(**{f"{amount}__isnull": True}) | Q(**{f"{delivered}__gte": F(amount)})
    )
