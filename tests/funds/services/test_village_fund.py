"""The village fund of F-11, 182,000 yuan, through twelve months; and what it refuses, at the field and in the database."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from funds.codes.village_fund import FundAccount, FundAct, LoanStatus
from funds.errors import MoneyRefused
from funds.models import FundLoan, FundMember, FundReceipt, FundRepayment, LoanGuarantor, VillageFund
from funds.reports.village_fund import Standing, standings
from funds.rules.village_fund import LoanPurpose
from funds.services import village_fund as act
from fupin.accounts.constraints import name_of
from fupin.accounts.errors import Refused
from fupin.accounts.models import User
from fupin.ledgers import reports
from fupin.ledgers.models import Account
from fupin.ledgers.services import Line, post, reverse
from registry.codes import HouseholdStatus
from registry.models import Household
from tests.registry.factories import KELAN_VILLAGE, OTHER_VILLAGE, VILLAGE, saved
from tests.registry.standing import put

pytestmark = pytest.mark.django_db

OPENED = date(2014, 1, 6)


class Year:
    """A fund, who keeps it and who lends; every step is followed by a look at the books."""

    def __init__(self, keeper: User, lender: User, township: User, in_scope: Callable[[User], Any]) -> None:
        self.keeper, self.lender, self.in_scope = keeper, lender, in_scope
        with in_scope(township):
            self.fund = act.register_fund(
                actor=township,
                village=VILLAGE,
                name="前庄村互助社",
                registration_no="晋社证字第0101号",
                registered_on=OPENED,
                annual_rate=Decimal(6),
            )

    def receive(self, kind: str, amount: object, on: date, **said: Any) -> FundReceipt:
        given = {"giver": "县扶贫办", "document_no": "临财农〔2014〕3号", "key": uuid4()} | said
        with self.in_scope(self.keeper):
            return act.receive(
                actor=self.keeper, fund=self.fund, kind=kind, amount=Decimal(str(amount)), on=on, **given
            )

    def join(self, on: date, **said: Any) -> FundMember:
        given = {
            "household": None,
            "head_name": "王大山",
            "share": Decimal(200),
            "state_paid": False,
            "key": uuid4(),
        } | said
        with self.in_scope(self.keeper):
            return act.join(actor=self.keeper, fund=self.fund, on=on, **given)

    def ask(self, borrower: object, on: date, **said: Any) -> FundLoan:
        given = {
            "amount": Decimal(5000),
            "months": 9,
            "purpose": LoanPurpose.BREEDING,
            "purpose_note": "买羊",
            "guarantors": [2, 3],
        } | said
        with self.in_scope(self.keeper):
            return act.ask_loan(actor=self.keeper, fund=self.fund, borrower=str(borrower), on=on, **given)

    def lend(self, loan: FundLoan, on: date) -> FundLoan:
        with self.in_scope(self.lender):
            return act.lend(actor=self.lender, loan=loan, on=on)

    def repay(
        self, loan: FundLoan, principal: object, fee: object, on: date, key: UUID | None = None
    ) -> FundRepayment:
        with self.in_scope(self.keeper):
            return act.repay(
                actor=self.keeper,
                loan=loan,
                principal=Decimal(str(principal)),
                fee=Decimal(str(fee)),
                on=on,
                key=key or uuid4(),
            )

    def stands(self, on: date) -> Standing:
        """Return how the fund stands, after the books have been found to agree."""
        with self.in_scope(self.lender):
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
            assert list(reports.differences()) == []
            found = standings([self.fund], on)[self.fund.pk]
        assert found.whole == found.capital + found.fees, "what it has is what it consists of"
        return found


@pytest.fixture
def year(ai: User, chen: User, tong: User, in_scope: Callable[[User], Any]) -> Year:
    """A fund that Tong has registered and nothing has come to yet; Ai keeps it, Chen lends."""
    return Year(ai, chen, tong, in_scope)


@pytest.fixture
def begun(year: Year) -> Year:
    """The fund with 150,000 of the state's, three members and a gift of 20,000."""
    year.receive("GOVERNMENT", 150_000, OPENED)
    year.receive("DONATION", 20_000, OPENED, giver="县工商联", document_no="捐字0007")
    for name in ("王大山", "李二柱", "赵三娃"):
        year.join(OPENED, head_name=name)
    return year


