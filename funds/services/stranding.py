"""Recognise stranded money, by hand and by rule, bring back what was paid for nothing, and give notice of it (policy §6)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from funds.codes.allotment import LineKind, Movement
from funds.errors import MoneyRefused
from funds.models import Allotment, Appropriation, Payment, PaymentBatch, Placement, Recovery, Stranding
from funds.models.line import LineAccount
from funds.models.payment import BatchStatus, PaymentStatus
from funds.models.stranded import StrandingStatus
from funds.models.use import PlacementStatus
from funds.rules.stranded import StrandedReason, Window, reason_on, return_window, stranded_amount
from funds.services import line
from funds.services.numbers import next_number
from funds.services.paying import give_up
from funds.services.placing import account_of_placement
from funds.services.refusing import needed, not_future, refuse_decided, spoken
from fupin.accounts.audit import note
from fupin.accounts.models import User
from fupin.accounts.permissions import require
from fupin.ledgers.models import Account
from fupin.ledgers.services import hold
from fupin.lib.money import grouped
from projects.codes import Stage


@dataclass(frozen=True, slots=True)
class Recognised:
    """Why money is stranded, in words too, and of a project that can't go on what work stands, in yuan."""

    reason: StrandedReason
    note: str
    standing_yuan: Decimal | None = None


def recognise_placement(
    *, actor: User, placement: Placement, given: Recognised, on: date, today: date
) -> Stranding:
    """Recognise the whole unpaid balance of a placement's project as stranded; raise MoneyRefused at the field, Refused."""
    require(actor, "funds.recognise_stranded", at=placement.division_id)
    not_future(on, today)
    needed(given.note, "note", "情况说明")
    with spoken():
        stranding = _recognise(actor, placement, given, on)
    note(
        object_key=stranding.number,
        division=stranding.division_id,
        detail={"unpaid": str(stranding.unpaid_yuan), "recover": str(stranding.recover_yuan)},
    )
    return stranding


def _recognise(actor: User | None, placement: Placement, given: Recognised, on: date) -> Stranding:
    placement = (
        Placement.objects.select_for_update(of=("self",))
        .select_related("appropriation", "project")
        .get(pk=placement.pk)
    )
    project = placement.project
    if placement.status != PlacementStatus.APPROVED or project is None:
        raise MoneyRefused("只有已落实到项目的资金才按项目认定滞留")
    if given.reason == StrandedReason.NOT_FEASIBLE and project.stage != Stage.FAILED:
        raise MoneyRefused({"reason": "先在项目库登记该项目不再具备实施条件"})
    if given.reason == StrandedReason.NOT_ON_TIME and on <= project.planned_finish_on:
        raise MoneyRefused(
            {"reason": f"计划完工日 {project.planned_finish_on} 未过，不能认定为未按时到村到户"}
        )
    _give_up_lists(placement, on)
    county = placement.division_id
    accounts = {
        kind: line.account_of(kind, placement.appropriation, county=county, project=project)
        for kind in (LineKind.PROJECT, LineKind.PAID, LineKind.ACCEPTED)
    }
    held = hold(list(accounts.values()))
    unpaid, paid, accepted = (held[one.pk].balance for one in accounts.values())
    try:
        due = stranded_amount(
            given.reason,
            placed=unpaid + paid + accepted,
            paid=paid + accepted,
            accepted=accepted,
            standing=given.standing_yuan if given.reason == StrandedReason.NOT_FEASIBLE else None,
        )
    except ValueError as impossible:
        raise MoneyRefused(
            {
                "standing_yuan": f"已形成实物的金额应在已验收 {grouped(accepted)} 元与已支付 {grouped(paid + accepted)} 元之间"
            }
        ) from impossible
    if due.amount == 0:
        raise MoneyRefused("该项资金没有未支付余额，也没有应追回的")
    if due.to_recover and not _recoverable(placement):
        raise MoneyRefused("没有可追回的支付")
    return _store(
        actor,
        placement.appropriation,
        county,
        given,
        on,
        source=accounts[LineKind.PROJECT],
        unpaid=due.unpaid,
        recover=due.to_recover,
        arrived_on=arrived_on(placement.appropriation, county, until=placement.decided_on),
        placement=placement,
    )


