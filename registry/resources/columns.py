"""Columns as the data standard names them: its headings, its codes with their names, its decimals."""

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Final

from fupin.sheets.resources import Column
from fupin.sheets.shapes import Day, Named, NamedSet, Number, Shape, Text, YesNo
from registry.standard.fields import Field
from registry.standard.lists import codes_of, shown

_NONE: Final[Mapping[str, str]] = MappingProxyType({})


def standard_columns(
    table: Collection[Field],
    *,
    attributes: Mapping[str, str] = _NONE,
    without: Collection[str] = (),
    summed: Collection[str] = (),
) -> dict[str, Column]:
    """Return a column for each field of a table but attachments; `attributes` says where a field is found.

    A masked column is named there in place of the sealed one: no export opens what is sealed.
    """
    return {
        field.name: Column(
            field.label,
            attributes.get(field.name, field.name),
            said=_said(field),
            decimals=field.decimals if field.numeric else None,
            summed=field.name in summed,
        )
        for field in table
        if field.kind != "file" and field.name not in without
    }


def _said(field: Field) -> Shape:
    """Return how a field is shown: the same as `registry.standard.values.present`, with its decimals fixed."""
    match field.kind:
        case "int":
            return Number()
        case "date":
            return Day()
        case "bool":
            return YesNo()
        case "enum":
            return Named(_names(field))
        case "enums":
            return NamedSet(_names(field))
    return Number(field.decimals) if field.numeric else Text()


def _names(field: Field) -> Mapping[str, str]:
    return {code: shown(str(field.codes), code) for code in codes_of(str(field.codes))}