def poor(
    clerk: User, village: int = VILLAGE, status: HouseholdStatus = HouseholdStatus.REGISTERED
) -> Household:
    """Return a household of a village at a status."""
    household: Household = saved(clerk, village_code=str(village)).household
    put(household, status)
    return household


def test_the_fund_of_182_000_yuan_lives_through_twelve_months(
    year: Year, bo: User, in_scope: Callable[[User], Any]
) -> None:
    day = date(2014, 1, 6)
    year.receive("GOVERNMENT", 150_000, day)
    assert year.stands(day).capital == 150_000
    with in_scope(bo):
        household = poor(bo)
    first = year.join(day, household=household, head_name="张建国", state_paid=True)
    for number in range(2, 61):
        year.join(day, head_name=f"社员{number}")
        if number % 20 == 0:
            assert year.stands(day).shares == 200 * number
    year.receive("DONATION", 20_000, date(2014, 1, 20), giver="县工商联", document_no="捐字0007")
    stands = year.stands(date(2014, 1, 20))
    assert (stands.capital, stands.cash, stands.members, stands.poor_members) == (182_000, 182_000, 60, 1)
    assert year.stands(day).capital == 162_000

    # spring: three loans, one of them to a poor household
    loans = []
    for borrower, amount, months in ((household.household_no, 5000, 9), (10, 4000, 6), (11, 3000, 3)):
        asked = year.ask(
            borrower, date(2014, 2, 10), amount=Decimal(amount), months=months, guarantors=[20, 21]
        )
        assert year.stands(date(2014, 2, 10)).outstanding == sum(loan.amount_yuan for loan in loans)
        loans.append(year.lend(asked, date(2014, 2, 10)))
    stands = year.stands(date(2014, 2, 28))
    assert (stands.cash, stands.outstanding, stands.to_poor) == (170_000, 12_000, 5000)
    assert (stands.ratios.lent, stands.ratios.to_poor) == (Decimal("6.59"), Decimal("41.67"))
    assert [loan.due_on for loan in loans] == [date(2014, 11, 10), date(2014, 8, 10), date(2014, 5, 10)]

    # the third is due in May and comes back late; meanwhile it counts as overdue
    assert year.stands(date(2014, 5, 10)).overdue == 0
    assert (year.stands(date(2014, 5, 11)).overdue, year.stands(date(2014, 5, 11)).ratios.overdue) == (
        3000,
        Decimal("25.00"),
    )
    year.repay(loans[2], 1000, 0, date(2014, 5, 20))
    assert year.stands(date(2014, 5, 20)).overdue == 2000
    year.repay(loans[2], 2000, "45.00", date(2014, 6, 3))
    assert year.stands(date(2014, 6, 3)).overdue == 0

    # summer: what came back goes out again, and more of it, for it is not his first
    again = year.lend(
        year.ask(11, date(2014, 6, 15), amount=Decimal(10_000), months=6, guarantors=[20, 21]),
        date(2014, 6, 16),
    )
    assert year.stands(date(2014, 6, 16)).outstanding == 19_000
    year.repay(loans[1], 4000, "120.00", date(2014, 8, 8))
    with year.in_scope(year.keeper):
        left = act.leave(
            actor=year.keeper, member=year.fund.members.get(number=60), on=date(2014, 9, 1), key=uuid4()
        )
    assert left.left_on == date(2014, 9, 1)
    stands = year.stands(date(2014, 9, 1))
    assert (stands.shares, stands.members) == (11_800, 59)

    # autumn: the loan of the example, 5,000 at 6% for 9 months, costs 225.00
    year.repay(loans[0], 5000, "225.00", date(2014, 11, 9))
    year.repay(again, 10_000, "300.00", date(2014, 12, 15))
    wrong = year.receive("DONATION", 500, date(2014, 12, 20), giver="记错的人", document_no="捐字0008")
    assert year.stands(date(2014, 12, 20)).donations == 20_500
    with year.in_scope(year.lender):
        act.take_back(actor=year.lender, row=wrong, reason="重复登记", on=date(2014, 12, 21), key=uuid4())
    end = year.stands(date(2014, 12, 31))
    assert end == Standing(
        members=59,
        poor_members=1,
        government=Decimal("150000.00"),
        shares=Decimal("11800.00"),
        donations=Decimal("20000.00"),
        fees=Decimal("690.00"),
        cash=Decimal("182490.00"),
        outstanding=Decimal("0.00"),
        overdue=Decimal("0.00"),
        to_poor=Decimal("0.00"),
    )
    # the poor member leaves: the state's share stays with the fund
    with year.in_scope(year.keeper):
        act.leave(actor=year.keeper, member=first, on=date(2015, 1, 5), key=uuid4())
    after = year.stands(date(2015, 1, 5))
    assert (after.government, after.shares, after.cash) == (150_200, 11_600, end.cash)


