"""A county's money from its arrival to the household, and back: who does what, what is refused at which field."""

import uuid
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from funds.codes.allotment import LineKind
from funds.errors import AlreadyDecided, MoneyRefused
from funds.models import Payment, PaymentBatch, Placement
from funds.services import line
from funds.services.accepting import Found, accept_work
from funds.services.paying import (
    BatchFacts,
    Result,
    Row,
    approve_batch,
    make_batch,
    record_results,
    send_batch,
    stop_payment,
    withdraw_batch,
)
from funds.services.placing import PlacementFacts, approve_placement, draft_placement, refuse_placement
from fupin.accounts.errors import Refused
from projects.codes import UseWay
from tests.conftest import LINXIAN, VILLAGE
from tests.funds.spending import (
    TODAY,
    Scope,
    Staff,
    at_stage,
    benefits,
    disclosed,
    document,
    listed,
    placed,
    planned,
    poor_household,
    received,
    rows_for,
    sent,
    staff,
)
from tests.registry.helping import left

pytestmark = pytest.mark.django_db
ON = date(2014, 6, 14)


class At:
    """A county with money on a project for three households."""

    def __init__(self, scope: Scope, *, use_way: str = UseWay.OTHER, **facts: Any) -> None:
        self.scope = scope
        self.people: Staff = staff()
        self.document = document(self.people, scope)
        received(self.people, scope, self.document)
        with scope(self.people.entry) as actor:
            self.households = [poor_household(actor, serial) for serial in range(1, 4)]
            self.project = planned(actor)
            benefits(actor, self.project, self.households)
        self.placement: Placement = placed(
            self.people, scope, self.document, self.project, use_way=use_way, **facts
        )

    def balance(self, kind: LineKind) -> Decimal:
        with self.scope(self.people.treasury):
            project = self.project if kind in {LineKind.PROJECT, LineKind.PAID, LineKind.ACCEPTED} else None
            county = None if kind in {LineKind.PROVINCE, LineKind.POOL, LineKind.SOURCE} else LINXIAN
            return line.account_of(kind, self.document, county=county, project=project).balance


@pytest.fixture
def at(in_scope: Scope) -> At:
    return At(in_scope)


class TestPlacing:
    """Money goes only to a project of the pool or to a named ledger, by two people."""

    def test_the_money_moves_when_another_approves(self, at: At) -> None:
        assert at.balance(LineKind.COUNTY) == Decimal("2800000.00")
        assert at.balance(LineKind.PROJECT) == Decimal("200000.00")
        assert at.placement.entry is not None
        with at.scope(at.people.entry):
            at.project.refresh_from_db()
            assert at.project.stage == "FUNDED"

    @pytest.mark.parametrize(
        ("changed", "field"),
        [
            ({"amount_yuan": Decimal("-1.00")}, "amount_yuan"),
            ({"amount_yuan": Decimal("0.00")}, "amount_yuan"),
            ({"use_way": ""}, "use_way"),
            ({"use_way": UseWay.OTHER, "use_way_reason": " "}, "use_way_reason"),
            ({"use_way": UseWay.PRIVATE_RUN, "investment_yuan": Decimal(100)}, "amount_yuan"),
            ({"ledger": "WORKING"}, "project"),
            ({"project": None}, "project"),
            ({"project": None, "ledger": "CARS"}, "ledger"),
            ({"document_no": " "}, "document_no"),
        ],
    )
    def test_bad_input_is_refused_at_its_field(self, at: At, changed: dict[str, Any], field: str) -> None:
        good = PlacementFacts(
            at.document, Decimal("1000.00"), UseWay.BUILD_FIRST, "临扶〔2014〕9号", project=at.project
        )
        before = Placement.objects.count()
        with at.scope(at.people.entry) as actor, pytest.raises(MoneyRefused) as refused:
            draft_placement(actor=actor, county=LINXIAN, facts=replace(good, **changed), on=ON, today=TODAY)
        assert field in refused.value.fields
        assert Placement.objects.count() == before

    def test_a_project_outside_the_pool_gets_nothing(self, at: At) -> None:
        for stage in ("DRAFT", "POOL", "APPROVED", "REJECTED", "FAILED"):
            at_stage(at.project, stage)
            given = PlacementFacts(at.document, Decimal(1), UseWay.BUILD_FIRST, "文", project=at.project)
            with at.scope(at.people.entry) as actor, pytest.raises(MoneyRefused) as refused:
                draft_placement(actor=actor, county=LINXIAN, facts=given, on=ON, today=TODAY)
            assert set(refused.value.fields) == {"project"}

    def test_more_than_there_is_stays_a_draft(self, at: At) -> None:
        given = PlacementFacts(
            at.document, Decimal("2800000.01"), UseWay.BUILD_FIRST, "文", project=at.project
        )
        with at.scope(at.people.entry) as actor:
            draft = draft_placement(actor=actor, county=LINXIAN, facts=given, on=ON, today=TODAY)
        with at.scope(at.people.approve) as actor:
            with pytest.raises(MoneyRefused, match="余额"):
                approve_placement(actor=actor, placement=draft, on=ON)
            draft.refresh_from_db()
            assert draft.status == "DRAFT"

    def test_whoever_comes_second_is_told_who_was_first(self, at: At) -> None:
        with (
            at.scope(at.people.approve) as actor,
            pytest.raises(AlreadyDecided, match="钱批于 2014-06-02 批准"),
        ):
            refuse_placement(actor=actor, placement=at.placement, because="重复", on=ON)

    def test_nobody_approves_what_he_drafted(self, at: At) -> None:
        with at.scope(at.people.entry) as actor, pytest.raises(Refused):
            approve_placement(actor=actor, placement=at.placement, on=ON)

    def test_a_named_ledger_takes_money_too(self, at: At) -> None:
        given = PlacementFacts(
            at.document,
            Decimal("10000.00"),
            UseWay.OTHER,
            "文",
            ledger="WORKING",
            use_way_reason="项目管理费",
        )
        with at.scope(at.people.entry) as actor:
            draft = draft_placement(actor=actor, county=LINXIAN, facts=given, on=ON, today=TODAY)
        with at.scope(at.people.approve) as actor:
            approve_placement(actor=actor, placement=draft, on=ON)
            account = line.account_of(LineKind.LEDGER, at.document, county=LINXIAN, ledger="WORKING")
            assert account.balance == Decimal("10000.00")


