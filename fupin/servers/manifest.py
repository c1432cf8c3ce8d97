"""The manifest of a backup: what it holds, and the figures that a restore must reproduce."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from psycopg2 import sql
from psycopg2.extensions import connection as PgConnection  # noqa: N812  (a class all the same)

from fupin.servers.errors import ServerFailed

FORMAT = 1
Figures = Mapping[str, Any]
"""A table's `rows`, `digest` over all of them in any order, and `sums` of its numeric columns."""
_NAME = "manifest.json"
# a row's text must not depend on who reads it
_READING = """SET timezone = 'UTC'; SET datestyle = 'ISO'; SET intervalstyle = 'postgres';
SET bytea_output = 'hex'; SET extra_float_digits = 1; SET row_security = off; SET statement_timeout = 0"""


@dataclass(frozen=True)
class Manifest:
    """What a backup holds, and the figures that a restore must reproduce."""

    format: int
    taken_at: str
    server: str
    keys: str
    """Fingerprint of the key file."""
    files: dict[str, dict[str, str | int]]
    """Size and SHA-256 by file name."""
    tables: dict[str, Figures]
    """By table's name."""
    structure: dict[str, str]
    """Digests of the row policies, grants, triggers and constraints."""

    def write(self, folder: Path) -> None:
        """Write it into the folder."""
        text = json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True)
        (folder / _NAME).write_text(text + "\n")

    def differences(self, tables: Mapping[str, Figures], structure: Mapping[str, str]) -> list[str]:
        """Return in words what a restored database has otherwise; empty if nothing."""
        found = []
        for name in sorted(self.tables.keys() | tables.keys()):
            want, have = self.tables.get(name), tables.get(name)
            if want is None or have is None:
                found.append(f"{name}: {'unexpected' if want is None else 'missing'}")
            elif want["rows"] != have["rows"]:
                found.append(f"{name}: {have['rows']} rows, not {want['rows']}")
            elif dict(want) != dict(have):
                found.append(f"{name}: sums or contents differ")
        found += [
            f"{part} differ" for part, digest in self.structure.items() if structure.get(part) != digest
        ]
        return found


def read(folder: Path) -> Manifest:
    """Return a backup's manifest after checking its files against it; raise ServerFailed."""
    try:
        manifest = Manifest(**json.loads((folder / _NAME).read_text()))
    except (OSError, ValueError, TypeError) as error:
        raise ServerFailed(f"{folder} 不是备份目录", f"{folder} is not a backup: {error}") from error
    if manifest.format != FORMAT:
        raise ServerFailed("备份格式不认识", f"unknown backup format {manifest.format}")
    for name, expected in manifest.files.items():
        path = folder / name
        if not path.exists() or measure(path) != expected:
            raise ServerFailed(f"备份文件已损坏:{path}", f"the backup is damaged: {path}")
    return manifest


def describe(connection: PgConnection) -> tuple[dict[str, Figures], dict[str, str]]:
    """Return the figures of every table, and digests of what guards them, as the connection sees them."""
    with connection.cursor() as cursor:
        cursor.execute(_READING)
        cursor.execute(
            """
            SELECT n.nspname, c.relname,
                   coalesce(array_agg(a.attname ORDER BY a.attnum) FILTER (
                       WHERE a.atttypid IN ('numeric'::regtype, 'int8'::regtype, 'int4'::regtype)), '{}')
            FROM pg_class c
            JOIN pg_namespace n ON n.oid = c.relnamespace
            LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
              AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
            GROUP BY 1, 2 ORDER BY 1, 2
            """
        )
        tables = {
            f"{schema}.{table}": (schema, table, columns) for schema, table, columns in cursor.fetchall()
        }
        figures: dict[str, Figures] = {}
        for key, (schema, table, columns) in tables.items():
            sums = [sql.SQL("sum({})::text").format(sql.Identifier(column)) for column in columns]
            query = sql.SQL("SELECT {} FROM {} AS t").format(
                sql.SQL(", ").join(
                    [sql.SQL("count(*)"), sql.SQL("sum(hashtextextended(t::text, 0)::numeric)::text"), *sums]
                ),
                sql.Identifier(schema, table),
            )
            cursor.execute(query)
            rows, digest, *totals = cursor.fetchall()[0]
            named = {
                column: total for column, total in zip(columns, totals, strict=True) if total is not None
            }
            figures[key] = {"rows": rows, "digest": digest or "0", "sums": named}
        structure = {}
        for part, query_text in _STRUCTURE.items():
            cursor.execute(query_text)
            structure[part] = _digest(cursor.fetchall())
    return figures, structure


def measure(path: Path) -> dict[str, str | int]:
    """Return a file's size and SHA-256."""
    with path.open("rb") as file:
        return {"bytes": path.stat().st_size, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}


def scalar(connection: PgConnection, query: str) -> str:
    """Return the single value that a query answers."""
    with connection.cursor() as cursor:
        cursor.execute(query)
        row = cursor.fetchone()
    return str(row[0]) if row else ""


def _digest(rows: list[tuple[object, ...]]) -> str:
    lines = ("\t".join(map(_plain, row)) for row in rows)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _plain(value: object) -> str:
    """Return a text without casts and brackets: a dump and reload writes those of an expression anew."""
    return re.sub(r"[() ]", "", re.sub(r"::[a-z][a-z ]*(\([0-9, ]*\))?(\[\])?", "", str(value)))


_STRUCTURE = {
    "policies": """
        SELECT schemaname, tablename, policyname, permissive, roles::text, cmd, qual, with_check
        FROM pg_policies ORDER BY 1, 2, 3""",
    "row_security": """
        SELECT n.nspname, c.relname, c.relrowsecurity, c.relforcerowsecurity
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ORDER BY 1, 2""",
    "grants": """
        SELECT n.nspname, c.relname, g.grantee::regrole::text, g.privilege_type
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, aclexplode(c.relacl) g
        WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND g.grantee <> c.relowner
        ORDER BY 1, 2, 3, 4""",
    "triggers": """
        SELECT c.relname, t.tgname, pg_get_triggerdef(t.oid)
        FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal ORDER BY 1, 2""",
    "constraints": """
        SELECT c.conrelid::regclass::text, c.conname, pg_get_constraintdef(c.oid)
        FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace
        WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ORDER BY 1, 2""",
}
