"""Issue what a scheme gives to each county, let the city pass it on and the county receive it: each level enters its own day."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.db import transaction

from funds.codes.allotment import AllotmentSource, LineKind, Movement, SchemeStatus
from funds.codes.document import DivisionList
from funds.errors import MoneyRefused
from funds.models import Allotment, Appropriation, CarveOut, ListedDivision, Scheme, SchemeShare
from funds.models.document import MOST_YUAN
from funds.services.line import account_of, move
from funds.services.saving import insert, refusing
from fupin.accounts.audit import note
from fupin.accounts.models import User
from fupin.accounts.permissions import Refused, require
from fupin.divisions.codes import PROVINCE_CODE, Level, cut
from fupin.ledgers.services import hold
from fupin.lib.money import FEN


def goes_by_city(county: int, on: date) -> bool:
    """Tell whether a county's money goes by its city: not where the province administers it directly."""
    listed = ListedDivision.objects.filter(
        division_id=county, listed_as=DivisionList.PROVINCE_DIRECT, since__lte=on
    )
    return not listed.exclude(until__lte=on).exists()


@transaction.atomic
def issue_scheme(
    *,
    actor: User | None,
    scheme: Scheme,
    document_no: str,
    on: date,
    tasks: str,
    answerable: Mapping[int, str],
) -> list[Allotment]:
    """Issue the amounts of an approved scheme to all its counties that have none yet; return what was issued.

    ``answerable`` is who answers in each county for money, task and result (5.3). Raise MoneyRefused at the field, Refused.
    """
    if actor is not None:
        require(actor, "funds.issue_allotment", at=PROVINCE_CODE)
    if scheme.status != SchemeStatus.APPROVED:
        raise MoneyRefused("方案还没有定案，不能下达")
    document = Appropriation.objects.select_for_update().get(pk=scheme.appropriation_id)
    shares = [
        share
        for share in SchemeShare.objects.filter(scheme=scheme, allotment__isnull=True).order_by("division_id")
        if share.amount_yuan + share.bonus_yuan
    ]
    if not shares:
        raise MoneyRefused("各县的金额都已下达")
    if absent := [
        share.division.name for share in shares if not answerable.get(share.division_id, "").strip()
    ]:
        raise MoneyRefused({"answerable": "缺责任人：" + "、".join(absent)})
    targets = [
        account_of(_first_stop(share.division_id, on), document, share.division_id) for share in shares
    ]
    with refusing():
        hold([account_of(LineKind.PROVINCE, document), *targets])
    issued = [
        _issue(
            actor,
            document,
            county=share.division_id,
            amount=share.amount_yuan + share.bonus_yuan,
            on=on,
            key=f"funds/share/{share.pk}",
            row=Allotment(
                source=AllotmentSource.SCHEME,
                scheme_share=share,
                document_no=document_no,
                tasks=tasks,
                answerable=answerable[share.division_id].strip(),
            ),
        )
        for share in shares
    ]
    note(
        object_key=document.number, division=PROVINCE_CODE, detail={"issued": len(issued), "by": document_no}
    )
    return issued


@transaction.atomic
def issue_task(
    *,
    actor: User | None,
    task: CarveOut,
    county: int,
    amount_yuan: Decimal,
    document_no: str,
    on: date,
    tasks: str,
    answerable: str,
    key: str,
) -> Allotment:
    """Issue part of what was set apart for a task to a county. Raise MoneyRefused at the field, Refused."""
    if actor is not None:
        require(actor, "funds.issue_allotment", at=PROVINCE_CODE)
    document = Appropriation.objects.select_for_update().get(pk=task.appropriation_id)
    row = Allotment(
        source=AllotmentSource.CARVE_OUT,
        carve_out=task,
        document_no=document_no,
        tasks=tasks,
        answerable=answerable,
    )
    issued = _issue(actor, document, county=county, amount=amount_yuan, on=on, key=key, row=row)
    note(object_key=document.number, division=county, detail={"task": task.task})
    return issued


