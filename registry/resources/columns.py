"""Columns as the data standard names them: its headings, its codes with their names, its decimals."""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from decimal import Decimal
from functools import partial
from types import MappingProxyType
from typing import Any, Final

from fupin.sheets.resources import Cell, Column
from registry.standard.fields import Field
from registry.standard.values import present

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


def _said(field: Field) -> Callable[[Any], Cell]:
    if field.numeric and field.kind != "int":
        return partial(_fixed, places=field.decimals)
    if field.kind in {"int", "year", "date"}:
        return _as_it_is if field.kind != "year" else str
    return partial(present, field)


def _fixed(value: Decimal, *, places: int) -> Decimal:
    return round(Decimal(value), places)


def _as_it_is(value: int | date) -> int | date:
    return value
