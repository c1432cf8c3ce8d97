"""Hold the cards of a division against the conditions of re-identification: one statement a county, whatever it holds."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from typing import Any, Final

from django.db import connection
from django.db.models import QuerySet

from fupin.divisions.codes import code_range
from registry.models import HouseholdStanding
from registry.models.household import LIVE
from registry.rules.reidentify import OF_LIST, OURS, broken_as, listed_as, over_line

WORK_MEM: Final = "64MB"
"""A large county's members are grouped in memory."""

KEPT: Final = ("net_income", "member_count", "dropouts", "uninsured", "danger_level")
"""The figures that a finding keeps, to tell its reasons by."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What a division came to, in households."""

    households: int = 0
    may_leave: int = 0
    newly_below: int = 0
    fallen_back: int = 0
    unchanged: int = 0
    held_back: int = 0
    other_standard: int = 0
    without_card: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(Counts)))


def judged(*, low: int, high: int, income_year: int, line: Decimal) -> "QuerySet[Any]":
    """Return the households that stand in a range of divisions and have a card of a year, each with its list and what is broken.

    `listed` is 0 for those that move nowhere. What decides stands in `registry.rules.reidentify`; here is only where it is read.
    """
    return HouseholdStanding.objects.filter(
        year=income_year, division_id__gte=low, division_id__lt=high, status__in=LIVE
    ).annotate(listed=listed_as(line, income_year), broken=broken_as(line), is_over_line=over_line(line))


def judge_division(code: int, *, income_year: int, line: Decimal, into: int | None = None) -> Counts:
    """Judge all of a division and return the counts; with `into` its findings are written to that run in the same statement.

    A household is found once a run, however often this is asked. Meanwhile the transaction's scope is the division alone: every row
    policy then tells the planner how little of its table is asked for.
    """
    low, high = code_range(code)
    rows = judged(low=low, high=high, income_year=income_year, line=line).values(
        "division_id",
        "household_id",
        "listed",
        "broken",
        "is_over_line",
        "id_standard",
        *KEPT,
    )
    query, parameters = rows.query.sql_with_params()
    statement = _STATEMENT.format(query=query, kept=_KEPT if into is not None else "")
    written: Sequence[Any] = (into,) if into is not None else ()
    with narrowed(low, high), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('work_mem', %s, true)", [WORK_MEM])
        cursor.execute(statement, [*parameters, *written, list(OURS)])
        counts = cursor.fetchone()
        cursor.execute(_WITHOUT_CARD, [low, high, sorted(LIVE), income_year])
        (missing,) = cursor.fetchone()
    return replace(Counts(*counts), without_card=missing)


@contextmanager
def narrowed(low: int, high: int) -> Iterator[None]:
    """Let a block see a range of divisions alone, as far as the transaction's scope reaches, and then the scope again."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('app.lo')::bigint, current_setting('app.hi')::bigint")
        lo, hi = cursor.fetchone()
        _set(cursor, max(lo, low), min(hi, high))
        yield
        _set(cursor, lo, hi)


def _set(cursor: Any, low: int, high: int) -> None:
    cursor.execute(
        "SELECT set_config('app.lo', %s, true), set_config('app.hi', %s, true)", [str(low), str(high)]
    )


_COLUMNS: Final = ", ".join(KEPT)
_REASONS: Final = " ".join(f"WHEN {listed.value} THEN {reasons.value}" for listed, reasons in OF_LIST.items())

_KEPT: Final = f""", kept AS (
        INSERT INTO registry_reidentificationfinding (division, run_id, household_id, listed, reasons, {_COLUMNS})
        SELECT division_id, %s, household_id, listed, CASE listed {_REASONS} ELSE broken END, {_COLUMNS} FROM judged WHERE listed > 0
        ON CONFLICT (household_id, run_id) DO NOTHING
    )"""  # noqa: S608  (columns named above)

_STATEMENT: Final = """
    WITH judged AS MATERIALIZED ({query}){kept}
    SELECT count(*), count(*) FILTER (WHERE listed = 1), count(*) FILTER (WHERE listed = 2), count(*) FILTER (WHERE listed = 3),
        count(*) FILTER (WHERE listed = 0), count(*) FILTER (WHERE is_over_line AND listed = 0),
        count(*) FILTER (WHERE id_standard <> ALL (%s))
    FROM judged
"""

_WITHOUT_CARD: Final = """
    SELECT count(*) FROM registry_household h
    WHERE h.division >= %s AND h.division < %s AND h.status = ANY (%s)
        AND NOT EXISTS (SELECT FROM registry_householdyear y WHERE y.household_id = h.id AND y.year = %s)
"""

__all__ = ["Counts", "judge_division", "judged", "narrowed"]
