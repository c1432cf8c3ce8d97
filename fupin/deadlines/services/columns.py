"""A rule's query as the clocks' own columns: what the rule gives, else what its kind says."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from django.core.exceptions import EmptyResultSet

from fupin.deadlines.kinds import PREFIX, Kind, Rows
from fupin.divisions.codes import Level

_SPAN: Final = {
    Level.PROVINCE: 10**10,
    Level.CITY: 10**8,
    Level.COUNTY: 10**6,
    Level.TOWNSHIP: 1000,
    Level.VILLAGE: 1,
}
"""How many codes a division of a level spans: what is cut off to reach it (fupin.divisions.codes)."""

_FOUND: Final = "SELECT {columns} FROM ({query}) AS found"


def selection(kind: Kind, today: date) -> tuple[str, Sequence[Any]]:
    """Return the SELECT of a kind's clocks on a day, and its parameters; the rule is called and not yet asked."""
    said = kind.rule(today)
    columns, values = _columns(kind, said, today)
    try:
        query, parameters = said.query.query.sql_with_params()
    except EmptyResultSet:
        return _NOTHING, ()
    return _FOUND.format(columns=columns, query=query), (*values, *parameters)


def _columns(kind: Kind, said: Rows, today: date) -> tuple[str, Sequence[Any]]:
    """Return the columns in words of SQL, and the values for their placeholders."""
    texts: list[str] = []
    values: list[Any] = []

    def column(name: str, cast: str, otherwise: str = "NULL", *value: Any) -> None:
        given = f"found.{PREFIX}{name}::{cast}, " if name in said.columns else ""
        texts.append(f"coalesce({given}({otherwise})::{cast}) AS {name}")
        values.extend(value)

    division = f"found.{PREFIX}division"
    column("subject_key", "text")
    column("division", "bigint")
    column("starts_on", "date")
    column("due_on", "date")
    column("title", "text", "%s", kind.title)
    column("url_args", "text[]", "'{}'")
    column("warn_days", "smallint", "%s", kind.warn_days)
    column("escalate_days", "smallint", "%s", kind.escalate_days)
    column("role", "text", "%s", kind.role.value)
    column("at", "bigint", f"{division} - {division} %% {_SPAN[kind.level]}")
    column("user", "bigint")
    done = f"found.{PREFIX}done_on" if "done_on" in said.columns else "NULL"
    texts.append(f"CASE WHEN ({done})::date <= %s THEN ({done})::date END AS done_on")
    values.append(today)
    return ", ".join(texts), values


_NOTHING: Final = """SELECT NULL::text AS subject_key, NULL::bigint AS division, NULL::date AS starts_on, NULL::date AS due_on,
    NULL::text AS title, NULL::text[] AS url_args, NULL::smallint AS warn_days, NULL::smallint AS escalate_days,
    NULL::text AS role, NULL::bigint AS at, NULL::bigint AS "user", NULL::date AS done_on WHERE false"""
