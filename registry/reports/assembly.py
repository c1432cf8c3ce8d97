"""Rows already in hand, put together as the plain card: stored ones and those of the history alike."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import models

from registry.reports import columns
from registry.reports.columns import values_of
from registry.rules.card import Card, Condition, Income, IncomeLine, MemberCard, Relocation, Subsidy


def card_of(household_year: Any, members: Iterable[MemberCard], relocation: models.Model | None) -> Card:
    """Return the card of a HouseholdYear, or of one of its events, with its members; numbers are masked."""
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
        members=tuple(members),
        relocation=relocation_card(relocation) if relocation else None,
    )


def member_card(member: Any, member_year: Any) -> MemberCard:
    """Return one member of a card from a Member and a MemberYear, or from their events."""
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


def _income(row: Any) -> Income:
    lines: Sequence[Mapping[str, Any]] = row.income_lines
    return Income(**values_of(row, columns.INCOME), lines=tuple(income_line(line) for line in lines))


def relocation_card(row: Any) -> Relocation:
    """Return the relocation of a card from its row."""
    subsidies = tuple(
        Subsidy(line["channel"], Decimal(str(line["amount"])), line.get("year")) for line in row.subsidies
    )
    return Relocation(**values_of(row, columns.RELOCATION), subsidies=subsidies)


def _masked(row: object, sealed: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(row, f"{name}_masked") or None for name in sealed}


def _decimal(value: object) -> Decimal | None:
    return None if value in (None, "") else Decimal(str(value))
