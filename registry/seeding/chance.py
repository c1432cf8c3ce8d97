"""Chance that can be repeated, and choices by weight, quick enough for millions of draws."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")


class Weighted(Generic[T]):
    """Things to choose from, each with its weight; weights need not add up to anything."""

    __slots__ = ("_bounds", "_things", "_total")

    def __init__(self, *pairs: tuple[T, float]) -> None:
        self._things: Sequence[T] = tuple(thing for thing, _ in pairs)
        self._bounds = tuple(accumulate(weight for _, weight in pairs))
        self._total = self._bounds[-1]

    def draw(self, rng: Random) -> T:
        """Return one thing, by its weight."""
        return self._things[bisect_right(self._bounds, rng.random() * self._total)]


def repeatable(*parts: object) -> Random:
    """Return a generator that draws the same for the same parts, on every machine."""
    return Random("/".join(map(str, parts)))  # noqa: S311  (nothing here is a secret)


def between(rng: Random, low: float, high: float) -> float:
    """Return a number of [low, high), every one as likely."""
    return low + (high - low) * rng.random()


def whole(rng: Random, low: int, high: int) -> int:
    """Return a whole number of low … high, both included."""
    return low + int(rng.random() * (high - low + 1))


def one_of(rng: Random, things: Sequence[T]) -> T:
    """Return one thing, every one as likely."""
    return things[int(rng.random() * len(things))]
