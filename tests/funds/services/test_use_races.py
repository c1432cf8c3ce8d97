"""Many at one appropriation at the same moment: one approval wins, nothing goes out twice, the sums are exact (security.md rows 37, 38)."""

from collections import Counter
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Sum

from funds.codes.allotment import LineKind
from funds.errors import AlreadyDecided
from funds.models import FundReturn, LineAccount, Payment, Placement
from funds.rules.stranded import StrandedReason
from funds.services.paying import Result, approve_batch, record_results
from funds.services.placing import PlacementFacts, approve_placement, draft_placement
from funds.services.returning import send_back
from funds.services.stranding import Recognised, recognise_placement
from fupin.accounts.models import User
from fupin.accounts.roles import Role
from fupin.ledgers.models import Posting
from projects.codes import UseWay
from tests.conftest import LINXIAN, person
from tests.funds.services.test_spending import At
from tests.funds.spending import (
    TODAY,
    Scope,
    at_stage,
    benefits,
    disclosed,
    listed,
    placed,
    planned,
    poor_household,
    rows_for,
    sent,
)
from tests.registry.services.test_races import Work, together

pytestmark = pytest.mark.django_db(transaction=True)
ON = date(2014, 6, 14)


def acting(scope: Scope, user: User, do: Any, **given: Any) -> Work:
    def work() -> Any:
        with scope(user) as actor:
            return do(actor=actor, **given)

    return work


def test_fifty_at_once_on_one_appropriation(in_scope: Scope) -> None:
    at = At(in_scope)
    people = at.people
    other_approver = person("m-approve-2", Role.COUNTY_APPROVE, LINXIAN, full_name="二批")
    other_finance = person("m-finance-2", Role.FINANCE, LINXIAN, full_name="二财")
    with in_scope(people.entry) as actor:
        more = [poor_household(actor, serial) for serial in range(11, 16)]
        benefits(actor, at.project, more)
        failing = [planned(actor) for _ in range(5)]
    # ten drafts of 300,000: the county has 2,800,000 less five times 10,000, so nine of them fit
    stranded = []
    for project in failing:
        put = placed(people, in_scope, at.document, project, "10000.00")
        at_stage_of(in_scope, people.entry, project, "FAILED")
        with in_scope(people.review) as actor:
            given = Recognised(StrandedReason.NOT_FEASIBLE, "地块被征用")
            stranded.append(
                recognise_placement(actor=actor, placement=put, given=given, on=date(2014, 6, 5), today=TODAY)
            )
    drafts = []
    for _ in range(10):
        facts = PlacementFacts(
            at.document,
            Decimal("300000.00"),
            UseWay.OTHER,
            "文",
            project=at.project,
            use_way_reason="直接补助",
        )
        with in_scope(people.entry) as actor:
            drafts.append(
                draft_placement(actor=actor, county=LINXIAN, facts=facts, on=date(2014, 6, 3), today=TODAY)
            )
    lists = [
        listed(people, in_scope, at.placement, rows_for([one]), item=f"第{number}批")
        for number, one in enumerate(more)
    ]
    open_lists = [
        listed(people, in_scope, at.placement, rows_for([one]), item="待批") for one in at.households
    ]
    disclosed(people, in_scope, at.placement, None)
    for batch in lists:
        disclosed_list(people, in_scope, batch)
    lists = [sent(people, in_scope, batch) for batch in lists]

    works: list[Work] = []
    for draft in drafts:
        works += [
            acting(in_scope, who, approve_placement, placement=draft, on=ON)
            for who in (people.approve, other_approver)
        ]
    for batch in lists:
        works += [
            acting(in_scope, who, record_results, batch=batch, results=[Result(1, True)], on=ON, today=TODAY)
            for who in (people.finance, other_finance)
        ]
    for stranding in stranded:
        works += [
            acting(
                in_scope,
                who,
                send_back,
                stranding=stranding,
                part="UNPAID",
                amount=Decimal("10000.00"),
                document_no="汇1",
                on=ON,
                today=TODAY,
            )
            for who in (people.finance, other_finance)
        ]
    for batch in open_lists:
        works += [
            acting(in_scope, who, approve_batch, batch=batch, on=ON)
            for who in (people.approve, other_approver, people.approve)
        ]
    works.append(acting(in_scope, other_approver, approve_batch, batch=open_lists[0], on=ON))
    assert len(works) == 50
    results = together(*works)

    kinds = Counter(type(one).__name__ for one in results)
    assert kinds == {
        "Placement": 9,  # the tenth is refused for want of money, to both who try
        "MoneyRefused": 2,
        "PaymentBatch": 5 + 3,
        "FundReturn": 5,
        "AlreadyDecided": 9 + 5 + 5 + 7,
    }, {str(one) for one in results if isinstance(one, Exception)}
    assert {str(one)[-6:] for one in results if isinstance(one, AlreadyDecided)} == {"，请刷新页面"}
    with in_scope(people.treasury):
        balances = {
            kind: LineAccount.objects.of(at.document)
            .filter(kind=kind)
            .aggregate(sum=Sum("account__balance"))["sum"]
            for kind in (
                LineKind.COUNTY,
                LineKind.PROJECT,
                LineKind.PAID,
                LineKind.STRANDED,
                LineKind.RETURNING,
            )
        }
        assert balances == {
            LineKind.COUNTY: Decimal("50000.00"),
            LineKind.PROJECT: Decimal("200000.00") + 9 * Decimal("300000.00") - Decimal("25000.00"),
            LineKind.PAID: Decimal("25000.00"),
            LineKind.STRANDED: Decimal("0.00"),
            LineKind.RETURNING: Decimal("50000.00"),
        }
        lines = LineAccount.objects.of(at.document).select_related("account")
        assert sum(one.account.balance for one in lines) == 0
        for one in lines:
            posted = Posting.objects.filter(account=one.account).aggregate(sum=Sum("amount"))["sum"]
            assert one.account.balance == (posted or 0)
        assert Placement.objects.standing().filter(amount_yuan=Decimal("300000.00")).count() == 9
        assert Payment.objects.paid().count() == 5
        assert FundReturn.objects.count() == 5


def at_stage_of(scope: Scope, user: User, project: Any, stage: str) -> None:
    with scope(user):
        at_stage(project, stage)


def disclosed_list(people: Any, scope: Scope, batch: Any) -> None:
    from funds.services.disclosing import disclose_batch
    from tests.funds.spending import posted

    with scope(people.entry) as actor:
        drafts = disclose_batch(actor=actor, batch=batch, on=date(2014, 6, 3))
    posted(scope, people, drafts, date(2014, 6, 3))
