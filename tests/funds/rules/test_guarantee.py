"""Guarantee companies: their capital and what they may guarantee (funds F-13)."""

from decimal import Decimal

import pytest

from funds.rules.guarantee import (
    capital_refusals,
    deposit_warning,
    guarantee_refusals,
    multiple,
    paid_for_refusals,
    stakes,
)


@pytest.mark.parametrize(
    ("kind", "capital", "fields"),
    [
        ("REGUARANTEE", "INTEREST_MONEY", []),
        ("REGUARANTEE", "ENTERPRISE", []),
        ("REGUARANTEE", "SOCIAL", []),
        ("REGUARANTEE", "PROVINCE", ["capital"]),
        ("FINANCING", "PROVINCE", []),
        ("FINANCING", "ENTERPRISE", []),
        ("FINANCING", "INTEREST_MONEY", ["capital"]),
        ("FINANCING", "SOCIAL", ["capital"]),
        ("BANK", "SOCIAL", ["kind"]),
    ],
)
def test_whose_capital_goes_where(kind: str, capital: str, fields: list[str]) -> None:
    assert (
        list(capital_refusals(kind, capital, amount=Decimal(1), subject="EQUITY", approval_no="")) == fields
    )


def test_cash_deposits_need_an_approval_and_are_warned_of() -> None:
    asked = {"amount": Decimal(1), "subject": "CASH_DEPOSIT"}
    assert list(capital_refusals("FINANCING", "PROVINCE", approval_no="", **asked)) == ["approval_no"]  # type: ignore[arg-type]
    assert capital_refusals("FINANCING", "PROVINCE", approval_no="晋政函〔2014〕5号", **asked) == {}  # type: ignore[arg-type]
    assert deposit_warning("CASH_DEPOSIT") is not None
    assert deposit_warning("EQUITY") is None


def test_stakes() -> None:
    found = stakes({"省财政": Decimal(5000), "某集团": Decimal(2500), "社会": Decimal(2500)})
    assert found == {"省财政": 50, "某集团": 25, "社会": 25}


@pytest.mark.parametrize(("amount", "refused"), [("100.00", False), ("100.01", True), ("0", True)])
def test_ten_times_the_net_assets(amount: str, refused: bool) -> None:
    found = guarantee_refusals(
        amount=Decimal(amount), outstanding=Decimal(900), net_assets=Decimal(100), year=2014
    )
    assert bool(found) is refused


def test_multiple() -> None:
    assert multiple(Decimal(850), Decimal(100)) == Decimal("8.50")
    assert multiple(Decimal(850), Decimal(0)) is None


@pytest.mark.parametrize(("amount", "refused"), [("10.00", False), ("10.01", True), ("0", True)])
def test_no_more_is_paid_than_was_guaranteed(amount: str, refused: bool) -> None:
    assert bool(paid_for_refusals(amount=Decimal(amount), outstanding=Decimal(10))) is refused
