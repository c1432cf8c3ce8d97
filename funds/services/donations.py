"""Receive gifts and spend them: each in an account of its own, for its own purpose, on a project or a household (F-08, 8.3)."""

from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db import connection, transaction

from funds.codes.donation import GiftAccount, GiftAct
from funds.errors import MoneyRefused
from funds.models import Donation, DonationDraw, DonationSpending
from funds.reports.donations import drawable
from funds.rules.donations import Gift, gift_refusals, spending_refusals
from funds.services.saving import insert, refusing
from fupin.accounts.audit import note
from fupin.accounts.models import User
from fupin.accounts.permissions import require
from fupin.divisions.models import Division
from fupin.ledgers.models import Account
from fupin.ledgers.services import Line, hold, open_account, post
from projects.models import Project
from registry.models import Household

BOOK: Final = "DONATION"


def _account(division: int, kind: GiftAccount, key: str, title: str) -> Account:
    source = kind == GiftAccount.SOURCE
    return open_account(
        division=division,
        book=BOOK,
        kind=kind,
        key=f"donation/{division}/{key}",
        title=title[:120],
        low=None if source else Decimal(0),
        high=Decimal(0) if source else None,
    )


@transaction.atomic
def receive_gift(
    *,
    actor: User,
    division: int,
    receipt_no: str,
    received_on: date,
    amount_yuan: Decimal,
    donor: str = "",
    is_anonymous: bool = False,
    thing: str = "",
    is_in_kind: bool = False,
    purpose: str = "",
) -> Donation:
    """Put down a gift under the number of its receipt, in an account of its own. Raise MoneyRefused at the field, Refused."""
    require(actor, "funds.receive_gift", at=division)
    receipt, purpose = receipt_no.strip(), purpose.strip()
    if refused := gift_refusals(
        amount=amount_yuan,
        receipt_no=receipt,
        in_kind=is_in_kind,
        thing=thing,
        anonymous=is_anonymous,
        donor=donor,
    ):
        raise MoneyRefused(refused)
    if Donation.objects.filter(receipt_no=receipt).exists():
        raise MoneyRefused({"receipt_no": "此票据号已登记"})
    name = Division.objects.get(pk=division).name
    with refusing():
        account = _account(division, GiftAccount.GIFT, f"gift/{receipt}", f"{name} · 捐赠 {receipt}")
        source = _account(division, GiftAccount.SOURCE, "source", f"{name} · 社会捐赠")
        entry = post(
            actor=actor,
            division=division,
            book=BOOK,
            kind=GiftAct.RECEIVE,
            on=received_on,
            lines=(Line(source, -amount_yuan), Line(account, amount_yuan)),
            key=f"donation/{division}/{receipt}",
            document_no=receipt,
            memo=purpose or "非定向",
        )
    gift = Donation(
        division_id=division,
        receipt_no=receipt,
        received_on=received_on,
        is_anonymous=is_anonymous,
        donor="" if is_anonymous else donor.strip(),
        amount_yuan=amount_yuan,
        is_in_kind=is_in_kind,
        thing=thing.strip(),
        purpose=purpose,
        entered_by=actor,
        account=account,
        entry=entry,
    )
    insert(gift)
    note(object_key=f"donation/{receipt}", division=division)
    return gift


@transaction.atomic
def spend_gifts(
    *,
    actor: User,
    division: int,
    on: date,
    amount_yuan: Decimal,
    purpose: str,
    given_purpose: str,
    document_no: str,
    key: str,
    project: Project | None = None,
    household: Household | None = None,
) -> DonationSpending:
    """Spend gifts of a division: those given for ``given_purpose`` ('' = for none), the oldest first.

    ``key`` is the form's own: sent twice, it is spent once. What was given for a purpose serves no other. Raise MoneyRefused at the
    field, Refused.
    """
    require(actor, "funds.spend_gifts", at=division)
    if not purpose.strip() or not document_no.strip():
        raise MoneyRefused({"purpose": "填写用途"} if not purpose.strip() else {"document_no": "填写凭据号"})
    candidates = list(drawable(division, given_purpose).select_related("account"))
    hold([gift.account for gift in candidates])
    candidates = list(drawable(division, given_purpose).select_related("account"))
    rest = sum((gift.left_yuan for gift in candidates), Decimal(0))
    taken = _taken(candidates, amount_yuan) if amount_yuan > 0 else []
    if refused := spending_refusals(
        Gift(amount_yuan, purpose.strip()),
        left={given_purpose: rest},
        given_purpose=given_purpose,
        tied=(project is None) != (household is None),
        on=on,
        received_on=max((gift.received_on for gift, _ in taken), default=on),
    ):
        raise MoneyRefused(refused)
    name = Division.objects.get(pk=division).name
    with refusing():
        spent = _account(division, GiftAccount.SPENT, "spent", f"{name} · 捐赠已支出")
        entry = post(
            actor=actor,
            division=division,
            book=BOOK,
            kind=GiftAct.SPEND,
            on=on,
            lines=[*(Line(gift.account, -amount) for gift, amount in taken), Line(spent, amount_yuan)],
            key=f"donation/{division}/spending/{key}",
            document_no=document_no[:60],
            memo=purpose[:200],
        )
        if (done := DonationSpending.objects.filter(entry=entry).first()) is not None:
            return done
        spending = DonationSpending.objects.create(
            division_id=division,
            on=on,
            purpose=purpose.strip(),
            amount_yuan=amount_yuan,
            project=project,
            household=household,
            document_no=document_no.strip(),
            entered_by=actor,
            entry=entry,
        )
        DonationDraw.objects.bulk_create(
            DonationDraw(division_id=division, spending=spending, donation=gift, amount_yuan=amount)
            for gift, amount in taken
        )
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    note(object_key=f"donation_spending/{spending.pk}", division=division)
    return spending


def _taken(candidates: list[Any], amount: Decimal) -> list[tuple[Any, Decimal]]:
    """Return from which gifts an amount is taken, the oldest first, as far as they reach."""
    taken = []
    for gift in candidates:
        if amount <= 0:
            break
        part = min(gift.left_yuan, amount)
        taken.append((gift, part))
        amount -= part
    return taken
