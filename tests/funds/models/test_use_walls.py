"""What must never be false of a county's money, tried by raw SQL as the web role: no service stands between."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from funds.codes.allotment import LineKind, Movement
from funds.models import Payment, PaymentBatch, Stranding
from funds.rules.stranded import StrandedReason
from funds.services import line
from funds.services.paying import Result, approve_batch, record_results, send_batch
from funds.services.returning import receive_return, send_back
from funds.services.stranding import Recognised, recognise_placement
from fupin.accounts.constraints import name_of
from projects.codes import UseWay
from tests.conftest import KELAN, LINXIAN
from tests.funds.services.test_spending import At
from tests.funds.spending import (
    TODAY,
    Scope,
    at_stage,
    disclosed,
    listed,
    poor_household,
    rows_for,
    sent,
)
from tests.registry.helping import left

pytestmark = pytest.mark.django_db
ON = date(2014, 6, 14)


def run(sql: str, *values: Any) -> int:
    """Run a statement, then have the database look at what it looks at only when a transaction ends."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
        changed = int(cursor.rowcount)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        return changed


def refused(constraint: str, sql: str, *values: Any) -> None:
    with pytest.raises(IntegrityError) as violated:
        run(sql, *values)
    assert name_of(violated.value) == constraint


@pytest.fixture
def at(in_scope: Scope) -> At:
    return At(in_scope)


PLACE = (
    "INSERT INTO funds_placement (division, number, appropriation_id, project_id, ledger, amount_yuan, use_way, use_way_reason,"
    " document_no, status, drafted_on, drafted_by_id, refused_because, entered_at)"
    " VALUES (%s, 'LS-T', %s, %s, %s, %s, 'BUILD_FIRST', '', '文', %s, '2014-06-02', %s, '', now())"
)


class TestPlacements:
    @pytest.mark.parametrize(
        "stage", ["DRAFT", "POOL", "ARGUED", "ASSESSED", "APPROVED", "DISCLOSED", "REJECTED", "FAILED"]
    )
    def test_only_to_the_pool(self, at: At, stage: str) -> None:
        at_stage(at.project, stage)
        with at.scope(at.people.entry) as actor:
            refused(
                "funds_placement_in_the_pool",
                PLACE,
                LINXIAN,
                at.document.pk,
                at.project.pk,
                "",
                1,
                "DRAFT",
                actor.pk,
            )

    @pytest.mark.parametrize(
        ("project", "ledger", "yuan", "status", "constraint"),
        [
            (True, "WORKING", 1, "DRAFT", "placement_project_or_ledger"),
            (False, "", 1, "DRAFT", "placement_project_or_ledger"),
            (True, "", 0, "DRAFT", "placement_amount_positive"),
            (True, "", -1, "DRAFT", "placement_amount_positive"),
            (True, "", 1, "APPROVED", "funds_placement_begins_as_draft"),
        ],
    )
    def test_one_place_something_a_draft(
        self, at: At, project: bool, ledger: str, yuan: int, status: str, constraint: str
    ) -> None:
        with at.scope(at.people.entry) as actor:
            refused(
                constraint,
                PLACE,
                LINXIAN,
                at.document.pk,
                at.project.pk if project else None,
                ledger,
                yuan,
                status,
                actor.pk,
            )

    def test_only_in_one_s_own_name(self, at: At) -> None:
        with at.scope(at.people.entry):
            refused(
                "funds_by_its_actor",
                PLACE,
                LINXIAN,
                at.document.pk,
                at.project.pk,
                "",
                1,
                "DRAFT",
                at.people.approve.pk,
            )

    def test_not_in_another_county(self, at: At) -> None:
        with at.scope(at.people.entry) as actor:
            values = (KELAN, at.document.pk, at.project.pk, "", 1, "DRAFT", actor.pk)
            refused("funds_placement_of_received_money", PLACE, *values)

    def test_approved_by_another_with_the_money_in_the_books(self, at: At) -> None:
        with at.scope(at.people.entry) as actor:
            run(PLACE, LINXIAN, at.document.pk, at.project.pk, "", 1, "DRAFT", actor.pk)
            approve = (
                "UPDATE funds_placement SET status = 'APPROVED', decided_on = '2014-06-02', approved_by_id = %s,"
                " entry_id = %s WHERE number = 'LS-T'"
            )
            refused("funds_placement_in_the_books", approve, actor.pk, at.placement.entry_id)
        refused_again = "UPDATE funds_placement SET status = 'REFUSED' WHERE id = %s"
        with at.scope(at.people.approve):
            refused("funds_placement_decided_once", refused_again, at.placement.pk)

    def test_what_was_placed_is_never_changed(self, at: At) -> None:
        for sql in (
            "UPDATE funds_placement SET amount_yuan = 1",
            "DELETE FROM funds_placement",
            "UPDATE funds_payment SET amount_yuan = 1",
            "UPDATE funds_payment SET recovered_yuan = 1",
            "DELETE FROM funds_payment",
            "UPDATE funds_stranding SET unpaid_yuan = 0",
            "DELETE FROM funds_stranding",
            "UPDATE funds_fundreturn SET amount_yuan = 1",
            "DELETE FROM funds_acceptance",
            "UPDATE funds_acceptance SET result = 'PASS'",
            "DELETE FROM funds_redistribution",
            "TRUNCATE funds_paymentevent",
        ):
            with at.scope(at.people.finance), pytest.raises(ProgrammingError, match="permission denied"):
                run(sql)


