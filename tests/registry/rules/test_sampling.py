"""Strata get their shares, a seed draws the same households again, and a rate is of those that were looked at."""

from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from registry.rules.sampling import allotted, disagreement_rate, place_of


@pytest.mark.parametrize(
    ("households", "size", "drawn"),
    [
        ({"a": 50, "b": 30, "c": 20}, 10, {"a": 5, "b": 3, "c": 2}),
        ({"a": 97, "b": 2, "c": 1}, 10, {"a": 8, "b": 1, "c": 1}),  # at least one of each
        (
            {"a": 1, "b": 1, "c": 1, "d": 1, "e": 3},
            5,
            {"a": 1, "b": 1, "c": 1, "d": 1, "e": 1},
        ),  # as many as strata
        ({"a": 97, "b": 2, "c": 1}, 2, {"a": 2}),  # fewer than strata: the largest
        ({"a": 3, "b": 2}, 99, {"a": 3, "b": 2}),  # never more than there are
        ({"a": 3, "b": 0}, 2, {"a": 2}),
        ({}, 5, {}),
    ],
)
def test_strata_get_their_shares(households: dict[str, int], size: int, drawn: dict[str, int]) -> None:
    assert allotted(households, size) == drawn


@given(st.dictionaries(st.integers(1, 50), st.integers(0, 300), max_size=20), st.integers(1, 400))
def test_a_sample_is_as_large_as_asked_and_no_stratum_gives_more_than_it_has(
    households: dict[int, int], size: int
) -> None:
    drawn = allotted(households, size)
    assert sum(drawn.values()) == min(size, sum(households.values()))
    assert all(1 <= count <= households[layer] for layer, count in drawn.items())
    filled = [layer for layer, count in households.items() if count]
    if size >= len(filled):
        assert set(drawn) == set(filled)


def test_a_seed_puts_the_same_households_in_the_same_place() -> None:
    assert place_of("2014-0711", "1411241012000001") == place_of("2014-0711", "1411241012000001")
    assert place_of("2014-0711", "1411241012000001") != place_of("2014-0712", "1411241012000001")


def test_the_rate_is_of_those_that_were_checked() -> None:
    assert disagreement_rate(0, 0) is None
    assert disagreement_rate(30, 1) == Decimal("3.33")
    assert disagreement_rate(3, 2) == Decimal("66.67")
    assert disagreement_rate(8, 0) == Decimal("0.00")
