"""From rows to plain values as printed: codes with their names, numbers masked, places by name."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

from fupin.divisions.codes import lineage
from fupin.divisions.models import Division
from fupin.policy.standards import NATIONAL, NoStandard, poverty_line
from registry.standard.fields import Field
from registry.standard.lists import shown

Names = Mapping[int, str]

_SEALED: Final = frozenset({"id_no", "disability_no", "phone", "head_phone"})
_NOT_PRINTED: Final = frozenset({"bank_name", "bank_account"})


def values(fields: Iterable[Field], *rows: object) -> dict[str, Any]:
    """Return every field that paper carries, each from the first row that has it."""
    return {
        field.name: value(field, rows)
        for field in fields
        if field.kind != "file" and field.name not in _NOT_PRINTED
    }


def value(field: Field, rows: Iterable[object]) -> Any:
    """Return one field as printed: `01 因病`, a list of such, a masked number, the value; None if empty."""
    column = f"{field.name}_masked" if field.name in _SEALED else field.name
    row = next(row for row in rows if hasattr(row, column))
    stored = getattr(row, column)
    if stored is None or stored == "":
        return None
    if field.kind == "enums":
        return [shown(str(field.codes), code) for code in stored]
    return shown(str(field.codes), stored) if field.kind == "enum" else stored


def place_names(codes: Iterable[int]) -> Names:
    """Return the names of divisions and of all that lie above them, by code."""
    above = {code for village in codes for code in lineage(village)}
    return dict(Division.objects.filter(code__in=above).values_list("code", "name"))


def path(code: int, names: Names) -> list[str]:
    """Return the names from the province down to a division."""
    return [names[above] for above in lineage(code)]


def line_of(year: int, standard: str = "") -> Decimal | None:
    """Return the poverty line of the year under a standard (CL01), else the national; None if unknown."""
    try:
        return poverty_line(year, standard=standard or NATIONAL).amount
    except NoStandard:
        return None