@pytest.mark.parametrize(
    ("said", "field", "words"),
    [
        ({"borrower": "9"}, "household", "不是社员"),
        ({"borrower": "王大山"}, "household", "不是社员"),
        ({"borrower": f"{VILLAGE}0099"}, "household", "不是社员"),
        ({"borrower": f"{OTHER_VILLAGE}0001"}, "household", "不得跨村"),
        ({"borrower": f"{KELAN_VILLAGE}0001"}, "household", "不得跨村"),
        ({"amount": Decimal("5000.01")}, "amount_yuan", "首次借款最高 5,000.00 元"),
        ({"amount": Decimal(0)}, "amount_yuan", "大于零"),
        ({"amount": Decimal(-1)}, "amount_yuan", "大于零"),
        ({"months": 13}, "months", "1–12 个月"),
        ({"months": 0}, "months", "1–12 个月"),
        ({"purpose": LoanPurpose.HOUSING}, "purpose", "发展生产"),
        ({"purpose": LoanPurpose.DEBT}, "purpose", "发展生产"),
        ({"purpose": "X"}, "purpose", "发展生产"),
        ({"purpose_note": " "}, "purpose_note", "写明"),
        ({"guarantors": [2]}, "guarantors", "至少 2 名"),
        ({"guarantors": [1, 2]}, "guarantors", "1 号不是"),
        ({"guarantors": [2, 3, 77]}, "guarantors", "77 号不是"),
    ],
)
def test_a_loan_is_refused_at_its_field_and_nothing_is_written(
    begun: Year, said: dict[str, Any], field: str, words: str
) -> None:
    before = begun.stands(date(2014, 3, 1))
    given = {"borrower": "1"} | said
    with pytest.raises(MoneyRefused) as refused:
        begun.ask(given.pop("borrower"), date(2014, 3, 1), **given)
    assert words in refused.value.fields[field]
    with begun.in_scope(begun.keeper):
        assert not FundLoan.objects.exists()
    assert begun.stands(date(2014, 3, 1)) == before


