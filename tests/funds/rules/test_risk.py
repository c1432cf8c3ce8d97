"""A bank's losses made good: the example of funds F-12."""

from datetime import date
from decimal import Decimal

import pytest

from funds.rules.risk import MORAL, LossReason, claim_refusals, compensation, repayment_warning, settle

WAN = 10_000


def test_the_worked_example() -> None:
    """180 万 bad, 40 of it moral, 70%: 98.00 万 due; a balance of 80 pays 80, 18 wait."""
    due = compensation(Decimal(180 * WAN), Decimal(40 * WAN), 2014)
    assert due == 98 * WAN
    claim = settle([("临县", due)], Decimal(80 * WAN))[0]
    assert (claim.paid, claim.waiting) == (80 * WAN, 18 * WAN)


def test_first_come_first_paid() -> None:
    found = settle([("a", Decimal(50)), ("b", Decimal(40)), ("c", Decimal(10))], Decimal(80))
    assert [(one.key, one.paid, one.waiting) for one in found] == [("a", 50, 0), ("b", 30, 10), ("c", 0, 10)]
    assert sum(one.paid for one in found) == 80


def test_nothing_but_moral_losses() -> None:
    assert compensation(Decimal(40), Decimal(40), 2014) == 0


@pytest.mark.parametrize("reason", list(LossReason))
def test_moral_losses_are_not_made_good(reason: LossReason) -> None:
    found = claim_refusals(reason=reason, note="洪水", loss=Decimal(10), outstanding=Decimal(10))
    assert list(found) == (["reason"] if reason in MORAL else [])


@pytest.mark.parametrize(
    ("reason", "note", "loss", "fields"),
    [
        ("", "", "10", ["reason"]),
        ("OTHER", " ", "10", ["note"]),
        ("MARKET", "", "10.01", ["loss_yuan"]),
        ("MARKET", "", "0", ["loss_yuan"]),
    ],
)
def test_a_claim_says_why_and_how_much(reason: str, note: str, loss: str, fields: list[str]) -> None:
    assert (
        list(claim_refusals(reason=reason, note=note, loss=Decimal(loss), outstanding=Decimal(10))) == fields
    )


@pytest.mark.parametrize(
    ("today", "said"),
    [
        (date(2014, 5, 31), None),
        (date(2014, 6, 1), "2014-07-01 到期，防因还贷返贫"),
        (date(2014, 7, 1), "2014-07-01 到期，防因还贷返贫"),
        (date(2014, 7, 3), "逾期 2 天，防因还贷返贫"),
    ],
)
def test_repaying_must_not_make_anybody_poor_again(today: date, said: str | None) -> None:
    assert repayment_warning(date(2014, 7, 1), today, poor=True) == said
    assert repayment_warning(date(2014, 7, 1), today, poor=False) is None
