"""Interest borne: the examples of funds F-10, and that it never exceeds the loan's own rate."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings, strategies as st

from funds.rules.interest import (
    Borrower,
    Payer,
    Term,
    Terms,
    interest_borne,
    loan_refusals,
    saved_by_cut,
    stack_refusals,
    stacked,
    term_of,
    terms_for,
)

HOUSEHOLD = terms_for(Borrower.HOUSEHOLD, 2014)


@pytest.mark.parametrize(
    ("principal", "term", "yuan"),
    [
        pytest.param("50000", Term(1, 0), "2500.00", id="5 万，1 年"),
        pytest.param("50000", Term(0, 180), "1250.00", id="5 万，180 天"),
        pytest.param("80000", Term(1, 0), "2500.00", id="8 万按 5 万计"),
        pytest.param("50000", Term(0, 360), "2500.00", id="360 days are a year"),
        pytest.param("50000", Term(0, 364), "2500.00", id="364 days are no more than a year"),
        pytest.param("50000", Term(0, 1), "6.94", id="a day"),
        pytest.param("0.01", Term(1, 0), "0.00", id="a fen"),
    ],
)
def test_the_worked_examples_of_households(principal: str, term: Term, yuan: str) -> None:
    assert interest_borne(Decimal(principal), HOUSEHOLD, term, 2014) == Decimal(yuan)


def test_projects_have_their_own_rate_and_no_cap() -> None:
    terms = terms_for(Borrower.ENTERPRISE, 2014)
    assert (terms.rate, terms.most, terms.years) == (3, None, None)
    assert interest_borne(Decimal(1_000_000), terms, Term(2, 90), 2014) == Decimal("67500.00")


def test_a_household_has_one_cap_however_many_loans() -> None:
    found = [
        interest_borne(Decimal(30_000), HOUSEHOLD, Term(1, 0), 2014, borne_already=Decimal(already))
        for already in (0, 30_000, 50_000, 60_000)
    ]
    assert found == [1500, 1000, 0, 0]


@pytest.mark.parametrize(
    ("begins", "agreed_end", "repaid_on", "years", "term"),
    [
        (date(2014, 3, 1), date(2015, 3, 1), None, 1, Term(1, 0)),
        (date(2014, 3, 1), date(2016, 3, 1), None, 1, Term(1, 0)),  # beyond a year only one is borne
        (date(2014, 3, 1), date(2016, 3, 1), None, None, Term(2, 0)),
        (date(2014, 3, 1), date(2014, 8, 28), None, 1, Term(0, 180)),
        (date(2014, 3, 1), date(2015, 3, 1), date(2014, 8, 28), 1, Term(0, 180)),  # repaid before it was due
        (date(2014, 3, 1), date(2014, 8, 28), date(2015, 8, 28), 1, Term(0, 180)),  # overdue is not borne
        (date(2014, 3, 1), date(2015, 2, 28), None, 1, Term(0, 364)),
        (date(2012, 2, 29), date(2013, 2, 28), None, 1, Term(1, 0)),
        (date(2014, 3, 1), date(2014, 3, 1), None, 1, Term(0, 0)),
    ],
)
def test_for_how_long(
    begins: date, agreed_end: date, repaid_on: date | None, years: int | None, term: Term
) -> None:
    assert term_of(begins, agreed_end, repaid_on=repaid_on, years=years) == term


def test_an_end_before_the_begin_is_impossible() -> None:
    with pytest.raises(ValueError, match="早于"):
        term_of(date(2014, 3, 2), date(2014, 3, 1))


@pytest.mark.parametrize(
    ("begins", "ends", "fields"),
    [
        (date(2014, 1, 1), date(2015, 1, 1), []),
        (date(2015, 1, 1), date(2016, 1, 1), ["begins_on"]),
        (date(2016, 6, 1), date(2017, 1, 1), []),  # begins as the other ends
        (date(2014, 1, 1), date(2014, 1, 1), ["ends_on"]),
    ],
)
def test_interest_is_borne_once(begins: date, ends: date, fields: list[str]) -> None:
    others = [(date(2015, 6, 1), date(2016, 6, 1))]
    assert list(loan_refusals(principal=Decimal(1), begins=begins, ends=ends, others=others)) == fields


def test_there_is_a_principal() -> None:
    found = loan_refusals(principal=Decimal(0), begins=date(2014, 1, 1), ends=date(2015, 1, 1))
    assert list(found) == ["principal_yuan"]


# Several levels -----------------------------------------------------------------------------------------------------------------------

OFFERED = {
    Payer.PROVINCE: Decimal(3),
    Payer.PROVINCE_MATCH: Decimal(2),
    Payer.CITY: Decimal(1),
    Payer.COUNTY: Decimal(1),
}
LOAN = Decimal(10_000_000)


def test_the_stacking_cap_of_the_worked_example() -> None:
    """1,000 万 at 6.00%, 3+2+1+1 = 7% offered: the county's 1% is cut, 60.00 万 a year are borne, 10.00 万 cut."""
    found = stacked(LOAN, Decimal("6.00"), OFFERED)
    assert [(one.payer.value, one.rate, one.yuan) for one in found] == [
        ("PROVINCE", 3, 300_000),
        ("PROVINCE_MATCH", 2, 200_000),
        ("CITY", 1, 100_000),
        ("COUNTY", 0, 0),
    ]
    assert sum(one.yuan for one in found) == 600_000
    assert saved_by_cut(LOAN, found) == 100_000


