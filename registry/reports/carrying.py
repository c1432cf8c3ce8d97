"""A new year's card as last year's leaves it: what a clerk begins with, and goes through item by item."""

from dataclasses import replace

from registry.models import Household, HouseholdYear
from registry.reports.cards import read_card
from registry.rules.card import Card, Income


def carried_over(household: Household, year: int) -> Card | None:
    """Return the card to begin ``year`` with, None where the household has no card of the year before.

    Whoever left is not carried over, whoever joined counts as there; income is asked anew, since it is the year's own.
    """
    before = (
        HouseholdYear.objects.select_related("household").filter(household=household, year=year - 1).first()
    )
    if before is None:
        return None
    card = read_card(before)
    staying = (replace(member, change_type=None, change_date=None) for _, member in card.counted)
    return replace(
        card,
        year=year,
        members=tuple(staying),
        income=Income(),
        plan_exit_year=max(card.plan_exit_year, year) if card.plan_exit_year else None,
        filler=None,
        fill_date=None,
    )
