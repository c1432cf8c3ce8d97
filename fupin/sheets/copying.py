"""Rows of a model as PostgreSQL's COPY reads them."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from io import StringIO
from json import JSONEncoder
from typing import Any, Final
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.fields import NOT_PROVIDED

NULL: Final = r"\N"
_WHOLE: Final = 8160
"""Bytes up to which a waiting row lies in its page as it is: to compress it for a moment is not worth while."""

Encode = Callable[[Any], str]


def _escaped(text: str) -> str:
    if text.isprintable() and "\\" not in text:
        return text
    return text.replace("\\", r"\\").replace("\t", r"\t").replace("\n", r"\n").replace("\r", r"\r")


class _Encoders(dict[type, Encode]):
    """How values are written, by their type; a subtype (a choice, say) is written as what it derives from."""

    def __missing__(self, kind: type) -> Encode:
        for ancestor in kind.__mro__[1:]:
            if ancestor in self:
                self[kind] = self[ancestor]
                return self[kind]
        raise TypeError(f"COPY cannot write a {kind.__name__}")


_to_json: Final = JSONEncoder(ensure_ascii=False).encode


def _json(value: Any) -> str:
    return _escaped(_to_json(value)) if value else str(value)


def _codes(values: Any) -> str:
    """Write a set of codes; codes are digits and need no quotes."""
    return f"{{{','.join(values)}}}" if values else "{}"


_PLAIN: Final = _Encoders(
    {
        type(None): lambda _value: NULL,
        str: lambda value: _escaped(str.__str__(value)),
        bool: lambda value: "t" if value else "f",
        int: str,
        Decimal: str,
        date: date.isoformat,
        datetime: datetime.isoformat,
        UUID: lambda value: str(value.hex),
        bytes: lambda value: rf"\\x{value.hex()}",
    }
)
_TEXT: Final = _Encoders({**_PLAIN, type(None): lambda _value: "", str: _escaped})
_ARRAY: Final = _Encoders({type(None): lambda _value: NULL, list: _codes, tuple: _codes})
_JSON: Final = _Encoders({type(None): lambda _value: NULL, list: _json, dict: _json})


def _encoders(field: "models.Field[Any, Any]") -> _Encoders:
    if isinstance(field, models.JSONField):
        return _JSON
    if isinstance(field, ArrayField):
        return _ARRAY
    # A text that is never NULL holds an empty one where nothing was collected.
    return _TEXT if isinstance(field, models.CharField) and not field.null else _PLAIN


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
        self._columns = tuple(
            (field.attname, encoders := _encoders(field), _default(field, encoders)) for field in fields
        )
        self._known = frozenset(field.attname for field in fields)
        self._names = ", ".join(f'"{field.column}"' for field in fields)
        self._lines: list[str] = []

    def __len__(self) -> int:
        return len(self._lines)

    def add(self, row: Mapping[str, Any]) -> None:
        """Keep one row; raise KeyError for a name that the table does not have."""
        if not row.keys() <= self._known:
            raise KeyError(f"{self.table}: {sorted(row.keys() - self._known)}")
        self._lines.append(
            "\t".join(
                [
                    encoders[type(value := row[name])](value) if name in row else default
                    for name, encoders, default in self._columns
                ]
            )
        )

    def copy(self, cursor: Any) -> int:
        """Copy the rows through a psycopg2 cursor, forget them, and return how many there were."""
        count = len(self._lines)
        if count:
            copy_lines(cursor, self.table, self._names, self._lines)
            self._lines.clear()
        return count

    def insert(self, cursor: Any, *, key: str = "") -> dict[Any, int]:
        """Store the rows through a cursor of Django (see `insert_lines`) and forget them."""
        keys = insert_lines(cursor, self.table, self._names, self._lines, key=key) if self._lines else {}
        self._lines.clear()
        return keys


def insert_lines(
    cursor: Any, table: str, names: str, lines: list[str], *, key: str = "", order: str = ""
) -> dict[Any, int]:
    """Store encoded lines by way of a table of the session: row policies let nobody COPY past them, triggers see all at once.

    `names` are the columns as SQL names them. Return, where `key` names a column, the id that each row was given by its value.
    """
    waiting = f"waiting_{table}"
    cursor.execute(
        f"CREATE TEMP TABLE IF NOT EXISTS {waiting} WITH (toast_tuple_target = {_WHOLE}) ON COMMIT DELETE ROWS"
        f" AS SELECT {names} FROM {table} WITH NO DATA"
    )
    copy_lines(cursor.cursor, waiting, names, lines)
    ordered, told = f' ORDER BY "{order}"' if order else "", f' RETURNING "{key}", id' if key else ""
    cursor.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM {waiting}{ordered}{told}")
    keys: dict[Any, int] = dict(cursor.fetchall()) if key else {}
    cursor.execute(f"DELETE FROM {waiting}")
    return keys


def copy_lines(cursor: Any, table: str, names: str, lines: list[str]) -> None:
    """Copy encoded lines into columns of a table, through a psycopg2 cursor."""
    cursor.copy_expert(f"COPY {table} ({names}) FROM STDIN", StringIO("\n".join([*lines, ""])), 262_144)


def encoders_of(field: "models.Field[Any, Any]") -> Mapping[type, Encode]:
    """Return how a column's values are written as COPY reads them, by their type."""
    return _encoders(field)


def _default(field: "models.Field[Any, Any]", encoders: _Encoders) -> str:
    """Return the text of what a row that says nothing of the field takes."""
    value = None if field.default is NOT_PROVIDED else field.get_default()
    return encoders[type(value)](value)
