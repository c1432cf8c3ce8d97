"""A village's own fund: the example of funds F-11, and everything that is refused."""

from datetime import date
from decimal import Decimal

import pytest

from funds.rules.village_fund import (
    LoanPurpose,
    LoanWish,
    composition,
    dividend_refusals,
    due_on,
    fund_refusals,
    inflow_refusals,
    join_refusals,
    leave_refusals,
    loan_refusals,
    members_remark,
    ratios,
    repayment_refusals,
    usage_fee,
)


def test_the_fund_of_the_worked_example() -> None:
    """15 万 of the state, 60 households × 200 yuan, 2 万 given: 182,000 yuan."""
    assert (
        composition(government=Decimal(150_000), shares=60 * Decimal(200), donations=Decimal(20_000))
        == 182_000
    )


def test_the_fee_of_the_worked_example() -> None:
    assert usage_fee(Decimal(5000), Decimal(6), 9) == Decimal("225.00")
    assert usage_fee(Decimal("3333.33"), Decimal("5.5"), 7) == Decimal("106.94")


WISH = LoanWish(
    is_member=True,
    same_village=True,
    amount=Decimal(5000),
    months=9,
    purpose=LoanPurpose.BREEDING,
    first=True,
    guarantors=2,
    cash=Decimal(182_000),
)


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        pytest.param({}, [], id="as it should be"),
        pytest.param({"is_member": False}, ["household"], id="an outsider"),
        pytest.param({"same_village": False}, ["household"], id="another village"),
        pytest.param({"amount": Decimal("5000.01")}, ["amount_yuan"], id="a first loan over 5,000"),
        pytest.param({"amount": Decimal(10_000), "first": False}, [], id="10,000"),
        pytest.param({"amount": Decimal("10000.01"), "first": False}, ["amount_yuan"], id="over 10,000"),
        pytest.param(
            {"amount": Decimal(5000), "first": False, "owed": Decimal("5000.01")},
            ["amount_yuan"],
            id="with what is owed",
        ),
        pytest.param({"amount": Decimal(0)}, ["amount_yuan"], id="nothing"),
        pytest.param({"cash": Decimal("4999.99")}, ["amount_yuan"], id="more than the fund has"),
        pytest.param({"months": 12}, [], id="12 months"),
        pytest.param({"months": 13}, ["months"], id="a 13th month"),
        pytest.param({"months": 0}, ["months"], id="no month"),
        pytest.param({"purpose": "CONSUMPTION"}, ["purpose"], id="to live on"),
        pytest.param({"purpose": "HOUSING"}, ["purpose"], id="to build"),
        pytest.param({"purpose": "CEREMONY"}, ["purpose"], id="to marry"),
        pytest.param({"purpose": "DEBT"}, ["purpose"], id="to pay a debt"),
        pytest.param({"purpose": ""}, ["purpose"], id="for nothing"),
        pytest.param({"guarantors": 1}, ["guarantors"], id="too few to stand for it"),
    ],
)
def test_loans(changed: dict[str, object], fields: list[str]) -> None:
    values = {name: getattr(WISH, name) for name in WISH.__dataclass_fields__} | changed
    assert list(loan_refusals(LoanWish(**values), 2014)) == fields


@pytest.mark.parametrize(
    ("share", "village", "fields"),
    [
        ("100", 1, []),
        ("500", 1, []),
        ("99.99", 1, ["share_yuan"]),
        ("500.01", 1, ["share_yuan"]),
        ("200", 2, ["household"]),
    ],
)
def test_who_joins(share: str, village: int, fields: list[str]) -> None:
    assert (
        list(join_refusals(member_village=village, fund_village=1, share=Decimal(share), year=2014)) == fields
    )


@pytest.mark.parametrize(
    ("kind", "refused"),
    [
        ("GOVERNMENT", False),
        ("SHARE", False),
        ("DONATION", False),
        ("FEE", False),
        ("DEPOSIT", True),
        ("", True),
    ],
)
def test_a_fund_takes_no_deposits(kind: str, refused: bool) -> None:
    assert bool(inflow_refusals(kind)) is refused


def test_it_pays_no_dividends() -> None:
    assert dividend_refusals(2014) == {"kind": "互助资金封闭周转，不得分红"}


def test_it_is_registered_in_one_village() -> None:
    assert fund_refusals(registration_no="社证字第1号", village=141124101222) == {}
    assert list(fund_refusals(registration_no="", village=None)) == ["registration_no", "village"]


@pytest.mark.parametrize(("shares", "remarked"), [("19999.99", True), ("20000.00", False)])
def test_few_shares_are_a_remark_and_no_refusal(shares: str, remarked: bool) -> None:
    assert (members_remark(Decimal(shares), 2014) is not None) is remarked


@pytest.mark.parametrize(
    ("amount", "refused"), [("0", True), ("0.01", False), ("5000", False), ("5000.01", True)]
)
def test_no_more_is_paid_back_than_is_owed(amount: str, refused: bool) -> None:
    assert bool(repayment_refusals(amount=Decimal(amount), owed=Decimal(5000))) is refused


def test_whoever_owes_stays() -> None:
    assert list(leave_refusals(owed=Decimal("0.01"))) == ["household"]
    assert leave_refusals(owed=Decimal(0)) == {}


def test_due_by_calendar_month() -> None:
    assert due_on(date(2014, 5, 31), 9) == date(2015, 2, 28)


def test_how_a_fund_stands() -> None:
    found = ratios(
        fund=Decimal(182_000), outstanding=Decimal(91_000), overdue=Decimal(4550), to_poor=Decimal(68_250)
    )
    assert (found.lent, found.overdue, found.to_poor) == (50, 5, 75)
    empty = ratios(fund=Decimal(0), outstanding=Decimal(0), overdue=Decimal(0), to_poor=Decimal(0))
    assert (empty.lent, empty.overdue, empty.to_poor) == (0, 0, 0)
    with pytest.raises(ValueError, match="部分"):
        ratios(fund=Decimal(1), outstanding=Decimal(2), overdue=Decimal(0), to_poor=Decimal(0))
