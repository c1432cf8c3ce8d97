"""Stranded money goes back in full in the next fiscal year and is used again by its own channel (F-05, policy-trace 6.4, 6.6)."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from funds.codes.allotment import LineKind
from funds.errors import AlreadyDecided, MoneyRefused
from funds.models import FundReturn, LineAccount, Payment, PaymentBatch, Redistribution, Stranding
from funds.reports.stranded import pauses_new_projects
from funds.rules.stranded import StrandedReason
from funds.services.accepting import Found, accept_work
from funds.services.paying import Result, record_results
from funds.services.placing import PlacementFacts, approve_placement, draft_placement
from funds.services.returning import UsedAgain, left_of, receive_return, redistribute, send_back
from funds.services.stranding import (
    Recognised,
    notify_county,
    recognise_due,
    recognise_placement,
    recognise_unplaced,
    recover,
)
from fupin.accounts.errors import Refused
from fupin.accounts.scope import whole_province
from fupin.deadlines.kinds import KINDS
from fupin.deadlines.services.columns import selection
from fupin.divisions.models import Division
from tests.conftest import KELAN, LINXIAN
from tests.funds.services.test_spending import At
from tests.funds.spending import Scope, at_stage, disclosed, document, listed, rows_for, sent

pytestmark = pytest.mark.django_db
NEXT = date(2015, 12, 31)


@pytest.fixture
def at(in_scope: Scope) -> At:
    """Three households were paid 5,000 yuan each out of 200,000."""
    found = At(in_scope)
    batch = listed(found.people, found.scope, found.placement, rows_for(found.households))
    disclosed(found.people, found.scope, found.placement, batch)
    batch = sent(found.people, found.scope, batch)
    with found.scope(found.people.finance) as actor:
        record_results(
            actor=actor,
            batch=batch,
            results=[Result(seq, True) for seq in (1, 2, 3)],
            on=date(2014, 6, 16),
            today=NEXT,
        )
    return found


def accepted(at: At, household: int | None = None) -> None:
    with at.scope(at.people.review) as actor:
        found = Found(
            date(2014, 7, 1),
            "PASS",
            "县验收组",
            "验1",
            household=None if household is None else at.households[household],
        )
        accept_work(actor=actor, placement=at.placement, found=found, today=NEXT)


def failed(at: At, *, standing: str | None = None, on: date = date(2014, 9, 1)) -> Stranding:
    at_stage(at.project, "FAILED")
    given = Recognised(
        StrandedReason.NOT_FEASIBLE, "地块被征用", None if standing is None else Decimal(standing)
    )
    with at.scope(at.people.review) as actor:
        return recognise_placement(actor=actor, placement=at.placement, given=given, on=on, today=NEXT)


class TestRecognising:
    def test_of_a_failed_project_the_whole_rest_and_what_has_no_work_behind_it(self, at: At) -> None:
        accepted(at, 0)
        stranding = failed(at, standing="8000.00")
        assert (stranding.unpaid_yuan, stranding.recover_yuan) == (Decimal("185000.00"), Decimal("7000.00"))
        assert (stranding.arrived_year, stranding.due_from, stranding.due_on) == (
            2014,
            date(2015, 1, 1),
            NEXT,
        )
        assert at.balance(LineKind.PROJECT) == 0
        assert at.balance(LineKind.STRANDED) == Decimal("185000.00")

    @pytest.mark.parametrize("standing", ["4999.99", "15000.01", "-1.00"])
    def test_work_stands_between_what_was_accepted_and_what_was_paid(self, at: At, standing: str) -> None:
        accepted(at, 0)
        with pytest.raises(MoneyRefused) as refused:
            failed(at, standing=standing)
        assert set(refused.value.fields) == {"standing_yuan"}
        assert Stranding.objects.count() == 0

    def test_a_project_that_goes_on_is_not_called_infeasible(self, at: At) -> None:
        given = Recognised(StrandedReason.NOT_FEASIBLE, "说明")
        with at.scope(at.people.review) as actor, pytest.raises(MoneyRefused) as refused:
            recognise_placement(
                actor=actor, placement=at.placement, given=given, on=date(2014, 9, 1), today=NEXT
            )
        assert set(refused.value.fields) == {"reason"}

    def test_not_before_the_planned_day_is_over(self, at: At) -> None:
        given = Recognised(StrandedReason.NOT_ON_TIME, "说明")
        with at.scope(at.people.review) as actor:
            with pytest.raises(MoneyRefused) as refused:
                recognise_placement(
                    actor=actor, placement=at.placement, given=given, on=date(2014, 11, 30), today=NEXT
                )
            assert set(refused.value.fields) == {"reason"}
            found = recognise_placement(
                actor=actor, placement=at.placement, given=given, on=date(2014, 12, 1), today=NEXT
            )
        assert (found.unpaid_yuan, found.recover_yuan) == (Decimal("185000.00"), 0)

    def test_by_rule_on_the_day_after_and_once(self, at: At) -> None:
        with whole_province():
            assert recognise_due(on=date(2014, 11, 30)) == []
            (found,) = recognise_due(on=date(2014, 12, 1))
            assert recognise_due(on=date(2014, 12, 2)) == []
        assert (found.reason, found.by_rule, found.recognised_by) == ("NOT_ON_TIME", True, None)
        assert found.unpaid_yuan == Decimal("185000.00")

    def test_carried_over_for_two_years_in_a_line_apart(self, at: At) -> None:
        with whole_province():
            found = recognise_due(on=date(2016, 1, 1))
        assert {(one.reason, one.placement_id is None) for one in found} == {
            ("NOT_ON_TIME", False),
            ("CARRY_OVER", True),
        }
        assert sum(one.unpaid_yuan for one in found) == Decimal("2985000.00")

    def test_open_lists_are_withdrawn_those_at_the_bank_waited_for(self, at: At) -> None:
        more = listed(at.people, at.scope, at.placement, rows_for(at.households), item="第二批")
        failed(at)
        more.refresh_from_db()
        assert more.status == "WITHDRAWN"
        assert set(Payment.objects.filter(batch=more).values_list("status", flat=True)) == {"STOPPED"}

    def test_while_a_list_is_at_the_bank_nothing_is_recognised(self, at: At) -> None:
        more = listed(at.people, at.scope, at.placement, rows_for(at.households), item="第二批")
        disclosed(at.people, at.scope, at.placement, more, on=date(2014, 6, 17))
        sent(at.people, at.scope, more, on=date(2014, 6, 28))
        with pytest.raises(MoneyRefused, match="已送银行"):
            failed(at)
        with whole_province():
            assert recognise_due(on=date(2014, 12, 1)) == []
        assert PaymentBatch.objects.get(pk=more.pk).status == "EXPORTED"

    def test_what_was_never_placed(self, at: At) -> None:
        given = Recognised(StrandedReason.NOT_ON_TIME, "没有项目")
        with at.scope(at.people.finance) as actor:
            found = recognise_unplaced(
                actor=actor,
                appropriation=at.document,
                county=LINXIAN,
                given=given,
                on=date(2014, 12, 31),
                today=NEXT,
            )
        assert found.unpaid_yuan == Decimal("2800000.00")
        assert at.balance(LineKind.COUNTY) == 0


class TestReturning:
    """F-05's example in small: all of it, in the next year, received by another, used again elsewhere."""

    def test_the_whole_way(self, at: At) -> None:
        accepted(at, 0)
        stranding = failed(at, standing="8000.00")
        with at.scope(at.people.review) as actor:
            notify_county(actor=actor, stranding=stranding, on=date(2014, 9, 2))
        with at.scope(at.people.finance) as actor:
            for amount in ("185000.01", "184999.99", "0.00", "-185000.00"):
                with pytest.raises(MoneyRefused) as refused:
                    self._send(actor, stranding, "UNPAID", amount)
                assert set(refused.value.fields) == {"amount_yuan"}
            first = self._send(actor, stranding, "UNPAID", "185000.00")
            with pytest.raises(AlreadyDecided, match="钱财"):
                self._send(actor, stranding, "UNPAID", "185000.00")
            with pytest.raises(MoneyRefused, match="只追回"):
                self._send(actor, stranding, "RECOVERED", "7000.00")
            second, third = Payment.objects.filter(seq__gt=1).order_by("seq")
            for payment, amount in ((second, "5000.00"), (third, "2000.00")):
                recover(
                    actor=actor,
                    stranding=stranding,
                    payment=payment,
                    amount=Decimal(amount),
                    document_no="收1",
                    on=date(2015, 5, 1),
                    today=NEXT,
                )
            with pytest.raises(MoneyRefused) as refused:
                recover(
                    actor=actor,
                    stranding=stranding,
                    payment=third,
                    amount=Decimal("0.01"),
                    document_no="收2",
                    on=date(2015, 5, 2),
                    today=NEXT,
                )
            assert set(refused.value.fields) == {"amount_yuan"}
            last = self._send(actor, stranding, "RECOVERED", "7000.00")
        assert at.balance(LineKind.RETURNING) == Decimal("192000.00")
        with at.scope(at.people.treasury) as actor:
            for sent_back in (first, last):
                receive_return(actor=actor, sent=sent_back, on=NEXT, today=NEXT)
            with pytest.raises(AlreadyDecided, match="省财"):
                receive_return(actor=actor, sent=first, on=NEXT, today=NEXT)
        stranding.refresh_from_db()
        assert stranding.status == "RETURNED"
        assert at.balance(LineKind.POOL) == Decimal("192000.00")
        with at.scope(at.people.province) as actor:
            for sent_back, amount in ((first, "185000.00"), (last, "7000.00")):
                self._again(actor, FundReturn.objects.get(pk=sent_back.pk), amount)
            with pytest.raises(MoneyRefused) as refused:
                self._again(actor, first, "0.01")
            assert set(refused.value.fields) == {"amount_yuan"}
            assert Redistribution.objects.count() == 2
            stranding.refresh_from_db()
            assert stranding.status == "REDISTRIBUTED"
            # the flow adds up: what came is somewhere, and from the end it leads back to the document
            lines = LineAccount.objects.of(at.document).select_related("account")
            assert sum(one.account.balance for one in lines) == 0
            there = {one.kind: one.account.balance for one in lines if one.county_id == KELAN}
            assert there == {"CITY": Decimal("192000.00")}
            for used in Redistribution.objects.select_related("fund_return__stranding", "allotment"):
                assert used.allotment.appropriation_id == used.fund_return.stranding.appropriation_id
                assert left_of(used.fund_return) == 0

    def _send(self, actor: Any, stranding: Stranding, part: str, amount: str) -> FundReturn:
        return send_back(
            actor=actor,
            stranding=stranding,
            part=part,
            amount=Decimal(amount),
            document_no="汇1",
            on=date(2015, 6, 1),
            today=NEXT,
        )

    def _again(self, actor: Any, sent_back: FundReturn, amount: str) -> Redistribution:
        given = UsedAgain(
            Division.objects.get(pk=KELAN), Decimal(amount), "晋调〔2016〕1号", "产业到户", "岢岚县长"
        )
        return redistribute(
            actor=actor, sent=sent_back, given=given, on=date(2016, 1, 5), today=date(2016, 1, 5)
        )

    def test_who_sends_does_not_receive(self, at: At) -> None:
        stranding = failed(at)
        with at.scope(at.people.finance) as actor:
            sent_back = self._send(actor, stranding, "UNPAID", "185000.00")
            with pytest.raises(Refused):
                receive_return(actor=actor, sent=sent_back, on=NEXT, today=NEXT)

    def test_overdue_money_pauses_new_projects(self, at: At) -> None:
        given = PlacementFacts(at.document, Decimal(1), "BUILD_FIRST", "文", project=at.project)
        with at.scope(at.people.entry) as actor:
            draft = draft_placement(actor=actor, county=LINXIAN, facts=given, on=date(2014, 6, 3), today=NEXT)
        failed(at)
        at_stage(at.project, "PLANNED")
        with at.scope(at.people.approve) as actor:
            assert not pauses_new_projects(LINXIAN, date(2015, 12, 31))
            assert pauses_new_projects(LINXIAN, date(2016, 1, 1))
            with pytest.raises(MoneyRefused, match="暂停安排新项目"):
                approve_placement(actor=actor, placement=draft, on=date(2016, 1, 1))