@pytest.fixture
def batch(at: At) -> PaymentBatch:
    return listed(at.people, at.scope, at.placement, rows_for(at.households))


PAY = (
    "INSERT INTO funds_payment (division, batch_id, seq, household_id, member_id, payee_name, bank_name, account_sealed,"
    " account_index, account_masked, item, period, source, amount_yuan, account_shared, status, because, recovered_yuan)"
    " SELECT division, batch_id, 99, {household}, {member}, {name}, '', account_sealed, account_index, account_masked, item,"
    " period, source, {yuan}, false, 'PENDING', '', 0 FROM funds_payment WHERE batch_id = %s AND seq = 1"
)


def pay(**changed: str) -> str:
    given = {"household": "household_id", "member": "member_id", "name": "payee_name", "yuan": "1"}
    return PAY.format(**{**given, **changed})


class TestLists:
    def test_nobody_twice_for_a_matter_and_period(self, at: At, batch: PaymentBatch) -> None:
        with at.scope(at.people.entry):
            refused("payment_once_for_a_matter_and_period", pay(), batch.pk)

    def test_only_into_the_account_of_a_member(self, at: At, batch: PaymentBatch) -> None:
        with at.scope(at.people.entry):
            refused("funds_payment_to_a_member", pay(name="'王陌生'"), batch.pk)
            refused("funds_payment_to_a_member", pay(member="NULL"), batch.pk)

    def test_only_to_the_registered(self, at: At, batch: PaymentBatch) -> None:
        left(at.households[0], date(2014, 6, 1))
        with at.scope(at.people.entry):
            refused("funds_payment_to_the_registered", pay(), batch.pk)

    def test_only_to_beneficiaries(self, at: At, batch: PaymentBatch) -> None:
        with at.scope(at.people.entry) as actor:
            other = poor_household(actor, 8)
            refused("funds_payment_to_a_beneficiary", pay(household=str(other.pk)), batch.pk)

    def test_amounts_are_positive(self, at: At, batch: PaymentBatch) -> None:
        with at.scope(at.people.entry):
            refused("payment_amount_positive", pay(yuan="-1"), batch.pk)

    def test_nothing_is_added_after_approval(self, at: At, batch: PaymentBatch) -> None:
        with at.scope(at.people.approve) as actor:
            approve_batch(actor=actor, batch=batch, on=ON)
        with at.scope(at.people.entry):
            refused("funds_payment_on_an_open_list", pay(), batch.pk)

    def test_three_people_step_by_step(self, at: At, batch: PaymentBatch) -> None:
        approve = "UPDATE funds_paymentbatch SET status = 'APPROVED', approved_on = '2014-06-14', approved_by_id = %s"
        with at.scope(at.people.entry) as actor:
            refused("paymentbatch_three_people", approve, actor.pk)
            refused("funds_by_its_actor", approve, at.people.approve.pk)
            refused("funds_batch_step_by_step", "UPDATE funds_paymentbatch SET status = 'DONE'")

    def test_a_thirteenth_month(self, at: At, batch: PaymentBatch) -> None:
        sql = (
            "INSERT INTO funds_paymentbatch (division, placement_id, number, kind, item, period, amount_yuan, rows, status,"
            " made_on, made_by_id, withdrawn_because, key, entered_at) SELECT division, placement_id, 'ZF-T', kind, item,"
            " '2014-13', amount_yuan, rows, 'DRAFT', made_on, made_by_id, '', gen_random_uuid(), now() FROM funds_paymentbatch"
        )
        with at.scope(at.people.entry):
            refused("paymentbatch_period_of_the_calendar", sql)