def recognise_unplaced(
    *, actor: User, appropriation: Appropriation, county: int, given: Recognised, on: date, today: date
) -> Stranding:
    """Recognise all that a county received by a document and never placed; raise MoneyRefused, Refused."""
    require(actor, "funds.recognise_stranded", at=county)
    not_future(on, today)
    needed(given.note, "note", "情况说明")
    if given.reason == StrandedReason.NOT_FEASIBLE:
        raise MoneyRefused({"reason": "没有落实到项目的资金，不存在项目实施条件"})
    with spoken():
        stranding = _recognise_unplaced(actor, appropriation, county, given, on)
    note(object_key=stranding.number, division=county, detail={"unpaid": str(stranding.unpaid_yuan)})
    return stranding


def _recognise_unplaced(
    actor: User | None, appropriation: Appropriation, county: int, given: Recognised, on: date
) -> Stranding:
    source = line.account_of(LineKind.COUNTY, appropriation, county=county)
    unpaid = hold([source])[source.pk].balance
    if not unpaid:
        raise MoneyRefused("该文件的资金已全部落实，没有余额")
    arrived = arrived_on(appropriation, county, until=on)
    if given.reason == StrandedReason.CARRY_OVER and (
        reason_on(
            on, unpaid=unpaid, arrived_on=arrived, planned_until=None, fiscal_year=appropriation.fiscal_year
        )
        is not StrandedReason.CARRY_OVER
    ):
        raise MoneyRefused({"reason": "结转未满两年，不按此项收回"})
    return _store(
        actor,
        appropriation,
        county,
        given,
        on,
        source=source,
        unpaid=unpaid,
        recover=Decimal(0),
        arrived_on=arrived,
        placement=None,
    )


def _store(
    actor: User | None,
    appropriation: Appropriation,
    county: int,
    given: Recognised,
    on: date,
    *,
    source: Account,
    unpaid: Decimal,
    recover: Decimal,
    arrived_on: date,
    placement: Placement | None,
) -> Stranding:
    window = return_window(arrived_on=arrived_on, recognised_on=on)
    if given.reason == StrandedReason.CARRY_OVER:
        window = Window(on, date(on.year, 12, 31))
    number = next_number("ZL", on)
    entry = None
    if unpaid:
        entry = line.move(
            actor=actor,
            movement=Movement.STRAND,
            source=source,
            target=line.account_of(LineKind.STRANDED, appropriation, county=county),
            amount=unpaid,
            on=on,
            key=f"stranding/{number}",
            document_no=number,
        )
    return Stranding.objects.create(
        division_id=county,
        number=number,
        appropriation=appropriation,
        placement=placement,
        reason=given.reason,
        note=given.note.strip(),
        unpaid_yuan=unpaid,
        recover_yuan=recover,
        arrived_year=arrived_on.year,
        due_from=window.first,
        due_on=window.last,
        recognised_on=on,
        recognised_by=actor,
        by_rule=actor is None,
        entry=entry,
    )


def arrived_on(appropriation: Appropriation, county: int, *, until: date | None) -> date:
    """Return the day on which the money of a document was last in place in a county, up to a day."""
    rows = Allotment.objects.received().filter(appropriation=appropriation, division_id=county)
    if until is not None:
        rows = rows.filter(received_on__lte=until)
    last = rows.order_by("-received_on", "-pk").first()
    if last is None or last.received_on is None:
        raise MoneyRefused("本县没有收到该文件的资金")
    return last.received_on


def _give_up_lists(placement: Placement, on: date) -> None:
    """Withdraw the lists that have not gone to the bank; raise MoneyRefused while one is there."""
    rows = PaymentBatch.objects.select_for_update(of=("self",)).filter(
        placement__appropriation=placement.appropriation_id, placement__project=placement.project_id
    )
    for batch in rows.filter(
        status__in=[BatchStatus.DRAFT, BatchStatus.APPROVED, BatchStatus.EXPORTED]
    ).order_by("pk"):
        if batch.status == BatchStatus.EXPORTED:
            raise MoneyRefused(f"支付清单 {batch.number} 已送银行，先读回结果再认定滞留")
        give_up(batch, "资金认定为滞留，须全额归还", on)


def _recoverable(placement: Placement) -> bool:
    return Payment.objects.filter(
        batch__placement__appropriation=placement.appropriation_id,
        batch__placement__project=placement.project_id,
        status=PaymentStatus.PAID,
        accept_entry__isnull=True,
    ).exists()


