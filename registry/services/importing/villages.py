"""Villages' tables of a year, a row each, written as their page writes them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from fupin.accounts.models import User
from fupin.divisions.models import Division
from fupin.lib.masking import is_masked
from fupin.vault.sealing import mask
from registry.errors import StaleCard
from registry.models import Village, VillageYear
from registry.reports.villages import TYPED, read_table
from registry.rules.findings import Finding
from registry.services.importing.filling import filled
from registry.services.importing.rows import ByService, Unit
from registry.services.importing.undoing import kept_row, restore
from registry.services.village_tables import check_table, save_village_table
from registry.standard.fields import by_name
from registry.standard.values import present
from registry.standard.village import VILLAGE_YEAR
from registry.standard.workbooks import VERSION, VILLAGES

_FIELDS: Final = by_name(VILLAGE_YEAR)


@dataclass(frozen=True, slots=True)
class _Stands:
    """A village with its table of the year, if there is one."""

    division: Division
    table: VillageYear | None


class Villages(ByService):
    """村表."""

    sheets = VILLAGES
    key = "village_code"
    fields = (_FIELDS,)

    def known(self, keys: Sequence[str], about: Any) -> Mapping[str, _Stands]:
        """Return the administrative villages with their tables."""
        codes = [int(key) for key in keys if key.isascii() and key.isdigit() and len(key) == 12]
        found = _villages(about.division).filter(pk__in=codes)
        tables = {
            row.division_id: row
            for row in VillageYear.objects.filter(year=about.year, division_id__in=codes).select_related(
                "village", "updated_by"
            )
        }
        return {str(one.pk): _Stands(one, tables.get(one.pk)) for one in found}

    def about(self, thing: _Stands) -> tuple[str, int, int]:
        """Return the village's name and code."""
        return thing.division.name, thing.division.pk, thing.division.pk

    def version_of(self, thing: _Stands) -> int | None:
        """Return the version of the year's table."""
        return thing.table.version if thing.table else None

    def check(self, unit: Unit, thing: _Stands, about: Any) -> Iterable[Finding]:
        """Hold the table against its rules."""
        return check_table(division=thing.division, year=about.year, values=_values(unit), on=about.on)

    def changes(self, unit: Unit, thing: _Stands, about: Any) -> list[tuple[str, str, str]]:
        """Return what becomes different; the telephone masked."""
        if thing.table is None:
            return []
        now, wanted = read_table(thing.table), _values(unit)
        phone = wanted["head_phone"]
        if phone and not is_masked(phone):
            wanted = {**wanted, "head_phone": mask("phone", phone)}
        return [
            (field.label, old, new)
            for field in TYPED
            if (old := present(field, now[field.name])) != (new := present(field, wanted[field.name]))
        ]

    def save(self, unit: Unit, thing: _Stands, about: Any) -> int:
        """Write the table."""
        saved = save_village_table(
            actor=about.uploader,
            division=thing.division,
            year=about.year,
            values=_values(unit),
            base_version=self.version_of(thing),
            on=about.on,
        )
        return saved.village_year.version

    def kept(self, thing: _Stands) -> Any:
        """Return the table's row; a sealed telephone stays sealed."""
        if thing.table is None:
            return None
        return {"table": kept_row(thing.table), "village_attr": thing.table.village.village_attr}

    def put_back(self, thing: _Stands, before: Any, about: Any) -> int:
        """Write the row of before over the table, as its next version."""
        assert thing.table is not None  # noqa: S101  (its version was compared)
        village = Village.objects.select_for_update(of=("self",)).get(division=thing.division)
        row = VillageYear.objects.get(village=village, year=about.year)
        if row.version != thing.table.version:
            raise StaleCard(base=thing.table.version, current=row.version)
        restore(row, before["table"])
        row.version += 1
        row.updated_by = about.uploader
        if village.village_attr != before["village_attr"]:
            village.village_attr = before["village_attr"]
            village.save(update_fields=["village_attr"])
        row.save()
        return row.version

    def prefilled(self, actor: User, year: int, division: int) -> Iterator[tuple[int, Sequence[Any]]]:
        """Yield the villages with what is typed on their tables, empty where there is none."""
        tables = {
            row.division_id: row
            for row in VillageYear.objects.visible_to(actor)
            .within(division)
            .filter(year=year)
            .select_related("village")
        }
        for village in _villages(division).order_by("pk"):
            table = tables.get(village.pk)
            values: dict[str, Any] = {"year": year, "village_code": str(village.pk)}
            if table is not None:
                values |= {**read_table(table), VERSION: table.version}
            yield 0, filled(values, self.sheets.first.headings, _FIELDS)


def _villages(division: int) -> Any:
    low, high = Division.objects.get(pk=division).code_range
    return Division.objects.administrative_villages().filter(pk__gte=low, pk__lt=high)


def _values(unit: Unit) -> dict[str, Any]:
    return {field.name: unit.values[field.name] for field in VILLAGE_YEAR if field.need != "D"}
