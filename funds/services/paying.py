"""Lists of payments: made by one, approved by another, sent to the bank and read back by a third (policy §2, §6)."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Sum

from funds.codes.allotment import LineKind, Movement
from funds.errors import MoneyRefused
from funds.models import Payment, PaymentBatch, Placement
from funds.models.payment import BatchKind, BatchStatus, PaymentStatus
from funds.models.use import PlacementStatus
from funds.reports.payees import Payee, beneficiaries_named, payee_of, row_refusals
from funds.reports.paying import committed, covering, first_day, most_for
from funds.services import line
from funds.services.numbers import next_number
from funds.services.placing import account_of_placement
from funds.services.refusing import needed, not_future, refuse_decided, spoken
from fupin.accounts.audit import note
from fupin.accounts.models import User
from fupin.accounts.permissions import require
from fupin.ledgers.services import hold
from fupin.lib import bankcard
from fupin.lib.money import grouped
from fupin.vault.sealing import seal
from projects.codes import UseWay


@dataclass(frozen=True, slots=True)
class Row:
    """A line as it was written into the list: whom it pays and how much. Without an account the card's is taken."""

    payee_name: str
    amount_yuan: Decimal
    household_no: str = ""
    account: str = ""
    bank_name: str = ""


@dataclass(frozen=True, slots=True)
class BatchFacts:
    """What a list is for."""

    kind: str
    item: str
    period: str


def make_batch(
    *,
    actor: User,
    placement: Placement,
    facts: BatchFacts,
    rows: Sequence[Row],
    key: uuid.UUID,
    on: date,
    today: date,
) -> PaymentBatch:
    """Make a list of payments for others to approve and to pay; the same key with the same sum again returns the list that stands.

    Raise MoneyRefused with what is wrong of every row, by ``rows.<number>.<field>``; nothing is written then. Refused.
    """
    require(actor, "funds.prepare_payment", at=placement.division_id)
    not_future(on, today)
    if (known := PaymentBatch.objects.filter(key=key).first()) is not None:
        return _the_same(known, placement, rows)
    if placement.status != PlacementStatus.APPROVED or placement.project_id is None:
        raise MoneyRefused("只有已批准落实到项目的资金才能编支付清单")
    item = needed(facts.item, "item", "支付事项")
    payees, refused = _read(placement, facts, item, rows)
    if refused:
        raise MoneyRefused(refused)
    with spoken():
        batch = PaymentBatch.objects.create(
            division_id=placement.division_id,
            placement=placement,
            number=next_number("ZF", on),
            kind=facts.kind,
            item=item,
            period=facts.period,
            amount_yuan=sum((one.amount_yuan for one in rows), Decimal(0)),
            rows=len(rows),
            made_on=on,
            made_by=actor,
            key=key,
        )
        assert placement.project is not None  # noqa: S101  (asked above)
        source = f"{placement.appropriation.number} {placement.project.name}"[:120]
        Payment.objects.bulk_create(
            _payment(batch, seq, source, row, payee)
            for seq, (row, payee) in enumerate(zip(rows, payees, strict=True), start=1)
        )
    note(
        object_key=batch.number,
        division=batch.division_id,
        detail={"rows": batch.rows, "yuan": str(batch.amount_yuan)},
    )
    return batch


def _the_same(known: PaymentBatch, placement: Placement, rows: Sequence[Row]) -> PaymentBatch:
    """Return the list that was made under the key; raise MoneyRefused where it was another."""
    total = sum((one.amount_yuan for one in rows), Decimal(0))
    if (known.placement_id, known.rows, known.amount_yuan) != (placement.pk, len(rows), total):
        raise MoneyRefused(f"同一提交编号下已有清单 {known.number}，内容不同，请刷新后重新编制")
    return known


