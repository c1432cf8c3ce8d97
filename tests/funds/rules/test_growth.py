"""Money that grows: the example and both tables of funds F-03, the alarms of policy-trace 4.2 and 4.3."""

from decimal import Decimal

import pytest

from funds.rules.growth import (
    Budget,
    growth_points,
    level_alarm,
    pace_alarm,
    ratio_points,
    share_alarm,
    well_off_alarm,
    working_alarm,
)


def budget(now: str, before: str | None) -> Budget:
    return Budget(Decimal(now), None if before is None else Decimal(before))


@pytest.mark.parametrize(
    ("now", "before", "growth"),
    [
        ("108", "100", "8.00"),
        ("100", "100", "0.00"),
        ("90", "120", "-25.00"),
        ("5", "0", None),
        ("5", None, None),
    ],
)
def test_growth(now: str, before: str | None, growth: str | None) -> None:
    assert budget(now, before).growth == (None if growth is None else Decimal(growth))


@pytest.mark.parametrize(
    ("now", "before", "points"),
    [
        ("108.00", "100", "5"),
        ("107.99", "100", "4–3"),
        ("104.00", "100", "4–3"),
        ("103.99", "100", "2–1"),
        ("100.01", "100", "2–1"),
        ("100.00", "100", "0"),
        ("99", "100", "0"),
        ("5", None, "0"),
    ],
)
def test_points_for_growth(now: str, before: str | None, points: str) -> None:
    assert str(growth_points(budget(now, before))) == points


@pytest.mark.parametrize(
    ("province", "points"),
    [
        ("450000000", "4–3"),  # the example: 4.5 of 12.0 亿, 37.5%
        ("480000000", "5"),
        ("479999999.99", "4–3"),
        ("240000000", "4–3"),
        ("239999999.99", "2–1"),
        ("120000000", "2–1"),
        ("119999999.99", "0"),
    ],
)
def test_points_for_the_province_against_the_centre(province: str, points: str) -> None:
    assert str(ratio_points(Decimal(province), Decimal(1_200_000_000))) == points


def test_no_points_against_nothing() -> None:
    assert str(ratio_points(Decimal(5), Decimal(0))) == "0"


@pytest.mark.parametrize(
    ("now", "before", "alarmed"),
    [("99", "100", True), ("100", "100", False), ("101", "100", False), ("1", None, False)],
)
def test_no_level_puts_in_less(now: str, before: str | None, alarmed: bool) -> None:
    assert (level_alarm(budget(now, before)) is not None) is alarmed


@pytest.mark.parametrize(
    ("province", "central", "alarmed"),
    [
        (("110", "100"), ("1100", "1000"), False),
        (("109.99", "100"), ("1100", "1000"), True),
        (("90", "100"), ("800", "1000"), False),
        (("90", None), ("800", "1000"), False),
    ],
)
def test_the_province_keeps_pace(
    province: tuple[str, str | None], central: tuple[str, str], alarmed: bool
) -> None:
    assert (pace_alarm(budget(*province), budget(*central)) is not None) is alarmed


@pytest.mark.parametrize(
    ("now", "before", "red"),
    [("99", "100", True), ("100", "100", False), ("100.01", "100", None), ("1", None, None)],
)
def test_whoever_is_well_off_puts_in_more_each_year(now: str, before: str | None, red: bool | None) -> None:
    alarm = well_off_alarm(budget(now, before))
    assert (alarm.red if alarm else None) is red


@pytest.mark.parametrize(
    ("now", "before", "alarmed"),
    [("0", "0", True), ("0", None, True), ("9", "10", True), ("10", "10", False), ("10", None, False)],
)
def test_working_funds_are_there(now: str, before: str | None, alarmed: bool) -> None:
    assert (working_alarm(budget(now, before)) is not None) is alarmed


@pytest.mark.parametrize(
    ("now", "spending", "well_off", "red"),
    [
        ("10", "1000", True, None),
        ("10", "1000.01", True, True),
        ("10", "1000.01", False, False),
        ("11", "1000", True, None),
        ("10", "0", True, None),
    ],
)
def test_the_share_of_spending_does_not_fall(
    now: str, spending: str, well_off: bool, red: bool | None
) -> None:
    alarm = share_alarm(budget(now, "10"), budget(spending, "1000"), well_off=well_off)
    assert (alarm.red if alarm else None) is red
