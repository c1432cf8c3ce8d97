"""Share out a total in whole units by weights, so that the shares add up to it: the largest-remainder method.

Quotas of households and allotments of money are shared out by it alike (procedures §2, funds F-01). Fractions are exact, so the
result depends neither on the order of the parts nor on rounding on the way.
"""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

Key = TypeVar("Key", int, str)
Number = int | Decimal | Fraction


class CannotShare(ValueError):
    """There is something to share out and nobody to take it, or a weight is negative."""


def apportion(total: int, weights: Mapping[Key, Number]) -> dict[Key, int]:
    """Return how many of ``total`` units each part gets; they add up to ``total`` exactly.

    Every part gets the whole units of its exact share; the units left over go to the largest remainders, one each, equal remainders
    in ascending order of key (the division code). Raise CannotShare.
    """
    if total < 0 or any(weight < 0 for weight in weights.values()):
        raise CannotShare("总数和权重不能为负")
    exact = {key: Fraction(weight) for key, weight in weights.items()}
    whole = sum(exact.values(), Fraction(0))
    if not whole:
        if total:
            raise CannotShare("各部分的权重都是零，无法分配")
        return dict.fromkeys(weights, 0)
    shares = {key: total * weight / whole for key, weight in exact.items()}
    units = {key: int(share) for key, share in shares.items()}
    left = total - sum(units.values())
    by_remainder = sorted(shares, key=lambda key: (units[key] - shares[key], key))
    for key in by_remainder[:left]:
        units[key] += 1
    return units
