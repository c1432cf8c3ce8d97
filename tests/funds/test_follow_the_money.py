"""One document of the centre followed to forty households and, where a project failed, back to the province and out again.

Central document of 2014-05-09 → clock 2014-07-09 → the 36 national poor counties → a county's project → 40 households paid → another
project fails → stranded → back by 2015-12-31 → used again; each sum is asked both ways.
"""

from datetime import date
from decimal import Decimal

import pytest
from django.db.models import Sum

from funds.codes.allotment import LineKind, Movement
from funds.models import (
    Allotment,
    FactorKind,
    FactorValue,
    LineAccount,
    Payment,
    Placement,
    Redistribution,
    Stranding,
)
from funds.rules.clocks import pass_on_by
from funds.rules.stranded import StrandedReason
from funds.services import schemes
from funds.services.accepting import Found, accept_work
from funds.services.allotments import issue_scheme, pass_on, receive
from funds.services.paying import Result, record_results
from funds.services.returning import UsedAgain, receive_return, redistribute, send_back
from funds.services.stranding import Recognised, notify_county, recognise_placement
from fupin.divisions.codes import Level
from fupin.divisions.models import Division
from fupin.ledgers.models import Entry
from tests.conftest import KELAN, LINXIAN
from tests.funds.spending import (
    Scope,
    at_stage,
    benefits,
    disclosed,
    document,
    listed,
    placed,
    planned,
    poor_household,
    rows_for,
    sent,
    staff,
)

pytestmark = pytest.mark.django_db
AMOUNT = Decimal("42000000.00")
WEIGHTS = {"POOR_POPULATION": "0.5", "NET_INCOME": "0.2", "FISCAL_PER_HEAD": "0.1", "PERFORMANCE": "0.2"}