def _read(
    placement: Placement, facts: BatchFacts, item: str, rows: Sequence[Row]
) -> tuple[list[Payee | None], dict[str, str]]:
    """Return whom each row pays, and what is wrong by row and field."""
    refused: dict[str, str] = {}
    if facts.kind not in BatchKind.values:
        refused["kind"] = "请选支付对象"
    if not rows:
        refused[""] = "清单是空的"
    payees: list[Payee | None] = []
    known = beneficiaries_named(placement, [one.household_no for one in rows if one.household_no])
    seen: dict[tuple[str, str], int] = {}
    for number, row in enumerate(rows, start=1):
        payee = payee_of(known.get(row.household_no), row.payee_name)
        payees.append(payee)
        wrong = row_refusals(
            placement,
            kind=facts.kind,
            item=item,
            period=facts.period,
            household_no=row.household_no,
            payee_name=row.payee_name,
            account=row.account,
            amount=row.amount_yuan,
            payee=payee,
        )
        if row.household_no:
            before = seen.setdefault((row.household_no, row.payee_name.strip()), number)
            if before != number:
                wrong["household_no"] = f"与第 {before} 行重复"
        refused |= {f"rows.{number}.{field}": text for field, text in wrong.items()}
    return payees, refused


def _payment(batch: PaymentBatch, seq: int, source: str, row: Row, payee: Payee | None) -> Payment:
    """Return a row of the list; a typed account is sealed, the card's is the one that lies in the vault already."""
    division = payee.household.division_id if payee else batch.division_id
    if row.account:
        sealed = seal(division=division, kind="account", value=bankcard.normal(row.account))
        account = (sealed.id, sealed.index, sealed.masked)
    else:
        assert payee is not None and payee.account is not None  # noqa: S101, PT018  (refused above)
        account = payee.account
    return Payment(
        division_id=division,
        batch=batch,
        seq=seq,
        household=payee.household if payee else None,
        member=payee.member if payee else None,
        payee_name=row.payee_name.strip(),
        bank_name=(row.bank_name or (payee.bank_name if payee else "")).strip(),
        account_sealed=account[0],
        account_index=account[1],
        account_masked=account[2],
        item=batch.item,
        period=batch.period,
        source=source,
        amount_yuan=row.amount_yuan,
        account_shared=payee.shares(bytes(account[1])) if payee else False,
    )


def approve_batch(*, actor: User, batch: PaymentBatch, on: date) -> PaymentBatch:
    """Approve a list; raise AlreadyDecided where another was faster, MoneyRefused where its placement has not so much left, Refused."""
    with spoken(amount=""):
        placement = _placement_held(batch)
        batch = _held(batch)
        require(actor, "funds.approve_payment", at=batch.division_id, not_entered_by=batch.made_by_id)
        _only(batch, BatchStatus.DRAFT)
        account = account_of_placement(placement)
        left = hold([account])[account.pk].balance - committed(placement)
        if batch.amount_yuan > left:
            raise MoneyRefused(
                f"该项资金未支付、未列入已批准清单的余 {grouped(left)} 元，不够清单的 {grouped(batch.amount_yuan)} 元"
            )
        batch.status, batch.approved_on, batch.approved_by = BatchStatus.APPROVED, on, actor
        batch.save(update_fields=["status", "approved_on", "approved_by"])
    note(object_key=batch.number, division=batch.division_id, detail={"yuan": str(batch.amount_yuan)})
    return batch


def withdraw_batch(*, actor: User, batch: PaymentBatch, because: str, on: date) -> PaymentBatch:
    """Withdraw a list that has not gone to the bank; its payments are stopped. Raise AlreadyDecided, MoneyRefused, Refused."""
    require(actor, "funds.prepare_payment", at=batch.division_id)
    with spoken():
        batch = give_up(_held(batch), needed(because, "because", "作废原因"), on)
    note(object_key=batch.number, division=batch.division_id, reason=because)
    return batch


def give_up(batch: PaymentBatch, because: str, on: date) -> PaymentBatch:
    """Withdraw a list that is held, and stop its payments."""
    _only(batch, BatchStatus.DRAFT, BatchStatus.APPROVED)
    Payment.objects.filter(batch=batch, status=PaymentStatus.PENDING).update(
        status=PaymentStatus.STOPPED, status_on=on, because=because[:100]
    )
    batch.status, batch.withdrawn_because = BatchStatus.WITHDRAWN, because
    batch.save(update_fields=["status", "withdrawn_because"])
    return batch


