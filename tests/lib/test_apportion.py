"""Shares add up, whatever the weights; the worked examples of procedures §2."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from fupin.lib.apportion import CannotShare, apportion


@pytest.mark.parametrize(
    ("total", "weights", "shares"),
    [
        pytest.param(
            13_000,
            {1: 18_200 * Decimal("0.31"), 2: 24_500 * Decimal("0.22"), 3: 9_800 * Decimal("0.45")},
            {1: 4750, 2: 4538, 3: 3712},
            id="procedures §2 例1",
        ),
        pytest.param(
            500,
            {1: 412, 2: 305, 3: 268, 4: 150},
            {1: 182, 2: 134, 3: 118, 4: 66},
            id="procedures §2 例2",
        ),
        pytest.param(1, {2: 1, 1: 1}, {1: 1, 2: 0}, id="equal remainders go by ascending code"),
        pytest.param(0, {1: 3, 2: 4}, {1: 0, 2: 0}, id="nothing to share"),
        pytest.param(0, {1: 0}, {1: 0}, id="nothing to share by nothing"),
        pytest.param(7, {1: 0, 2: 5}, {1: 0, 2: 7}, id="no weight, no share"),
    ],
)
def test_examples(total: int, weights: dict[int, Decimal | int], shares: dict[int, int]) -> None:
    assert apportion(total, weights) == shares


@pytest.mark.parametrize("weights", [{}, {1: 0, 2: 0}, {1: -1, 2: 5}])
def test_what_cannot_be_shared_is_refused(weights: dict[int, int]) -> None:
    with pytest.raises(CannotShare):
        apportion(5, weights)


WEIGHTS = st.dictionaries(st.integers(1, 400), st.integers(0, 10**9), min_size=1, max_size=120).filter(
    lambda weights: any(weights.values())
)


@given(total=st.integers(0, 10**12), weights=WEIGHTS)
def test_shares_add_up_and_stay_within_one_unit_of_the_exact_share(
    total: int, weights: dict[int, int]
) -> None:
    shares = apportion(total, weights)
    assert sum(shares.values()) == total
    whole = sum(weights.values())
    assert all(abs(shares[key] - Fraction(total * weights[key], whole)) < 1 for key in weights)


@given(total=st.integers(0, 10**9), weights=WEIGHTS)
def test_the_order_of_the_parts_does_not_matter(total: int, weights: dict[int, int]) -> None:
    assert apportion(total, dict(reversed(weights.items()))) == apportion(total, weights)
