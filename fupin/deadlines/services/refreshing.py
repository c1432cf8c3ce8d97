"""Ask the apps' rules what is to be done by when, and keep the clocks as they say: one statement a kind."""

import logging
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple

from celery import current_app
from django.db import DatabaseError, connection, transaction
from kombu.exceptions import OperationalError as QueueAway

from fupin.accounts.scope import whole_province
from fupin.deadlines.kinds import KINDS, Kind
from fupin.deadlines.models import Clock
from fupin.deadlines.services.columns import selection
from fupin.deadlines.services.locking import LOCK, hold

REFRESH_ONE: Final = "fupin.deadlines.tasks.refresh_one"

log = logging.getLogger(__name__)

DONE: Final = "已办结"
GONE: Final = "事由已消失"
NO_RULE: Final = "此项规则已停用"


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
        found, parameters = selection(kind, today)
        statement = _STATEMENT.format(found=found, written=_WRITTEN, old=_OLD, new=_NEW)
        own: tuple[Any, ...] = (kind.name, kind.url, kind.basis, DONE, kind.name, today, GONE)
        with connection.cursor() as cursor:
            cursor.execute(statement, (*parameters, *own))
            changed, gone = cursor.fetchone()
    return Refreshed(kind.name, changed, gone)


def refresh_soon(kind: str) -> None:
    """Let the worker ask one rule again once this transaction holds: what a clerk has just done stops its clock.

    A message that is lost is made up by the hourly round.
    """
    transaction.on_commit(lambda: _deliver(kind), robust=True)


def _deliver(kind: str) -> None:
    try:
        current_app.tasks[REFRESH_ONE].apply_async((kind,), retry=False)
    except QueueAway as error:
        log.warning("clocks %s will be asked with the next round: %s", kind, type(error).__name__)


def _close_without_rule(today: date) -> None:
    with whole_province():
        Clock.objects.running().exclude(kind__in=list(KINDS)).update(closed_on=today, closed_because=NO_RULE)


_WRITTEN: Final = (
    "url_name, url_args, division, title, basis, starts_on, due_on, warn_days, escalate_days, role, at_division, "
    "user_id, closed_on, closed_because"
)
_OLD: Final = ", ".join(f"c.{name.strip()}" for name in _WRITTEN.split(","))
_NEW: Final = ", ".join(f"excluded.{name.strip()}" for name in _WRITTEN.split(","))

_STATEMENT: Final = """
    WITH due AS MATERIALIZED ({found}),
    kept AS (
        INSERT INTO deadlines_clock AS c (kind, subject_key, {written})
        SELECT %s, subject_key, %s, url_args, division, title, %s, starts_on, due_on, warn_days, escalate_days, role, at,
            "user", done_on, CASE WHEN done_on IS NULL THEN '' ELSE %s END
        FROM due
        ON CONFLICT (kind, subject_key) DO UPDATE SET ({written}) = ({new})
        WHERE ({old}) IS DISTINCT FROM ({new})
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
