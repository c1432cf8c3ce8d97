"""The village's table: what may not exceed what, sums, and doubts."""

from datetime import date
from decimal import Decimal

import pytest

from registry.rules.village import VillageContext, check_village, poverty_rate
from registry.standard.village import NOT_ABOVE, VILLAGE_YEAR
from tests.registry.rules.cards import TODAY

COUNTS = {
    "households": 200,
    "population": 700,
    "labor": 380,
    "natural_villages": 4,
    "arable_area": Decimal(900),
}


def village(**more: object) -> dict[str, object]:
    """A poor village that breaks no rule; counts not named are small."""
    values: dict[str, object] = {}
    for field in VILLAGE_YEAR:
        if field.need == "Y":
            values[field.name] = {
                "int": 2, "money": Decimal(3000), "wan": Decimal(1), "mu": Decimal(10), "km": Decimal(0),
                "m2": Decimal(60), "bool": True, "enum": "1", "str": "任大海",
            }.get(field.kind)  # fmt: skip
    values |= COUNTS
    values |= {
        "year": 2013,
        "plan_exit_year": 2016,
        "village_code": "141124101200",
        "head_phone": "13903580001",
    }
    values |= {"team": "省农业厅工作队", "team_leader": "白建国", "lead": "高志强", "secretary": "刘海峰"}
    return {**values, **more}


def found(values: dict[str, object], **more: object) -> set[tuple[str, str, str]]:
    ctx = VillageContext(today=TODAY, **more)  # type: ignore[arg-type]
    return {(f.rule, f.level, f.field) for f in check_village(values, ctx=ctx)}


def test_good_village():
    assert found(village()) == set()


@pytest.mark.parametrize(("smaller", "larger"), NOT_ABOVE)
def test_part_may_equal_and_not_exceed_the_whole(smaller: str, larger: str):
    whole = village().get(larger) or 5
    assert isinstance(whole, int | Decimal)
    equal = village(**{larger: whole, smaller: whole})
    assert ("R-20", "E", smaller) not in found(equal)
    assert ("R-20", "E", smaller) in found({**equal, smaller: whole + 1})


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("population", village(population=199, **dict.fromkeys(("labor", "migrant"), 1))),
        ("natural_villages", village(natural_villages=0, nv_unpaved=0)),
        ("village_code", village(village_code="141124101000")),
        ("head_phone", village(head_phone="123")),
        ("unpaved_to_town", village(unpaved_to_town=Decimal("0.5"))),
        ("plan_exit_year", village(plan_exit_year=2012)),
        ("team_until", village(team_since=date(2014, 6, 1), team_until=date(2014, 5, 31))),
        ("lon", village(lon=Decimal("110.1"))),
        ("lon", village(lon=Decimal("114.7"))),
        ("lat", village(lat=Decimal("34.4"))),
        ("lat", village(lat=Decimal("40.9"))),
        ("has_bus", village(has_bus=None)),
        ("village_attr", village(village_attr="3")),
        ("disasters", village(disasters=("01", "10"))),
    ],
)
def test_refused(field: str, values: dict[str, object]):
    assert ("R-20", "E", field) in found(values)


def test_unpaved_road_has_a_length():
    assert found(village(paved_to_town=False, unpaved_to_town=Decimal("3.5"))) == set()


def test_derived_counts_must_agree_with_the_cards():
    derived = {"poor_households": 40, "poor_pop": 130}
    assert found(village(poor_households=40), derived=derived) == set()
    assert found(village(poor_households=41), derived=derived) == {("R-43", "E", "poor_households")}


def test_more_poor_on_cards_than_people_in_the_village():
    assert found(village(), derived={"poor_pop": 701}) == {("R-20", "E", "poor_pop")}


def test_three_kinds_make_the_poor():
    kinds = {"general_poor_households": 20, "dibao_poor_households": 15, "wubao_poor_households": 5}
    assert found(village(poor_households=40, **kinds)) == set()
    assert found(village(poor_households=39, **kinds)) == {("R-43", "E", "poor_households")}


def test_dangerous_houses_are_not_fewer_than_on_the_cards():
    assert found(village(), cards={"danger_d": 2}) == set()
    assert found(village(), cards={"danger_d": 3}) == {("F-11", "W", "danger_d")}


def test_team_is_asked_of_poor_villages_only():
    assert found(village(team="")) == {("F-12", "W", "team")}
    assert found(village(team="", village_attr="2")) == set()


def test_exiting_village_is_doubted_without_road_or_refuse_points():
    bare = village(paved_to_town=False, garbage_points=0)
    assert found(bare) == set()
    assert found(bare, exiting=True) == {("R-94", "W", "paved_to_town"), ("R-94", "W", "garbage_points")}


@pytest.mark.parametrize(
    ("poor", "rural", "rate"),
    [(136, 1000, "13.60"), (1, 3, "33.33"), (2, 3, "66.67"), (0, 10, "0.00"), (5, 0, None), (5, None, None)],
)
def test_poverty_rate(poor: int, rural: int | None, rate: str | None):
    assert poverty_rate(poor, rural) == (None if rate is None else Decimal(rate))
