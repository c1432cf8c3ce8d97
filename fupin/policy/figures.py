"""A parameter of the rules: one row of it, from a year on."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

EVER: Final = 1949
"""For figures that no document dates."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A parameter of the rules from a year on, until a later row of the same key."""

    key: str
    value: Decimal
    unit: str
    since: int
    meaning: str
    source: str


def figure_since(
    key: str, value: int | str, unit: str, meaning: str, source: str, since: int = EVER
) -> Figure:
    """Return a row of a parameter; one that no document dates has always held."""
    return Figure(key, Decimal(value), unit, since, meaning, source)
