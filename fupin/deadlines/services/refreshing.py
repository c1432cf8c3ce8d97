"""Ask the apps' rules what is to be done by when, and keep the clocks as they say: one statement a kind."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Final, NamedTuple

from celery import current_app
from django.core.exceptions import EmptyResultSet
from django.db import DatabaseError, connection, transaction
from kombu.exceptions import OperationalError as QueueAway

from fupin.accounts.scope import whole_province
from fupin.deadlines.kinds import KINDS, PREFIX, Kind, Rows
from fupin.deadlines.models import Clock
from fupin.deadlines.services.locking import LOCK, hold
from fupin.divisions.codes import Level

REFRESH_ONE: Final = "fupin.deadlines.tasks.refresh_one"

log = logging.getLogger(__name__)

DONE: Final = "已办结"
GONE: Final = "事由已消失"
NO_RULE: Final = "此项规则已停用"

_SPAN: Final = {
    Level.PROVINCE: 10**10,
    Level.CITY: 10**8,
    Level.COUNTY: 10**6,
    Level.TOWNSHIP: 1000,
    Level.VILLAGE: 1,
}


class Refreshed(NamedTuple):
    """What became of the clocks of one kind."""

    kind: str
    changed: int
    """New, moved, closed as done, or running again."""
    gone: int
    """Closed because their reason is no more."""


@dataclass(frozen=True, slots=True)
class Refreshment:
    """What asking all rules came to; ``failed`` are the kinds whose rule broke: theirs stay as they were."""

    kinds: tuple[Refreshed, ...]
    failed: tuple[str, ...]


def refresh(*, today: date) -> Refreshment:
    """Ask every rule on a day and write what it says. May run twice, and twice at once: the result is the same.

    A rule that fails is logged and left out; the clocks of the others go on. Clocks of kinds that no rule stands for
    any more are closed.
    """
    done, failed = [], []
    for kind in KINDS.values():
        try:
            done.append(refresh_kind(kind, today=today))
        except (DatabaseError, ValueError, TypeError) as error:
            log.exception("the rule of clocks %s failed: %s", kind.name, type(error).__name__)
            failed.append(kind.name)
    _close_without_rule(today)
    return Refreshment(tuple(done), tuple(failed))


def refresh_kind(kind: Kind, *, today: date) -> Refreshed:
    """Ask one rule and write its clocks: new ones, those that have changed, those that are done, those that are gone."""
    with whole_province():
        hold(LOCK)
        found, parameters = _said(kind, today)
        statement = _STATEMENT.format(found=found)
        with connection.cursor() as cursor:
            cursor.execute(
                statement, [*parameters, kind.name, kind.url, kind.basis, DONE, kind.name, *([today, GONE])]
            )
            changed, gone = cursor.fetchone()
    return Refreshed(kind.name, changed, gone)


def refresh_soon(kind: str) -> None:
    """Let the worker ask one rule again once this transaction holds: what a clerk has just done stops its clock.

    A message that is lost is made up by the hourly round.
    """
    transaction.on_commit(partial(_deliver, kind), robust=True)


def _deliver(kind: str) -> None:
    try:
        current_app.tasks[REFRESH_ONE].apply_async((kind,), retry=False)
    except QueueAway as error:
        log.warning("clocks %s will be asked with the next round: %s", kind, type(error).__name__)


def _close_without_rule(today: date) -> None:
    with whole_province():
        Clock.objects.running().exclude(kind__in=list(KINDS)).update(closed_on=today, closed_because=NO_RULE)


def _said(kind: Kind, today: date) -> tuple[str, Sequence[Any]]:
    """Return the rule's query with the clock's own columns, and its parameters."""
    said = kind.rule(today)
    try:
        query, parameters = said.query.query.sql_with_params()
    except EmptyResultSet:
        return _NOTHING, ()
    given = _columns(kind, said)
    return f"SELECT {given.text} FROM ({query}) AS found", (*given.parameters(today), *parameters)


class _Columns(NamedTuple):
    text: str
    values: tuple[Any, ...]

    def parameters(self, today: date) -> tuple[Any, ...]:
        """Return the values for the placeholders, the day put where it belongs."""
        return tuple(today if value is _TODAY else value for value in self.values)


_TODAY: Final = object()


def _columns(kind: Kind, said: Rows) -> _Columns:
    """Return each column as the rule gives it, else as its kind has it."""
    texts: list[str] = []
    values: list[Any] = []

    def column(name: str, cast: str, *, otherwise: str, value: Any = None) -> None:
        if name in said.columns:
            given = f"found.{PREFIX}{name}"
            texts.append(
                f"{given}::{cast}" if otherwise == "NULL" else f"coalesce({given}::{cast}, {otherwise})"
            )
        else:
            texts.append(f"({otherwise})::{cast}")
        if "%s" in texts[-1]:
            values.append(value)
        texts[-1] += f" AS {name}"

    for name, cast in (
        ("subject_key", "text"),
        ("division", "bigint"),
        ("starts_on", "date"),
        ("due_on", "date"),
    ):
        column(name, cast, otherwise="NULL")
    column("title", "text", otherwise="%s", value=kind.title)
    column("url_args", "text[]", otherwise="'{}'::text[]")
    column("warn_days", "smallint", otherwise="%s", value=kind.warn_days)
    column("escalate_days", "smallint", otherwise="%s", value=kind.escalate_days)
    column("role", "text", otherwise="%s", value=kind.role.value)
    division = f"found.{PREFIX}division"
    column("at", "bigint", otherwise=f"{division} - {division} %% {_SPAN[kind.level]}")
    column("user", "bigint", otherwise="NULL")
    if "done_on" in said.columns:
        done = f"found.{PREFIX}done_on::date"
        texts.append(f"CASE WHEN {done} <= %s THEN {done} END AS done_on")
        values.append(_TODAY)
    else:
        texts.append("NULL::date AS done_on")
    return _Columns(", ".join(texts), tuple(values))


_NOTHING: Final = """SELECT NULL::text AS subject_key, NULL::bigint AS division, NULL::date AS starts_on, NULL::date AS due_on,
    NULL::text AS title, NULL::text[] AS url_args, NULL::smallint AS warn_days, NULL::smallint AS escalate_days,
    NULL::text AS role, NULL::bigint AS at, NULL::bigint AS "user", NULL::date AS done_on WHERE false"""

_WRITTEN: Final = (
    "url_name, url_args, division, title, basis, starts_on, due_on, warn_days, escalate_days, role, at_division, "
    "user_id, closed_on, closed_because"
)
_OLD: Final = ", ".join(f"c.{name.strip()}" for name in _WRITTEN.split(","))
_NEW: Final = ", ".join(f"excluded.{name.strip()}" for name in _WRITTEN.split(","))

_STATEMENT: Final = (
    """
    WITH due AS MATERIALIZED ({found}),
    kept AS (
        INSERT INTO deadlines_clock AS c (kind, subject_key, """
    + _WRITTEN
    + """)
        SELECT %s, subject_key, %s, url_args, division, title, %s, starts_on, due_on, warn_days, escalate_days, role, at,
            "user", done_on, CASE WHEN done_on IS NULL THEN '' ELSE %s END
        FROM due
        ON CONFLICT (kind, subject_key) DO UPDATE SET ("""
    + _WRITTEN
    + ") = ("
    + _NEW
    + """)
        WHERE ("""
    + _OLD
    + ") IS DISTINCT FROM ("
    + _NEW
    + """)
        RETURNING 1
    ), gone AS (
        UPDATE deadlines_clock AS c SET closed_on = day.today, closed_because = day.reason
        FROM (SELECT %s::text AS kind, %s::date AS today, %s::text AS reason) AS day
        WHERE c.kind = day.kind AND c.closed_on IS NULL
            AND NOT EXISTS (SELECT FROM due WHERE due.subject_key = c.subject_key)
        RETURNING 1
    )
    SELECT (SELECT count(*) FROM kept), (SELECT count(*) FROM gone)
    """
)
