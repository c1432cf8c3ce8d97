"""Both sides of the line, and the filter that must say the same."""

from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from fupin.policy.standards import poverty_line
from registry.rules.poverty import above_line, below_line, is_above_line, is_below_line
from tests.registry.rules.cards import good_card

LINE = Decimal(2736)


def test_example_of_the_standard():
    """11,860 yuan: five people lie below the line of 2013, four do not."""
    card = good_card()
    assert card.income.net_income == Decimal(11860)
    assert card.net_income_pc == Decimal("2372.00")
    line = poverty_line(2013).amount
    assert below_line(card.income.net_income, 5, line)
    assert not below_line(card.income.net_income, 4, line)


SIDES = [
    ("8208.00", 3, False, False),  # exactly on the line: nobody enters, nobody leaves
    ("8207.99", 3, True, False),  # 2,735.9966… rounds to the line, and lies below it
    ("8208.01", 3, False, True),
    ("-1", 1, True, False),
    ("0", 0, False, False),
    ("-1", 0, False, False),
    ("100", 0, False, False),
]


@pytest.mark.parametrize(("net", "members", "below", "above"), SIDES)
def test_line_is_compared_unrounded(net: str, members: int, below: bool, above: bool):
    assert below_line(Decimal(net), members, LINE) is below
    assert above_line(Decimal(net), members, LINE) is above


@pytest.mark.django_db
@pytest.mark.parametrize(("net", "members", "below", "above"), SIDES)
def test_filters_say_the_same_in_the_database(net: str, members: int, below: bool, above: bool):
    row = {"net_income": Decimal(net), "member_count": members}
    assert is_below_line(LINE).check(row) is below
    assert is_above_line(LINE).check(row) is above


@given(fen=st.integers(-10_000_000, 10_000_000), members=st.integers(1, 20))
def test_below_on_and_above_are_three_different_things(fen: int, members: int):
    net = Decimal(fen) / 100
    on = net == LINE * members
    assert [below_line(net, members, LINE), above_line(net, members, LINE), on].count(True) == 1
