"""Cards as the rows of their workbook: what a template is filled in with, and what is read back as it was."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from registry.rules.card import Card
from registry.services.importing.households import HOUSEHOLD_FIELDS, MEMBER_FIELDS
from registry.standard.fields import Field
from registry.standard.values import present
from registry.standard.workbooks import HOUSEHOLDS, NUMBER, SERIAL, VERSION

CellValue = str | int | Decimal | date


def household_cells(
    card: Card, *, serial: str = "", version: int | None = None
) -> tuple[list[CellValue], list[list[CellValue]]]:
    """Return the row of a household and those of its members, in the order of the layout; derived cells are empty."""
    first, second = HOUSEHOLDS.sheets
    keys: dict[str, CellValue] = {NUMBER: card.household_no or "", SERIAL: serial}
    own: dict[str, CellValue] = {**keys, VERSION: version if version is not None else ""}
    for heading in first.headings:
        field = HOUSEHOLD_FIELDS.get(heading.name)
        if field is None or field.need == "D":
            continue
        part, _, name = heading.name.rpartition(".")
        own[heading.name] = cell_of(field, getattr(getattr(card, part) if part else card, name))
    people = []
    for member in card.members:
        row = {name: cell_of(field, getattr(member, name)) for name, field in MEMBER_FIELDS.items()}
        people.append([{**keys, **row}.get(heading.name, "") for heading in second.headings])
    return [own.get(heading.name, "") for heading in first.headings], people


def cell_of(field: Field, value: Any) -> CellValue:
    """Return a value as its cell: numbers and dates as they are, codes with their names."""
    if isinstance(value, Decimal | date) or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    return present(field, value)


def filled(
    values: Mapping[str, Any], headings: Sequence[Any], fields: Mapping[str, Field]
) -> list[CellValue]:
    """Return a row of a sheet whose columns are named as its values are."""
    return [
        cell_of(fields[heading.name], values.get(heading.name))
        if heading.name in fields
        else values.get(heading.name, "")
        for heading in headings
    ]