PAID = "UPDATE funds_payment SET status = 'PAID', status_on = %s, entry_id = %s WHERE batch_id = %s"


def entry_of(at: At, yuan: str, actor: Any) -> int:
    """Return an entry that pays, made past the services."""
    found = line.move(
        actor=actor,
        movement=Movement.PAY,
        source=line.account_of(LineKind.PROJECT, at.document, county=LINXIAN, project=at.project),
        target=line.account_of(LineKind.PAID, at.document, county=LINXIAN, project=at.project),
        amount=Decimal(yuan),
        on=ON,
        key="past the services",
    )
    return int(found.pk)


class TestPaying:
    @pytest.fixture
    def exported(self, at: At, batch: PaymentBatch) -> PaymentBatch:
        """A list at the bank, its notices over on the 14th."""
        disclosed(at.people, at.scope, at.placement, batch)
        return sent(at.people, at.scope, batch)

    def test_the_sum_stands_in_the_books(self, at: At, exported: PaymentBatch) -> None:
        with at.scope(at.people.finance) as actor:
            entry = entry_of(at, "14999.99", actor)
            refused("funds_payment_in_the_books", PAID, ON, entry, exported.pk)

    def test_not_before_the_notices_are_over(self, at: At, exported: PaymentBatch) -> None:
        with at.scope(at.people.finance) as actor:
            entry = entry_of(at, "15000.00", actor)
            refused("funds_payment_from_a_sent_list", PAID, date(2014, 6, 13), entry, exported.pk)

    def test_not_without_notices(self, at: At, batch: PaymentBatch) -> None:
        with at.scope(at.people.approve) as actor:
            approve_batch(actor=actor, batch=batch, on=ON)
        with at.scope(at.people.finance) as actor:
            run(
                "UPDATE funds_paymentbatch SET status = 'EXPORTED', sent_on = '2014-06-14', paid_by_id = %s",
                actor.pk,
            )
            entry = entry_of(at, "15000.00", actor)
            refused("funds_payment_after_county_notice", PAID, ON, entry, batch.pk)
            disclosed(at.people, at.scope, at.placement, None)
        with at.scope(at.people.finance):
            refused("funds_payment_after_village_notice", PAID, ON, entry, batch.pk)

    def test_not_to_one_that_left(self, at: At, exported: PaymentBatch) -> None:
        left(at.households[1], date(2014, 6, 13))
        with at.scope(at.people.finance) as actor:
            refused("funds_payment_to_the_registered", PAID, ON, entry_of(at, "15000.00", actor), exported.pk)

    def test_what_was_paid_stays_paid(self, at: At, exported: PaymentBatch) -> None:
        with at.scope(at.people.finance) as actor:
            results = [Result(seq, True) for seq in (1, 2, 3)]
            record_results(actor=actor, batch=exported, results=results, on=ON, today=TODAY)
            for sql in (
                "UPDATE funds_payment SET status = 'PENDING', status_on = NULL, entry_id = NULL",
                "UPDATE funds_payment SET status = 'STOPPED', entry_id = NULL, because = '反悔'",
                "UPDATE funds_payment SET status_on = '2014-07-01'",
            ):
                refused("funds_payment_once", sql)

    def test_build_first_is_not_paid_before_acceptance(self, in_scope: Scope) -> None:
        at = At(in_scope, use_way=UseWay.BUILD_FIRST)
        batch = listed(at.people, at.scope, at.placement, rows_for(at.households))
        disclosed(at.people, at.scope, at.placement, batch)
        with at.scope(at.people.approve) as actor:
            approve_batch(actor=actor, batch=batch, on=ON)
        with at.scope(at.people.finance) as actor:
            run(
                "UPDATE funds_paymentbatch SET status = 'EXPORTED', sent_on = '2014-06-14', paid_by_id = %s",
                actor.pk,
            )
            refused("funds_payment_after_acceptance", PAID, ON, entry_of(at, "15000.00", actor), batch.pk)