@pytest.mark.parametrize(
    ("loan_rate", "rates"),
    [
        ("7.00", [3, 2, 1, 1]),
        ("8.00", [3, 2, 1, 1]),  # nothing to cut
        ("6.50", [3, 2, 1, "0.5"]),
        ("5.50", [3, 2, "0.5", 0]),
        ("4.00", [3, 1, 0, 0]),
        ("2.25", ["2.25", 0, 0, 0]),  # below the base rate: the rate really agreed caps it
        ("0", [0, 0, 0, 0]),
    ],
)
def test_the_lowest_level_is_cut_first(loan_rate: str, rates: list[int | str]) -> None:
    found = stacked(LOAN, Decimal(loan_rate), OFFERED)
    assert [one.rate for one in found] == [Decimal(rate) for rate in rates]


def test_another_order_may_be_set() -> None:
    found = stacked(
        LOAN, Decimal(6), OFFERED, order=(Payer.CITY, Payer.COUNTY, Payer.PROVINCE_MATCH, Payer.PROVINCE)
    )
    assert [one.cut for one in found] == [0, 0, 1, 0]


@given(
    principal=st.integers(1, 10**12),
    loan_rate=st.integers(0, 2000),
    offered=st.dictionaries(st.sampled_from(list(Payer)), st.integers(0, 1000), min_size=1),
)
@settings(deadline=None)
def test_never_more_than_the_loan_costs(principal: int, loan_rate: int, offered: dict[Payer, int]) -> None:
    yuan, rate = Decimal(principal) / 100, Decimal(loan_rate) / 100
    found = stacked(yuan, rate, {payer: Decimal(one) / 100 for payer, one in offered.items()})
    together = sum((one.rate for one in found), Decimal(0))
    assert together == min(rate, Decimal(sum(offered.values())) / 100)
    assert all(0 <= one.rate <= one.offered for one in found)
    assert abs(sum((one.yuan for one in found), Decimal(0)) - yuan * together / 100) <= Decimal("0.005")


def test_rates_below_nothing_are_impossible() -> None:
    with pytest.raises(ValueError, match="利率"):
        stacked(LOAN, Decimal(6), {Payer.CITY: Decimal(-1)})


def test_a_stack_above_the_loan_is_refused() -> None:
    assert stack_refusals(Decimal(6), {Payer.PROVINCE: Decimal(5), Payer.CITY: Decimal(1)}) == {}
    assert stack_refusals(Decimal(6), OFFERED) == {"rate": "各级累加贴息 7%，不得超过实际贷款利率 6%"}


def test_terms_may_be_set_by_hand() -> None:
    assert interest_borne(Decimal(100), Terms(Decimal("4.35")), Term(1, 0), 2014) == Decimal("4.35")
