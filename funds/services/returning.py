"""Stranded money goes back to the province in full, is received there, and is used again through the channel it came by (policy §6)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Sum

from funds.codes.allotment import AllotmentSource, LineKind, Movement
from funds.errors import MoneyRefused
from funds.models import Allotment, FundReturn, Redistribution, Stranding
from funds.models.stranded import ReturnPart, StrandingStatus
from funds.rules.stranded import redistribution_refusals, return_refusals
from funds.services import line
from funds.services.allotments import goes_by_city
from funds.services.numbers import next_number
from funds.services.refusing import needed, not_future, refuse_decided, spoken
from fupin.accounts.audit import note
from fupin.accounts.models import User
from fupin.accounts.permissions import require
from fupin.divisions.models import Division
from fupin.lib.money import grouped


def due_of(stranding: Stranding, part: str) -> Decimal:
    """Return what a part of stranded money amounts to."""
    return Decimal(stranding.recover_yuan if part == ReturnPart.RECOVERED else stranding.unpaid_yuan)


def send_back(
    *,
    actor: User,
    stranding: Stranding,
    part: str,
    amount: Decimal,
    document_no: str,
    on: date,
    today: date,
) -> FundReturn:
    """Send a part of stranded money back, all of it: STRANDED → RETURNING. Raise AlreadyDecided, MoneyRefused at the field, Refused."""
    require(actor, "funds.send_back", at=stranding.division_id)
    not_future(on, today)
    with spoken():
        stranding = (
            Stranding.objects.select_for_update(of=("self",))
            .select_related("appropriation")
            .get(pk=stranding.pk)
        )
        before = FundReturn.objects.filter(stranding=stranding, part=part).first()
        if before is not None:
            refuse_decided(
                f"滞留资金 {stranding.number} ", by=before.sent_by, on=before.sent_on, became="汇出归还"
            )
        if refused := return_refusals(due=due_of(stranding, part), sent=amount):
            raise MoneyRefused(refused)
        if part == ReturnPart.RECOVERED:
            done = stranding.recoveries.aggregate(sum=Sum("amount_yuan"))["sum"] or Decimal(0)
            if done != stranding.recover_yuan:
                raise MoneyRefused(
                    f"应追回 {grouped(stranding.recover_yuan)} 元，只追回 {grouped(done)} 元，追回后全额归还"
                )
        number = next_number("GH", on)
        county = stranding.division_id
        entry = line.move(
            actor=actor,
            movement=Movement.SEND,
            source=line.account_of(LineKind.STRANDED, stranding.appropriation, county=county),
            target=line.account_of(LineKind.RETURNING, stranding.appropriation, county=county),
            amount=amount,
            on=on,
            key=f"return/{number}",
            document_no=document_no,
        )
        sent = FundReturn.objects.create(
            division_id=county,
            number=number,
            stranding=stranding,
            part=part,
            amount_yuan=amount,
            sent_on=on,
            sent_by=actor,
            document_no=needed(document_no, "document_no", "凭证号"),
            entry=entry,
        )
        stranding.status = StrandingStatus.RETURNING
        stranding.save(update_fields=["status"])
    note(object_key=number, division=county, detail={"yuan": str(amount)})
    return sent


def receive_return(*, actor: User, sent: FundReturn, on: date, today: date) -> FundReturn:
    """Put down that returned money has come to the province: RETURNING → POOL. Raise AlreadyDecided, MoneyRefused, Refused."""
    not_future(on, today)
    with spoken():
        stranding = (
            Stranding.objects.select_for_update(of=("self",))
            .select_related("appropriation")
            .get(pk=sent.stranding_id)
        )
        sent = FundReturn.objects.select_for_update(of=("self",)).get(pk=sent.pk)
        appropriation = stranding.appropriation
        require(actor, "funds.receive_return", at=appropriation.division_id, not_entered_by=sent.sent_by_id)
        if sent.received_on is not None:
            refuse_decided(
                f"归还 {sent.number} ", by=sent.received_by, on=sent.received_on, became="登记到账"
            )
        if on < sent.sent_on:
            raise MoneyRefused({"on": f"到账日期不能早于汇出日期 {sent.sent_on}"})
        sent.received_entry = line.move(
            actor=actor,
            movement=Movement.RETURNED,
            source=line.account_of(LineKind.RETURNING, appropriation, county=sent.division_id),
            target=line.account_of(LineKind.POOL, appropriation),
            amount=sent.amount_yuan,
            on=on,
            key=f"returned/{sent.number}",
            document_no=sent.document_no,
        )
        sent.received_on, sent.received_by = on, actor
        sent.save(update_fields=["received_on", "received_by", "received_entry"])
        if returned_yuan(stranding) == stranding.owed:
            stranding.status = StrandingStatus.RETURNED
            stranding.save(update_fields=["status"])
    note(object_key=sent.number, division=sent.division_id, detail={"yuan": str(sent.amount_yuan)})
    return sent


def returned_yuan(stranding: Stranding) -> Decimal:
    """Return what of stranded money the province has."""
    rows = FundReturn.objects.filter(stranding=stranding, received_on__isnull=False)
    return rows.aggregate(sum=Sum("amount_yuan"))["sum"] or Decimal(0)


def left_of(sent: FundReturn) -> Decimal:
    """Return what of a returned sum has not been used again."""
    used = sent.redistributions.aggregate(sum=Sum("amount_yuan"))["sum"] or Decimal(0)
    return sent.amount_yuan - used if sent.received_on else Decimal(0)


@dataclass(frozen=True, slots=True)
class UsedAgain:
    """To which county how much of returned money goes, by which document, with which tasks, and who answers for it there."""

    county: Division
    amount_yuan: Decimal
    document_no: str
    tasks: str
    answerable: str


def redistribute(*, actor: User, sent: FundReturn, given: UsedAgain, on: date, today: date) -> Redistribution:
    """Allot returned money to a county of the province by its own document's channel: POOL → CITY or TRANSIT.

    Raise MoneyRefused at the field, Refused.
    """
    not_future(on, today)
    with spoken():
        sent = FundReturn.objects.select_for_update(of=("self",)).get(pk=sent.pk)
        stranding = (
            Stranding.objects.select_for_update(of=("self",))
            .select_related("appropriation")
            .get(pk=sent.stranding_id)
        )
        appropriation = stranding.appropriation
        require(actor, "funds.redistribute", at=appropriation.division_id)
        refused = redistribution_refusals(
            in_pool=left_of(sent),
            amount=given.amount_yuan,
            kind=appropriation.kind,
            original_kind=appropriation.kind,
        )
        if sent.received_on is not None and on < sent.received_on:
            refused["on"] = f"不能早于归还到账日期 {sent.received_on}"
        if refused:
            raise MoneyRefused(refused)
        via_city = goes_by_city(given.county.pk, on)
        document_no = needed(given.document_no, "document_no", "文号")
        entry = line.move(
            actor=actor,
            movement=Movement.REDISTRIBUTE,
            source=line.account_of(LineKind.POOL, appropriation),
            target=line.account_of(
                LineKind.CITY if via_city else LineKind.TRANSIT, appropriation, county=given.county.pk
            ),
            amount=given.amount_yuan,
            on=on,
            key=f"redistribution/{next_number('TJ', on)}",
            document_no=document_no,
        )
        allotment = Allotment.objects.create(
            division=given.county,
            appropriation=appropriation,
            source=AllotmentSource.REDISTRIBUTION,
            amount_yuan=given.amount_yuan,
            document_no=document_no,
            via_city=via_city,
            tasks=needed(given.tasks, "tasks", "任务清单"),
            answerable=needed(given.answerable, "answerable", "县责任人"),
            issued_on=on,
            issued_by=actor,
            issue_entry=entry,
        )
        used = Redistribution.objects.create(
            division_id=appropriation.division_id,
            fund_return=sent,
            allotment=allotment,
            amount_yuan=given.amount_yuan,
            on=on,
            document_no=document_no,
            entry=entry,
            decided_by=actor,
        )
        if stranding.status == StrandingStatus.RETURNED and all(
            left_of(one) == 0 for one in FundReturn.objects.filter(stranding=stranding)
        ):
            stranding.status = StrandingStatus.REDISTRIBUTED
            stranding.save(update_fields=["status"])
    note(object_key=sent.number, division=appropriation.division_id, detail={"yuan": str(given.amount_yuan)})
    return used
