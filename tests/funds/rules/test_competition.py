"""Ways of using money, and who comes first (funds F-02, policy-trace 5.4, 5.5)."""

from datetime import date
from decimal import Decimal

import pytest

from funds.rules.competition import (
    Candidate,
    UseWay,
    adoption_rate,
    award,
    award_refusals,
    build_first_refusals,
    candidate_refusals,
    private_run_refusals,
    ranked,
    way_refusals,
)

ACCEPTED = date(2014, 10, 20)


@pytest.mark.parametrize(
    ("way", "reason", "fields"),
    [
        ("AWARD", "", []),
        ("", "", ["use_way"]),
        ("GIFT", "", ["use_way"]),
        ("OTHER", " ", ["use_way_reason"]),
        ("OTHER", "应急抢修", []),
    ],
)
def test_a_way_is_chosen(way: str, reason: str, fields: list[str]) -> None:
    assert list(way_refusals(way, reason)) == fields


@pytest.mark.parametrize(
    ("way", "paying", "accepted_on", "on", "fields"),
    [
        (UseWay.BUILD_FIRST, "1", None, ACCEPTED, ["amount_yuan"]),
        (UseWay.BUILD_FIRST, "1", ACCEPTED, date(2014, 10, 19), ["on"]),
        (UseWay.BUILD_FIRST, "1", ACCEPTED, ACCEPTED, []),
        (UseWay.BUILD_FIRST, "0", None, ACCEPTED, []),
        (UseWay.AWARD, "1", None, ACCEPTED, []),
    ],
)
def test_nothing_is_paid_before_what_was_to_be_built_first_is_accepted(
    way: str, paying: str, accepted_on: date | None, on: date, fields: list[str]
) -> None:
    found = build_first_refusals(way, paying=Decimal(paying), accepted_on=accepted_on, on=on)
    assert list(found) == fields


@pytest.mark.parametrize(
    ("way", "total_paid", "standard", "verified", "fields"),
    [
        ("AWARD", "4800.00", "1000", "4.8", []),
        ("AWARD", "4800.01", "1000", "4.8", ["amount_yuan"]),
        ("AWARD", "1", None, "4.8", ["verified"]),
        ("AWARD", "1", "1000", None, ["verified"]),
        ("OTHER", "9999", None, None, []),
    ],
)
def test_an_award_is_standard_by_verified_quantity(
    way: str, total_paid: str, standard: str | None, verified: str | None, fields: list[str]
) -> None:
    found = award_refusals(
        way,
        total_paid=Decimal(total_paid),
        standard=None if standard is None else Decimal(standard),
        verified=None if verified is None else Decimal(verified),
    )
    assert list(found) == fields


def test_an_award_to_the_fen() -> None:
    assert award(Decimal("333.33"), Decimal("1.5")) == Decimal("500.00")


@pytest.mark.parametrize(
    ("way", "subsidy", "refused"),
    [("PRIVATE_RUN", "50000.00", False), ("PRIVATE_RUN", "50000.01", True), ("AWARD", "90000", False)],
)
def test_the_public_helps_with_a_part(way: str, subsidy: str, refused: bool) -> None:
    found = private_run_refusals(way, subsidy=Decimal(subsidy), investment=Decimal(100_000), year=2014)
    assert bool(found) is refused


def test_how_many_use_competition() -> None:
    assert adoption_rate(["AWARD", "BUILD_FIRST", "OTHER"]) == Decimal("66.67")
    assert adoption_rate([]) is None


def candidate(key: str, *marks: int) -> Candidate:
    return Candidate(key, *(Decimal(mark) for mark in marks))


def test_the_eager_the_good_and_the_regular_come_first() -> None:
    found = ranked(
        [
            candidate("c", 70, 70, 70),
            candidate("b", 90, 60, 60),
            candidate("a", 60, 90, 61),
            candidate("d", 10, 10, 10),
        ],
        2014,
    )
    assert [(one.rank, one.candidate.key, one.score) for one in found] == [
        (1, "a", Decimal("70.33")),
        (2, "b", Decimal("70.00")),
        (2, "c", Decimal("70.00")),
        (4, "d", Decimal("10.00")),
    ]


@pytest.mark.parametrize(
    ("mark", "refused"), [(None, True), ("-1", True), ("0", False), ("100", False), ("100.1", True)]
)
def test_marks_lie_between_nothing_and_a_hundred(mark: str | None, refused: bool) -> None:
    found = candidate_refusals({"work": None if mark is None else Decimal(mark)})
    assert bool(found) is refused
