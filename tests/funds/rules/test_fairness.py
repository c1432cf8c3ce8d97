"""By the head, against last year, highest ÷ lowest (policy-trace 5.6)."""

from decimal import Decimal

from funds.rules.fairness import differences, fairness

AMOUNTS = {1: Decimal("1973000.00"), 2: Decimal("5597300.00"), 3: Decimal("2567500.00")}
HEADS = {1: 24_870, 2: 168_420, 3: 46_800}
BEFORE = {1: Decimal("2011200.00"), 2: Decimal("4390500.00"), 3: Decimal("2540000.00")}


def test_each_county_by_the_head_and_against_last_year() -> None:
    found = fairness(AMOUNTS, HEADS, BEFORE)
    assert [one.per_head for one in found.counties] == [Decimal("79.33"), Decimal("33.23"), Decimal("54.86")]
    assert [one.change_percent for one in found.counties] == [
        Decimal("-1.9"),
        Decimal("27.5"),
        Decimal("1.1"),
    ]
    assert found.counties[0].change == -38_200


def test_highest_to_lowest() -> None:
    found = fairness(AMOUNTS, HEADS, BEFORE)
    assert found.highest is not None
    assert found.lowest is not None
    assert (found.highest.division, found.lowest.division, found.ratio) == (1, 2, Decimal("2.39"))


def test_the_whole() -> None:
    whole = fairness(AMOUNTS, HEADS, BEFORE).whole
    assert whole.amount == 10_137_800
    assert (whole.per_head, whole.change_percent) == (Decimal("42.22"), Decimal("13.4"))


def test_nothing_to_hold_it_against() -> None:
    found = fairness({1: Decimal(100)}, {}, {})
    assert found.ratio is None
    assert (found.counties[0].per_head, found.counties[0].change, found.counties[0].change_percent) == (
        None,
        None,
        None,
    )
    assert fairness({1: Decimal(0), 2: Decimal(5)}, {1: 3, 2: 3}, {}).ratio is None
    assert fairness({1: Decimal(5)}, {1: 3}, {1: Decimal(0)}).counties[0].change_percent is None


def test_what_each_factor_brought_against_last_year() -> None:
    now = {"poor": Decimal("60.00"), "income": Decimal("40.00")}
    then = {"poor": Decimal("50.00"), "capacity": Decimal("30.00")}
    found = differences(now, then)
    assert [(one.code, one.now, one.then, one.change) for one in found] == [
        ("poor", 60, 50, 10),
        ("income", 40, None, 40),
        ("capacity", None, 30, -30),
    ]
    assert sum(one.change for one in found) == sum(now.values()) - sum(then.values())
