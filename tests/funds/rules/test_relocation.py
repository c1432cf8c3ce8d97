"""Subsidies put together for one house: the examples of funds F-14."""

from decimal import Decimal

import pytest

from funds.rules.relocation import (
    BUNDLED,
    Bundle,
    Channel,
    Subsidy,
    bundle_refusals,
    gains_refusals,
    industry_bonus,
    standard_warning,
)

WAN = 10_000


def line(channel: Channel, amount: int, *, house: str = "", document: str = "晋发改〔2014〕1号") -> Subsidy:
    return Subsidy(channel, Decimal(amount), document, house)


EXAMPLE = Bundle(
    Decimal(96_000),
    (
        line(Channel.RELOCATION, 4 * 5000),
        line(Channel.DANGEROUS_HOUSE, 14_000),
        line(Channel.MATCH, 8000),
        line(Channel.GAINS, 12_000),
    ),
)


def test_the_worked_example() -> None:
    assert (EXAMPLE.subsidised, EXAMPLE.own, EXAMPLE.own_share) == (54_000, 42_000, Decimal("43.75"))
    assert bundle_refusals(EXAMPLE, old_house_gone=False) == {}


def test_seven_kinds_are_bundled() -> None:
    assert len(BUNDLED) == 7


@pytest.mark.parametrize(
    ("subsidies", "gone", "fields"),
    [
        pytest.param([line(Channel.RELOCATION, 96_000)], False, [], id="all of the cost"),
        pytest.param([line(Channel.RELOCATION, 96_001)], False, ["amount_yuan"], id="more than the cost"),
        pytest.param([line(Channel.RELOCATION, 0)], False, ["amount_yuan"], id="nothing"),
        pytest.param(
            [line(Channel.MATCH, 1), line(Channel.MATCH, 1)], False, ["channel"], id="a channel twice"
        ),
        pytest.param([line(Channel.MATCH, 1, document=" ")], False, ["document_no"], id="no document"),
        pytest.param(
            [
                line(Channel.RELOCATION, 1, house="前庄13号"),
                line(Channel.DANGEROUS_HOUSE, 1, house="前庄13号"),
            ],
            False,
            ["old_house"],
            id="mended and left",
        ),
        pytest.param(
            [
                line(Channel.RELOCATION, 1, house="前庄13号"),
                line(Channel.DANGEROUS_HOUSE, 1, house="前庄13号"),
            ],
            True,
            [],
            id="left and pulled down",
        ),
        pytest.param(
            [
                line(Channel.COMMUNITY, 1, house="前庄13号"),
                line(Channel.DANGEROUS_HOUSE, 1, house="前庄13号"),
            ],
            False,
            [],
            id="mended and not left",
        ),
    ],
)
def test_bundles(subsidies: list[Subsidy], gone: bool, fields: list[str]) -> None:
    assert list(bundle_refusals(Bundle(Decimal(96_000), subsidies), old_house_gone=gone)) == fields


@pytest.mark.parametrize(
    ("subsidies", "refused"),
    [
        (420 * WAN, True),  # of 840 万 exactly half: not the larger part
        ("4200000.01", False),
        (840 * WAN, False),
        ("8400000.01", True),
        (0, True),
    ],
)
def test_the_larger_part_of_the_gains_goes_to_the_poor(subsidies: int | str, refused: bool) -> None:
    assert bool(gains_refusals(Decimal(840 * WAN), Decimal(subsidies), 2014)) is refused


def test_no_gains_nothing_to_settle() -> None:
    assert gains_refusals(Decimal(0), Decimal(0), 2014) != {}


def test_the_industry_bonus_of_the_worked_example() -> None:
    assert industry_bonus(350, Decimal(2000)) == 70 * WAN


@pytest.mark.parametrize(
    ("now", "before", "warned"), [("4999", "5000", True), ("5000", "5000", False), ("5", None, False)]
)
def test_the_standard_does_not_fall(now: str, before: str | None, warned: bool) -> None:
    said = standard_warning(Decimal(now), None if before is None else Decimal(before))
    assert (said is not None) is warned