def test_the_document_is_the_only_source(in_scope: Scope) -> None:
    at = At(in_scope)
    other = document(at.people, in_scope)
    given = Recognised(StrandedReason.NOT_ON_TIME, "没有项目")
    with in_scope(at.people.finance) as actor, pytest.raises(MoneyRefused):
        recognise_unplaced(
            actor=actor, appropriation=other, county=LINXIAN, given=given, on=date(2014, 12, 31), today=NEXT
        )


@pytest.mark.parametrize(
    ("today", "warns"),
    [
        (date(2014, 12, 31), date(2015, 1, 15)),
        (date(2015, 1, 15), date(2015, 1, 15)),
        (date(2015, 6, 29), date(2015, 1, 15)),
        (date(2015, 6, 30), date(2015, 6, 30)),
        (date(2015, 9, 30), date(2015, 9, 30)),
        (date(2015, 11, 30), date(2015, 11, 30)),
        (date(2015, 12, 20), date(2015, 12, 15)),
        (date(2016, 1, 1), date(2015, 1, 15)),
    ],
)
def test_the_county_is_reminded_on_the_days_of_the_rule(at: At, today: date, warns: date) -> None:
    stranding = failed(at)
    with at.scope(at.people.finance):
        query, parameters = selection(KINDS["funds.return_due"], today)
        with connection.cursor() as cursor:
            cursor.execute(query, parameters)
            names = [column[0] for column in cursor.description]
            (row,) = [dict(zip(names, one, strict=True)) for one in cursor.fetchall()]
    assert row["due_on"] == NEXT
    assert NEXT - timedelta(days=row["warn_days"]) == warns
    assert row["subject_key"].startswith(f"{stranding.pk}/")
    assert row["done_on"] is None
