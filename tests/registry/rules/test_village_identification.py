"""一高一低一无 with the province's figures of procedures §3: 13.6 % and 7,154 yuan make 27.2 % and 4,292.40 yuan."""

from dataclasses import replace
from decimal import Decimal

import pytest

from registry.rules.village_identification import VillageFigures, village_may_leave, village_refusals

POOR = VillageFigures(
    year=2013,
    poor=273,
    rural_population=1000,
    income_per_head=Decimal("4292.39"),
    collective_income=Decimal(0),
    province_rate=Decimal("13.6"),
    province_income=Decimal(7154),
)


@pytest.mark.parametrize(
    ("changed", "refused"),
    [
        ({}, []),
        ({"poor": 272}, ["一高"]),  # exactly twice the province's rate is not above it
        ({"income_per_head": Decimal("4292.40")}, ["一低"]),
        ({"collective_income": Decimal("0.01")}, ["一无"]),
        ({"collective_income": None}, ["一无"]),
        (
            {"poor": 0, "income_per_head": Decimal(9000), "collective_income": Decimal(5)},
            ["一高", "一低", "一无"],
        ),
    ],
)
def test_all_three_conditions(changed: dict[str, object], refused: list[str]) -> None:
    assert [one.rule for one in village_refusals(replace(POOR, **changed))] == refused  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("poor", "people", "leaves"), [(20, 1000, False), (19, 1000, True), (199, 10_000, True), (0, 0, False)]
)
def test_below_two_per_cent_unrounded(poor: int, people: int, leaves: bool) -> None:
    assert village_may_leave(poor, people, 2016) is leaves
