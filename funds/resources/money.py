"""Documents of money and what went to counties, as their lists show them."""

from datetime import date
from decimal import Decimal

from funds.codes.allotment import AllotmentSource
from funds.codes.document import FundKind, FundLevel
from funds.forms.allotment_filter import AllotmentFilter
from funds.models import Allotment, Appropriation
from fupin.divisions.models import Division
from fupin.sheets.kinds import NotAsked, Request, Selection, Table, sheet_kind
from fupin.sheets.resources import Column, SheetResource, columns
from fupin.sheets.words import in_words


def _day(value: date) -> date:
    return value


def _yes(value: bool) -> str:
    return "是" if value else "否"


def _scope(asked: Request) -> Division:
    if asked.actor.post is None:
        raise NotAsked("现在没有在任的岗位")
    return asked.actor.post.division


@columns(
    {
        "number": Column("文号", "number"),
        "level": Column("级次", "level", said=lambda value: FundLevel(value).label),
        "kind": Column("资金类别", "kind", said=lambda value: FundKind(value).label),
        "fiscal_year": Column("预算年度", "fiscal_year", said=int, decimals=0),
        "is_advance": Column("提前下达", "is_advance", said=_yes),
        "issued_on": Column("下达日期", "issued_on", said=_day),
        "received_on": Column("收文日期", "received_on", said=_day),
        "purpose": Column("用途", "purpose"),
        "amount_yuan": Column("金额（元）", "amount_yuan", said=Decimal, decimals=2, summed=True),
        "needs_prov_approval": Column("须省级审批", "needs_prov_approval", said=_yes),
        "approved_on": Column("复核日期", "approved_on", said=_day),
    }
)
class AppropriationResource(SheetResource):
    """资金文件."""


@columns(
    {
        "county_code": Column("县代码", "division_id"),
        "county": Column("县", "division__name"),
        "city": Column("市", "division__parent__name"),
        "number": Column("资金文号", "appropriation__number"),
        "fiscal_year": Column("预算年度", "appropriation__fiscal_year", said=int, decimals=0),
        "source": Column("来源", "source", said=lambda value: AllotmentSource(value).label),
        "amount_yuan": Column("金额（元）", "amount_yuan", said=Decimal, decimals=2, summed=True),
        "document_no": Column("下达文号", "document_no"),
        "issued_on": Column("下达日期", "issued_on", said=_day),
        "via_city": Column("经市级", "via_city", said=_yes),
        "passed_on": Column("市级转下日期", "passed_on", said=_day),
        "received_on": Column("到账日期", "received_on", said=_day),
        "answerable": Column("县责任人", "answerable"),
    }
)
class AllotmentResource(SheetResource):
    """下达到县."""


@sheet_kind("appropriations", "资金文件", permission="funds.view_money")
def appropriations(asked: Request) -> Selection:
    """Return the documents that the actor may see, of a fiscal year where one is asked for."""
    scope = _scope(asked)
    seen = Appropriation.objects.visible_to(asked.actor)
    return Selection(
        title=f"资金文件（{scope.name}）",
        division=scope.pk,
        scope=scope.path_name or scope.name,
        year=asked.year,
        filters=[],
        tables=(Table("资金文件", AppropriationResource()),),
        rows=(seen.filter(fiscal_year=asked.year) if asked.year else seen).order_by("-issued_on", "-pk"),
        about_people=False,
    )


@sheet_kind("allotments", "下达到县", permission="funds.view_money")
def allotments(asked: Request) -> Selection:
    """Return what was issued to the counties of the actor's division, filtered as the list was."""
    scope = _scope(asked)
    seen = Allotment.objects.visible_to(asked.actor).select_related("division__parent", "appropriation")
    filtered = AllotmentFilter(asked.query, seen)
    if not filtered.form.is_valid():
        raise NotAsked("筛选条件有误，请回到列表改正")
    return Selection(
        title=f"下达到县（{scope.name}）",
        division=scope.pk,
        scope=scope.path_name or scope.name,
        year=None,
        filters=in_words(filtered.form),
        tables=(Table("下达到县", AllotmentResource()),),
        rows=filtered.qs.order_by("-issued_on", "-pk"),
        about_people=False,
    )
