"""Allotment by factors: the worked example of funds F-01, gaps that are named, and what holds for any factors, weights and pool."""

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings, strategies as st

from funds.errors import MoneyRefused, NotComplete
from funds.rules.allotment import (
    Factor,
    Values,
    allot,
    borrowed,
    missing,
    shares,
    unit_for,
    weight_refusals,
)

JIA, YI, BING = 141124, 141125, 141126
COUNTIES = (JIA, YI, BING)
UNIT = Decimal("100.00")
POOL = Decimal(90_000_000)


def by_county(*figures: int) -> dict[int, Decimal | None]:
    return {county: Decimal(one) for county, one in zip(COUNTIES, figures, strict=True)}


FACTORS = (
    Factor("poor", "农村贫困人口", Decimal("0.5")),
    Factor("income", "农民人均纯收入", Decimal("0.2"), inverse=True),
    Factor("capacity", "人均地方财力", Decimal("0.1"), inverse=True),
    Factor("performance", "绩效考评结果", Decimal("0.2")),
)
VALUES: Values = {
    "poor": by_county(42_000, 30_000, 18_000),
    "income": by_county(4200, 5600, 6400),
    "capacity": by_county(1500, 2600, 4000),
    "performance": by_county(86, 92, 75),
}


def six_places(share: Fraction) -> str:
    return f"{float(share):.6f}"


def test_the_worked_example_to_the_cent() -> None:
    run = allot(POOL, FACTORS, VALUES, counties=COUNTIES, unit=UNIT)
    assert run.amounts() == {
        JIA: Decimal("39209900.00"),  # 3920.99 万元
        YI: Decimal("29816000.00"),  # 2981.60
        BING: Decimal("20974100.00"),  # 2097.41
    }
    assert sum(run.amounts().values()) == POOL
    assert [six_places(one.score) for one in run.counties] == ["0.435666", "0.331288", "0.233046"]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("poor", ["0.466667", "0.333333", "0.200000"]),
        ("income", ["0.415584", "0.311688", "0.272727"]),
        ("capacity", ["0.512315", "0.295567", "0.192118"]),
        ("performance", ["0.339921", "0.363636", "0.296443"]),
    ],
)
def test_the_shares_of_each_factor(code: str, expected: list[str]) -> None:
    inverse = code in {"income", "capacity"}
    given_values = {county: value for county, value in VALUES[code].items() if value is not None}
    assert [six_places(one) for one in shares(given_values, inverse=inverse).values()] == expected


def test_each_county_is_told_which_factor_brought_how_much() -> None:
    run = allot(POOL, FACTORS, VALUES, counties=COUNTIES, unit=UNIT)
    for one in run.counties:
        assert sum(one.brought().values()) == one.amount
    assert run.counties[0].brought() == {
        "poor": Decimal("20999981.79"),
        "income": Decimal("7480513.00"),
        "capacity": Decimal("4610833.44"),
        "performance": Decimal("6118571.77"),
    }
    assert run.counties[0].parts[0].value == 42_000
    assert run.counties[0].parts[0].score == Fraction(42, 90) / 2


# What keeps a run from being one ------------------------------------------------------------------------------------------------------


def without(code: str, county: int) -> Values:
    values = {key: dict(of) for key, of in VALUES.items()}
    del values[code][county]
    return values


def test_a_county_without_a_figure_is_named_and_nobody_gets_anything() -> None:
    with pytest.raises(NotComplete) as refusal:
        allot(POOL, FACTORS, without("capacity", YI), counties=COUNTIES, unit=UNIT)
    assert refusal.value.missing == {YI: ("缺人均地方财力",)}


def test_a_county_on_no_list_of_figures_is_named_too() -> None:
    gaps = missing(FACTORS, VALUES, [*COUNTIES, 141127])
    assert gaps == {141127: ("缺农村贫困人口", "缺农民人均纯收入", "缺人均地方财力", "缺绩效考评结果")}


