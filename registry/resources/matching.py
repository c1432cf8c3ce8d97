"""Hits and the three lists of 低保衔接 as files."""

from typing import Any, Final

from fupin.sheets.kinds import NotAsked, Request, Selection, Table, sheet_kind
from fupin.sheets.resources import Column, SheetResource, columns
from fupin.sheets.words import in_words
from registry.codes import PoorType
from registry.codes.outside import HitState, ListKind
from registry.forms.filters import in_division
from registry.forms.matching import HitFilter
from registry.models import OutsideList
from registry.reports.matching import linkage, queue
from registry.resources.asking import scope_of, year_of
from registry.rules.matching import LINKAGE_LABELS, MEANINGS, Linkage

_KINDS: Final = dict(ListKind.choices)
_STATES: Final = dict(HitState.choices)
_TYPES: Final = dict(PoorType.choices)


_ORDER: Final = {
    column: at
    for at, column in enumerate(column for meaning in MEANINGS.values() for column in meaning.columns)
}
"""The columns of lists in their order: a JSON value of the database keeps none."""


def _note(note: dict[str, str]) -> str:
    return "，".join(f"{column} {note[column]}" for column in sorted(note, key=_ORDER.__getitem__))


_PLACE: Final = {"village_code": Column("村编码", "division_id"), "village": Column("村", "division__name")}


@columns(
    _PLACE,
    {
        "household_no": Column("户编号", "household__household_no"),
        "member_no": Column("人编号", "member__member_no"),
        "name": Column("姓名", "member__name"),
        "id_no": Column("证件号码", "member__id_no_masked"),
        "kind": Column("名册种类", "kind", said=_KINDS.__getitem__),
        "as_of": Column("名册截止日期", "as_of"),
        "source": Column("提供单位", "source"),
        "row": Column("名册行", "row_number"),
        "name_given": Column("名册姓名", "name_given"),
        "note": Column("名册所载", "note", said=_note),
        "state": Column("状态", "state", said=_STATES.__getitem__),
        "reason": Column("理由", "reason"),
        "evidence": Column("证据", "evidence"),
        "decided_by": Column("核实人", "decided_by__full_name"),
    },
)
class HitResource(SheetResource):
    """比对结果, a row each."""


@columns(
    _PLACE,
    {
        "kind": Column("名册种类", "list__kind", said=_KINDS.__getitem__),
        "as_of": Column("名册截止日期", "list__as_of"),
        "row": Column("名册行", "number"),
        "name": Column("姓名", "name"),
        "id_no": Column("证件号码", "id_no_masked"),
        "note": Column("名册所载", "note", said=_note),
    },
)
class ListedResource(SheetResource):
    """A person on a list, a row each."""


@columns(
    _PLACE,
    {
        "household_no": Column("户编号", "member__household__household_no"),
        "member_no": Column("人编号", "member__member_no"),
        "name": Column("姓名", "member__name"),
        "id_no": Column("证件号码", "member__id_no_masked"),
        "dibao": Column("享受农村低保", "is_dibao", said=lambda value: "是" if value else "否"),
        "wubao": Column("五保供养", "is_wubao", said=lambda value: "是" if value else "否"),
        "poor_type": Column("贫困户属性", "household_year__poor_type", said=_TYPES.__getitem__),
    },
)
class UnlistedResource(SheetResource):
    """A member whose card says what no list says, a row each."""


@sheet_kind("match_hits", "比对结果", permission="registry.view_hits")
def match_hits(asked: Request) -> Selection:
    """Return the hits as their queue shows them."""
    year, scope = year_of(asked), scope_of(asked)
    filtered = HitFilter(asked.query, queue(asked.actor), lists=OutsideList.objects.visible_to(asked.actor))
    if not filtered.form.is_valid():
        raise NotAsked("筛选条件有误，请回到列表改正")
    rows = filtered.qs.select_related("member", "household", "division", "decided_by")
    return Selection(
        title=f"比对结果（{scope.name}）",
        division=scope.pk,
        scope=scope.path_name or scope.name,
        year=year,
        filters=in_words(filtered.form),
        tables=(Table("比对结果", HitResource()),),
        rows=rows.order_by("division_id", "household_id", "kind", "pk"),
    )


def _linkage(kind: Linkage, asked: Request) -> Selection:
    year, scope = year_of(asked), scope_of(asked)
    rows: Any = linkage(kind, asked.actor, year)
    if asked.query.get("division", "").strip():
        rows = in_division(rows, str(scope.pk))
    resource = UnlistedResource() if kind == Linkage.UNLISTED else ListedResource()
    label = LINKAGE_LABELS[kind]
    return Selection(
        title=f"{label}（{scope.name}）",
        division=scope.pk,
        scope=scope.path_name or scope.name,
        year=year,
        filters=[("区划", scope.path_name)] if asked.query.get("division") else [],
        tables=(Table(label[:31], resource),),
        rows=rows,
    )


@sheet_kind("linkage_unregistered", LINKAGE_LABELS[Linkage.UNREGISTERED], permission="registry.view_matching")
def linkage_unregistered(asked: Request) -> Selection:
    """Return those on civil affairs' lists without a card."""
    return _linkage(Linkage.UNREGISTERED, asked)


@sheet_kind("linkage_unlisted", LINKAGE_LABELS[Linkage.UNLISTED], permission="registry.view_matching")
def linkage_unlisted(asked: Request) -> Selection:
    """Return those whose card says 低保 or 五保 without a list that does."""
    return _linkage(Linkage.UNLISTED, asked)


@sheet_kind("linkage_double", LINKAGE_LABELS[Linkage.DOUBLE], permission="registry.view_matching")
def linkage_double(asked: Request) -> Selection:
    """Return those on both lists of civil affairs."""
    return _linkage(Linkage.DOUBLE, asked)
