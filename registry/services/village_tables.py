"""Write a village's table of a year: permission, lock, version, rules, rows, trace (procedures §7)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from django.db import IntegrityError, transaction

from fupin.accounts.audit import note
from fupin.accounts.constraints import message_of
from fupin.accounts.models import User
from fupin.accounts.permissions import require
from fupin.divisions.models import Division
from fupin.lib.masking import is_masked
from fupin.vault.sealing import seal
from registry.codes import VillageStatus
from registry.errors import CardRefused, FieldConflict, StaleCard
from registry.models import HouseholdYear, NaturalVillage, Village, VillageYear
from registry.reports.villages import TYPED, danger_counts, poor_counts, read_table
from registry.rules.findings import Finding, error, errors_in, warnings_in
from registry.rules.village import VillageContext, check_village
from registry.services.remarks import open_in, remarks_of
from registry.services.years import require_open
from registry.standard.fields import Field
from registry.standard.values import present

NO_REASONS: Mapping[str, str] = MappingProxyType({})
_EXITING: Final = frozenset({VillageStatus.EXIT_PROPOSED, VillageStatus.EXIT_NOTICE, VillageStatus.EXITED})


@dataclass(frozen=True, slots=True)
class SavedTable:
    """A village's table as it now stands, with its warnings."""

    village_year: VillageYear
    findings: tuple[Finding, ...]


def check_table(*, division: Division, year: int, values: Mapping[str, Any], on: date) -> list[Finding]:
    """Return everything wrong with a table as typed; nothing is stored. A masked telephone means unchanged."""
    cards = HouseholdYear.objects.within(division.pk).filter(year=year)
    village = Village.objects.filter(division=division).first()
    asked = {**values, "year": year, "village_code": str(division.pk)}
    if is_masked(asked.get("head_phone") or ""):
        asked["head_phone"] = _ANY_PHONE
    context = VillageContext(
        today=on,
        derived=poor_counts(cards, year),
        cards=danger_counts(cards),
        exiting=village is not None and village.status in _EXITING,
    )
    return check_village(asked, ctx=context)


_ANY_PHONE: Final = "13800000000"
"""Stands in for a stored telephone, which was checked when it was typed."""


def save_village_table(
    *,
    actor: User,
    division: Division,
    year: int,
    values: Mapping[str, Any],
    base_version: int | None,
    confirmed: Mapping[str, str] = NO_REASONS,
    on: date,
) -> SavedTable:
    """Store the table whole. `base_version` is the version that the change started from, None for a new table.

    Raise CardRefused with everything that is wrong, StaleCard where somebody saved in between, YearClosed, or Refused.
    """
    require(actor, "registry.change_village", at=division.pk)
    require_open(year)
    try:
        with transaction.atomic():
            return write_table(actor, division, year, values, base_version, confirmed, on)
    except IntegrityError as violation:
        message = message_of(violation)
        if not message:
            raise
        raise CardRefused([error("R-20", "", message)]) from violation


def write_table(
    actor: User,
    division: Division,
    year: int,
    values: Mapping[str, Any],
    base_version: int | None,
    confirmed: Mapping[str, str],
    on: date,
) -> SavedTable:
    """Check and store a table that the caller may write; raise CardRefused or StaleCard."""
    village = _locked(actor, division)
    table = VillageYear.objects.filter(village=village, year=year).first()
    if table is not None:
        table.village = village
    if (table.version if table else None) != base_version:
        raise _stale(table, values, base_version)
    findings = check_table(division=division, year=year, values=values, on=on)
    if errors := errors_in(findings):
        raise CardRefused(errors)
    row = table or VillageYear(village=village, division=division, year=year, version=0)
    if table is not None and not _news(table, values, confirmed):
        return SavedTable(table, tuple(warnings_in(findings)))
    _fill(row, village, values)
    row.version += 1
    row.updated_by = actor
    row.remarks = remarks_of(warnings_in(findings), confirmed, row.remarks)
    row.open_remarks = open_in(row.remarks)
    if village.village_attr != (values.get("village_attr") or ""):
        village.village_attr = values.get("village_attr") or ""
        village.save(update_fields=["village_attr"])
    row.save()
    note(object_key=f"{division.pk}/{year}", division=division.pk, detail={"version": row.version})
    return SavedTable(row, tuple(warnings_in(findings)))


def _locked(actor: User, division: Division) -> Village:
    """Return the village's row, locked; the first table of a village brings it onto the register as a draft."""
    Village.objects.bulk_create([Village(division=division, entered_by=actor)], ignore_conflicts=True)
    return Village.objects.select_for_update(of=("self",)).get(division=division)


def _news(table: VillageYear, values: Mapping[str, Any], confirmed: Mapping[str, str]) -> bool:
    before = read_table(table)
    return bool(confirmed) or any(
        _plain(before[field.name]) != _plain(values.get(field.name)) for field in TYPED
    )


def _plain(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return tuple(value) or None
    return None if value == "" else value


def _fill(row: VillageYear, village: Village, values: Mapping[str, Any]) -> None:
    for field in TYPED:
        value = _plain(values.get(field.name))
        if field.name == "head_phone":
            _seal_phone(row, value)
        elif field.name != "village_attr":
            setattr(row, field.name, _stored(field, value))


def _stored(field: Field, value: Any) -> Any:
    """Return a value as its column has it: no text for missing words and codes, an empty list, NULL for the rest."""
    if field.kind == "enums":
        return list(value or ())
    return "" if value is None and field.kind in {"str", "enum"} else value


def _seal_phone(row: VillageYear, number: str | None) -> None:
    if number and is_masked(number):
        return
    if not number:
        row.head_phone_sealed, row.head_phone_index, row.head_phone_masked = None, None, ""
        return
    sealed = seal(division=row.division_id, kind="phone", value=number)
    row.head_phone_sealed, row.head_phone_index, row.head_phone_masked = (
        sealed.id,
        sealed.index,
        sealed.masked,
    )


def _stale(table: VillageYear | None, values: Mapping[str, Any], base: int | None) -> StaleCard:
    """Return what differs between the table as it is now and as one would have it."""
    if table is None:
        return StaleCard(base=base or 0, current=0)
    now = read_table(table)
    who = table.updated_by.full_name
    conflicts = [
        FieldConflict(field.name, field.label, "", theirs, mine, who, table.updated_at)
        for field in TYPED
        if (theirs := present(field, now[field.name]))
        != (mine := present(field, _plain(values.get(field.name))))
    ]
    return StaleCard(base=base or 0, current=table.version, conflicts=conflicts)


def add_natural_village(*, actor: User, division: Division, name: str) -> NaturalVillage:
    """Add a natural village to a village's table of names; raise CardRefused for one that is there already."""
    require(actor, "registry.change_village", at=division.pk)
    try:
        with transaction.atomic():
            added = NaturalVillage.objects.create(division=division, name=name)
    except IntegrityError as violation:
        raise CardRefused([error("R-20", "name", message_of(violation) or "不能添加此名称")]) from violation
    note(object_key=f"{division.pk}/{name}", division=division.pk)
    return added