class TestStranded:
    @pytest.fixture
    def stranding(self, at: At) -> Stranding:
        at_stage(at.project, "FAILED")
        given = Recognised(StrandedReason.NOT_FEASIBLE, "被征用")
        with at.scope(at.people.review) as actor:
            return recognise_placement(
                actor=actor, placement=at.placement, given=given, on=date(2014, 9, 1), today=TODAY
            )

    def test_not_a_part_of_it(self, at: At) -> None:
        sql = (
            "INSERT INTO funds_stranding (division, number, appropriation_id, placement_id, reason, note, unpaid_yuan, recover_yuan,"
            " arrived_year, due_from, due_on, recognised_on, recognised_by_id, by_rule, status, entry_id, entered_at) VALUES (%s,"
            " 'ZL-T', %s, %s, 'NOT_ON_TIME', '说明', 1000, 0, 2014, '2015-01-01', %s, '2014-12-01', %s, false, 'RECOGNISED', %s, now())"
        )
        with at.scope(at.people.review) as actor:
            part = line.move(
                actor=actor,
                movement=Movement.STRAND,
                source=line.account_of(LineKind.PROJECT, at.document, county=LINXIAN, project=at.project),
                target=line.account_of(LineKind.STRANDED, at.document, county=LINXIAN),
                amount=Decimal(1000),
                on=date(2014, 12, 1),
                key="a part",
            )
            values = (LINXIAN, at.document.pk, at.placement.pk, "2015-12-31", actor.pk, part.pk)
            refused("funds_stranding_whole", sql, *values)
            late = (LINXIAN, at.document.pk, at.placement.pk, "2016-12-31", actor.pk, part.pk)
            with pytest.raises(IntegrityError):
                run(sql, *late)

    def test_it_goes_back_whole_and_never_backwards(self, at: At, stranding: Stranding) -> None:
        with at.scope(at.people.finance) as actor:
            refused(
                "funds_return_in_full",
                "UPDATE funds_stranding SET status = 'RETURNED' WHERE id = %s",
                stranding.pk,
            )
            refused(
                "funds_return_in_full",
                "INSERT INTO funds_fundreturn (division, number, stranding_id, part, amount_yuan, sent_on, sent_by_id, document_no,"
                " entry_id, entered_at) VALUES (%s, 'GH-T', %s, 'UNPAID', 1, '2015-01-05', %s, '汇', %s, now())",
                LINXIAN,
                stranding.pk,
                actor.pk,
                stranding.entry_id,
            )
            sent_back = send_back(
                actor=actor,
                stranding=stranding,
                part="UNPAID",
                amount=stranding.unpaid_yuan,
                document_no="汇1",
                on=date(2014, 12, 1),
                today=TODAY,
            )
            refused(
                "funds_stranding_only_forward",
                "UPDATE funds_stranding SET status = 'NOTIFIED' WHERE id = %s",
                stranding.pk,
            )
        with at.scope(at.people.treasury) as actor:
            receive_return(actor=actor, sent=sent_back, on=date(2014, 12, 2), today=TODAY)
            refused(
                "funds_return_received_once",
                "UPDATE funds_fundreturn SET received_on = '2014-12-03' WHERE id = %s",
                sent_back.pk,
            )

    def test_another_county_sees_nothing(self, at: At, stranding: Stranding, du: Any) -> None:
        with at.scope(du):
            assert Stranding.objects.count() == Payment.objects.count() == 0
            for table in ("placement", "paymentbatch", "acceptance", "fundreturn", "recovery", "disclosure"):
                with connection.cursor() as cursor:
                    cursor.execute(f"SELECT count(*) FROM funds_{table}")
                    assert cursor.fetchone()[0] == 0


def test_sending_needs_another(at: At, batch: PaymentBatch) -> None:
    with at.scope(at.people.approve) as actor:
        approve_batch(actor=actor, batch=batch, on=ON)
    disclosed(at.people, at.scope, at.placement, batch)
    with at.scope(at.people.finance) as actor:
        assert send_batch(actor=actor, batch=batch, on=ON).paid_by_id == actor.pk
