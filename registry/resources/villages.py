"""Villages with their table of a year, the figures derived from cards included."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import islice
from types import MappingProxyType
from typing import Any, Final

from fupin.accounts.models import User
from fupin.divisions.models import Division
from fupin.sheets.kinds import NotAsked, Request, Selection, Table, sheet_kind
from fupin.sheets.resources import SheetResource, columns
from fupin.sheets.words import in_words
from registry.forms.village_filters import VillageFilter, villages_of
from registry.models import HouseholdYear, VillageYear
from registry.reports.villages import poor_counts_by_village, read_table
from registry.resources.asking import scope_of, year_of
from registry.resources.columns import standard_columns
from registry.standard.village import VILLAGE_YEAR

BATCH: Final = 500
_DERIVED: Final = tuple(one.name for one in VILLAGE_YEAR if one.need == "D" and one.name != "name")
_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class VillageRow:
    """A village's year: what is typed on its table, empty where there is none, and what its cards come to."""

    year: int
    village_code: str
    name: str
    typed: Mapping[str, Any]
    derived: Mapping[str, int]


_PATHS: Final = {
    field.name: f"derived__{field.name}" if field.name in _DERIVED else f"typed__{field.name}"
    for field in VILLAGE_YEAR
    if field.name not in {"year", "village_code", "name"}
}


@columns(
    standard_columns(
        VILLAGE_YEAR,
        attributes=_PATHS,
        summed=[
            field.name for field in VILLAGE_YEAR if field.kind in {"int", "wan", "mu"} and field.name != "alt"
        ],
    )
)
class VillageResource(SheetResource):
    """村: an administrative village's year, §6 of the standard."""


@sheet_kind("villages", "贫困村", permission="registry.view_village")
def villages(asked: Request) -> Selection:
    """Return the villages of a year as their list shows them."""
    year, scope = year_of(asked), scope_of(asked)
    filtered = VillageFilter(asked.query, villages_of(asked.actor, year), year=year)
    if not filtered.form.is_valid():
        raise NotAsked("筛选条件有误，请回到列表改正")
    rows = filtered.qs
    return Selection(
        title=f"{year} 年度贫困村（{scope.name}）",
        division=scope.pk,
        scope=scope.path_name or scope.name,
        year=year,
        filters=in_words(filtered.form),
        tables=(Table("村", VillageResource()),),
        rows=rows.select_related(None).order_by(*rows.query.order_by, "pk"),
        read=partial(_with_figures, actor=asked.actor, year=year),
        about_people=False,
    )


def _with_figures(rows: Iterable[Division], *, actor: User, year: int) -> Iterator[VillageRow]:
    """Yield the villages with table and figures, two queries a batch."""
    waiting = iter(rows)
    cards = HouseholdYear.objects.visible_to(actor)
    while batch := list(islice(waiting, BATCH)):
        codes = [village.pk for village in batch]
        tables = {
            table.division_id: read_table(table)
            for table in VillageYear.objects.visible_to(actor)
            .filter(year=year, division_id__in=codes)
            .select_related("village")
        }
        counts = poor_counts_by_village(cards, codes, year)
        none = dict.fromkeys(_DERIVED, 0)
        for village in batch:
            yield VillageRow(
                year=year,
                village_code=str(village.pk),
                name=village.name,
                typed=tables.get(village.pk, _NOTHING),
                derived=counts.get(village.pk, none),
            )
