"""Posted notices with their lists, as the offices see them: nothing stands in the file that did not hang in the village."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db.models import Count, Prefetch, QuerySet
from django.utils import timezone

from fupin.notices.models import Notice, NoticeLine
from fupin.notices.rules import ReasonGroup
from fupin.sheets.kinds import NotAsked, Part, Request, Selection, Table, sheet_kind
from fupin.sheets.resources import Column, SheetResource, columns

STATES: Final = {"standing": "公示中", "over": "已期满", "down": "已撤下"}


def _day(value: date) -> date:
    return value


@columns(
    {
        "number": Column("编号", "number"),
        "kind": Column("种类", "kind_title"),
        "place": Column("公示地", "division__path_name"),
        "title": Column("标题", "title"),
        "posted_on": Column("张贴日期", "posted_on", said=_day),
        "first_on": Column("起", "first_on", said=_day),
        "last_on": Column("止", "last_on", said=_day),
        "line_count": Column("行数", "line_count", said=int, decimals=0, summed=True),
        "persons": Column("人数", "persons", said=int, decimals=0, summed=True),
        "amount": Column("金额", "amount", said=Decimal, decimals=2, summed=True),
        "wall": Column("张贴地点", "place"),
        "posted_by": Column("张贴人", "posted_by__full_name"),
        "photos": Column("照片数", "photo_count", said=int, decimals=0),
        "objections": Column("异议件数", "objection_count", said=int, decimals=0, summed=True),
        "check_code": Column("校验码", "check_code"),
        "taken_down_on": Column("撤下日期", "taken_down_on", said=_day),
        "because": Column("撤下原因", "taken_down_because"),
    }
)
class NoticeResource(SheetResource):
    """公示: what hung where, from when to when."""


@columns(
    {
        "number": Column("编号", "notice__number"),
        "position": Column("序号", "position", said=int, decimals=0),
        "name": Column("姓名", "name"),
        "village": Column("村", "village"),
        "natural_village": Column("自然村", "natural_village"),
        "persons": Column("人口", "persons", said=int, decimals=0, summed=True),
        "kind": Column("属性", "kind"),
        "reason": Column("主要原因", "reason", said=lambda value: ReasonGroup(value).label),
        "amount": Column("金额", "amount", said=Decimal, decimals=2, summed=True),
    }
)
class LineResource(SheetResource):
    """名单, a row each; of those taken down none."""


@sheet_kind("notices", "公示", permission="notices.view")
def notices(asked: Request) -> Selection:
    """Return the notices of a tab of the offices' list, with what stood on them."""
    post = asked.actor.post
    if post is None:
        raise NotAsked("现在没有在任的岗位")
    tab = asked.query.get("tab", "")
    tab = tab if tab in STATES else "standing"
    lines = NoticeLine.objects.select_related("notice").order_by("notice_id", "position")
    return Selection(
        title=f"公示（{STATES[tab]}，{post.division.name}）",
        division=post.division_id,
        scope=post.division.path_name or post.division.name,
        year=None,
        filters=[("状态", STATES[tab])],
        tables=(Table("公示", NoticeResource()), Table("名单", LineResource())),
        rows=in_state(Notice.objects.visible_to(asked.actor), tab)
        .select_related("division", "posted_by")
        .annotate(
            photo_count=Count("photos", distinct=True), objection_count=Count("objections", distinct=True)
        )
        .prefetch_related(Prefetch("lines", queryset=lines))
        .order_by("posted_on", "pk"),
        parts=_lines,
        about_people=False,
    )


def in_state(rows: Any, tab: str) -> "QuerySet[Notice]":
    """Keep the notices of a tab: those that stand today, are over, or were taken down."""
    today = timezone.localdate()
    found: dict[str, QuerySet[Notice]] = {
        "standing": rows.standing_on(today),
        "over": rows.over_on(today).filter(taken_down_on__isnull=True),
        "down": rows.filter(taken_down_on__isnull=False),
    }
    return found[tab]


def _lines(notice: Notice) -> Iterable[Part]:
    return () if notice.taken_down_on else (Part(1, notice.lines.all()),)
