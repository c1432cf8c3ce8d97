"""The register that `make run` shows: one township in full, the rest of two counties in part."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import Final

from fupin.accounts.services.demo import BAIWEN, KELAN, LINXIAN
from fupin.divisions.codes import Level, cut
from registry.seeding.chance import repeatable
from registry.seeding.load import NothingToFill, places
from registry.seeding.shares import Share, largest_remainder
from registry.seeding.villages import Place

IN_BAIWEN: Final = 700
IN_ITS_FIRST_VILLAGE: Final = 60
"""Where the demonstration's accounts of village, team and leader stand."""
IN_LINXIAN: Final = 1400
IN_KELAN: Final = 900
VILLAGES_ELSEWHERE: Final = 2
"""Villages of each other township that have households."""

SEED: Final = "demo"


def demo_shares() -> list[Share]:
    """Return the villages of the demonstration with their numbers of households, the same each time.

    Raise NothingToFill where the two counties have no villages.
    """
    by_township: dict[int, list[Place]] = {}
    for place in places((LINXIAN, KELAN)):
        by_township.setdefault(cut(place.code, Level.TOWNSHIP), []).append(place)
    if BAIWEN not in by_township:
        raise NothingToFill("没有白文镇的村,请先装入区划 / load the divisions first")
    rng = repeatable(SEED)
    some = {
        township: villages if township == BAIWEN else villages[:VILLAGES_ELSEWHERE]
        for township, villages in by_township.items()
    }
    linxian = [place for township, villages in some.items() if _of(township, LINXIAN) for place in villages]
    kelan = [place for township, villages in some.items() if _of(township, KELAN) for place in villages]
    shares = [
        *_first(rng, some[BAIWEN]),
        *_spread(rng, IN_LINXIAN, [place for place in linxian if cut(place.code, Level.TOWNSHIP) != BAIWEN]),
        *_spread(rng, IN_KELAN, kelan),
    ]
    return sorted(shares, key=lambda share: share.place.code)


def _of(township: int, county: int) -> bool:
    return cut(township, Level.COUNTY) == county


def _first(rng: Random, villages: Sequence[Place]) -> list[Share]:
    """Share 白文镇's households out; its first village is a poor one, and all of them walk to where they stand."""
    own, others = villages[0], villages[1:]
    shares = [
        Share(own, True, IN_ITS_FIRST_VILLAGE),
        *_spread(rng, IN_BAIWEN - IN_ITS_FIRST_VILLAGE, others),
    ]
    return [replace(share, walks=True) for share in shares]


def _spread(rng: Random, households: int, villages: Sequence[Place]) -> list[Share]:
    """Share households out among villages that differ, none of them empty."""
    sizes = [rng.uniform(0.6, 1.6) for _ in villages]
    counts = largest_remainder(households, sizes)
    return [
        Share(place, rng.random() < 0.5, count)
        for place, count in zip(villages, counts, strict=True)
        if count
    ]
