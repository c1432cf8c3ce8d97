"""The lists of a re-identification, a household a row, with every reason in words."""

from typing import Any

from fupin.sheets.kinds import NotAsked, Request, Selection, Table, sheet_kind
from fupin.sheets.resources import Column, SheetResource, columns
from fupin.sheets.words import in_words
from registry.forms.reidentification import FindingFilter
from registry.models import ReidentificationFinding
from registry.reports.reidentification import runs, told
from registry.resources.asking import scope_of
from registry.rules.reidentify import Listed


def _as_it_is(value: Any) -> Any:
    return value


@columns(
    {
        "household_no": Column("户编号", "household__household_no"),
        "head_name": Column("户主", "head_name"),
        "township": Column("乡镇", "township"),
        "village": Column("村", "village"),
        "listed": Column("清单", "finding__get_listed_display"),
        "status": Column("现状", "household__get_status_display"),
        "member_count": Column(
            "家庭人口数", "finding__member_count", said=_as_it_is, decimals=0, summed=True
        ),
        "net_income": Column("家庭纯收入", "finding__net_income", said=_as_it_is, decimals=2, summed=True),
        "reasons": Column("理由", "reason_text"),
        "case": Column("档案号", "finding__case__number"),
    }
)
class FindingResource(SheetResource):
    """清单."""


@sheet_kind("reidentification", "动态比对清单", permission="registry.view_reidentification")
def findings(asked: Request) -> Selection:
    """Return one list of a run as its page shows it."""
    scope = scope_of(asked)
    number = asked.query.get("run", "")
    run = runs(asked.actor).filter(pk=int(number)).first() if number.isdigit() else None
    if run is None:
        raise NotAsked("没有这次比对")
    listed = asked.query.get("listed", str(Listed.MAY_LEAVE.value))
    if listed not in {str(one.value) for one in Listed}:
        raise NotAsked("没有这张清单")
    rows = ReidentificationFinding.objects.visible_to(asked.actor).filter(run=run, listed=int(listed))
    filtered = FindingFilter(asked.query, rows)
    if not filtered.form.is_valid():
        raise NotAsked("筛选条件有误，请回到列表改正")
    return Selection(
        title=f"{run} {Listed(int(listed)).label}户（{scope.name}）",
        division=scope.pk,
        scope=scope.path_name or scope.name,
        year=run.year,
        filters=in_words(filtered.form),
        tables=(Table("清单", FindingResource()),),
        rows=filtered.qs.select_related("household", "case", "division__parent").order_by(
            "division_id", "household_id", "pk"
        ),
        read=lambda found: told(found, run),
        persons="家庭人口数",
    )