def recognise_due(*, on: date) -> list[Stranding]:
    """Recognise what is stranded by rule on a day, over the scope of whoever runs it; return what was found.

    A project past its planned day with money left, and what was carried over for two years. Lists at the bank are waited for.
    """
    found: list[Stranding] = []
    lines = (
        LineAccount.objects.filter(kind__in=[LineKind.PROJECT, LineKind.COUNTY], account__balance__gt=0)
        .select_related("appropriation", "project", "account")
        .order_by("pk")
    )
    for one in lines:
        if one.county_id is None:
            continue
        county, project = one.county_id, one.project
        try:
            reason = reason_on(
                on,
                unpaid=one.account.balance,
                arrived_on=arrived_on(one.appropriation, county, until=on),
                planned_until=project.planned_finish_on if project else None,
                feasible=project is None or project.stage != Stage.FAILED,
                fiscal_year=one.appropriation.fiscal_year,
            )
            if reason is None:
                continue
            given = Recognised(reason, "系统按规则认定：到期仍有未支付余额")
            with spoken():
                if project is None:
                    found.append(_recognise_unplaced(None, one.appropriation, county, given, on))
                else:
                    placement = Placement.objects.standing().filter(
                        appropriation=one.appropriation, project=project, division_id=county
                    )
                    found.append(_recognise(None, placement.order_by("-decided_on", "-pk")[0], given, on))
        except MoneyRefused:
            continue  # at the bank, or not received: looked at again tomorrow
    return found


def notify_county(*, actor: User, stranding: Stranding, on: date) -> Stranding:
    """Give the county notice of what it owes; raise AlreadyDecided where that was done, Refused."""
    require(actor, "funds.recognise_stranded", at=stranding.division_id)
    with spoken():
        stranding = Stranding.objects.select_for_update(of=("self",)).get(pk=stranding.pk)
        if stranding.status != StrandingStatus.RECOGNISED:
            refuse_decided(
                f"滞留资金 {stranding.number} ",
                by=None,
                on=stranding.notified_on,
                became=stranding.get_status_display().removeprefix("已"),
            )
        stranding.status, stranding.notified_on = StrandingStatus.NOTIFIED, on
        stranding.save(update_fields=["status", "notified_on"])
    note(object_key=stranding.number, division=stranding.division_id)
    return stranding


def recover(
    *,
    actor: User,
    stranding: Stranding,
    payment: Payment,
    amount: Decimal,
    document_no: str,
    on: date,
    today: date,
) -> Recovery:
    """Put down what came back of a payment that has no standing work: it is stranded like the rest. Raise MoneyRefused, Refused."""
    require(actor, "funds.send_back", at=stranding.division_id)
    not_future(on, today)
    with spoken():
        stranding = (
            Stranding.objects.select_for_update(of=("self",))
            .select_related("appropriation", "placement__project")
            .get(pk=stranding.pk)
        )
        done = sum((one.amount_yuan for one in stranding.recoveries.all()), Decimal(0))
        if amount <= 0 or done + amount > stranding.recover_yuan:
            raise MoneyRefused(
                {"amount_yuan": f"应追回 {grouped(stranding.recover_yuan)} 元，已追回 {grouped(done)} 元"}
            )
        placement = stranding.placement
        if placement is None or placement.project is None:
            raise MoneyRefused("该笔滞留资金没有应追回的支付")
        county = stranding.division_id
        project_account = account_of_placement(placement)
        serial = f"{stranding.number}/{stranding.recoveries.count() + 1}"
        entry = line.move(
            actor=actor,
            movement=Movement.RECOVER,
            source=line.account_of(
                LineKind.PAID, stranding.appropriation, county=county, project=placement.project
            ),
            target=project_account,
            amount=amount,
            on=on,
            key=f"recovery/{serial}",
            document_no=document_no,
        )
        strand_entry = line.move(
            actor=actor,
            movement=Movement.STRAND,
            source=project_account,
            target=line.account_of(LineKind.STRANDED, stranding.appropriation, county=county),
            amount=amount,
            on=on,
            key=f"recovered/{serial}",
            document_no=stranding.number,
        )
        recovery = Recovery.objects.create(
            division_id=county,
            stranding=stranding,
            payment=payment,
            on=on,
            amount_yuan=amount,
            document_no=needed(document_no, "document_no", "凭证号"),
            entry=entry,
            strand_entry=strand_entry,
            entered_by=actor,
        )
    note(object_key=stranding.number, division=county, detail={"yuan": str(amount)})
    return recovery


__all__ = [
    "Recognised",
    "arrived_on",
    "notify_county",
    "recognise_due",
    "recognise_placement",
    "recognise_unplaced",
    "recover",
]
