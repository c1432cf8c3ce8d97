"""Rows of a model as PostgreSQL's COPY reads them."""

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from io import StringIO
from typing import Any, Final
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.fields import NOT_PROVIDED

NULL: Final = r"\N"

Encoder = Callable[[Any], str]


def _escaped(text: str) -> str:
    if text.isprintable() and "\\" not in text:
        return text
    return text.replace("\\", r"\\").replace("\t", r"\t").replace("\n", r"\n").replace("\r", r"\r")


_BY_TYPE: Final[Mapping[type, Encoder]] = {
    type(None): lambda _value: NULL,
    str: _escaped,
    bool: lambda value: "t" if value else "f",
    int: str,
    Decimal: str,
    date: date.isoformat,
    datetime: datetime.isoformat,
    UUID: lambda value: str(value.hex),
    bytes: lambda value: rf"\\x{value.hex()}",
}


def _plain(value: Any) -> str:
    encode = _BY_TYPE.get(type(value))
    return _escaped(str(value)) if encode is None else encode(value)


def _text(value: Any) -> str:
    """Encode a text that is never NULL: what was not collected is an empty one."""
    return "" if value is None else _escaped(str(value))


def _json(value: Any) -> str:
    return _escaped(json.dumps(value, ensure_ascii=False))


def _codes(values: Any) -> str:
    """Encode a set of codes; codes are digits and need no quotes."""
    return f"{{{','.join(values)}}}" if values else "{}"


def _encoder(field: "models.Field[Any, Any]") -> Encoder:
    if isinstance(field, models.JSONField):
        return _json
    if isinstance(field, ArrayField):
        return _codes
    if isinstance(field, models.CharField) and not field.null:
        return _text
    return _plain


def _default(field: "models.Field[Any, Any]") -> Any:
    if field.default is not NOT_PROVIDED:
        return field.get_default()
    return None


class CopyBuffer:
    """Rows for one table, kept as text until they are copied.

    A row names its values as the model's attributes are named (`division_id`); what it leaves out takes the field's default.
    Generated columns are left to the database, and so is the key where `numbered` is false.
    """

    def __init__(self, model: type[models.Model], *, numbered: bool = True) -> None:
        self.table = model._meta.db_table
        fields = [
            field
            for field in model._meta.concrete_fields
            if not isinstance(field, models.GeneratedField) and (numbered or not field.primary_key)
        ]
        self._columns = tuple((field.attname, _default(field), _encoder(field)) for field in fields)
        self._names = ", ".join(f'"{field.column}"' for field in fields)
        self._known = frozenset(field.attname for field in fields)
        self._lines: list[str] = []

    def __len__(self) -> int:
        return len(self._lines)

    def add(self, row: Mapping[str, Any]) -> None:
        """Keep one row; raise KeyError for a name that the table does not have."""
        if not row.keys() <= self._known:
            raise KeyError(f"{self.table}: {sorted(row.keys() - self._known)}")
        get = row.get
        self._lines.append("\t".join([encode(get(name, default)) for name, default, encode in self._columns]))

    def copy(self, cursor: Any) -> int:
        """Copy the rows through a psycopg2 cursor, forget them, and return how many there were."""
        count = len(self._lines)
        if count:
            self._lines.append("")
            cursor.copy_expert(f"COPY {self.table} ({self._names}) FROM STDIN", StringIO("\n".join(self._lines)), 262_144)
            self._lines.clear()
        return count
