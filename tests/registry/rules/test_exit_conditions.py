"""R-93 and R-92: each condition by itself, and both sides of the line."""

from dataclasses import replace
from decimal import Decimal

import pytest

from registry.rules.card import Card
from registry.rules.exit_conditions import assist_person_refusal, exit_refusals
from tests.registry.factories import card, condition, income, member, pupil, wife

NIL = dict.fromkeys(
    ("business_income", "property_income", "tr_eco", "tr_other", "business_expense"), Decimal(0)
)


def well_off(**values: object) -> Card:
    """A household of three, a fen above the line of 2,736 yuan."""
    given = {"income": income(**NIL, wage_income=Decimal("8208.01")), "condition": condition(), **values}
    return card(year=2013, **given)


def refused(given: Card) -> list[str]:
    return [one.field for one in exit_refusals(given, line=Decimal(2736))]


def test_every_refusal_bears_the_number_of_the_rule() -> None:
    poor = well_off(condition=condition(danger_level="4", water_safe=False))
    assert {one.rule for one in exit_refusals(poor, line=Decimal(9999))} == {"R-93"}


def test_who_meets_every_condition_may_leave() -> None:
    assert refused(well_off()) == []


@pytest.mark.parametrize(("wages", "stays"), [("8208.00", True), ("8208.01", False), ("8207.99", True)])
def test_on_the_line_nobody_leaves(wages: str, stays: bool) -> None:
    assert (refused(well_off(income=income(**NIL, wage_income=Decimal(wages)))) == ["income"]) is stays


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"danger_level": "3"}, "condition.danger_level"),
        ({"danger_level": "4"}, "condition.danger_level"),
        ({"water_safe": False}, "condition.water_safe"),
        ({"water_safe": None}, "condition.water_safe"),
    ],
)
def test_house_and_water(values: dict[str, object], field: str) -> None:
    assert refused(well_off(condition=condition(**values))) == [field]


@pytest.mark.parametrize(
    ("born", "stays"),
    [((2008, 1, 1), False), ((2007, 12, 31), True), ((1998, 1, 1), True), ((1997, 12, 31), False)],
)
def test_no_child_of_six_to_fifteen_out_of_school(born: tuple[int, int, int], stays: bool) -> None:
    from datetime import date

    child = pupil(born=date(*born), student="01", school=None, dropout_reason="家中无人照看")
    given = card(member(), wife(), child, year=2013, income=well_off().income)
    assert (refused(given) == ["members[2].student"]) is stays


def test_everybody_is_insured_who_counts() -> None:
    gone = replace(pupil(in_ncms=False), change_type="06")
    assert refused(
        card(member(), wife(), replace(pupil(), in_ncms=None), year=2013, income=well_off().income)
    ) == ["members[2].in_ncms"]
    assert refused(card(member(), wife(), gone, year=2013, income=well_off().income)) in (
        [],
        ["members[2].in_ncms"],
    )


def test_a_poor_person_is_answerable_for_nobody() -> None:
    assert assist_person_refusal(b"a", {b"a", b"b"})
    assert not assist_person_refusal(b"c", {b"a", b"b"})