@pytest.mark.parametrize(
    ("code", "value", "flaw"),
    [
        ("income", Decimal(0), "农民人均纯收入须大于零"),
        ("capacity", Decimal(-1), "人均地方财力须大于零"),
        ("poor", Decimal(-1), "农村贫困人口不能小于零"),
        ("poor", None, "缺农村贫困人口"),
    ],
)
def test_figures_that_cannot_be_reckoned_with(code: str, value: Decimal | None, flaw: str) -> None:
    values = {**VALUES, code: {**VALUES[code], BING: value}}
    assert missing(FACTORS, values, COUNTIES) == {BING: (flaw,)}


def test_nothing_is_a_figure_where_it_is_no_gap() -> None:
    """A county without poor people has a figure, 0, and gets what the other factors bring."""
    values = {**VALUES, "poor": {**VALUES["poor"], BING: Decimal(0)}}
    run = allot(POOL, FACTORS, values, counties=COUNTIES, unit=UNIT)
    assert run.counties[2].brought()["poor"] == 0
    assert run.counties[2].amount > 0


def test_a_factor_without_weight_asks_for_nothing() -> None:
    only_poor = (
        Factor("poor", "农村贫困人口", Decimal(1)),
        Factor("capacity", "人均地方财力", Decimal(0), inverse=True),
    )
    assert missing(only_poor, without("capacity", YI), COUNTIES) == {}
    run = allot(POOL, only_poor, without("capacity", YI), counties=COUNTIES, unit=UNIT)
    assert list(run.amounts().values()) == [42_000_000, 30_000_000, 18_000_000]


def test_a_trial_may_borrow_and_says_from_whom() -> None:
    filled, lent = borrowed(without("capacity", YI), {"capacity": {YI: Decimal(2500)}}, COUNTIES)
    assert lent == {("capacity", YI)}
    assert filled["capacity"][YI] == 2500
    assert missing(FACTORS, filled, COUNTIES) == {}


def weighed(*weights: str) -> list[Factor]:
    return [
        Factor(one.code, one.title, Decimal(weight), one.inverse)
        for one, weight in zip(FACTORS, weights, strict=True)
    ]


@pytest.mark.parametrize(
    ("factors", "refused"),
    [
        (weighed("0.5", "0.2", "0.1", "0.2"), {}),
        (weighed("0.5", "0.2", "0.1", "0.1"), {"weights": "权重合计须为 1，现为 0.9"}),
        (weighed("0.5", "0.2", "0.1", "0.2001"), {"weights": "权重合计须为 1，现为 1.0001"}),
        (weighed("1.1", "-0.1", "0", "0"), {"weights": "权重不能小于零：农民人均纯收入"}),
        ([*FACTORS, FACTORS[0]], {"weights": "同一因素列了两次"}),
        ([], {"weights": "权重合计须为 1，现为 0"}),
    ],
)
def test_weights_add_up_to_one(factors: list[Factor], refused: dict[str, str]) -> None:
    assert weight_refusals(factors) == refused


def test_changed_weights_need_a_document() -> None:
    before = {
        "poor": Decimal("0.4"),
        "income": Decimal("0.2"),
        "capacity": Decimal("0.2"),
        "performance": Decimal("0.2"),
    }
    assert weight_refusals(FACTORS, before=before) == {"weights_document": "权重有改动，须填文号"}
    assert weight_refusals(FACTORS, before=before, document_no="晋扶领〔2014〕12号") == {}
    assert weight_refusals(weighed("0.4", "0.2", "0.2", "0.2"), before=before) == {}


@pytest.mark.parametrize(
    ("pool", "factors", "values", "field"),
    [
        (POOL, weighed("0.5", "0.2", "0.1", "0.1"), VALUES, "weights"),
        (Decimal(-100), FACTORS, VALUES, "counties"),
        (POOL, FACTORS, {**VALUES, "performance": by_county(0, 0, 0)}, "weights"),
    ],
)
def test_what_cannot_be_shared_out_is_refused(
    pool: Decimal, factors: list[Factor], values: Values, field: str
) -> None:
    with pytest.raises(MoneyRefused) as refusal:
        allot(pool, factors, values, counties=COUNTIES, unit=UNIT)
    assert list(refusal.value.fields) == [field]


