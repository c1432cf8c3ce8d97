"""Interest borne on loans: within the cap, once for a time, by three people, out of the pot; and what the database says of it."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from funds.codes.interest import ClaimStatus, PotKind
from funds.errors import MoneyRefused
from funds.models import InterestClaim, InterestLoan, PotAct
from funds.reports.interest import loans, pot_of
from funds.rules.interest import Payer
from funds.rules.interest_pot import PotUse
from funds.services.interest import claim_interest, decide_claim, pay_claim, repaid
from fupin.accounts.constraints import name_of
from fupin.accounts.permissions import Refused
from tests.conftest import LINXIAN
from tests.funds.interesting import Bureau, bureau, filled, loan, poor, pot
from tests.registry.cases import act_as
from tests.registry.helping import left

pytestmark = pytest.mark.django_db

FIVE = {Payer.PROVINCE: Decimal(5)}
STACK = {
    Payer.PROVINCE: Decimal(3),
    Payer.PROVINCE_MATCH: Decimal(2),
    Payer.CITY: Decimal(1),
    Payer.COUNTY: Decimal(1),
}
PAID_ON = date(2014, 8, 10)


@pytest.fixture
def office(db: None) -> Bureau:
    return bureau()


def claim(office: Bureau, of: InterestLoan, **values: Any) -> InterestClaim:
    act_as(office.clerk)
    given = {
        "begins_on": of.begins_on,
        "ends_on": of.ends_on,
        "offered": FIVE,
        "document_no": "晋财农〔2014〕20号",
    } | values
    return claim_interest(actor=office.clerk, loan=of, **given)


def approved(office: Bureau, one: InterestClaim) -> InterestClaim:
    act_as(office.approver)
    return decide_claim(actor=office.approver, claim=one, approve=True, on=date(2014, 8, 1))


def paid(office: Bureau, one: InterestClaim) -> InterestClaim:
    act_as(office.finance)
    return pay_claim(actor=office.finance, claim=one, on=PAID_ON)


def fields(act: Callable[[], object]) -> dict[str, str]:
    """Return what is refused, by field."""
    with pytest.raises(MoneyRefused) as refusal:
        act()
    return refusal.value.fields


# Loans and claims ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("principal", "ends_on", "counted", "amount"),
    [
        ("50000", date(2015, 7, 1), "50000", "2500.00"),
        ("50000", date(2014, 12, 28), "50000", "1250.00"),  # 180 days
        ("80000", date(2015, 7, 1), "50000", "2500.00"),
    ],
)
def test_the_worked_examples(
    office: Bureau, principal: str, ends_on: date, counted: str, amount: str
) -> None:
    one = claim(office, loan(office, poor(office), principal_yuan=Decimal(principal), ends_on=ends_on))
    assert (one.counted_yuan, one.amount_yuan, one.pot_yuan) == (
        Decimal(counted),
        Decimal(amount),
        Decimal(amount),
    )


def test_several_levels_never_bear_more_than_the_loan_costs(office: Bureau) -> None:
    one = claim(office, loan(office), offered=STACK)
    shares = {share.payer: (share.rate, share.amount_yuan) for share in one.shares.order_by("pk")}
    assert shares == {
        "PROVINCE": (3, 300_000),
        "PROVINCE_MATCH": (2, 200_000),
        "CITY": (1, 100_000),
        "COUNTY": (0, 0),
    }
    assert (one.amount_yuan, one.pot_yuan) == (600_000, 500_000)


def test_three_people_and_the_money_leaves_the_pot(office: Bureau) -> None:
    filled(office)
    of = loan(office, poor(office))
    one = claim(office, of)
    act_as(office.clerk)
    with pytest.raises(Refused):
        decide_claim(actor=office.clerk, claim=one, approve=True, on=date(2014, 8, 1))
    assert "没有批准" in fields(lambda: paid(office, one))[""]
    approved(office, one)
    assert "已办理" in fields(lambda: approved(office, one))[""]
    done = paid(office, one)
    assert (done.status, done.entry.kind) == (ClaimStatus.PAID, "PAY")
    stands = pot_of(LINXIAN).uses[0]
    assert (stands.set_aside, stands.spent, stands.left) == (200_000, 2500, 197_500)
    assert loans(office.finance).get(pk=of.pk).borne_yuan == 2500
    assert loans(office.finance, on=date(2014, 8, 9)).get(pk=of.pk).borne_yuan == 0
    assert fields(lambda: paid(office, one)) == {"": "此贴息单还没有批准，或已支付"}


def test_nothing_is_paid_that_was_not_set_aside(office: Bureau) -> None:
    one = approved(office, claim(office, loan(office, poor(office))))
    assert "" in fields(lambda: paid(office, one))
    one.refresh_from_db()
    assert one.status == ClaimStatus.APPROVED


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"begins_on": date(2014, 6, 30)}, "ends_on"),
        ({"ends_on": date(2015, 7, 2)}, "ends_on"),
        ({"ends_on": date(2014, 7, 1)}, "ends_on"),
        ({"offered": {}}, "rates"),
        ({"offered": {Payer.CITY: Decimal(-1)}}, "rates"),
        ({"document_no": " "}, "document_no"),
    ],
)
def test_a_claim_is_refused_at_its_field(office: Bureau, changed: dict[str, Any], field: str) -> None:
    of = loan(office, poor(office))
    assert field in fields(lambda: claim(office, of, **changed))
    assert InterestClaim.objects.count() == 0


def test_interest_is_borne_once_for_a_time(office: Bureau) -> None:
    of = loan(office, poor(office))
    claim(office, of, ends_on=date(2014, 12, 28))
    assert fields(lambda: claim(office, of, begins_on=date(2014, 12, 27))) == {
        "begins_on": "这笔贷款在此期间已贴息，不得重复"
    }
    assert claim(office, of, begins_on=date(2014, 12, 28)).amount_yuan == Decimal("1284.72")  # 185 days


def test_a_household_has_one_cap_for_all_its_loans(office: Bureau) -> None:
    household = poor(office)
    claim(office, loan(office, household, principal_yuan=Decimal(30_000)))
    second = claim(office, loan(office, household, principal_yuan=Decimal(40_000)))
    assert (second.counted_yuan, second.amount_yuan) == (20_000, 1000)
    third = loan(office, household)
    assert "计贴本金已满" in fields(lambda: claim(office, third))["begins_on"]


def test_what_was_sent_back_may_be_claimed_again(office: Bureau) -> None:
    of = loan(office, poor(office))
    one = claim(office, of)
    act_as(office.approver)
    assert fields(lambda: decide_claim(actor=office.approver, claim=one, approve=False, on=PAID_ON)) == {
        "reason": "退回须写明原因"
    }
    decide_claim(actor=office.approver, claim=one, approve=False, on=PAID_ON, reason="合同复印件不清")
    assert claim(office, of).amount_yuan == 2500


def test_time_overdue_and_after_repayment_is_not_borne(office: Bureau) -> None:
    of = loan(office, poor(office))
    act_as(office.clerk)
    repaid(actor=office.clerk, loan=of, on=date(2014, 12, 28))
    assert "ends_on" in fields(lambda: claim(office, of))
    assert claim(office, of, ends_on=date(2014, 12, 28)).amount_yuan == 1250


def test_a_household_that_left_gets_no_more(office: Bureau) -> None:
    household = poor(office)
    of = loan(office, household)
    left(household, date(2014, 6, 30))
    assert fields(lambda: claim(office, of)) == {"": "该户不在册或已退出，不能贴息"}


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"principal_yuan": Decimal(0)}, "principal_yuan"),
        ({"principal_yuan": Decimal(10) ** 15}, "principal_yuan"),
        ({"ends_on": date(2014, 7, 1)}, "ends_on"),
        ({"rate": Decimal(0)}, "rate"),
        ({"rate": Decimal("36.01")}, "rate"),
        ({"begins_on": date(2999, 1, 1), "ends_on": date(2999, 2, 1)}, "begins_on"),
        ({"borrower": "HOUSEHOLD"}, "household"),
    ],
)
def test_a_loan_is_refused_at_its_field(office: Bureau, changed: dict[str, Any], field: str) -> None:
    assert list(fields(lambda: loan(office, **changed))) == [field]


def test_a_contract_is_registered_once(office: Bureau) -> None:
    loan(office, contract_no="临信1号")
    assert fields(lambda: loan(office, contract_no="临信1号")) == {
        "contract_no": "这份借款合同已登记，不得重复贴息"
    }


# The pot ------------------------------------------------------------------------------------------------------------------------------


def test_the_four_uses_of_the_pot_add_up(office: Bureau) -> None:
    filled(office)
    for use, amount in ((PotUse.REGUARANTEE, "300000.00"), (PotUse.VILLAGE_SHARE, "400000.00")):
        pot(office, PotKind.SET_ASIDE, amount, target=use)
    pot(office, PotKind.CHANGE, "50000.00", source=PotUse.DIRECT, target=PotUse.RISK_FUND)
    pot(
        office, PotKind.SPEND, "300000.00", source=PotUse.REGUARANTEE,
        finance_yuan=Decimal(2_000_000), social_yuan=Decimal(400_000),
    )  # fmt: skip
    found = pot_of(LINXIAN)
    assert (found.placed, found.taken_in, found.unset) == (1_000_000, 1_000_000, 100_000)
    assert [(one.set_aside, one.left) for one in found.uses] == [
        (150_000, 150_000),
        (300_000, 0),
        (400_000, 400_000),
        (50_000, 50_000),
    ]
    assert (found.spent, found.leverage) == (300_000, Decimal("8.00"))
    assert found.unset + found.spent + sum(one.left for one in found.uses) == found.taken_in
    assert pot_of(LINXIAN, on=date(2014, 6, 19)).taken_in == 0


@pytest.mark.parametrize(
    ("kind", "amount", "more", "field"),
    [
        (PotKind.TAKE_IN, "0.01", {}, "amount_yuan"),
        (PotKind.TAKE_IN, "1", {"appropriation": None}, "appropriation"),
        (PotKind.SET_ASIDE, "800000.01", {"target": PotUse.RISK_FUND}, "amount_yuan"),
        (PotKind.SET_ASIDE, "-1", {"target": PotUse.RISK_FUND}, "amount_yuan"),
        (PotKind.SET_ASIDE, "1", {"target": PotUse.RISK_FUND, "document_no": " "}, "document_no"),
        (PotKind.CHANGE, "1", {"source": PotUse.DIRECT, "target": PotUse.DIRECT}, "target"),
        (PotKind.CHANGE, "200000.01", {"source": PotUse.DIRECT, "target": PotUse.RISK_FUND}, "amount_yuan"),
        (PotKind.SPEND, "0.01", {"source": PotUse.RISK_FUND}, "amount_yuan"),
    ],
)
def test_the_pot_is_refused_at_its_field(
    office: Bureau, kind: PotKind, amount: str, more: dict[str, Any], field: str
) -> None:
    filled(office)
    before = PotAct.objects.count()
    assert field in fields(lambda: pot(office, kind, amount, **more))
    assert PotAct.objects.count() == before


def test_only_finance_keeps_the_pot(office: Bureau) -> None:
    office.finance = office.clerk
    with pytest.raises(Refused):
        pot(office, PotKind.TAKE_IN, "1")


# Whatever the code above says ---------------------------------------------------------------------------------------------------------


def wall(sql: str, *values: object) -> str:
    """Return the name of the wall that a statement of the web role runs into."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic(), connection.cursor() as cursor:  # noqa: PT012
        cursor.execute(sql, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return name_of(caught.value)


DRAFT = (
    "INSERT INTO funds_interestclaim (division, loan_id, year, begins_on, ends_on, counted_yuan, amount_yuan, pot_yuan, status, reason,"
    " entered_by_id, entered_at) VALUES (%s, %s, 2014, %s, %s, %s, %s, %s, %s, '', %s, now())"
)


def test_the_database_refuses_what_a_claim_may_not_be(office: Bureau) -> None:
    of = loan(office, poor(office))
    act_as(office.clerk)

    def draft(
        begins: str, ends: str, counted: int, amount: str, status: str = "DRAFT", by: int | None = None
    ) -> str:
        return wall(
            DRAFT, of.division_id, of.pk, begins, ends, counted, amount, amount, status, by or office.clerk.pk
        )

    assert draft("2014-07-01", "2015-07-01", 50_000, "2500") == "interestclaim_adds_up"
    assert draft("2014-07-01", "2015-07-01", 50_001, "2500") == "interestclaim_within_its_principal"
    assert draft("2014-06-30", "2015-07-01", 50_000, "2500") == "interestclaim_within_its_loan"
    assert draft("2014-07-01", "2015-07-02", 50_000, "2500") == "interestclaim_within_its_loan"
    assert draft("2014-07-01", "2015-07-01", 50_000, "2500", "APPROVED") == "interestclaim_step_by_step"
    assert draft("2014-07-01", "2015-07-01", 50_000, "2500", by=office.finance.pk) == "funds_by_its_actor"
    claim(office, of)
    assert draft("2014-08-01", "2014-09-01", 1, "1") == "interestclaim_once_for_a_time"
    other = loan(office, of.household, principal_yuan=Decimal(80_000))
    assert (
        wall(DRAFT, of.division_id, other.pk, "2014-07-01", "2015-07-01", 1, 1, 1, "DRAFT", office.clerk.pk)
        == "interestclaim_within_the_cap"
    )


def test_the_database_refuses_a_stack_above_the_loan(office: Bureau) -> None:
    one = claim(office, loan(office), offered=STACK)
    extra = (
        "INSERT INTO funds_interestshare (division, claim_id, payer, document_no, offered, rate, amount_yuan)"
        " VALUES (%s, %s, %s, 'x', 1, 1, 0)"
    )
    assert wall(extra, one.division_id, one.pk, "COUNTY") == "interestshare_once_a_level"
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE funds_interestshare SET rate = 5 WHERE claim_id = %s", [one.pk])
    two = claim(office, loan(office), offered={Payer.PROVINCE: Decimal(6)})
    assert wall(extra, two.division_id, two.pk, "CITY") == "interestclaim_never_above_the_loan"


def test_the_database_keeps_the_steps_and_the_people_apart(office: Bureau) -> None:
    filled(office)
    one = claim(office, loan(office, poor(office)))
    pay = "UPDATE funds_interestclaim SET status = 'PAID', paid_by_id = %s, paid_on = '2014-08-10' WHERE id = %s"
    decide = "UPDATE funds_interestclaim SET status = 'APPROVED', decided_by_id = %s, decided_on = '2014-08-01' WHERE id = %s"
    act_as(office.clerk)
    assert wall(decide, office.clerk.pk, one.pk) == "interestclaim_by_three"
    assert wall(decide, office.approver.pk, one.pk) == "funds_by_its_actor"
    act_as(office.finance)
    assert wall(pay, office.finance.pk, one.pk) == "interestclaim_step_by_step"
    approved(office, one)
    act_as(office.finance)
    assert wall(pay, office.finance.pk, one.pk) == "interestclaim_entered_in_the_books"
    act_as(office.approver)
    assert wall(decide, office.approver.pk, one.pk) == "interestclaim_step_by_step"


def test_the_database_keeps_the_pot_within_what_was_placed(office: Bureau) -> None:
    act = pot(office, PotKind.TAKE_IN, "1000000.00")
    again = (
        'INSERT INTO funds_potact (division, kind, source, target, appropriation_id, amount_yuan, "on", document_no, memo, finance_yuan,'
        " social_yuan, entered_by_id, entered_at, entry_id) VALUES (%s, %s, %s, %s, %s, %s, '2014-06-20', %s, '', 0, 0, %s, now(), %s)"
    )
    values = (
        LINXIAN,
        "TAKE_IN",
        "",
        "",
        office.document.pk,
        "1000000.00",
        "x",
        office.finance.pk,
        act.entry_id,
    )
    assert wall(again, *values) == "potact_within_what_was_placed"
    assert wall(again, *values[:5], "5.00", *values[6:]) == "potact_entered_in_the_books"
    assert wall(again, *values[:6], "", *values[7:]) == "potact_within_what_was_placed"
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM funds_potact WHERE id = %s", [act.pk])
