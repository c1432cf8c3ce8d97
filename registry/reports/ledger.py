"""The register's ledger by place and year: opening + in − out = closing, each number with its households (policy §3; procedures §7).

All are sums of the same rows (`RegisterEntry`), cut at the first and the last day of the year, so they add up; that the rows agree with
where the households stand is asked by `differences`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.db import connection
from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, Mod

from fupin.accounts.models import User
from fupin.divisions.codes import Level, code_range, level_of
from fupin.divisions.models import Division
from registry.models import EntryWhy, RegisterEntry
from registry.models.register_entry import IN, OUT
from registry.rules.help.after_exit import ON_REGISTER

_SPAN: Final = {Level.CITY: 10**8, Level.COUNTY: 10**6, Level.TOWNSHIP: 10**3, Level.VILLAGE: 1}
WAYS_IN: Final = (
    EntryWhy.CARRIED,
    EntryWhy.IDENTIFIED,
    EntryWhy.RELAPSED,
    EntryWhy.RESTORED,
    EntryWhy.MOVED,
    EntryWhy.CORRECTED,
)
WAYS_OUT: Final = (EntryWhy.LEFT, EntryWhy.CLEARED, EntryWhy.CLOSED, EntryWhy.MOVED, EntryWhy.CORRECTED)


def way(direction: int, why: str) -> str:
    """Return the name under which a way in or out is counted and asked for."""
    return f"{'in' if direction == IN else 'out'}_{why.lower()}"


WAYS: Final = (
    *((way(IN, why), IN, why) for why in WAYS_IN),
    *((way(OUT, why), OUT, why) for why in WAYS_OUT),
)


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """A division's year in households."""

    division: Division
    opening: int = 0
    came: int = 0
    went: int = 0
    closing: int = 0
    ways: Mapping[str, int] = field(default_factory=dict)

    @property
    def adds_up(self) -> bool:
        """Tell whether opening + in − out = closing."""
        return self.opening + self.came - self.went == self.closing

    @property
    def cells(self) -> list[tuple[str, int]]:
        """Return each number with the name under which its households are asked for."""
        ins = [(name, self.ways.get(name, 0)) for name, direction, _ in WAYS if direction == IN]
        outs = [(name, self.ways.get(name, 0)) for name, direction, _ in WAYS if direction == OUT]
        return [
            ("opening", self.opening),
            *ins,
            ("in", self.came),
            *outs,
            ("out", self.went),
            ("closing", self.closing),
        ]


@dataclass(frozen=True, slots=True)
class Ledger:
    """The year of a division: those below it that the register knows, and all together."""

    year: int
    here: Division
    rows: Sequence[LedgerRow]
    total: LedgerRow


def ledger(user: User, here: Division, year: int) -> Ledger:
    """Return a year's ledger of the divisions right below one, of a village its own."""
    level = level_of(here.pk)
    span = _SPAN[Level(min(level + 1, Level.VILLAGE))]
    sums = _sums(year)
    rows: Any = (
        _entries(user, here.pk)
        .order_by()
        .annotate(place=F("division_id") - Mod(F("division_id"), span))
        .values("place")
        .annotate(**sums)
    )
    counted = {row.pop("place"): row for row in rows}
    divisions = Division.objects.filter(pk__in=counted).order_by("code")
    total = _entries(user, here.pk).order_by().aggregate(**sums)
    return Ledger(year, here, [_row(one, counted[one.pk]) for one in divisions], _row(here, total))


def _entries(user: User, code: int) -> "QuerySet[RegisterEntry]":
    return RegisterEntry.objects.visible_to(user).within(code)


def _sums(year: int) -> dict[str, Any]:
    before, within, upto = _before(year), _within(year), Q(on__lte=date(year, 12, 31))
    return {
        "opening": Coalesce(Sum("direction", filter=before), 0),
        "came": Count("pk", filter=within & Q(direction=IN)),
        "went": Count("pk", filter=within & Q(direction=OUT)),
        "closing": Coalesce(Sum("direction", filter=upto), 0),
        **{
            name: Count("pk", filter=within & Q(direction=direction, why=why))
            for name, direction, why in WAYS
        },
    }


def _before(year: int) -> Q:
    return Q(on__lt=date(year, 1, 1))


def _within(year: int) -> Q:
    return Q(on__gte=date(year, 1, 1), on__lte=date(year, 12, 31))


def _row(division: Division, counted: Mapping[str, int]) -> LedgerRow:
    return LedgerRow(
        division,
        counted["opening"],
        counted["came"],
        counted["went"],
        counted["closing"],
        {name: counted[name] for name, _, _ in WAYS},
    )


def households_behind(user: User, code: int, year: int, part: str) -> "QuerySet[Any]":
    """Return the households behind a number of the ledger, as rows of `household_id`, and of those who came or went `on` and `why`.

    There are none behind an unknown part.
    """
    entries = _entries(user, code).order_by()
    if part in {"opening", "closing"}:
        upto = _before(year) if part == "opening" else Q(on__lte=date(year, 12, 31))
        standing = entries.filter(upto).values("household_id").annotate(stands=Sum("direction"))
        return standing.filter(stands__gt=0).order_by("household_id")
    kept = {name: Q(direction=direction, why=why) for name, direction, why in WAYS}
    kept |= {"in": Q(direction=IN), "out": Q(direction=OUT)}
    if part not in kept:
        return entries.none().values("household_id")
    return entries.filter(_within(year), kept[part]).values("household_id", "on", "why").order_by("on", "pk")


@dataclass(frozen=True, slots=True)
class Difference:
    """A village whose ledger and households disagree, with some of the households."""

    village: int
    households: int
    examples: Sequence[str]


def differences(code: int) -> list[Difference]:
    """Return the villages at or below a division whose ledger does not say of each household what its status says.

    Nothing is what it should return: the rows are the database's own. Suspended households (S) stand as the ledger has them.
    """
    low, high = code_range(code)
    with connection.cursor() as cursor:
        cursor.execute(_DIFFERENCES, [low, high, low, high, sorted(ON_REGISTER)])
        return [Difference(*row) for row in cursor.fetchall()]


_DIFFERENCES: Final = """
    WITH balance AS (
        SELECT household_id, division, sum(direction) AS stands FROM registry_registerentry
        WHERE division >= %s AND division < %s GROUP BY household_id, division HAVING sum(direction) <> 0
    ), household AS (
        SELECT id, division, household_no, status FROM registry_household WHERE division >= %s AND division < %s
    )
    SELECT coalesce(b.division, h.division), count(*), (array_agg(coalesce(h.household_no, b.household_id::text)))[1:5]
    FROM household h FULL JOIN balance b ON b.household_id = h.id AND b.division = h.division
    WHERE h.id IS NULL OR b.stands <> 1 OR (h.status <> 'S' AND (h.status = ANY (%s)) <> (b.stands IS NOT NULL))
    GROUP BY 1 ORDER BY 1
"""
