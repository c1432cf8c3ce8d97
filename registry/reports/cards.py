"""A household's card of a year, read from its rows into plain data."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, QuerySet

from registry.models import HouseholdYear, MemberYear, Relocation
from registry.reports import columns
from registry.reports.columns import values_of
from registry.rules.card import (
    Card,
    Condition,
    Income,
    IncomeLine,
    MemberCard,
    Relocation as RelocationCard,
    Subsidy,
)


def read_card(household_year: HouseholdYear) -> Card:
    """Return the card; numbers are masked, members stand in the order of their seats."""
    members = list(household_year.members.select_related("member").order_by("seat"))
    relocation = Relocation.objects.filter(household_year=household_year).first()
    return card_of(household_year, members, relocation)


def read_cards(household_years: "QuerySet[HouseholdYear]", *, chunk: int = 500) -> Iterator[Card]:
    """Yield the cards of many households in the order asked for, with four queries a chunk."""
    members = MemberYear.objects.select_related("member").order_by("household_year_id", "seat")
    rows = household_years.select_related("household").prefetch_related(Prefetch("members", queryset=members))
    for row in rows.prefetch_related("relocation").iterator(chunk_size=chunk):
        yield card_of(row, list(row.members.all()), getattr(row, "relocation", None))


def card_of(
    household_year: HouseholdYear, members: Iterable[MemberYear], relocation: Relocation | None
) -> Card:
    """Return the card that rows already in hand make up."""
    condition = {name: columns.value_of(household_year, column) for name, column in columns.CONDITION.items()}
    return Card(
        year=household_year.year,
        village_code=str(household_year.division_id),
        household_no=household_year.household.household_no,
        **values_of(household_year, columns.HOUSEHOLD),
        **values_of(household_year.household, columns.STANDING),
        **_masked(household_year, columns.SEALED_HOUSEHOLD),
        income=_income(household_year),
        condition=Condition(**condition),
        members=tuple(member_card(member) for member in members),
        relocation=_relocation(relocation) if relocation else None,
    )


def member_card(member_year: MemberYear) -> MemberCard:
    """Return one member of a card; `member_year.member` should be at hand."""
    member = member_year.member
    return MemberCard(
        member_no=member.member_no,
        **values_of(member, columns.IDENTITY),
        **_masked(member, columns.SEALED_IDENTITY),
        **values_of(member_year, columns.YEARLY),
        **_masked(member_year, columns.SEALED_YEARLY),
    )


def income_line(stored: Mapping[str, Any]) -> IncomeLine:
    """Return a line of income as `income_lines` stores it."""
    return IncomeLine(
        kind=stored["kind"],
        amount=Decimal(str(stored["amount"])),
        item=stored.get("item") or "",
        quantity=_decimal(stored.get("quantity")),
        unit=stored.get("unit") or "",
        unit_price=_decimal(stored.get("unit_price")),
        evidence=stored.get("evidence") or "",
    )


def _income(row: HouseholdYear) -> Income:
    lines: Sequence[Mapping[str, Any]] = row.income_lines
    return Income(**values_of(row, columns.INCOME), lines=tuple(income_line(line) for line in lines))


def _relocation(row: Relocation) -> RelocationCard:
    subsidies = tuple(
        Subsidy(line["channel"], Decimal(str(line["amount"])), line.get("year")) for line in row.subsidies
    )
    return RelocationCard(**values_of(row, columns.RELOCATION), subsidies=subsidies)


def _masked(row: object, sealed: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(row, f"{name}_masked") or None for name in sealed}


def _decimal(value: object) -> Decimal | None:
    return None if value in (None, "") else Decimal(str(value))
