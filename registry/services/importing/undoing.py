"""Take back what a workbook wrote, household by household, as long as nothing has been built on it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db import connection, models

from fupin.sheets.intake import About, Written
from fupin.sheets.models import StagedUnit, Verdict
from registry.models import Household, HouseholdYear, Member, MemberYear
from registry.services.mapping import CardRows, StoredCard
from registry.services.stored import load_stored_many
from registry.services.storing import Before, before_writing, snapshot, update_card
from registry.services.years import require_open

BUILT_ON: Final = "其后又有改动，没有撤销"


def undo(units: Sequence[StagedUnit], about: About) -> Iterator[Written]:
    """Close households that the workbook made, and give changed cards their values back as a version of their own."""
    require_open(about.year or 0)
    made = [unit for unit in units if unit.verdict == Verdict.NEW and unit.entry_key is not None]
    yield from _close(made, about)
    yield from _put_back([unit for unit in units if unit not in made], about)


def _close(units: Sequence[StagedUnit], about: About) -> Iterator[Written]:
    """Let the database close drafts that are as the import left them; it says which are not."""
    if not units:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT household, refusal FROM registry_undo_import(%s, %s)",
            [about.batch, [unit.object_id for unit in units]],
        )
        refusals: dict[int, str] = dict(cursor.fetchall())
    for unit in units:
        yield Written(unit, refused=refusals.get(unit.object_id or 0, BUILT_ON))


def kept_before(stored: StoredCard) -> dict[str, Any] | None:
    """Return a card's rows before they are written over, as JSON holds them; sealed numbers stay sealed."""
    before = before_writing(stored)
    if before is None:
        return None
    return {
        "year": _plain(before.household_year),
        "people": {number: _plain(row) for number, row in before.people.items()},
        "members": {number: _plain(row) for number, row in before.members.items()},
    }


def kept_row(row: models.Model) -> dict[str, Any]:
    """Return a row's columns as JSON holds them."""
    return _plain(snapshot(row))


def restore(row: models.Model, values: Mapping[str, Any]) -> None:
    """Give a row of a year the values that `kept_row` kept of it, as its next version; it is not saved here."""
    _restore(row, values, _OF_THE_SAVE | _OF_THE_ROW)


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _jsonable(value) for name, value in values.items()}


def _jsonable(value: Any) -> Any:
    if isinstance(value, bytes):
        return {"hex": value.hex()}
    return str(value) if isinstance(value, date | Decimal | UUID) else value


def _restore(row: models.Model, values: Mapping[str, Any], besides: frozenset[str]) -> None:
    fields = {field.attname: field for field in row._meta.concrete_fields}
    for name, value in values.items():
        if name in besides:
            continue
        if isinstance(value, dict) and set(value) == {"hex"}:
            setattr(row, name, bytes.fromhex(value["hex"]))
        else:
            setattr(row, name, fields[name].to_python(value))


_OF_THE_SAVE = frozenset({"version", "updated_by_id", "updated_at", "household_id", "division_id", "year"})
_OF_THE_ROW = frozenset(
    {
        "household_id",
        "member_id",
        "household_year_id",
        "village_id",
        "member_year_id",
        "division_id",
        "member_no",
        "year",
    }
)


def _put_back(units: Sequence[StagedUnit], about: About) -> Iterator[Written]:
    """Give changed cards their values back, each as a version of its own, unless somebody has changed them since."""
    if not units:
        return
    households = {
        row.pk: row
        for row in Household.objects.select_for_update(of=("self",))
        .filter(pk__in=[unit.object_id for unit in units])
        .order_by("pk")
    }
    stored = load_stored_many(list(households.values()), about.year or 0) if households else {}
    for unit in units:
        household = households.get(unit.object_id or 0)
        now = stored[household.pk] if household else None
        if household is None or now is None or now.version != unit.version or not household.is_live:
            yield Written(unit, refused=BUILT_ON)
        elif unit.before is None:
            yield Written(unit, refused="新年度的户卡不能撤销，请在户卡上改正")
        elif set(now.rows.members) != set(unit.before["members"]):
            yield Written(unit, refused="导入时增加了成员，不能整户撤销，请在户卡上改正")
        else:
            yield Written(unit, version=rewrite(now.rows, unit.before, about))


def rewrite(rows: StoredCard, before: Mapping[str, Any], about: About) -> int:
    """Write the values of before over the card; return its version."""
    card: HouseholdYear | None = rows.household_year
    assert card is not None  # noqa: S101  (its version was compared)
    now: Before | None = before_writing(rows)
    assert now is not None  # noqa: S101  (there is a card)
    _restore(card, before["year"], _OF_THE_SAVE)
    members: list[tuple[Member, MemberYear]] = []
    for number, row in rows.members.items():
        _restore(row.member, before["people"][number], _OF_THE_ROW)
        _restore(row, before["members"][number], _OF_THE_ROW | {"seat"})
        members.append((row.member, row))
    update_card(CardRows(card, members, None), now, gone=(), author_id=about.uploader.pk)
    return card.version
