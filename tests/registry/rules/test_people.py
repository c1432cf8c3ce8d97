"""Who is a labourer, and what derives from ages and work."""

from dataclasses import replace

import pytest

from registry.rules.card import Condition
from registry.rules.people import (
    age,
    in_working_age,
    is_away_youth,
    is_dangerous,
    is_female,
    is_labourer,
    is_stable,
    is_zero_employment,
    labourers,
    sex_of,
)
from tests.registry.rules.cards import YEAR, card_with, good_card, member_with, person


@pytest.mark.parametrize(
    ("born", "more", "expected"),
    [
        ("1997-12-31", {}, True),  # sixteen on the last day of the year
        ("1998-01-01", {"labor": "01"}, False),
        ("1940-01-01", {}, True),  # past working age, still able
        ("1970-01-01", {"labor": "02"}, True),
        ("1970-01-01", {"labor": "03"}, False),
        ("1970-01-01", {"labor": "04"}, False),
        ("1995-01-01", {"student": "09"}, False),
        ("1990-01-01", {"is_soldier": True}, False),
        ("1970-01-01", {"change_type": "01"}, False),
    ],
)
def test_is_labourer(born: str, more: dict[str, object], expected: bool):
    assert is_labourer(person("任强", born, 11, "01", **more), YEAR) is expected


@pytest.mark.parametrize(
    ("born", "sequence", "expected"),
    [
        ("1953-01-01", 11, True),
        ("1952-12-31", 11, False),
        ("1958-01-01", 22, True),
        ("1957-12-31", 22, False),
        ("1997-12-31", 11, True),
        ("1998-01-01", 11, False),
    ],
)
def test_working_age_of_men_and_women(born: str, sequence: int, expected: bool):
    assert in_working_age(person("任强", born, sequence, "01"), YEAR) is expected


def test_age_and_sex_come_from_the_number():
    member = replace(person("任强", "1970-03-05", 22, "01"), sex=None)
    assert (age(member, YEAR), sex_of(member), is_female(member)) == (43, "2", True)


def test_age_without_a_number_is_that_of_the_date_given():
    member = replace(person("任强", "1970-03-05", 11, "01"), id_type="90", id_no=None)
    assert age(member, YEAR) is None


def test_zero_employment():
    card = good_card()
    idle = member_with(1, work_area=None, work_months=None, member_no="141124101200000102")(card)
    assert len(labourers(card)) == 2
    assert not is_zero_employment(card)
    assert is_zero_employment(idle)
    assert not is_zero_employment(idle, employed=frozenset({"141124101200000102"}))
    assert not is_zero_employment(card_with(members=card.members[2:])(card))  # nobody able to work


@pytest.mark.parametrize(
    ("level", "expected"), [("2", False), ("3", True), ("4", True), ("9", False), ("", None)]
)
def test_dangerous_house(level: str, expected: bool | None):
    assert is_dangerous(Condition(danger_level=level)) is expected


@pytest.mark.parametrize(
    ("born", "area", "expected"),
    [
        ("1997-12-31", "03", True),
        ("1968-01-01", "04", True),
        ("1967-12-31", "04", False),
        ("1980-01-01", "02", False),
        ("1980-01-01", None, False),
    ],
)
def test_away_youth(born: str, area: str | None, expected: bool):
    assert is_away_youth(person("任强", born, 11, "01", work_area=area), YEAR) is expected


@pytest.mark.parametrize(("months", "expected"), [(6, True), (5, False), (None, False)])
def test_stable_employment(months: int | None, expected: bool):
    assert is_stable(months, YEAR) is expected