def test_a_household_of_another_village_neither_joins_nor_borrows(
    begun: Year, bo: User, in_scope: Callable[[User], Any]
) -> None:
    with in_scope(bo):
        other = poor(bo, OTHER_VILLAGE)
    with pytest.raises(MoneyRefused) as refused, in_scope(bo):
        act.join(
            actor=bo, fund=begun.fund, household=other, head_name="外村", share=Decimal(200),
            state_paid=False, on=OPENED, key=uuid4(),
        )  # fmt: skip
    assert "不得跨村" in refused.value.fields["household"]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"share": Decimal(99)}, "share_yuan"),
        ({"share": Decimal("500.01")}, "share_yuan"),
        ({"state_paid": True}, "state_paid"),
        ({"head_name": ""}, "head_name"),
    ],
)
def test_joining_is_refused_at_its_field(begun: Year, said: dict[str, Any], field: str) -> None:
    with pytest.raises(MoneyRefused) as refused:
        begun.join(OPENED, **said)
    assert field in refused.value.fields


@pytest.mark.parametrize("kind", ["DEPOSIT", "SHARE", "FEE", ""])
def test_a_deposit_is_refused(begun: Year, kind: str) -> None:
    with pytest.raises(MoneyRefused) as refused:
        begun.receive(kind, 1000, OPENED)
    assert "kind" in refused.value.fields
    assert begun.stands(OPENED).cash == 170_600


def test_the_limits_hold_again_when_it_is_paid_out(begun: Year) -> None:
    """Two are asked for while the member owes nothing; the second is too much once the first is out."""
    one, two = (begun.ask(1, date(2014, 3, 1)) for _ in range(2))
    begun.lend(one, date(2014, 3, 2))
    begun.lend(two, date(2014, 3, 3))
    assert begun.stands(date(2014, 3, 3)).outstanding == 10_000
    with pytest.raises(MoneyRefused) as refused:
        begun.ask(1, date(2014, 3, 4), amount=Decimal(1))
    assert "含未还 10,000.00 元" in refused.value.fields["amount_yuan"]


def test_who_put_it_down_does_not_lend_and_it_is_decided_once(begun: Year, tong: User) -> None:
    loan = begun.ask(1, date(2014, 3, 1))
    with pytest.raises(Refused), begun.in_scope(begun.keeper):
        act.lend(actor=begun.keeper, loan=loan, on=date(2014, 3, 1))
    with begun.in_scope(tong):
        mine = act.ask_loan(
            actor=tong, fund=begun.fund, borrower="1", amount=Decimal(100), months=1,
            purpose=LoanPurpose.PLANTING, purpose_note="买籽种", guarantors=[2, 3], on=date(2014, 3, 1),
        )  # fmt: skip
        with pytest.raises(Refused, match="自己录入的须由另一人办理"):
            act.lend(actor=tong, loan=mine, on=date(2014, 3, 1))
    with begun.in_scope(begun.lender):
        act.refuse_loan(actor=begun.lender, loan=loan, because="用途不清", on=date(2014, 3, 2))
        with pytest.raises(MoneyRefused, match="未批准"):
            act.lend(actor=begun.lender, loan=loan, on=date(2014, 3, 2))


def test_no_more_comes_back_than_is_owed_and_no_fee_twice(begun: Year) -> None:
    loan = begun.lend(begun.ask(1, date(2014, 3, 1)), date(2014, 3, 1))
    for principal, fee, field in (
        ("5000.01", "0", "principal_yuan"),
        ("0", "0", "principal_yuan"),
        ("-1", "0", "principal_yuan"),
        ("0", "225.01", "fee_yuan"),
        ("1", "-1", "fee_yuan"),
    ):
        with pytest.raises(MoneyRefused) as refused:
            begun.repay(loan, principal, fee, date(2014, 4, 1))
        assert field in refused.value.fields
    key = uuid4()
    first = begun.repay(loan, 100, 225, date(2014, 4, 1), key)
    assert begun.repay(loan, 100, 225, date(2014, 4, 1), key) == first
    assert begun.stands(date(2014, 4, 1)).outstanding == 4900
    with pytest.raises(MoneyRefused) as owing, begun.in_scope(begun.keeper):
        act.leave(actor=begun.keeper, member=loan.member, on=date(2014, 4, 2), key=uuid4())
    assert "还欠 4,900.00 元" in owing.value.fields["household"]


