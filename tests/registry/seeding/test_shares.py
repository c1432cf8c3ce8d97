"""Who gets how many households."""

from typing import Any

import pytest
from hypothesis import given, strategies as st

from registry.seeding.shares import TooMany, largest_remainder, share_out
from registry.seeding.villages import Place

POOR, OTHER = 141124000000, 141181000000


def places(county: int, count: int) -> list[Place]:
    return [Place(county + 100_200 + i, f"{i}村", "镇", "县", "县镇村") for i in range(count)]


def test_the_shares_add_up_and_poor_counties_get_more() -> None:
    shares = share_out(5000, {POOR: places(POOR, 60), OTHER: places(OTHER, 60)}, frozenset({POOR}), seed="1")
    by_county = {
        c: sum(s.households for s in shares if s.place.code // 10**6 == c // 10**6) for c in (POOR, OTHER)
    }
    assert sum(by_county.values()) == 5000
    assert by_county[POOR] > 3 * by_county[OTHER]


def test_a_small_register_fills_few_villages() -> None:
    shares = share_out(100, {POOR: places(POOR, 60)}, frozenset(), seed="1")
    assert len(shares) <= 5


def test_the_same_seed_shares_alike() -> None:
    def shared(seed: str) -> list[Any]:
        return list(share_out(900, {POOR: places(POOR, 60)}, frozenset(), seed=seed))

    assert shared("1") == shared("1") != shared("2")


def test_more_than_a_village_can_number_is_refused() -> None:
    with pytest.raises(TooMany):
        share_out(10_000, {POOR: places(POOR, 1)}, frozenset(), seed="1")


@given(st.integers(0, 10_000), st.lists(st.floats(0.01, 1000), min_size=1, max_size=30))
def test_largest_remainder_adds_up_and_stays_within_one(total: int, weights: list[float]) -> None:
    shares = largest_remainder(total, weights)
    assert sum(shares) == total
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share - total * weight / sum(weights)) < 1 + 1e-6
