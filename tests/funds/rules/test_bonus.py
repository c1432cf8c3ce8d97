"""The bonus by results: the example of funds F-02, and that it has to grow."""

from decimal import Decimal

import pytest

from funds.errors import MoneyRefused
from funds.rules.bonus import (
    Grade,
    Result,
    bonus_warning,
    by_coefficients,
    by_grade,
    by_rank,
    coefficient,
    grade_of,
)

JIA, YI, BING = 1, 2, 3
POOL = Decimal(9_000_000)


@pytest.mark.parametrize(
    ("score", "grade"),
    [
        ("100", "A"),
        ("90", "A"),
        ("89.99", "B"),
        ("80", "B"),
        ("79.99", "C"),
        ("60", "C"),
        ("59.99", "D"),
        ("0", "D"),
    ],
)
def test_grades(score: str, grade: str) -> None:
    assert grade_of(Decimal(score), 2014) == grade


def test_the_worked_example() -> None:
    scores = {JIA: 86, YI: 92, BING: 75}
    results = {
        code: Result(grade_of(Decimal(score), 2014), "晋扶考〔2014〕1号") for code, score in scores.items()
    }
    assert by_grade(POOL, results, 2014) == {JIA: 3_375_000, YI: 5_625_000, BING: 0}


def test_whoever_was_called_to_account_gets_nothing() -> None:
    named = Result(Grade.A, "晋扶考〔2014〕1号", called_to_account=True)
    assert coefficient(named, 2014) == 0
    results = {JIA: named, YI: Result(Grade.B, "晋扶考〔2014〕1号")}
    assert by_grade(POOL, results, 2014) == {JIA: 0, YI: 9_000_000}


def test_no_bonus_without_an_assessment() -> None:
    with pytest.raises(MoneyRefused) as refusal:
        by_grade(POOL, {JIA: Result(Grade.A, "")}, 2014)
    assert refusal.value.fields == {"assessment_no": "缺考核结果编号：1"}


def test_nobody_to_take_it() -> None:
    with pytest.raises(MoneyRefused):
        by_grade(POOL, {JIA: Result(Grade.C, "晋扶考〔2014〕1号")}, 2014)


def test_by_rank_equal_ranks_take_equal_parts() -> None:
    parts = [Decimal(3), Decimal(2), Decimal(1)]
    assert by_rank(Decimal(700), {1: 1, 2: 2, 3: 2, 4: 4}, parts) == {1: 300, 2: 200, 3: 200, 4: 0}


def test_it_adds_up_to_the_cent() -> None:
    found = by_coefficients(Decimal("100.00"), {1: Decimal(1), 2: Decimal(1), 3: Decimal(1)})
    assert found == {1: Decimal("33.34"), 2: Decimal("33.33"), 3: Decimal("33.33")}


@pytest.mark.parametrize(
    ("bonus", "before", "warned"),
    [("9.00", "8.00", False), ("8.00", "8.00", True), ("7.99", "8.00", True)],
)
def test_its_part_has_to_rise(bonus: str, before: str, warned: bool) -> None:
    said = bonus_warning(
        Decimal(bonus), Decimal(100), bonus_before=Decimal(before), total_before=Decimal(100)
    )
    assert (said is not None) is warned


def test_a_first_year_has_nothing_to_rise_above() -> None:
    assert bonus_warning(Decimal(0), Decimal(100), bonus_before=Decimal(0), total_before=Decimal(0)) is None