def test_a_yuan_is_followed_both_ways(in_scope: Scope) -> None:
    people = staff()
    found = document(
        people,
        in_scope,
        str(AMOUNT),
        needs_prov_approval=False,
        approval_reason="",
        issued_on=date(2014, 5, 9),
    )
    assert pass_on_by(found.issued_on, advance=found.is_advance, fiscal_year=2014) == date(2014, 7, 9)

    counties = list(
        Division.objects.filter(level=Level.COUNTY, county_profile__is_national_poor=True)
        .order_by("code")
        .values_list("code", flat=True)
    )
    assert len(counties) == 36
    with in_scope(people.province) as actor:
        for number, county in enumerate(counties, start=1):
            for kind in FactorKind.objects.filter(code__in=WEIGHTS).order_by("pk"):
                FactorValue.objects.create(
                    division_id=county,
                    year=2013,
                    kind=kind,
                    value=Decimal(100 + 7 * number),
                    data_on=date(2013, 12, 31),
                    source="省统计局",
                    entered_by=actor,
                )
        given = schemes.Given(
            "A",
            2013,
            "晋扶领〔2014〕12号",
            {code: Decimal(weight) for code, weight in WEIGHTS.items()},
            counties,
        )
        scheme = schemes.submit(actor=actor, scheme=schemes.draft(actor=actor, document=found, given=given))
    with in_scope(people.second) as actor:
        scheme = schemes.settle(actor=actor, scheme=scheme)
    with in_scope(people.treasury) as actor:
        issued = issue_scheme(
            actor=actor,
            scheme=scheme,
            document_no="晋财农〔2014〕60号",
            on=date(2014, 6, 10),
            tasks="产业到户",
            answerable=dict.fromkeys(counties, "县长"),
        )
    assert sum(one.amount_yuan for one in issued) == AMOUNT
    (ours,) = [one for one in issued if one.division_id == LINXIAN]
    with in_scope(people.city) as actor:
        pass_on(actor=actor, allotment=ours, on=date(2014, 6, 15))
    with in_scope(people.finance) as actor:
        ours = receive(actor=actor, allotment=ours, on=date(2014, 6, 20))
    levels = (ours.issued_on, ours.passed_on, ours.received_on)
    assert levels == (date(2014, 6, 10), date(2014, 6, 15), date(2014, 6, 20))

    with in_scope(people.entry) as actor:
        households = [poor_household(actor, serial) for serial in range(40)]
        good, bad = planned(actor), planned(actor)
        benefits(actor, good, households)
        benefits(actor, bad, households[:5])
    to_good = placed(people, in_scope, found, good, "200000.00", on=date(2014, 7, 1))
    to_bad = placed(people, in_scope, found, bad, "100000.00", on=date(2014, 7, 1))
    batch = listed(people, in_scope, to_good, rows_for(households), on=date(2014, 7, 2))
    assert (batch.rows, batch.amount_yuan) == (40, Decimal("200000.00"))
    disclosed(people, in_scope, to_good, batch, on=date(2014, 7, 2))
    batch = sent(people, in_scope, batch, on=date(2014, 7, 13))
    with in_scope(people.finance) as actor:
        results = [Result(seq, True) for seq in range(1, 41)]
        record_results(
            actor=actor, batch=batch, results=results, on=date(2014, 7, 15), today=date(2014, 7, 15)
        )
    with in_scope(people.review) as actor:
        passed = Found(date(2014, 11, 20), "PASS", "县验收组", "临验〔2014〕1号")
        accept_work(actor=actor, placement=to_good, found=passed, today=date(2014, 11, 20))
        at_stage(bad, "FAILED")
        stranding = recognise_placement(
            actor=actor,
            placement=to_bad,
            given=Recognised(StrandedReason.NOT_FEASIBLE, "地块被征用"),
            on=date(2014, 10, 8),
            today=date(2014, 11, 20),
        )
        notify_county(actor=actor, stranding=stranding, on=date(2014, 10, 9))
    assert (stranding.unpaid_yuan, stranding.due_on) == (Decimal("100000.00"), date(2015, 12, 31))

    last = date(2015, 12, 31)
    with in_scope(people.finance) as actor:
        assert not Stranding.objects.overdue_on(last).exists()
        assert Stranding.objects.overdue_on(date(2016, 1, 1)).exists()
        back = send_back(
            actor=actor,
            stranding=stranding,
            part="UNPAID",
            amount=Decimal("100000.00"),
            document_no="汇1",
            on=last,
            today=last,
        )
    with in_scope(people.treasury) as actor:
        back = receive_return(actor=actor, sent=back, on=last, today=last)
    with in_scope(people.province) as actor:
        again = UsedAgain(
            Division.objects.get(pk=KELAN), Decimal("100000.00"), "晋调〔2016〕1号", "产业到户", "岢岚县长"
        )
        used = redistribute(actor=actor, sent=back, given=again, on=date(2016, 1, 8), today=date(2016, 1, 8))

        # forward: all that the document brought lies somewhere
        lines = LineAccount.objects.of(found)
        at = {
            row["kind"]: row["sum"]
            for row in lines.order_by().values("kind").annotate(sum=Sum("account__balance"))
        }
        assert at[LineKind.SOURCE] == -AMOUNT
        assert sum(at.values()) == 0
        assert at[LineKind.ACCEPTED] == Decimal("200000.00")
        assert at[LineKind.STRANDED] == at[LineKind.RETURNING] == at[LineKind.POOL] == 0
        assert at[LineKind.COUNTY] == ours.amount_yuan - Decimal("300000.00")
        assert at[LineKind.CITY] == AMOUNT - ours.amount_yuan + Decimal("100000.00")
        sums = {
            movement: Entry.objects.filter(book="FUNDS", kind=movement, postings__amount__gt=0).aggregate(
                sum=Sum("postings__amount")
            )["sum"]
            for movement in Movement
        }
        assert sums[Movement.ISSUE] == AMOUNT
        assert sums[Movement.PASS] == sums[Movement.RECEIVE] == ours.amount_yuan
        assert sums[Movement.PLACE] == sums[Movement.PAY] + sums[Movement.STRAND]
        assert sums[Movement.PAY] == sums[Movement.ACCEPT] == Decimal("200000.00")
        assert (
            sums[Movement.STRAND]
            == sums[Movement.SEND]
            == sums[Movement.RETURNED]
            == sums[Movement.REDISTRIBUTE]
            == Decimal("100000.00")
        )

        # backward: each household's payment leads to the document, and so does what another county was given
        for payment in Payment.objects.paid().select_related("batch__placement", "entry"):
            assert payment.entry is not None
            accounts = {posting.account_id for posting in payment.entry.postings.all()}
            assert set(lines.filter(account__in=accounts).values_list("kind", flat=True)) == {
                "PROJECT",
                "PAID",
            }
            placement = payment.batch.placement
            assert (
                Allotment.objects.filter(
                    appropriation=placement.appropriation_id, division_id=placement.division_id
                ).get()
                == ours
            )
        assert Payment.objects.paid().aggregate(sum=Sum("amount_yuan"))["sum"] == sums[Movement.PAY]
        used = Redistribution.objects.select_related(
            "allotment", "fund_return__stranding__placement__appropriation"
        ).get(pk=used.pk)
        origin = used.fund_return.stranding.placement
        assert origin is not None
        assert (origin, origin.appropriation, used.allotment.appropriation) == (to_bad, found, found)
        assert used.allotment.division_id == KELAN
        assert Placement.objects.standing().aggregate(sum=Sum("amount_yuan"))["sum"] == sums[Movement.PLACE]