class TestPaying:
    """A list is made, made public, approved, sent and read back; each row is held against the register."""

    def test_households_are_paid(self, at: At) -> None:
        batch = listed(at.people, at.scope, at.placement, rows_for(at.households))
        assert (batch.rows, batch.amount_yuan) == (3, Decimal("15000.00"))
        disclosed(at.people, at.scope, at.placement, batch)
        batch = sent(at.people, at.scope, batch)
        results = [Result(1, True), Result(2, True), Result(3, False, "账号与户名不符")]
        with at.scope(at.people.finance) as actor:
            batch = record_results(
                actor=actor, batch=batch, results=results, on=date(2014, 6, 16), today=TODAY
            )
            assert batch.status == "DONE"
            assert [one.status for one in Payment.objects.order_by("seq")] == ["PAID", "PAID", "FAILED"]
        assert at.balance(LineKind.PAID) == Decimal("10000.00")
        assert at.balance(LineKind.PROJECT) == Decimal("190000.00")
        # the third is paid again by another list
        again = listed(at.people, at.scope, at.placement, rows_for(at.households[2:]), on=date(2014, 6, 17))
        disclosed(at.people, at.scope, at.placement, again, on=date(2014, 6, 17))
        again = sent(at.people, at.scope, again, on=date(2014, 6, 28))
        with at.scope(at.people.finance) as actor:
            record_results(
                actor=actor, batch=again, results=[Result(1, True)], on=date(2014, 6, 28), today=TODAY
            )
        assert at.balance(LineKind.PAID) == Decimal("15000.00")
        with at.scope(at.people.review) as actor:
            accept_work(
                actor=actor,
                placement=at.placement,
                found=Found(date(2014, 12, 1), "PASS", "县验收组", "临验〔2014〕1号"),
                today=TODAY,
            )
        assert at.balance(LineKind.ACCEPTED) == Decimal("15000.00")

    @pytest.mark.parametrize(
        ("changed", "fields"),
        [
            ({"amount_yuan": Decimal("-5.00")}, {"rows.1.amount_yuan"}),
            ({"amount_yuan": Decimal("5000.01")}, {"rows.1.amount_yuan"}),
            ({"amount_yuan": Decimal(10) ** 15}, {"rows.1.amount_yuan"}),
            ({"amount_yuan": Decimal("1.005")}, {"rows.1.amount_yuan"}),
            ({"payee_name": "王陌生"}, {"rows.1.payee_name"}),
            ({"payee_name": ""}, {"rows.1.payee_name"}),
            ({"household_no": "1411241012009999"}, {"rows.1.household_no"}),
            ({"account": "12ab"}, {"rows.1.account"}),
        ],
    )
    def test_bad_rows_are_refused_at_their_field(
        self, at: At, changed: dict[str, Any], fields: set[str]
    ) -> None:
        first, *others = rows_for(at.households)
        with pytest.raises(MoneyRefused) as refused:
            listed(at.people, at.scope, at.placement, [replace(first, **changed), *others])
        assert set(refused.value.fields) == fields
        assert (PaymentBatch.objects.count(), Payment.objects.count()) == (0, 0)

    @pytest.mark.parametrize("period", ["2014-13", "2014-00", "201", "2014-1", "1914", "二〇一四"])
    def test_a_thirteenth_month_is_refused_at_its_field(self, at: At, period: str) -> None:
        with pytest.raises(MoneyRefused) as refused:
            listed(at.people, at.scope, at.placement, rows_for(at.households), period=period)
        assert set(refused.value.fields) == {"period"}
        assert PaymentBatch.objects.count() == 0

    def test_a_household_that_left_is_not_paid(self, at: At) -> None:
        left(at.households[0], date(2014, 6, 1))
        with pytest.raises(MoneyRefused) as refused:
            listed(at.people, at.scope, at.placement, rows_for(at.households))
        assert refused.value.fields == {"rows.1.household_no": "该户已退出，不再享受扶贫政策，不能支付"}
        assert Payment.objects.count() == 0

    def test_one_that_leaves_after_approval_is_stopped(self, at: At) -> None:
        batch = listed(at.people, at.scope, at.placement, rows_for(at.households))
        disclosed(at.people, at.scope, at.placement, batch)
        batch = sent(at.people, at.scope, batch)
        left(at.households[0], date(2014, 6, 10))
        results = [Result(seq, True) for seq in (1, 2, 3)]
        with at.scope(at.people.finance) as actor, pytest.raises(MoneyRefused, match="已退出"):
            record_results(actor=actor, batch=batch, results=results, on=ON, today=TODAY)
        assert at.balance(LineKind.PAID) == 0
        with at.scope(at.people.approve) as actor:
            stop_payment(
                actor=actor, payment=Payment.objects.get(batch=batch, seq=1), because="已退出", on=ON
            )
        with at.scope(at.people.finance) as actor:
            record_results(actor=actor, batch=batch, results=results[1:], on=ON, today=TODAY)
        assert at.balance(LineKind.PAID) == Decimal("10000.00")

    def test_nobody_is_paid_twice(self, at: At) -> None:
        listed(at.people, at.scope, at.placement, rows_for(at.households))
        with pytest.raises(MoneyRefused) as refused:
            listed(at.people, at.scope, at.placement, rows_for(at.households[:1]))
        assert set(refused.value.fields) == {"rows.1.household_no"}
        twice = [*rows_for(at.households[:1]), *rows_for(at.households[:1])]
        with pytest.raises(MoneyRefused) as refused:
            listed(at.people, at.scope, at.placement, twice, item="另一事项")
        assert refused.value.fields == {"rows.2.household_no": "与第 1 行重复"}

    def test_the_same_key_is_one_list(self, at: At) -> None:
        key = uuid.uuid4()
        with at.scope(at.people.entry) as actor:
            made = [
                make_batch(
                    actor=actor,
                    placement=at.placement,
                    facts=BatchFacts("HOUSEHOLD", "补助", "2014"),
                    rows=rows_for(at.households),
                    key=key,
                    on=ON,
                    today=TODAY,
                )
                for _ in range(2)
            ]
        assert made[0].pk == made[1].pk

    def test_an_account_on_two_cards_is_marked(self, at: At) -> None:
        with at.scope(at.people.entry) as actor:
            other = poor_household(actor, 7, bank_account="6228480123000000001")
            benefits(actor, at.project, [other])
        listed(at.people, at.scope, at.placement, rows_for([at.households[0], other, at.households[1]]))
        assert [one.account_shared for one in Payment.objects.order_by("seq")] == [True, True, False]

    def test_nothing_before_the_notices_are_over(self, at: At) -> None:
        batch = listed(at.people, at.scope, at.placement, rows_for(at.households))
        with at.scope(at.people.approve) as actor:
            batch = approve_batch(actor=actor, batch=batch, on=date(2014, 6, 3))
        with at.scope(at.people.finance) as actor, pytest.raises(MoneyRefused, match="县级未公示"):
            send_batch(actor=actor, batch=batch, on=date(2014, 6, 13))
        disclosed(at.people, at.scope, at.placement, batch)
        with at.scope(at.people.finance) as actor:
            with pytest.raises(MoneyRefused, match="2014-06-14 起方可拨付"):
                send_batch(actor=actor, batch=batch, on=date(2014, 6, 13))
            assert send_batch(actor=actor, batch=batch, on=ON).status == "EXPORTED"

    def test_three_people(self, at: At) -> None:
        batch = listed(at.people, at.scope, at.placement, rows_for(at.households))
        with at.scope(at.people.entry) as actor, pytest.raises(Refused):
            approve_batch(actor=actor, batch=batch, on=ON)
        with at.scope(at.people.approve) as actor:
            batch = approve_batch(actor=actor, batch=batch, on=ON)
            with pytest.raises(AlreadyDecided, match="钱批"):
                approve_batch(actor=actor, batch=batch, on=ON)
            with pytest.raises(Refused):
                send_batch(actor=actor, batch=batch, on=ON)

    def test_lists_share_what_is_left_of_their_placement(self, at: At) -> None:
        other = placed(at.people, at.scope, at.document, at.project, "10000.00")
        assert at.balance(LineKind.PROJECT) == Decimal("210000.00")
        firm = Row("吕梁农机公司", Decimal("205000.00"), account="0412345678901", bank_name="农行")
        first = listed(at.people, at.scope, other, [firm], kind="CONTRACTOR", item="农机")
        second = listed(
            at.people, at.scope, other, [replace(firm, amount_yuan=Decimal("5000.01"))], kind="CONTRACTOR"
        )
        with at.scope(at.people.approve) as actor:
            approve_batch(actor=actor, batch=first, on=ON)
            with pytest.raises(MoneyRefused, match=r"5,000\.00"):
                approve_batch(actor=actor, batch=second, on=ON)
        with at.scope(at.people.entry) as actor:
            withdraw_batch(actor=actor, batch=first, because="改签合同", on=ON)
        with at.scope(at.people.approve) as actor:
            assert approve_batch(actor=actor, batch=second, on=ON).status == "APPROVED"

    def test_a_household_of_another_county_is_not_there(self, at: At, du: Any) -> None:
        with at.scope(du) as actor:
            other = poor_household(actor, 9, village_code="140929100200")
        row = Row("张户癸子", Decimal(5), household_no=other.household_no)
        with pytest.raises(MoneyRefused) as refused:
            listed(at.people, at.scope, at.placement, [row])
        assert set(refused.value.fields) == {"rows.1.household_no"}