def test_one_fund_a_village_registered_with_civil_affairs(
    year: Year, bo: User, in_scope: Callable[[User], Any]
) -> None:
    given = {
        "actor": bo,
        "name": "又一社",
        "registration_no": "晋社证字第0102号",
        "registered_on": OPENED,
        "annual_rate": Decimal(6),
    }
    for said, field in (
        ({"village": VILLAGE}, "village"),
        ({"village": 141124101000}, "village"),
        ({"village": OTHER_VILLAGE, "registration_no": " "}, "registration_no"),
        ({"village": OTHER_VILLAGE, "registration_no": "晋社证字第0101号"}, "registration_no"),
        ({"village": OTHER_VILLAGE, "annual_rate": Decimal(40)}, "annual_rate"),
    ):
        with pytest.raises(MoneyRefused) as refused, in_scope(bo):
            act.register_fund(**(given | said))  # type: ignore[arg-type]
        assert field in refused.value.fields


# What the database refuses without the service ----------------------------------------------------------------------------------------


def broken(rule: str, do: Callable[[], object]) -> None:
    """The act breaks on a rule of the database, at the latest when it is committed."""

    def whole() -> None:
        with transaction.atomic():
            do()
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")

    with pytest.raises(IntegrityError) as found:
        whole()
    assert name_of(found.value) == rule


def test_the_book_of_a_fund_knows_no_other_act(begun: Year) -> None:
    """A deposit, a dividend, money for something else: an entry without an act of the fund behind it is not committed."""
    with begun.in_scope(begun.keeper):
        cash = act.account_of(begun.fund, FundAccount.CASH)
        for kind, other, amount in (
            (FundAct.RECEIVE, FundAccount.GOVERNMENT, Decimal(1000)),
            ("DEPOSIT", FundAccount.DONATION, Decimal(1000)),
            ("DIVIDEND", FundAccount.DONATION, Decimal(-1000)),
            (FundAct.LEAVE, FundAccount.GOVERNMENT, Decimal(-1000)),
        ):
            lines = [Line(cash, amount), Line(act.account_of(begun.fund, other), -amount)]
            broken(
                "village_fund_only_by_an_act",
                lambda kind=kind, lines=lines: post(  # type: ignore[misc]
                    actor=begun.keeper, division=VILLAGE, book=act.BOOK, kind=kind, on=OPENED, lines=lines,
                    key="by hand",
                ),
            )  # fmt: skip
        joined = begun.fund.members.get(number=1).join_entry
        broken(
            "village_fund_only_by_an_act",
            lambda: reverse(actor=begun.keeper, entry=joined, on=OPENED, reason="取回", key="by hand"),
        )


def loan_row(begun: Year, **said: Any) -> FundLoan:
    """Insert a loan by hand."""
    member = begun.fund.members.get(number=1)
    values = {
        "division_id": VILLAGE,
        "fund": begun.fund,
        "member": member,
        "amount_yuan": Decimal(5000),
        "months": 9,
        "annual_rate": Decimal(6),
        "purpose": LoanPurpose.BREEDING,
        "purpose_note": "买羊",
        "asked_on": OPENED,
        "entered_by": begun.keeper,
    } | said
    return FundLoan.objects.create(**values)


