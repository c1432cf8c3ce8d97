"""下达时限: by when money has to be passed on, what a day over it costs, and how fast it went (funds F-04, policy-trace 6.1–6.3, 6.5)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Final

from dateutil.relativedelta import relativedelta

from funds.rules import Refusals
from funds.rules.points import NONE, Band
from funds.rules.pool import percent_of
from fupin.policy.cites import cites
from fupin.policy.standards import figure

MONTHS: Final = 2
"""其余资金……2个月内: the article's own number."""

REMIND_DAYS: Final = (30, 14, 7, 1)
"""So many days before the due day a clock reminds (F-04)."""


# Due days -----------------------------------------------------------------------------------------------------------------------------


@cites("§6", "中央财政上一年提前下达的资金")
def is_advance(issued_on: date, fiscal_year: int) -> bool:
    """Tell whether money was announced in advance: issued before the fiscal year to which it belongs."""
    return issued_on.year < fiscal_year


@cites("§6", "在每年3月底前下达完毕,其余资金……省级财政在中央财政下达后2个月内下达完毕")
def pass_on_by(issued_on: date, *, advance: bool, fiscal_year: int) -> date:
    """Return the last day on which the province may pass money on to counties.

    Money announced in advance in the year before must be out by 31 March of its fiscal year; any other within two months of its issue,
    counted by calendar month (31 July → 30 September), because the article counts months, not days. For the province's own money the
    day of issue is that of its budget document.
    """
    return date(fiscal_year, 3, 31) if advance else issued_on + relativedelta(months=MONTHS)


@cites("§6", "省级财政扶贫资金与中央财政扶贫资金统筹安排,下达时限要求原则上一致")
def due_on(
    issued_on: date, *, fiscal_year: int, advance: bool, needs_prov_approval: bool = False
) -> date | None:
    """Return by when an appropriation of centre or province is passed on; None for the few that the province must approve itself."""
    return None if needs_prov_approval else pass_on_by(issued_on, advance=advance, fiscal_year=fiscal_year)


@cites("§6", "其余资金除少量须省级审批的项目外")
def exemption_refusals(*, needs_prov_approval: bool, reason: str) -> Refusals:
    """Return a refusal where money is exempt from the clock without a reason."""
    missing = needs_prov_approval and not reason.strip()
    return {"approval_reason": "须省级审批的，写明理由"} if missing else {}


@cites("§6", "其余资金除少量须省级审批的项目外")
def exempt_warning(exempt: Decimal, total: Decimal, year: int) -> str | None:
    """Return a warning where more than a few (10 per cent of the year's money) are kept for the province's approval."""
    most = figure("exempt_share_most", year)
    if exempt * 100 <= total * most:
        return None
    return f"须省级审批的占 {percent_of(exempt, total)}%，超过 {most.normalize():f}%（只许少量）"


@cites("§6", "及时将上级安排的资金落实到具体项目")
def place_by(received_on: date) -> date:
    """Return the last day on which a county places what it received on projects: 30 days, where the article says 及时."""
    return received_on + timedelta(days=int(figure("placing_days", received_on.year)))


def reminders(due: date) -> list[date]:
    """Return the days before the due day on which a clock reminds, the earliest first."""
    return [due - timedelta(days=days) for days in REMIND_DAYS]


# Over the time ------------------------------------------------------------------------------------------------------------------------


@cites("§6", "加快扶贫资金拨付进度")
def overdue_days(due: date | None, today: date) -> int:
    """Return how many days a clock is overdue: none on the due day itself, none without a clock."""
    return 0 if due is None else max((today - due).days, 0)


@cites("§6", "加快扶贫资金拨付进度")
def overdue_weight(left: Decimal, due: date | None, today: date) -> Decimal:
    """Return 超期天数 × 未下达额 of a day, in yuan-days."""
    return left * overdue_days(due, today)


# Speed --------------------------------------------------------------------------------------------------------------------------------

_LADDER: Final = (
    (1, Band(10, 10)),
    (2, Band(9, 8)),
    (3, Band(7, 6)),
    (4, Band(5, 4)),
    (5, Band(3, 2)),
    (6, Band(1, 1)),
)


@cites("§6", "加快扶贫资金拨付进度")
def speed_points(issued_on: date, passed_on: date) -> Band:
    """Return the points for passing money on within so many calendar months of its issue: 1 month 10 … 6 months 1, later none."""
    for months, band in _LADDER:
        if passed_on <= issued_on + relativedelta(months=months):
            return band
    return NONE


def mean_days(passed: Collection[tuple[int, Decimal]]) -> Decimal | None:
    """Return the days that money took, weighed by amount, to one decimal: (days, yuan) of each part; None of nothing."""
    whole = sum((amount for _, amount in passed), Decimal(0))
    if not whole:
        return None
    exact = sum((days * Fraction(amount) for days, amount in passed), Fraction(0)) / Fraction(whole)
    return (Decimal(exact.numerator) / exact.denominator).quantize(Decimal("0.1"), ROUND_HALF_UP)


# Days at each level -------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Stay:
    """How long money lay at a level: from a day until it went on, or until today where it still lies there."""

    level: str
    since: date
    until: date | None
    days: int


@cites("§6", "结合推进省直管县(市)财政管理体制改革,简化资金拨付流程")
def stays(stops: Sequence[tuple[str, date | None]], today: date) -> list[Stay]:
    """Return the days at each level, from (level, day on which money came to it) in the order of its way.

    The last stop is where the way ends, and no stay. A county that the province administers directly has no stop at the city. A level that
    the money has not come to ends the list, and the one before it still holds the money. The days add up to the whole way. Raise
    ValueError for a day before the one above.
    """
    reached: list[tuple[str, date]] = []
    for level, day in stops:
        if day is None:
            break
        if reached and day < reached[-1][1]:
            raise ValueError(f"{level}的日期早于{reached[-1][0]}")
        reached.append((level, day))
    whole = len(reached) == len(stops)
    followed: list[date | None] = [*(day for _, day in reached[1:]), None]
    found = [
        Stay(level, since, until, ((until or today) - since).days)
        for (level, since), until in zip(reached, followed, strict=True)
    ]
    return found[:-1] if whole else found


@cites("§6", "加快扶贫资金拨付进度")
def day_refusals(*, issued_on: date, on: date, today: date, field: str = "on") -> Refusals:
    """Return a refusal where money comes to a level before it was issued above, or in the future."""
    if on < issued_on:
        return {field: f"不能早于上级下达日 {issued_on}"}
    return {field: "不能晚于今天"} if on > today else {}
