"""The digest of rows, computed by PostgreSQL: the same bytes whoever reads them, today and in ten years.

A row's text is PostgreSQL's own of the record of its columns, in the order in which the seal names them; of an event also what the
request said of itself. Columns that a table gets later are not part of older seals.
"""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from django.db import connections, transaction

from fupin.history.tables import Sealed

CONTEXT: Final = "context.metadata"
SHORT: Final = 16
"""Bytes of a row's digest that a seal keeps, to name a row by."""

_READING: Final = (
    "SELECT set_config('timezone', 'UTC', true), set_config('datestyle', 'ISO', true), set_config('intervalstyle', 'postgres', true),"
    " set_config('bytea_output', 'hex', true), set_config('extra_float_digits', '1', true)"
)
_KEPT: Final = ("timezone", "datestyle", "intervalstyle", "bytea_output", "extra_float_digits")


@dataclass(frozen=True, slots=True)
class Block:
    """Some rows of one table: how many, which, and what they come to."""

    upto: int
    rows: int
    keys: str
    digests: bytes
    rows_sha256: bytes


def sealed_columns(table: Sealed) -> tuple[str, ...]:
    """Return the columns that a seal made now covers."""
    return (*table.columns, CONTEXT) if table.with_context else table.columns


@contextmanager
def reading(using: str) -> Iterator[Any]:
    """Give a cursor to which every row's text is the same, whatever the session's settings are."""
    connection = connections[using]
    with transaction.atomic(using=using), connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f"current_setting('{name}')" for name in _KEPT))
        before = cursor.fetchone()
        cursor.execute(_READING)
        yield cursor
        put_back = ", ".join(f"set_config('{name}', %s, true)" for name in _KEPT)
        cursor.execute(f"SELECT {put_back}", before)


def block_of(
    cursor: Any, table: Sealed, columns: Sequence[str], *, after: int, upto: int, most: int
) -> Block:
    """Return the digest of the next rows of a table, at most `most` of them; their text never leaves the server."""
    cursor.execute(
        f"""
        SELECT max(key), count(*), coalesce(range_agg(int8range(key, key, '[]'))::text, '{{}}'),
            coalesce(string_agg(substr(digest, 1, {SHORT}), ''::bytea ORDER BY key), ''),
            sha256(coalesce(string_agg(digest, ''::bytea ORDER BY key), ''))
        FROM ({_digests(table, columns)} ORDER BY key LIMIT %s) AS block
        """,
        [after, upto, most],
    )
    last, rows, keys, digests, whole = cursor.fetchone()
    return Block(last or upto, rows, keys, bytes(digests), bytes(whole))


def digests_of(
    cursor: Any, table: Sealed, columns: Sequence[str], *, after: int, upto: int
) -> dict[int, bytes]:
    """Return the short digest of each row between two keys."""
    cursor.execute(
        f"SELECT key, substr(digest, 1, {SHORT}) FROM ({_digests(table, columns)}) AS block", [after, upto]
    )
    return {key: bytes(digest) for key, digest in cursor.fetchall()}


def _digests(table: Sealed, columns: Sequence[str]) -> str:
    said = ", ".join(column if column == CONTEXT else f'row_."{column}"' for column in columns)
    joined = (
        " LEFT JOIN public.pghistory_context context ON context.id = row_.pgh_context_id"
        if CONTEXT in columns
        else ""
    )
    return (
        f"SELECT row_.{table.key} AS key, sha256(convert_to(ROW({said})::text, 'UTF8')) AS digest"
        f" FROM public.{table.table} row_{joined} WHERE row_.{table.key} > %s AND row_.{table.key} <= %s"
    )


def chained(previous: bytes, *parts: object) -> bytes:
    """Return the head of a seal: the digest of the head before it and of everything that the seal says."""
    text = "\n".join(part.hex() if isinstance(part, bytes) else str(part) for part in parts)
    return hashlib.sha256(previous + text.encode()).digest()