def send_batch(*, actor: User, batch: PaymentBatch, on: date) -> PaymentBatch:
    """Take an approved list to the bank; raise AlreadyDecided, MoneyRefused while it is not made public or not accepted, Refused."""
    with spoken():
        batch = _held(batch)
        require(actor, "funds.pay", at=batch.division_id, not_entered_by=batch.made_by_id)
        _only(batch, BatchStatus.APPROVED)
        refuse_too_early(batch, on)
        batch.status, batch.sent_on, batch.paid_by = BatchStatus.EXPORTED, on, actor
        batch.save(update_fields=["status", "sent_on", "paid_by"])
    note(object_key=batch.number, division=batch.division_id)
    return batch


def refuse_too_early(batch: PaymentBatch, on: date) -> None:
    """Raise MoneyRefused while payment is barred: public notice still standing, or 先建后补 without acceptance."""
    said = first_day(batch, on)
    if said:
        raise MoneyRefused(said)
    placement = batch.placement
    if placement.use_way == UseWay.BUILD_FIRST and not covering(placement, on).exists():
        raise MoneyRefused("先建后补：验收合格前不得支付")
    if placement.use_way == UseWay.AWARD:
        most, paid = most_for(placement, on)
        if paid + batch.amount_yuan > most:
            raise MoneyRefused(f"以奖代补：核定 {grouped(most)} 元，已付 {grouped(paid)} 元，清单超过核定额")


@dataclass(frozen=True, slots=True)
class Result:
    """What the bank says of a row of the list."""

    seq: int
    arrived: bool
    because: str = ""


def record_results(
    *, actor: User, batch: PaymentBatch, results: Sequence[Result], on: date, today: date
) -> PaymentBatch:
    """Put down what the bank did: what arrived is entered in the books as one entry of the day, the rest has its reason.

    Raise AlreadyDecided where the list is done, MoneyRefused by ``rows.<number>``, Refused.
    """
    not_future(on, today)
    with spoken():
        batch = _held(batch)
        require(actor, "funds.pay", at=batch.division_id, not_entered_by=batch.made_by_id)
        _only(batch, BatchStatus.EXPORTED)
        if batch.sent_on is not None and on < batch.sent_on:
            raise MoneyRefused({"on": f"到账日期不能早于送银行日期 {batch.sent_on}"})
        pending = {
            one.seq: one
            for one in Payment.objects.select_for_update(of=("self",))
            .filter(batch=batch, status=PaymentStatus.PENDING)
            .order_by("pk")
        }
        refused = {
            f"rows.{one.seq}": "清单中没有这一笔，或已有结果" for one in results if one.seq not in pending
        }
        refused |= {
            f"rows.{one.seq}": "没有到账的须写明原因"
            for one in results
            if not one.arrived and not one.because.strip()
        }
        if refused or len({one.seq for one in results}) != len(results):
            raise MoneyRefused(refused or "同一笔在结果中出现两次")
        arrived = [pending[one.seq] for one in results if one.arrived]
        _pay(actor, batch, arrived, on)
        for one in results:
            if not one.arrived:
                row = pending[one.seq]
                row.status, row.status_on, row.because = PaymentStatus.FAILED, on, one.because.strip()[:100]
                row.save(update_fields=["status", "status_on", "because"])
        if len(results) == len(pending):
            batch.status, batch.done_on = BatchStatus.DONE, on
            batch.save(update_fields=["status", "done_on"])
    note(
        object_key=batch.number,
        division=batch.division_id,
        detail={"arrived": len(arrived), "failed": len(results) - len(arrived)},
    )
    return batch


