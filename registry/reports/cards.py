"""A household's card of a year, read from its rows into plain data, and how it came to be so."""

from collections.abc import Iterator

from django.db.models import Prefetch, QuerySet

from registry.models import HouseholdYear, MemberYear, Relocation
from registry.reports.assembly import card_of, member_card
from registry.reports.history import Change, card_history
from registry.rules.card import Card

__all__ = ["Change", "card_history", "cards_with_rows", "read_card", "read_cards"]


def read_card(household_year: HouseholdYear) -> Card:
    """Return the card; numbers are masked, members in the order of their seats. At most three queries."""
    members = household_year.members.select_related("member").order_by("seat")
    relocation = Relocation.objects.filter(household_year=household_year).first()
    return card_of(household_year, [member_card(row.member, row) for row in members], relocation)


def read_cards(household_years: "QuerySet[HouseholdYear]", *, chunk: int = 500) -> Iterator[Card]:
    """Yield the cards of many households in the order asked for, with three queries a chunk."""
    for _, card in cards_with_rows(household_years, chunk=chunk):
        yield card


def cards_with_rows(
    household_years: "QuerySet[HouseholdYear]", *, chunk: int = 500
) -> Iterator[tuple[HouseholdYear, Card]]:
    """Yield the same, each behind the row that it was read from."""
    members = MemberYear.objects.select_related("member").order_by("household_year_id", "seat")
    rows = household_years.select_related("household", "relocation").prefetch_related(
        Prefetch("members", queryset=members)
    )
    for row in rows.iterator(chunk_size=chunk):
        people = [member_card(member.member, member) for member in row.members.all()]
        yield row, card_of(row, people, getattr(row, "relocation", None))
