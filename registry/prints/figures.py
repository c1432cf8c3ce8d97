"""Figures of printed sheets: amounts a head, rates; Decimals, never floats."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

CENT: Final = Decimal("0.01")


def divided(amount: Decimal | None, count: int | None) -> Decimal | None:
    """Return the amount a head to two decimals, halves away from zero; None without amount or heads."""
    return (amount / count).quantize(CENT, ROUND_HALF_UP) if amount is not None and count else None


def cents(amount: Decimal | None) -> Decimal | None:
    """Return the amount with two decimals, as amounts are printed."""
    return None if amount is None else amount.quantize(CENT)


def percentage(part: int | None, whole: int | None) -> Decimal | None:
    """Return the part in per cent of the whole to two decimals; None where it cannot be told."""
    return divided(Decimal(100 * part), whole) if part is not None else None
