"""Register a document of money; a second person approves it, and only then it stands in the books."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db import transaction

from funds.codes.allotment import LineKind, Movement
from funds.errors import MoneyRefused
from funds.models import AnnualBudget, Appropriation, CarveOut, ListedDivision
from funds.models.document import MOST_YUAN
from funds.rules.clocks import is_advance
from funds.services.line import account_of, move
from funds.services.saving import insert, refusing
from fupin.accounts.audit import note
from fupin.accounts.models import User
from fupin.accounts.permissions import require
from fupin.divisions.codes import PROVINCE_CODE
from fupin.lib.money import FEN

FACTS: Final = (
    "number",
    "level",
    "kind",
    "fiscal_year",
    "issued_on",
    "received_on",
    "purpose",
    "amount_yuan",
    "needs_prov_approval",
    "approval_reason",
    "exception_reason",
)
"""What a document says; whether its money was announced in advance follows from its day and its year."""


def register(*, actor: User | None, **facts: Any) -> Appropriation:
    """Register a document, which then waits for a second person. Raise MoneyRefused at the field, Refused."""
    if actor is not None:
        require(actor, "funds.register_appropriation", at=PROVINCE_CODE)
    _sensible(facts["amount_yuan"])
    document = Appropriation(division_id=PROVINCE_CODE, entered_by=actor, **facts)
    document.is_advance = is_advance(document.issued_on, document.fiscal_year)
    insert(document)
    note(object_key=document.number, division=PROVINCE_CODE)
    return document


def _sensible(amount: Decimal) -> None:
    """Refuse what no column of yuan holds, before the database is asked."""
    if not 0 < amount < MOST_YUAN or amount != amount.quantize(FEN):
        raise MoneyRefused({"amount_yuan": "金额应大于 0，整数位不超过 15 位，最多两位小数"})


@transaction.atomic
def correct(*, actor: User, document: Appropriation, **facts: Any) -> Appropriation:
    """Correct a document that nobody has approved yet. Raise MoneyRefused at the field, Refused."""
    require(actor, "funds.register_appropriation", at=PROVINCE_CODE)
    held = Appropriation.objects.select_for_update().get(pk=document.pk)
    if held.approved_on is not None:
        raise MoneyRefused("已复核的资金文件不能改动")
    if "amount_yuan" in facts:
        _sensible(facts["amount_yuan"])
    for name, value in facts.items():
        setattr(held, name, value)
    held.is_advance = is_advance(held.issued_on, held.fiscal_year)
    with refusing():
        held.save(update_fields=[*facts, "is_advance"])
    note(object_key=held.number, division=PROVINCE_CODE)
    return held


@transaction.atomic
def approve(*, actor: User | None, document: Appropriation, on: date) -> Appropriation:
    """Approve a document and enter its money in the books, on the day it was received. Raise MoneyRefused, Refused."""
    if actor is not None:
        require(actor, "funds.approve_appropriation", at=PROVINCE_CODE, not_entered_by=document.entered_by_id)
    held = Appropriation.objects.select_for_update().get(pk=document.pk)
    if held.approved_on is not None:
        raise MoneyRefused("此文件已复核")
    with refusing():
        held.entry = move(
            actor=actor,
            movement=Movement.REGISTER,
            source=account_of(LineKind.SOURCE, held),
            target=account_of(LineKind.PROVINCE, held),
            amount=held.amount_yuan,
            on=held.received_on,
            key=f"funds/appropriation/{held.pk}",
            document_no=held.number,
            memo=held.purpose,
        )
        held.approved_by, held.approved_on = actor, on
        held.save(update_fields=["entry", "approved_by", "approved_on"])
    note(object_key=held.number, division=PROVINCE_CODE)
    return held


def carve_out(
    *,
    actor: User | None,
    document: Appropriation,
    task: str,
    amount_yuan: Decimal,
    document_no: str,
    answerable: str,
) -> CarveOut:
    """Set part of a document's money apart for a task that centre or province ordered. Raise MoneyRefused, Refused."""
    if actor is not None:
        require(actor, "funds.draft_scheme", at=PROVINCE_CODE)
    _sensible(amount_yuan)
    row = CarveOut(
        division_id=PROVINCE_CODE,
        appropriation=document,
        task=task,
        amount_yuan=amount_yuan,
        document_no=document_no,
        answerable=answerable,
        entered_by=actor,
    )
    insert(row)
    note(object_key=document.number, division=PROVINCE_CODE, detail={"task": task})
    return row


@transaction.atomic
def drop_carve_out(*, actor: User, row: CarveOut) -> None:
    """Take a carve-out back while no scheme rests on it. Raise MoneyRefused, Refused."""
    require(actor, "funds.draft_scheme", at=PROVINCE_CODE)
    with refusing():
        row.delete()
    note(object_key=row.appropriation.number, division=PROVINCE_CODE, detail={"dropped": row.task})


@transaction.atomic
def enter_budget(*, actor: User | None, division: int, year: int, kind: str, **facts: Any) -> AnnualBudget:
    """Enter a level's budget of a year, in the place of one that stood there. Raise MoneyRefused, Refused."""
    if actor is not None:
        require(actor, "funds.enter_budget", at=division)
    row = AnnualBudget.objects.filter(division_id=division, year=year, kind=kind).first()
    if row is None:
        row = AnnualBudget(division_id=division, year=year, kind=kind)
    for name, value in facts.items():
        setattr(row, name, value)
    row.entered_by = actor
    with refusing():
        row.save()
    note(object_key=str(row), division=division)
    return row


def put_on_list(*, actor: User | None, division: int, **facts: Any) -> ListedDivision:
    """Put a division on a list by a document. Raise MoneyRefused, Refused."""
    if actor is not None:
        require(actor, "funds.register_appropriation", at=PROVINCE_CODE)
    row = ListedDivision(division_id=division, entered_by=actor, **facts)
    insert(row)
    note(object_key=str(row), division=division)
    return row


@transaction.atomic
def take_off_list(*, actor: User, row: ListedDivision, until: date) -> None:
    """End a division's place on a list. Raise MoneyRefused, Refused."""
    require(actor, "funds.register_appropriation", at=PROVINCE_CODE)
    row.until = until
    with refusing():
        row.save(update_fields=["until"])
    note(object_key=str(row), division=row.division_id)


def totals(document: Appropriation) -> Mapping[str, Decimal]:
    """Return a document's amount, what is set apart of it, and what is left to be shared out."""
    apart = sum((row.amount_yuan for row in document.carve_outs.all()), Decimal(0))
    return {"amount": document.amount_yuan, "set_apart": apart, "left": document.amount_yuan - apart}
