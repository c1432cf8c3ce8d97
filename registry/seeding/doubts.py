"""Something to doubt on a card now and then, so that lists of open remarks are not empty: each breaks one W rule and no E rule."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from random import Random
from typing import Final

from registry.rules.card import Card
from registry.seeding.chance import one_of, whole
from registry.seeding.people import HEALTHY


def give_doubt(rng: Random, card: Card, *, ordinal: int) -> bool:
    """Give the card one thing to doubt; return False where the one drawn does not fit it."""
    return one_of(rng, _DOUBTS)(rng, card, ordinal)


def _no_certificate(_rng: Random, card: Card, _ordinal: int) -> bool:
    disabled = [member for _, member in card.counted if member.disability_no]
    for member in disabled:
        member.disability_no = None
    return bool(disabled)


def _no_costs(_rng: Random, card: Card, _ordinal: int) -> bool:
    income = card.income
    if not income.business_income:
        return False
    income.business_expense = Decimal(0)
    income.lines = tuple(line for line in income.lines if line.kind != "business_expense")
    return True


def _far_off(rng: Random, card: Card, _ordinal: int) -> bool:
    card.condition = replace(card.condition, road_distance=Decimal(whole(rng, 501, 900)) / 10)
    return True


def _passbook(_rng: Random, card: Card, ordinal: int) -> bool:
    if card.bank_account is None:
        return False
    card.bank_account = f"{ordinal:015}"
    return True


def _idle(_rng: Random, card: Card, _ordinal: int) -> bool:
    for _, member in card.counted[1:]:
        if member.labor == "01" and member.health == HEALTHY and not member.work_area:
            member.labor = "04"
            return True
    return False


_DOUBTS: Final[tuple[Callable[[Random, Card, int], bool], ...]] = (
    _no_certificate,
    _no_costs,
    _far_off,
    _passbook,
    _idle,
)
