"""Flows are drawn as wide as they are, and all of them fit."""

import re
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from fupin.lib.ribbons import Drawing, Flow, Stop, draw


def parted(amounts: list[int]) -> Drawing:
    total = Decimal(sum(amounts))
    parts = [Stop(f"part{number}", f"{number}", Decimal(amount)) for number, amount in enumerate(amounts)]
    flows = [Flow("all", part.key, part.amount) for part in parts]
    return draw([[Stop("all", "全部", total)], parts], flows, width=916, height=238)


def test_a_flow_is_as_wide_as_its_share() -> None:
    drawing = parted([300, 100])
    whole, three, one = drawing.bars
    assert whole.height == pytest.approx(three.height + one.height, abs=0.02)
    assert three.height == pytest.approx(3 * one.height, abs=0.05)
    assert len(drawing.ribbons) == 2
    first = drawing.ribbons[0].path
    assert first.startswith(f"M{whole.right:.2f} {whole.y:.2f}C")
    assert f" {three.x:.2f} {three.y:.2f}V" in first


def test_what_is_nothing_is_not_drawn() -> None:
    drawing = parted([300, 0])
    assert [bar.stop.key for bar in drawing.bars] == ["all", "part0"]
    assert len(drawing.ribbons) == 1


def test_nothing_at_all_is_an_empty_drawing() -> None:
    drawing = parted([0])
    assert drawing.bars == ()
    assert drawing.ribbons == ()


def test_a_flow_to_nowhere_is_an_error() -> None:
    with pytest.raises(ValueError, match="no stop"):
        draw([[Stop("a", "", Decimal(1))]], [Flow("a", "b", Decimal(1))], width=100, height=100)


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=20))
def test_everything_fits_and_ribbons_fill_their_bars(amounts: list[int]) -> None:
    drawing = parted(amounts)
    seen = [bar for bar in drawing.bars if bar.height > 1]
    assert all(bar.right <= 916 for bar in drawing.bars)
    assert all(bar.y + bar.height <= 238 + len(amounts) + 0.1 for bar in seen)
    for ribbon in drawing.ribbons:
        numbers = [float(one) for one in re.findall(r"-?\d+\.\d+", ribbon.path)]
        assert all(number <= 916 for number in numbers)