@pytest.mark.parametrize(
    ("pool", "unit"),
    [("9000.00", "100.00"), ("9000.01", "0.01"), ("9050.00", "0.01"), ("0", "100.00")],
)
def test_a_pool_that_is_no_multiple_of_the_unit_is_shared_in_fen(pool: str, unit: str) -> None:
    assert unit_for(Decimal(pool), UNIT) == Decimal(unit)


# Whatever the figures ---------------------------------------------------------------------------------------------------------------


@st.composite
def situations(draw: st.DrawFn) -> tuple[Decimal, list[Factor], dict[str, dict[int, Decimal | None]]]:
    """Draw a pool in fen, up to five factors whose weights add up to 1, and a figure of each for each county."""
    counties = draw(st.lists(st.integers(1, 10**6), min_size=1, max_size=40, unique=True))
    parts = draw(st.lists(st.integers(0, 10_000), max_size=4))
    cuts = sorted({0, 10_000, *parts})
    weights = [Decimal(high - low) / 10_000 for low, high in pairwise(cuts)]
    factors = [
        Factor(f"f{n}", f"因素{n}", weight, inverse=n > 0 and draw(st.booleans()))
        for n, weight in enumerate(weights)
    ]
    values: dict[str, dict[int, Decimal | None]] = {
        one.code: {
            county: Decimal(draw(st.integers(1, 10**7))) / draw(st.sampled_from([1, 10, 100]))
            for county in counties
        }
        for one in factors
    }
    return Decimal(draw(st.integers(0, 10**13))) / 100, factors, values


@given(situations(), st.sampled_from([Decimal("100.00"), Decimal("0.01"), Decimal("10000.00")]))
@settings(deadline=None)
def test_the_allotment_adds_up_to_the_cent(
    situation: tuple[Decimal, list[Factor], dict[str, dict[int, Decimal | None]]], unit: Decimal
) -> None:
    pool, factors, values = situation
    run = allot(pool, factors, values, counties=list(values["f0"]), unit=unit)
    assert sum(run.amounts().values()) == pool
    assert sum(one.score for one in run.counties) == 1
    for one in run.counties:
        assert one.amount >= 0
        assert one.amount % run.unit == 0
        assert abs(Fraction(one.amount) - Fraction(pool) * one.score) < Fraction(run.unit)
        assert sum(one.brought().values()) == one.amount


@given(situations(), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_the_order_of_counties_does_not_matter(
    situation: tuple[Decimal, list[Factor], dict[str, dict[int, Decimal | None]]], random: Random
) -> None:
    pool, factors, values = situation
    counties = list(values["f0"])
    shuffled = list(counties)
    random.shuffle(shuffled)
    again = {code: {county: of[county] for county in shuffled} for code, of in values.items()}
    run = allot(pool, factors, values, counties=counties, unit=UNIT)
    assert allot(pool, factors, again, counties=shuffled, unit=UNIT) == run


@given(situations(), st.data())
@settings(deadline=None)
def test_more_poor_people_never_cost_a_county_more_than_one_unit(
    situation: tuple[Decimal, list[Factor], dict[str, dict[int, Decimal | None]]], data: st.DataObject
) -> None:
    """The first factor stands for the poor and gives more to whoever has more of them."""
    pool, factors, values = situation
    county = data.draw(st.sampled_from(sorted(values["f0"])))
    more = data.draw(st.integers(1, 10**6))
    before = allot(pool, factors, values, counties=list(values["f0"]), unit=UNIT)
    grown = {**values, "f0": {**values["f0"], county: (values["f0"][county] or Decimal(0)) + more}}
    after = allot(pool, factors, grown, counties=list(values["f0"]), unit=UNIT)
    assert after.amounts()[county] >= before.amounts()[county] - before.unit
