"""Runs of re-identification as pages and files show them: how far each county is, what it came to, who stands on which list."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from django.db.models import Count, QuerySet, Sum

from fupin.accounts.models import User
from fupin.divisions.codes import Level, code_range, level_of
from registry.models import (
    Household,
    HouseholdYear,
    ReidentificationCounty,
    ReidentificationFinding,
    ReidentificationRun,
)
from registry.rules.reidentify import Listed, Reason

COUNTED: Final = (
    "households",
    "may_leave",
    "newly_below",
    "fallen_back",
    "unchanged",
    "held_back",
    "other_standard",
    "without_card",
)
BATCH: Final = 500

REASON_WORDS: Final = (
    (Reason.INCOME_BELOW, "人均纯收入低于标准"),
    (Reason.OUT_OF_SCHOOL, "义务教育阶段失学辍学"),
    (Reason.UNINSURED, "有人没有参合"),
    (Reason.DANGEROUS_HOUSE, "C、D 级危房"),
    (Reason.UNSAFE_WATER, "饮水不安全"),
)
"""Reasons that tell one finding of a list from another, as its filter names them."""


def runs(user: User) -> "QuerySet[ReidentificationRun]":
    """Return the runs that reach into the user's division, the latest first, each with its sums there."""
    seen = ReidentificationRun.objects.visible_to(user)
    return seen.select_related("division", "asked_by", "job", "round").order_by("-year", "-pk")


def sums_of(user: User, found: Iterable[ReidentificationRun]) -> dict[int, Mapping[str, int]]:
    """Return the sums of several runs over the counties that the user may see, by run."""
    runs_asked = list(found)
    counties = ReidentificationCounty.objects.visible_to(user)
    rows: Any = (
        counties.filter(run__in=runs_asked)
        .order_by()
        .values("run_id")
        .annotate(**{f"sum_{name}": Sum(name) for name in COUNTED})
    )
    sums: dict[int, Mapping[str, int]] = {one.pk: dict.fromkeys(COUNTED, 0) for one in runs_asked}
    for row in rows:
        sums[row["run_id"]] = {name: row[f"sum_{name}"] for name in COUNTED}
    return sums


def lengths_of(user: User, run: ReidentificationRun, division: str) -> dict[int, int]:
    """Return how many households stand on each list, in the user's division or one within it.

    The counties' own counts say it where nothing narrower is asked; else the findings are counted.
    """
    own = user.post.division_id if user.post else 0
    if own and not division and level_of(own) <= Level.COUNTY:
        sums = sums_of(user, [run])[run.pk]
        return {one.value: sums[one.name.lower()] for one in Listed}
    rows: QuerySet[Any] = ReidentificationFinding.objects.visible_to(user).filter(run=run)
    if division:
        rows = in_range(rows, division)
    counted: Any = rows.order_by().values("listed").annotate(households=Count("pk"))
    found = {row["listed"]: row["households"] for row in counted}
    return {one.value: found.get(one.value, 0) for one in Listed}


def in_range(rows: "QuerySet[Any]", code: str) -> "QuerySet[Any]":
    """Keep the rows at or below the division of a code; what is no code keeps nothing."""
    try:
        low, high = code_range(int(code))
    except ValueError:
        return rows.none()
    return rows.filter(division_id__gte=low, division_id__lt=high)


@dataclass(frozen=True, slots=True)
class Progress:
    """A run as it goes: its counties, how many are done, and what they came to so far."""

    counties: Sequence[ReidentificationCounty]
    done: int
    sums: Mapping[str, int]

    @property
    def total(self) -> int:
        """Return how many counties there are."""
        return len(self.counties)


def progress_of(user: User, run: ReidentificationRun) -> Progress:
    """Return how far a run is, in the counties that the user may see."""
    seen = ReidentificationCounty.objects.visible_to(user)
    counties = list(seen.filter(run=run).select_related("division__parent").order_by("division_id"))
    sums = {name: sum(getattr(one, name) for one in counties) for name in COUNTED}
    return Progress(counties, sum(one.done_at is not None for one in counties), sums)


@dataclass(frozen=True, slots=True)
class FoundRow:
    """A finding with the household as it stands now, the head of its card, and the reasons in sentences."""

    finding: ReidentificationFinding
    household: Household
    head_name: str
    reasons: Sequence[str]

    @property
    def reason_text(self) -> str:
        """Return all reasons as one text."""
        return "；".join(self.reasons) + "。"

    @property
    def village(self) -> str:
        """Return the name of the village."""
        return self.finding.division.name

    @property
    def township(self) -> str:
        """Return the name of the township."""
        above = self.finding.division.parent
        return above.name if above is not None and level_of(above.pk) == Level.TOWNSHIP else ""


def told(findings: Iterable[ReidentificationFinding], run: ReidentificationRun) -> Iterator[FoundRow]:
    """Yield findings with household, head and reasons, a query a batch; `household`, `case` and `division__parent` are at hand."""
    waiting = iter(findings)
    while batch := list(islice(waiting, BATCH)):
        cards = HouseholdYear.objects.filter(
            year=run.income_year, household_id__in=[one.household_id for one in batch]
        )
        heads = dict(cards.order_by().values_list("household_id", "head_name"))
        for one in batch:
            one.run = run
            yield FoundRow(one, one.household, heads.get(one.household_id, ""), list(one.told()))
