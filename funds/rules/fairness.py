"""兼顾公平: what stands beside each run: by the head of the poor, against last year, highest ÷ lowest (policy-trace 5.6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Final

from fupin.lib.money import FEN, to_fen
from fupin.policy.cites import cites

WHOLE: Final = 0
"""Stands for all counties together where a division's code stands."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A county's amount by the head of its poor, and against last year; None where there is nothing to hold it against."""

    division: int
    amount: Decimal
    heads: int
    before: Decimal | None

    @property
    def per_head(self) -> Decimal | None:
        """Yuan by the head of the poor, to the fen."""
        return to_fen(self.amount / self.heads) if self.heads else None

    @property
    def change(self) -> Decimal | None:
        """Yuan more than last year."""
        return None if self.before is None else self.amount - self.before

    @property
    def change_percent(self) -> Decimal | None:
        """The change in per cent of last year's amount, to one decimal."""
        if not self.before or self.change is None:
            return None
        return (self.change * 100 / self.before).quantize(Decimal("0.1"), ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Fairness:
    """How evenly a run treats the poor: each county, the whole, and highest ÷ lowest by the head."""

    counties: tuple[Standing, ...]
    whole: Standing
    highest: Standing | None
    lowest: Standing | None

    @property
    def ratio(self) -> Decimal | None:
        """The highest amount by the head ÷ the lowest, to two decimals, of unrounded amounts."""
        if self.highest is None or self.lowest is None or not self.lowest.amount:
            return None
        exact = _by_head(self.highest) / _by_head(self.lowest)
        return (Decimal(exact.numerator) / exact.denominator).quantize(FEN, ROUND_HALF_UP)


@cites("§5", "在兼顾公平的基础上")
def fairness(
    amounts: Mapping[int, Decimal], heads: Mapping[int, int], before: Mapping[int, Decimal]
) -> Fairness:
    """Return the figures that stand beside each run (policy-trace 5.6): by the head, against last year, highest ÷ lowest."""
    counties = tuple(
        Standing(code, amount, heads.get(code, 0), before.get(code))
        for code, amount in sorted(amounts.items())
    )
    ranked = sorted((one for one in counties if one.heads), key=lambda one: (_by_head(one), one.division))
    whole = Standing(
        WHOLE,
        sum(amounts.values(), Decimal(0)),
        sum(heads.get(code, 0) for code in amounts),
        sum(before.values(), Decimal(0)) if before else None,
    )
    return Fairness(counties, whole, ranked[-1] if ranked else None, ranked[0] if ranked else None)


def _by_head(one: Standing) -> Fraction:
    return Fraction(one.amount) / one.heads


@dataclass(frozen=True, slots=True)
class Difference:
    """What one factor brought a county in two runs; None where a run did not have it."""

    code: str
    now: Decimal | None
    then: Decimal | None

    @property
    def change(self) -> Decimal:
        """Yuan more than then."""
        return (self.now or Decimal(0)) - (self.then or Decimal(0))


def differences(now: Mapping[str, Decimal], then: Mapping[str, Decimal]) -> list[Difference]:
    """Return factor by factor what it brought a county now and then; the changes add up to the change of the amount."""
    codes = [*now, *(code for code in then if code not in now)]
    return [Difference(code, now.get(code), then.get(code)) for code in codes]
