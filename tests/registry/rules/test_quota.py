"""Quotas shared out and drawn through a village: the examples of procedures §2, and both sides of every line."""

from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from fupin.lib.apportion import CannotShare
from registry.rules.quota import (
    Applicant,
    QuotaMode,
    Standing,
    quota_mode,
    ranked,
    shared_out,
    weight_of,
)


def test_example_one_of_the_procedures() -> None:
    """13,000 persons over three townships by rural population × rate."""
    weights = {
        1: weight_of(18_200, Decimal(31)),
        2: weight_of(24_500, Decimal(22)),
        3: weight_of(9_800, Decimal(45)),
    }
    assert weights == {1: 5642, 2: 5390, 3: 4410}
    shares = shared_out(13_000, weights)
    assert [share.shown for share in shares] == [Decimal("4749.77"), Decimal("4537.62"), Decimal("3712.60")]
    assert [share.persons for share in shares] == [4750, 4538, 3712]
    assert [share.raised for share in shares] == [1, 1, 0]


def test_example_two_of_the_procedures() -> None:
    """500 persons over four villages by weight."""
    shares = shared_out(500, {1: Decimal(412), 2: Decimal(305), 3: Decimal(268), 4: Decimal(150)})
    assert [share.shown for share in shares] == [
        Decimal("181.50"),
        Decimal("134.36"),
        Decimal("118.06"),
        Decimal("66.08"),
    ]
    assert [share.persons for share in shares] == [182, 134, 118, 66]


def test_equal_remainders_go_by_code() -> None:
    assert [share.persons for share in shared_out(2, dict.fromkeys((30, 10, 20), Decimal(1)))] == [1, 1, 0]


def test_nothing_is_shared_out_by_nothing() -> None:
    with pytest.raises(CannotShare):
        shared_out(5, {1: Decimal(0), 2: Decimal(0)})


@given(
    st.integers(0, 10_000),
    st.dictionaries(st.integers(1, 99), st.integers(0, 10_000), min_size=1, max_size=9),
)
def test_shares_always_add_up_and_never_stray(persons: int, weights: dict[int, int]) -> None:
    if persons and not any(weights.values()):
        return
    shares = shared_out(persons, {code: Decimal(weight) / 100 for code, weight in weights.items()})
    assert sum(share.persons for share in shares) == persons
    assert all(share.raised in {0, 1} for share in shares)


@pytest.mark.parametrize(
    ("year", "mode"),
    [(2014, QuotaMode.HARD), (2016, QuotaMode.HARD), (2017, QuotaMode.OFF), (2020, QuotaMode.OFF)],
)
def test_quotas_bind_until_2016(year: int, mode: QuotaMode) -> None:
    assert quota_mode(year) == mode


def of(key: str, income: str, members: int, **values: bool) -> Applicant:
    return Applicant(key, Decimal(income), members, **values)


LINE = Decimal(2736)


def test_a_household_is_never_split_and_nobody_is_left_out() -> None:
    """The one across the line stands as 备选 whole, and those behind it too, though one of them would fit."""
    places = ranked(
        [of("d", "3900.00", 2), of("a", "2000.00", 2), of("c", "7200.00", 4), of("b", "4500.00", 3)],
        quota=7,
        line=LINE,
    )
    assert [(one.number, one.applicant.key, one.running, one.standing) for one in places] == [
        (1, "a", 2, Standing.LISTED),
        (2, "b", 5, Standing.LISTED),
        (3, "c", 9, Standing.RESERVE),
        (4, "d", 11, Standing.RESERVE),
    ]
    assert places[2].hint == "整户 4 人，余 2 人：一户不可拆"
    assert places[3].hint == "余 2 人，递补须再评议"


def test_who_exactly_fills_the_quota_is_listed() -> None:
    places = ranked([of("a", "100", 3), of("b", "200", 2), of("c", "300", 1)], quota=5, line=LINE)
    assert [one.standing for one in places] == [Standing.LISTED, Standing.LISTED, Standing.RESERVE]
    assert places[2].hint == "整户 1 人，余 0 人：一户不可拆"


def test_order_is_by_unrounded_income() -> None:
    """8,207.99 ÷ 3 and 2,736.00 both read 2,736.00: the first lies below, the second on the line, and does not enter."""
    places = ranked([of("on", "2736.00", 1), of("below", "8207.99", 3)], quota=None, line=LINE)
    assert [(one.applicant.key, one.standing) for one in places] == [
        ("below", Standing.LISTED),
        ("on", Standing.ABOVE),
    ]


def test_households_of_other_standards_take_up_no_quota() -> None:
    places = ranked([of("city", "9000", 3, counts=False), of("a", "2000", 2)], quota=2, line=LINE)
    assert [(one.applicant.key, one.standing, one.running) for one in places] == [
        ("a", Standing.LISTED, 2),
        ("city", Standing.LISTED, 2),
    ]


def test_equal_incomes_go_by_number_and_the_empty_are_not_ranked() -> None:
    places = ranked([of("2", "100", 1), of("1", "200", 2), of("0", "5", 0)], quota=9, line=LINE)
    assert [one.applicant.key for one in places] == ["1", "2"]
