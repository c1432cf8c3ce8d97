"""Village funds as they stood on a day, as a file."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from funds.models import VillageFund
from funds.reports.village_fund import standings
from fupin.sheets.kinds import NotAsked, Request, Selection, Table, sheet_kind
from fupin.sheets.resources import Column, SheetResource, columns
from registry.forms.filters import in_division


def _yuan(heading: str, name: str) -> Column:
    return Column(f"{heading}（元）", f"stands__{name}", said=Decimal, decimals=2, summed=True)


def _ratio(heading: str, name: str) -> Column:
    return Column(f"{heading}（%）", f"stands__ratios__{name}", said=Decimal, decimals=2)


@columns(
    {
        "village": Column("行政村", "division__path_name"),
        "name": Column("互助资金", "name"),
        "registration_no": Column("社团登记证号", "registration_no"),
        "members": Column("社员户数", "stands__members", said=int, decimals=0, summed=True),
        "poor": Column("贫困户户数", "stands__poor_members", said=int, decimals=0, summed=True),
        "government": _yuan("政府配股", "government"),
        "shares": _yuan("农户入股", "shares"),
        "donations": _yuan("社会捐赠", "donations"),
        "fees": _yuan("占用费", "fees"),
        "cash": _yuan("现金存款", "cash"),
        "outstanding": _yuan("在借", "outstanding"),
        "overdue": _yuan("逾期", "overdue"),
        "to_poor": _yuan("借给贫困户", "to_poor"),
        "lent_ratio": _ratio("在借率", "lent"),
        "overdue_ratio": _ratio("逾期率", "overdue"),
        "poor_ratio": _ratio("贫困户占比", "to_poor"),
    }
)
class VillageFundResource(SheetResource):
    """A row a fund; what it has and what it consists of come to the same."""


@sheet_kind("village_funds", "村级互助资金", permission="funds.view_village_fund")
def village_funds(asked: Request) -> Selection:
    """Return the funds of the list, as they stood on the day of the page."""
    post = asked.actor.post
    if post is None:
        raise NotAsked("现在没有在任的岗位")
    try:
        day = date.fromisoformat(str(asked.query.get("on") or timezone.localdate()))
    except ValueError as wrong:
        raise NotAsked("日期写作 2014-05-09") from wrong
    funds: QuerySet[VillageFund] = VillageFund.objects.visible_to(asked.actor).filter(registered_on__lte=day)
    filters = [("截至", f"{day:%Y-%m-%d}")]
    if code := asked.query.get("division"):
        funds = in_division(funds, code)
        filters.append(("区划", code))

    def read(rows: Iterable[Any]) -> Iterable[Any]:
        for fund in rows:
            fund.stands = standings([fund], day)[fund.pk]
            yield fund

    return Selection(
        title=f"村级互助资金（{post.division.name}）",
        division=post.division_id,
        scope=post.division.path_name or post.division.name,
        year=None,
        filters=filters,
        tables=(Table("互助资金", VillageFundResource()),),
        rows=funds.select_related("division").order_by("division_id", "pk"),
        read=read,
        about_people=False,
    )
