"""公告公示 of money: what has to be published, and from which day money may be paid (funds F-07, policy-trace 9.1, procedures §9)."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.db import models

from funds.rules import Refusals
from funds.rules.pool import percent_of
from fupin.notices.rules.period import period
from fupin.policy.cites import cites
from fupin.policy.standards import figure


class DisclosureLevel(models.TextChoices):
    """Where money is published."""

    VILLAGE = "VILLAGE", "行政村"
    COUNTY = "COUNTY", "县级"
    ABOVE = "ABOVE", "县以上"


BARRING = frozenset({DisclosureLevel.VILLAGE, DisclosureLevel.COUNTY})
"""Without these nothing is paid; above the county publication comes step by step (有序推进) and only its share is shown."""


class Element(models.TextChoices):
    """What a notice of money says at the least."""

    TOTAL = "total", "资金总量"
    SOURCE = "source", "资金来源"
    NATURE = "nature", "资金性质"
    PURPOSE = "purpose", "用途"
    PRINCIPLE = "principle", "安排原则"
    PLAN = "plan", "使用计划"
    RESULT = "result", "使用结果"
    PHONE = "phone", "监督电话"


@cites("§9", "健全完善扶贫资金项目公告公示制")
def missing_elements(given: Mapping[str, str], *, finished: bool) -> list[Element]:
    """Return the elements that a notice lacks; the result is asked for once there is one."""
    asked = [one for one in Element if finished or one is not Element.RESULT]
    return [one for one in asked if not given.get(one.value, "").strip()]


@cites("§9", "继续坚持行政村公告公示、全面推行县级公告公示")
def earliest_payment(
    posted: Mapping[DisclosureLevel, date | None], *, days: int | None = None
) -> date | None:
    """Return the first day on which money may be paid: 公示 of ten days in village and county are over (posted 06-03 → 06-14).

    None while one of the two is not posted. ``posted`` gives the day of posting by level; days count from the day after.
    """
    ends = []
    for level in sorted(BARRING):
        posted_on = posted.get(level)
        if posted_on is None:
            return None
        standing = int(figure("fund_notice_days", posted_on.year)) if days is None else days
        ends.append(period(posted_on, standing).passes_on)
    return max(ends)


@cites("§9", "继续坚持行政村公告公示、全面推行县级公告公示……保障扶贫资金项目在阳光下运行")
def payment_refusals(
    posted: Mapping[DisclosureLevel, date | None], *, on: date, open_objections: int = 0
) -> Refusals:
    """Return what keeps money from being paid on a day: not posted, still standing, or an objection not yet answered."""
    if absent := [level.label for level in DisclosureLevel if level in BARRING and posted.get(level) is None]:
        return {"": f"{'、'.join(absent)}未公示，不得拨付"}
    first = earliest_payment(posted)
    if first is not None and on < first:
        return {"": f"公示期未满，{first} 起方可拨付"}
    return {"": f"公示有 {open_objections} 件异议未办结，不得拨付"} if open_objections else {}


@cites("§9", "有序推进建立县以上资金信息披露制度")
def undisclosed_share(total: Decimal, disclosed: Decimal) -> Decimal:
    """Return in per cent how much money above the county is not published yet; it is shown and keeps nothing from being paid."""
    return percent_of(total - disclosed, total)
