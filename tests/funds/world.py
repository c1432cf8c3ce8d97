"""One of everything of a county's money, for the tests that walk through every address."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal

from django.db import transaction

from funds.models import Payment
from funds.rules.stranded import StrandedReason
from funds.services.paying import Result, record_results
from funds.services.returning import receive_return, send_back
from funds.services.stranding import Recognised, recognise_placement
from fupin.accounts.models import User
from fupin.accounts.scope import enter_scope
from tests.funds.spending import (
    TODAY,
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


@contextmanager
def scope(user: User) -> Iterator[User]:
    """Enter a user's scope; the next one in this transaction enters his own."""
    assert user.post is not None
    with transaction.atomic():
        enter_scope(*user.post.code_range, user_id=user.pk)
        yield user


def money_of(county: int, city: int, village: int) -> dict[str, object]:
    """Return the keys of a placement, a list, a payment, stranded money and its return in a county."""
    people = staff(county=county, city=city, prefix=f"{county // 1_000_000}-")
    found = document(people, scope, issued_on=date(2014, 1, 9), received_on=date(2014, 1, 12))
    received(people, scope, found, county=county, on=date(2014, 2, 1))
    with scope(people.entry) as actor:
        household = poor_household(actor, county // 1_000_000 % 97, village_code=str(village))
        projects = [planned(actor, at=village) for _ in range(2)]
        for project in projects:
            benefits(actor, project, [household])
    first = placed(people, scope, found, projects[0], on=date(2014, 3, 1))
    batch = listed(people, scope, first, rows_for([household]), on=date(2014, 3, 2))
    disclosed(people, scope, first, batch, on=date(2014, 3, 2))
    batch = sent(people, scope, batch, on=date(2014, 3, 13))
    with scope(people.finance) as actor:
        record_results(actor=actor, batch=batch, results=[Result(1, True)], on=date(2014, 3, 14), today=TODAY)
    more = listed(people, scope, first, rows_for([household]), item="第二批", on=date(2014, 4, 2))
    second = placed(people, scope, found, projects[1], on=date(2014, 3, 1))
    at_stage(projects[1], "FAILED")
    with scope(people.review) as actor:
        stranding = recognise_placement(
            actor=actor,
            placement=second,
            given=Recognised(StrandedReason.NOT_FEASIBLE, "地块被征用"),
            on=date(2014, 5, 1),
            today=TODAY,
        )
    with scope(people.finance) as actor:
        back = send_back(
            actor=actor,
            stranding=stranding,
            part="UNPAID",
            amount=Decimal(stranding.unpaid_yuan),
            document_no="汇1",
            on=date(2014, 5, 2),
            today=TODAY,
        )
    with scope(people.treasury) as actor:
        receive_return(actor=actor, sent=back, on=date(2014, 5, 3), today=TODAY)
    return {
        "county_code": county,
        "fund_kind": "COUNTY",
        "fund_document_pk": found.pk,
        "placement_pk": first.pk,
        "batch_pk": more.pk,
        "payment_pk": Payment.objects.get(batch=more).pk,
        "stranding_pk": stranding.pk,
        "return_pk": back.pk,
    }
