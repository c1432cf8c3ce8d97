"""Departments' money put together, and which way it leans (funds F-08)."""

from decimal import Decimal

import pytest

from funds.rules.integration import (
    Tilt,
    integrated_refusals,
    purpose_refusals,
    tilt_warning,
    tilts,
    use_refusals,
)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({}, None),
        ({"amount": Decimal(0)}, "amount_yuan"),
        ({"department": " "}, "department"),
        ({"plan": ""}, "plan"),
        ({"problem": ""}, "problem"),
    ],
)
def test_what_a_sum_says_of_itself(changed: dict[str, object], field: str | None) -> None:
    given = {
        "amount": Decimal(5),
        "department": "省水利厅",
        "plan": "临县扶贫攻坚规划",
        "problem": "饮水困难",
    } | changed
    assert list(integrated_refusals(**given)) == ([field] if field else [])  # type: ignore[arg-type]


def test_it_serves_its_own_purpose() -> None:
    assert purpose_refusals(purpose="农村饮水", original="农村饮水 ") == {}
    assert purpose_refusals(purpose="办公", original="农村饮水") == {
        "purpose": "整合不改用途，原用途：农村饮水"
    }


@pytest.mark.parametrize(("amount", "refused"), [("100.00", False), ("100.01", True)])
def test_no_more_than_there_is(amount: str, refused: bool) -> None:
    assert bool(use_refusals(amount=Decimal(amount), left=Decimal(100))) is refused


def test_departments_by_their_tilt() -> None:
    found = tilts(
        [
            ("省水利厅", Decimal(600), True),
            ("省水利厅", Decimal(400), False),
            ("省交通厅", Decimal(750), True),
            ("省交通厅", Decimal(250), False),
            ("省林业厅", Decimal(10), False),
        ],
        before={"省水利厅": Decimal("61.00"), "省交通厅": Decimal("70.00")},
    )
    assert [(one.department, one.share, one.change) for one in found] == [
        ("省交通厅", Decimal("75.00"), Decimal("5.00")),
        ("省水利厅", Decimal("60.00"), Decimal("-1.00")),
        ("省林业厅", Decimal("0.00"), None),
    ]
    assert [tilt_warning(one) is not None for one in found] == [False, True, False]


def test_a_department_that_spends_nothing_leans_nowhere() -> None:
    assert Tilt("省林业厅", Decimal(0), Decimal(0)).share == 0
