"""Cards that deserve a second look: income against the line, and persons or numbers that stand twice.

Whether a person stands twice under one ID number is for the tables to prevent (R-04); here is what numbers do not tell.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, QuerySet

from fupin.policy.standards import poverty_line
from registry.models import HouseholdYear, MemberYear
from registry.rules.poverty import is_above_line, is_below_line

_NUMBER: Final = "household_year__household__household_no"
MOST: Final = 200
"""Suspicions told at once: more are a flood that nobody works through."""


def households_below_line(cards: "QuerySet[HouseholdYear]", year: int) -> "QuerySet[HouseholdYear]":
    """Keep the year's cards whose net income lies below the poverty line, unrounded; raise NoStandard."""
    return cards.filter(is_below_line(poverty_line(year).amount), year=year)


def households_above_line(cards: "QuerySet[HouseholdYear]", year: int) -> "QuerySet[HouseholdYear]":
    """Keep the year's cards whose net income exceeds the poverty line; raise NoStandard."""
    return cards.filter(is_above_line(poverty_line(year).amount), year=year)


@dataclass(frozen=True, slots=True)
class SamePerson:
    """One name and birth date on cards of several households, under different ID numbers."""

    name: str
    birth_date: date
    household_nos: tuple[str, ...]


def same_persons(members: "QuerySet[MemberYear]", year: int, *, most: int = MOST) -> Sequence[SamePerson]:
    """Return counted persons of the year who share name and birth date across households, with one query."""
    rows = (
        members.filter(year=year, is_counted=True, is_live=True, member__birth_date__isnull=False)
        .order_by()
        .values("member__name", "member__birth_date")
        .annotate(
            households=Count("household_year_id", distinct=True),
            numbers=ArrayAgg(_NUMBER, distinct=True, order_by=_NUMBER),
        )
        .filter(households__gt=1)
        .order_by("member__name", "member__birth_date")[:most]
    )
    return [
        SamePerson(row["member__name"], born, tuple(row["numbers"]))
        for row in rows
        if (born := row["member__birth_date"]) is not None
    ]


@dataclass(frozen=True, slots=True)
class SameNumber:
    """One telephone or account on the cards of several households; `masked` is how it is shown."""

    masked: str
    household_nos: tuple[str, ...]


def same_accounts(cards: "QuerySet[HouseholdYear]", year: int, *, most: int = MOST) -> Sequence[SameNumber]:
    """Return the bank accounts that more than one household of the year gave."""
    return _shared(cards, year, "bank_account", more_than=1, most=most)


def same_phones(
    cards: "QuerySet[HouseholdYear]", year: int, *, more_than: int = 3, most: int = MOST
) -> Sequence[SameNumber]:
    """Return the telephones that more than three households of the year gave (data standard §1.5)."""
    return _shared(cards, year, "phone", more_than=more_than, most=most)


def _shared(
    cards: "QuerySet[HouseholdYear]", year: int, name: str, *, more_than: int, most: int
) -> Sequence[SameNumber]:
    rows = (
        cards.filter(year=year, **{f"{name}_index__isnull": False})
        .order_by()
        .values(f"{name}_index", f"{name}_masked")
        .annotate(
            households=Count("household_id", distinct=True),
            numbers=ArrayAgg("household__household_no", distinct=True, order_by="household__household_no"),
        )
        .filter(households__gt=more_than)
        .order_by("-households", f"{name}_masked")[:most]
    )
    return [SameNumber(row[f"{name}_masked"], tuple(row["numbers"])) for row in rows]