class TestWays:
    """先建后补 pays nothing before acceptance; 以奖代补 no more than standard times quantity (F-02)."""

    def test_build_first(self, in_scope: Scope) -> None:
        at = At(in_scope, use_way=UseWay.BUILD_FIRST)
        batch = listed(at.people, at.scope, at.placement, rows_for(at.households))
        disclosed(at.people, at.scope, at.placement, batch)
        with at.scope(at.people.approve) as actor:
            batch = approve_batch(actor=actor, batch=batch, on=ON)
        with at.scope(at.people.finance) as actor, pytest.raises(MoneyRefused, match="验收合格前不得支付"):
            send_batch(actor=actor, batch=batch, on=ON)
        assert at.balance(LineKind.PAID) == 0
        with at.scope(at.people.review) as actor:
            for result, opinion in (("MEND", "补植"), ("PASS", "")):
                found = Found(ON, result, "县验收组", "验1", opinion=opinion)
                accept_work(actor=actor, placement=at.placement, found=found, today=TODAY)
        with at.scope(at.people.finance) as actor:
            batch = send_batch(actor=actor, batch=batch, on=ON)
            record_results(
                actor=actor, batch=batch, results=[Result(n, True) for n in (1, 2, 3)], on=ON, today=TODAY
            )
        assert (at.balance(LineKind.PAID), at.balance(LineKind.ACCEPTED)) == (0, Decimal("15000.00"))

    def test_award(self, in_scope: Scope) -> None:
        at = At(in_scope, use_way=UseWay.AWARD)
        batch = listed(at.people, at.scope, at.placement, rows_for(at.households))
        disclosed(at.people, at.scope, at.placement, batch)
        with at.scope(at.people.approve) as actor:
            batch = approve_batch(actor=actor, batch=batch, on=ON)
        with at.scope(at.people.review) as actor:
            with pytest.raises(MoneyRefused) as refused:
                accept_work(
                    actor=actor, placement=at.placement, found=Found(ON, "PASS", "组", "验1"), today=TODAY
                )
            assert set(refused.value.fields) == {"standard_yuan", "quantity"}
            found = Found(ON, "PASS", "组", "验1", standard_yuan=Decimal(500), quantity=Decimal("29.99"))
            accept_work(actor=actor, placement=at.placement, found=found, today=TODAY)
        with at.scope(at.people.finance) as actor, pytest.raises(MoneyRefused, match=r"核定 14,995\.00 元"):
            send_batch(actor=actor, batch=batch, on=ON)


def test_the_village_of_the_project_is_where_it_is_posted(at: At) -> None:
    assert at.project.division_id == VILLAGE
