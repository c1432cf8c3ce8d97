"""How many households each village gets: by the number of a county's villages, poor counties and poor villages weighing more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from registry.seeding.chance import repeatable
from registry.seeding.villages import Place

POOR_COUNTY: Final = 3.0
OTHER_COUNTY: Final = 0.8
POOR_VILLAGE: Final = 2.2
FEWEST: Final = 20
"""Households that a village gets at least on the average: a small register fills few villages rather than all a little."""

MOST: Final = 9999
"""Households that a village can number (data standard §1.3)."""


class TooMany(ValueError):
    """More households are asked for than the chosen villages can number."""


@dataclass(frozen=True, slots=True)
class Share:
    """A village with the number of households it gets."""

    place: Place
    poor: bool
    households: int
    walks: bool = False
    """Village and households begin as drafts, for their cases to bring them to where they stand."""


def share_out(
    households: int, villages: Mapping[int, Sequence[Place]], poor_counties: frozenset[int], *, seed: str
) -> list[Share]:
    """Return the villages that get households, in the order of their codes.

    `villages` are the administrative villages by county code. The same arguments give the same answer. Raise TooMany.
    """
    if households > MOST * sum(map(len, villages.values())):
        raise TooMany("每村最多 9999 户 / at most 9,999 households a village")
    counties = sorted(code for code, places in villages.items() if places)
    weights = [len(villages[c]) * (POOR_COUNTY if c in poor_counties else OTHER_COUNTY) for c in counties]
    shares: list[Share] = []
    for county, quota in zip(counties, largest_remainder(households, weights), strict=True):
        rng = repeatable(seed, county)
        places = sorted(villages[county], key=lambda place: place.code)
        if quota // FEWEST < len(places):
            places = sorted(rng.sample(places, max(1, quota // FEWEST)), key=lambda place: place.code)
        chance = 0.45 if county in poor_counties else 0.12
        poor = [rng.random() < chance for _ in places]
        sizes = [rng.lognormvariate(0, 0.55) * (POOR_VILLAGE if is_poor else 1) for is_poor in poor]
        counts = largest_remainder(quota, sizes)
        shares += [
            Share(place, is_poor, min(count, MOST))
            for place, is_poor, count in zip(places, poor, counts, strict=True)
            if count
        ]
    return shares


def largest_remainder(total: int, weights: Sequence[float]) -> list[int]:
    """Return whole shares of the total by weight that add up to it; equal remainders go to the first."""
    whole = sum(weights)
    if not whole:
        return []
    exact = [total * weight / whole for weight in weights]
    shares = [int(part) for part in exact]
    order = sorted(range(len(weights)), key=lambda place: (shares[place] - exact[place], place))
    for place in order[: total - sum(shares)]:
        shares[place] += 1
    return shares