@transaction.atomic
def issue_project(
    *,
    actor: User | None,
    document: Appropriation,
    county: int,
    amount_yuan: Decimal,
    document_no: str,
    on: date,
    tasks: str,
    answerable: str,
    key: str,
) -> Allotment:
    """Issue money of a document whose projects the province approves itself, the few of §6. Raise MoneyRefused, Refused."""
    if actor is not None:
        require(actor, "funds.issue_allotment", at=PROVINCE_CODE)
    row = Allotment(
        source=AllotmentSource.PROVINCE_PROJECT,
        document_no=document_no,
        tasks=tasks,
        answerable=answerable,
    )
    issued = _issue(actor, document, county=county, amount=amount_yuan, on=on, key=key, row=row)
    note(object_key=document.number, division=county)
    return issued


def _first_stop(county: int, on: date) -> LineKind:
    return LineKind.CITY if goes_by_city(county, on) else LineKind.TRANSIT


def _issue(
    actor: User | None,
    document: Appropriation,
    *,
    county: int,
    amount: Decimal,
    on: date,
    key: str,
    row: Allotment,
) -> Allotment:
    """Enter an allotment in the books and write it down."""
    if not 0 < amount < MOST_YUAN or amount != amount.quantize(FEN):
        raise MoneyRefused({"amount_yuan": "金额应大于 0，整数位不超过 15 位，最多两位小数"})
    stop = _first_stop(county, on)
    row.division_id, row.appropriation, row.amount_yuan = county, document, amount
    row.issued_on, row.issued_by, row.via_city = on, actor, stop == LineKind.CITY
    with refusing():
        row.issue_entry = move(
            actor=actor,
            movement=Movement.ISSUE,
            source=account_of(LineKind.PROVINCE, document),
            target=account_of(stop, document, county),
            amount=amount,
            on=on,
            key=key,
            document_no=row.document_no,
        )
        insert(row)
    return row


@transaction.atomic
def pass_on(*, actor: User | None, allotment: Allotment, on: date) -> Allotment:
    """Let the city pass a county's money on. Raise MoneyRefused at the field, Refused."""
    held = Allotment.objects.select_for_update().get(pk=allotment.pk)
    if actor is not None:
        city = cut(held.division_id, Level.CITY)
        require(actor, "funds.pass_on", at=city, not_entered_by=held.issued_by_id)
    if not held.via_city or held.passed_on is not None:
        raise MoneyRefused("已转下，或省直管县不经市级")
    document = held.appropriation
    with refusing():
        held.pass_entry = move(
            actor=actor,
            movement=Movement.PASS,
            source=account_of(LineKind.CITY, document, held.division_id),
            target=account_of(LineKind.TRANSIT, document, held.division_id),
            amount=held.amount_yuan,
            on=on,
            key=f"funds/allotment/{held.pk}/pass",
            document_no=held.document_no,
        )
        held.passed_on, held.passed_by = on, actor
        held.save(update_fields=["passed_on", "passed_by", "pass_entry"])
    note(object_key=str(held), division=held.division_id)
    return held


@transaction.atomic
def receive(*, actor: User | None, allotment: Allotment, on: date) -> Allotment:
    """Let the county's finance office receive its money. Raise MoneyRefused at the field, Refused."""
    held = Allotment.objects.select_for_update().get(pk=allotment.pk)
    if actor is not None:
        require(actor, "funds.receive", at=held.division_id, not_entered_by=held.passed_by_id)
        if actor.post is None or actor.post.division_id != held.division_id:
            raise Refused("到账由县财政局登记", permission="funds.receive")
    if held.received_on is not None or (held.via_city and held.passed_on is None):
        raise MoneyRefused("已到账，或市级还没有转下")
    document = held.appropriation
    with refusing():
        held.receive_entry = move(
            actor=actor,
            movement=Movement.RECEIVE,
            source=account_of(LineKind.TRANSIT, document, held.division_id),
            target=account_of(LineKind.COUNTY, document, held.division_id),
            amount=held.amount_yuan,
            on=on,
            key=f"funds/allotment/{held.pk}/receive",
            document_no=held.document_no,
        )
        held.received_on, held.received_by = on, actor
        held.save(update_fields=["received_on", "received_by", "receive_entry"])
    note(object_key=str(held), division=held.division_id)
    return held
