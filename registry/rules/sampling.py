"""How households are drawn for a look at the field, so that they can be drawn again, and how often paper and life disagree (policy §3)."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from hashlib import md5
from typing import Final, TypeVar

from fupin.lib.apportion import apportion
from fupin.policy.cites import cites

Key = TypeVar("Key", int, str)

MOST: Final = 1000
"""Households in one sample."""

_CENT: Final = Decimal("0.01")


@cites("§3", "实现扶贫对象有进有出动态管理,为精准扶贫提供真实依据")
def allotted(households: Mapping[Key, int], size: int) -> dict[Key, int]:
    """Return how many households are drawn from each stratum: by its share, at least one of each where the size allows.

    No stratum gives more than it has. The same strata and size give the same answer.
    """
    there = {key: count for key, count in households.items() if count > 0}
    size = min(size, sum(there.values()))
    if size < len(there):
        return {key: count for key, count in apportion(size, there).items() if count}
    firm: dict[Key, int] = {}
    while True:
        free = {key: count for key, count in there.items() if key not in firm}
        shares = apportion(size - sum(firm.values()), free) if free else {}
        odd = {key: 1 for key, count in shares.items() if count == 0}
        if not odd:
            return {**firm, **shares}
        firm |= odd


def place_of(seed: str, household_no: str) -> str:
    """Return by what a household is drawn: those with the smallest digests of seed and number come first.

    A digest and no random number, because anybody can work it out again; it guards nothing.
    """
    return md5(f"{seed}/{household_no}".encode(), usedforsecurity=False).hexdigest()


@cites("§3", "实现扶贫对象有进有出动态管理,为精准扶贫提供真实依据")
def disagreement_rate(checked: int, disagreeing: int) -> Decimal | None:
    """Return the households with a disagreement in per cent of those that were checked, to two decimals; None where none was."""
    if not checked:
        return None
    return (Decimal(100) * disagreeing / checked).quantize(_CENT, ROUND_HALF_UP)