def _pay(actor: User, batch: PaymentBatch, payments: Sequence[Payment], on: date) -> None:
    """Enter what arrived; work that was accepted before is accepted with it."""
    if not payments:
        return
    placement = batch.placement
    county = batch.division_id
    paid = line.account_of(LineKind.PAID, placement.appropriation, county=county, project=placement.project)
    serial = "-".join(str(one.seq) for one in payments[:1])
    entry = line.move(
        actor=actor,
        movement=Movement.PAY,
        source=account_of_placement(placement),
        target=paid,
        amount=sum((one.amount_yuan for one in payments), Decimal(0)),
        on=on,
        key=f"payment/{batch.number}/{serial}",
        document_no=batch.number,
    )
    for one in payments:
        one.status, one.status_on, one.entry = PaymentStatus.PAID, on, entry
    Payment.objects.bulk_update(payments, ["status", "status_on", "entry"])
    whole = covering(placement, on).filter(household__isnull=True).first()
    own = {one.household_id: one for one in covering(placement, on).filter(household__isnull=False)}
    accepted = [(one, found) for one in payments if (found := own.get(one.household_id) or whole)]
    if accepted:
        by = line.move(
            actor=actor,
            movement=Movement.ACCEPT,
            source=paid,
            target=line.account_of(
                LineKind.ACCEPTED, placement.appropriation, county=county, project=placement.project
            ),
            amount=sum((one.amount_yuan for one, _ in accepted), Decimal(0)),
            on=on,
            key=f"accepted/{batch.number}/{serial}",
            document_no=batch.number,
        )
        for one, found in accepted:
            one.acceptance, one.accept_entry = found, by
        Payment.objects.bulk_update([one for one, _ in accepted], ["acceptance", "accept_entry"])


def stop_payment(*, actor: User, payment: Payment, because: str, on: date) -> Payment:
    """Stop a payment before it is made: the household has left the register, or is not to have it. Raise AlreadyDecided, Refused."""
    with spoken():
        payment = Payment.objects.select_for_update(of=("self",)).select_related("batch").get(pk=payment.pk)
        require(
            actor, "funds.approve_payment", at=payment.division_id, not_entered_by=payment.batch.made_by_id
        )
        if payment.status != PaymentStatus.PENDING:
            refuse_decided(
                "该笔支付",
                by=payment.batch.paid_by,
                on=payment.status_on,
                became=payment.get_status_display(),
            )
        payment.status, payment.status_on = PaymentStatus.STOPPED, on
        payment.because = needed(because, "because", "停付原因")[:100]
        payment.save(update_fields=["status", "status_on", "because"])
    note(object_key=f"{payment.batch.number}/{payment.seq}", division=payment.division_id, reason=because)
    return payment


def total_of(batch: PaymentBatch, status: str) -> Decimal:
    """Return what of a list has a status, in yuan."""
    rows = Payment.objects.filter(batch=batch, status=status)
    return rows.aggregate(sum=Sum("amount_yuan"))["sum"] or Decimal(0)


def _held(batch: PaymentBatch) -> PaymentBatch:
    rows = PaymentBatch.objects.select_for_update(of=("self",))
    return rows.select_related("placement__appropriation", "placement__project").get(pk=batch.pk)


def _placement_held(batch: PaymentBatch) -> Placement:
    """Hold the placement first: lists of one placement are approved one after another."""
    rows = Placement.objects.select_for_update(of=("self",)).select_related("appropriation", "project")
    return rows.get(pk=batch.placement_id)


_LAST = {
    BatchStatus.APPROVED: ("approved_by", "approved_on", "批准"),
    BatchStatus.EXPORTED: ("paid_by", "sent_on", "送银行"),
    BatchStatus.DONE: ("paid_by", "done_on", "办结"),
    BatchStatus.WITHDRAWN: ("made_by", "", "作废"),
    BatchStatus.DRAFT: ("made_by", "made_on", "编制，还没有批准"),
}


def _only(batch: PaymentBatch, *allowed: BatchStatus) -> None:
    """Raise AlreadyDecided unless the list is at one of these."""
    if batch.status in allowed:
        return
    who, day, became = _LAST[BatchStatus(batch.status)]
    refuse_decided(
        f"支付清单 {batch.number} ",
        by=getattr(batch, who),
        on=getattr(batch, day) if day else None,
        became=became,
    )


__all__ = [
    "BatchFacts",
    "Result",
    "Row",
    "approve_batch",
    "give_up",
    "make_batch",
    "record_results",
    "send_batch",
    "stop_payment",
    "total_of",
    "withdraw_batch",
]
