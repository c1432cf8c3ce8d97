"""Likely duplicates as the queue shows them: sheet 疑似重复户."""

from typing import Any

from fupin.sheets.kinds import NotAsked, Request, Selection, Table, sheet_kind
from fupin.sheets.resources import Column, SheetResource, columns
from fupin.sheets.words import in_words
from registry.codes.duplicates import DuplicateSign
from registry.forms.duplicates import tickets_of
from registry.reports.duplicates import with_heads
from registry.resources.asking import scope_of, year_of


def _signs(signs: list[str]) -> str:
    return "、".join(DuplicateSign(sign).label for sign in dict.fromkeys(signs))


def _day(moment: Any) -> Any:
    return moment.date()


@columns(
    {
        "division": Column("所在区划", "division__path_name"),
        "signs": Column("迹象", "signs", said=_signs),
        "first_no": Column("甲户编号", "first__household_no"),
        "first_head": Column("甲户户主", "first_head"),
        "first_status": Column("甲户状态", "first__get_status_display"),
        "second_no": Column("乙户编号", "second__household_no"),
        "second_head": Column("乙户户主", "second_head"),
        "second_status": Column("乙户状态", "second__get_status_display"),
        "people": Column(
            "相同的人编号", "people", said=lambda pairs: "；".join("和".join(pair) for pair in pairs)
        ),
        "found": Column("首次发现", "found_at", said=_day),
        "seen": Column("最近一次查到", "seen_at", said=_day),
        "decision": Column("结论", "get_decision_display"),
        "decided_by": Column("核查人", "decided_by__full_name"),
        "decided": Column("核查日期", "decided_at", said=_day),
    }
)
class DuplicateResource(SheetResource):
    """疑似重复户: a pair of households."""


@sheet_kind("duplicates", "疑似重复户", permission="registry.view_duplicate")
def duplicates(asked: Request) -> Selection:
    """Return the pairs as the queue is filtered."""
    scope = scope_of(asked)
    asking = tickets_of(asked.actor, asked.query)
    if not asking.form.is_valid():
        raise NotAsked("筛选条件有误，请回到列表改正")
    return Selection(
        title=f"疑似重复户（{scope.name}）",
        division=scope.pk,
        scope=scope.path_name or scope.name,
        year=year_of(asked),
        filters=in_words(asking.form),
        tables=(Table("疑似重复户", DuplicateResource()),),
        rows=with_heads(asking.qs),
        about_people=False,
    )