def test_what_the_service_refuses_the_database_refuses(begun: Year, bo: User) -> None:
    keeper, fund = begun.keeper, begun.fund
    with begun.in_scope(keeper):
        member = fund.members.get(number=1)
        broken("fundloan_for_production", lambda: loan_row(begun, purpose=LoanPurpose.CEREMONY))
        broken("fundloan_amount_within", lambda: loan_row(begun, amount_yuan=Decimal("10000.01")))
        broken("fundloan_amount_within", lambda: loan_row(begun, amount_yuan=Decimal(-5)))
        broken("fundloan_months_within", lambda: loan_row(begun, months=13))
        broken("fundloan_asked_first", lambda: loan_row(begun, status=LoanStatus.LENT))
        broken("funds_by_its_actor", lambda: loan_row(begun, entered_by=bo))
        entry, account = member.join_entry, member.account
        receipt = FundReceipt.objects.order_by("pk")[0]
        row = {"division_id": VILLAGE, "fund": fund, "entered_by": keeper}
        broken(
            "village_fund_entered_in_the_books",
            lambda: FundReceipt.objects.create(
                **row, kind="DEPOSIT", giver="甲", amount_yuan=1, document_no="1", on=OPENED, entry=entry
            ),
        )
        broken(
            "village_fund_entered_in_the_books",
            lambda: FundReceipt.objects.create(
                **row, kind="DONATION", giver="甲", amount_yuan=1, document_no="1", on=OPENED, entry=entry
            ),
        )
        broken(
            "village_fund_entered_in_the_books",
            lambda: FundMember.objects.create(
                **row, number=9, head_name="甲", share_yuan=300, joined_on=OPENED, account=account,
                join_entry=receipt.entry,
            ),
        )  # fmt: skip

        def join_with_600() -> None:
            share = act.account_of(fund, FundAccount.SHARE, "9")
            lines = [Line(act.account_of(fund, FundAccount.CASH), Decimal(600)), Line(share, Decimal(-600))]
            joined = post(
                actor=keeper,
                division=VILLAGE,
                book=act.BOOK,
                kind=FundAct.JOIN,
                on=OPENED,
                lines=lines,
                key="9",
            )
            FundMember.objects.create(
                **row, number=9, head_name="甲", share_yuan=600, joined_on=OPENED, account=share,
                join_entry=joined,
            )  # fmt: skip

        broken("fundmember_share_within", join_with_600)
        loan = loan_row(begun)
        broken(
            "loanguarantor_another_member",
            lambda: LoanGuarantor.objects.create(division_id=VILLAGE, loan=loan, member=member),
        )
        broken(
            "fundrepayment_of_a_loan",
            lambda: FundRepayment.objects.create(
                division_id=VILLAGE, loan=loan, on=OPENED, principal_yuan=1, fee_yuan=0, entry=entry,
                entered_by=keeper,
            ),
        )  # fmt: skip


def test_nobody_is_lent_more_than_the_limit_or_without_guarantee_by_any_statement(begun: Year) -> None:
    with begun.in_scope(begun.keeper):
        alone, much = loan_row(begun), loan_row(begun, amount_yuan=Decimal(9000))
        for one in begun.fund.members.exclude(number=1).order_by("pk"):
            LoanGuarantor.objects.create(division_id=VILLAGE, loan=much, member=one)

    def lent(loan: FundLoan) -> None:
        account = act.account_of(begun.fund, FundAccount.LOAN, f"by hand {loan.pk}")
        cash = act.account_of(begun.fund, FundAccount.CASH)
        entry = post(
            actor=begun.lender, division=VILLAGE, book=act.BOOK, kind=FundAct.LEND, on=OPENED,
            lines=[Line(account, loan.amount_yuan), Line(cash, -loan.amount_yuan)], key=f"by hand {loan.pk}",
        )  # fmt: skip
        FundLoan.objects.filter(pk=loan.pk).update(
            status=LoanStatus.LENT, account=account, entry=entry, lent_on=OPENED, due_on=date(2014, 10, 6),
            decided_by=begun.lender, decided_on=OPENED,
        )  # fmt: skip

    with begun.in_scope(begun.lender):
        broken("fundloan_guaranteed", lambda: lent(alone))
        broken("fundloan_within_the_limit", lambda: lent(much))


def test_another_county_sees_and_writes_nothing_of_it(
    begun: Year, du: User, in_scope: Callable[[User], Any]
) -> None:
    with in_scope(du):
        assert not VillageFund.objects.exists()
        assert not FundMember.objects.exists()
        assert not Account.objects.filter(book=act.BOOK).exists()
