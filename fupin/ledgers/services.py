"""Open accounts, enter what happened, reverse what was wrong: each whole or not at all.

Who may do it is asked by the app whose business it is; here only what every book asks: that it adds up, that it is there, that it
was not entered before, and that it lies within the scope of whoever acts.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db import IntegrityError, connection, transaction

from fupin.accounts.constraints import name_of, said_by_database
from fupin.accounts.models import User
from fupin.ledgers.errors import (
    AccountAway,
    AlreadyPosted,
    AlreadyReversed,
    LedgerError,
    NotEnough,
    Unbalanced,
    WrongDay,
)
from fupin.ledgers.models import Account, Entry, Posting
from fupin.lib.money import FEN


class Line(NamedTuple):
    """What an entry does to one account: positive comes in, negative goes out."""

    account: Account
    amount: Decimal


@dataclass(frozen=True, slots=True)
class _Body:
    """What is entered, without who does it."""

    division: int
    book: str
    kind: str
    on: date
    amounts: Mapping[int, Decimal]
    document_no: str
    memo: str
    reverses: int | None

    @property
    def digest(self) -> str:
        """The same for the same body, however its lines were ordered."""
        lines = [[account, str(amount)] for account, amount in sorted(self.amounts.items())]
        body = [
            self.division,
            self.book,
            self.kind,
            self.on.isoformat(),
            lines,
            self.document_no,
            self.memo,
            self.reverses,
        ]
        return hashlib.sha256(json.dumps(body, ensure_ascii=False).encode()).hexdigest()


def open_account(
    *,
    division: int,
    book: str,
    kind: str,
    key: str,
    title: str,
    unit: str = "YUAN",
    low: Decimal | None = Decimal(0),
    high: Decimal | None = None,
    opened_on: date | None = None,
) -> Account:
    """Return the account of a key, opened if it is not there yet; raise AccountAway where the key stands for another account."""
    try:
        account, _ = Account.objects.get_or_create(
            key=key,
            defaults={
                "division_id": division,
                "book": book,
                "kind": kind,
                "title": title,
                "unit": unit,
                "low": low,
                "high": high,
                "opened_on": opened_on,
            },
        )
    except IntegrityError as error:  # another division's, which the actor can't see
        raise AccountAway(f"账户 {key} 不在您的区划之内") from error
    asked = (division, book, kind, unit, low, high)
    if asked != (account.division_id, account.book, account.kind, account.unit, account.low, account.high):
        raise AccountAway(f"账户 {key} 已开给{account.title}，与所要的不同")
    return account


def hold(accounts: Sequence[Account]) -> dict[int, Account]:
    """Lock accounts until the transaction ends and return them as they now stand, by key.

    Whoever makes several entries in one transaction holds all their accounts first: two such transactions then wait for each other
    in one order. Raise AccountAway where one is out of scope.
    """
    keys = sorted({account.pk for account in accounts})
    held = {account.pk: account for account in Account.objects.raw("SELECT * FROM ledgers_hold(%s)", [keys])}
    for account in accounts:
        if account.pk not in held:
            raise AccountAway(f"{account.title}不在您的区划之内，不能记账")
    return held


@transaction.atomic
def post(
    *,
    actor: User | None,
    division: int,
    book: str,
    kind: str,
    on: date,
    lines: Sequence[Line],
    key: str,
    document_no: str = "",
    memo: str = "",
) -> Entry:
    """Enter what happened and return the entry; the same key with the same body again returns the entry that stands.

    Several lines of one account are entered as one. Raise Unbalanced, NotEnough, AlreadyPosted, AccountAway, WrongDay.
    """
    amounts: dict[int, Decimal] = {}
    for account, amount in lines:
        if amount != amount.quantize(FEN):
            raise Unbalanced(f"{account.title}的金额多于两位小数")
        amounts[account.pk] = amounts.get(account.pk, Decimal(0)) + amount.quantize(FEN)
    amounts = {account: amount for account, amount in amounts.items() if amount}
    if len(amounts) < 2:
        raise Unbalanced("一张凭证至少两笔分录")
    if difference := sum(amounts.values()):
        raise Unbalanced(f"收付不平，差 {difference}")
    body = _Body(division, book, kind, on, amounts, document_no.strip(), memo.strip(), None)
    return _enter(actor, body, key, [account for account, _ in lines])


@transaction.atomic
def reverse(*, actor: User | None, entry: Entry, on: date, reason: str, key: str) -> Entry:
    """Enter the mirror image of an entry and return it: the one way in which what was wrong is put right.

    Raise AlreadyReversed, NotEnough where what came in has gone on since, WrongDay, AccountAway where a line is out of scope.
    """
    if not reason.strip():
        raise LedgerError("请写明冲销原因")
    if on < entry.on:
        raise WrongDay(f"冲销不能早于凭证 {entry.number} 的日期 {entry.on}")
    if entry.reverses_id is not None:
        raise AlreadyReversed(f"凭证 {entry.number} 本身是冲销，不能再冲销")
    postings = list(entry.postings.select_related("account").order_by("position"))
    if len(postings) != entry.lines:
        raise AccountAway(f"凭证 {entry.number} 有分录不在您的区划之内，不能冲销")
    body = _Body(
        entry.division_id,
        entry.book,
        entry.kind,
        on,
        {posting.account_id: -posting.amount for posting in postings},
        entry.document_no,
        reason.strip(),
        entry.pk,
    )
    return _enter(actor, body, key, [posting.account for posting in postings])


def _enter(actor: User | None, body: _Body, key: str, accounts: Sequence[Account]) -> Entry:
    """Enter a body under its key, with all that it touches held."""
    held = hold(accounts)
    if (found := Entry.objects.filter(key=key).first()) is not None:
        return _the_same(found, body)
    if body.reverses and Entry.objects.filter(reverses=body.reverses).exists():
        raise AlreadyReversed("此凭证已冲销")
    for account in held.values():
        _check(account, body)
    entry = Entry(
        division_id=body.division,
        book=body.book,
        kind=body.kind,
        on=body.on,
        lines=len(body.amounts),
        document_no=body.document_no,
        memo=body.memo,
        key=key,
        digest=body.digest,
        entered_by=actor,
        reverses_id=body.reverses,
    )
    try:
        with transaction.atomic():
            entry.save(force_insert=True)
            entry.refresh_from_db(fields=["number", "entered_at"])
            Posting.objects.bulk_create(
                Posting(
                    entry=entry,
                    position=position,
                    account_id=account,
                    division_id=held[account].division_id,
                    amount=amount,
                    on=body.on,
                    entered_at=entry.entered_at,
                )
                for position, (account, amount) in enumerate(sorted(body.amounts.items()), start=1)
            )
    except IntegrityError as error:
        if name_of(error) == "ledgers_entry_key_key":  # entered meanwhile, on other accounts
            return _the_same(Entry.objects.filter(key=key).first(), body)
        raise _said(error) or error from error
    return entry


def _check(account: Account, body: _Body) -> None:
    """Raise what an account has against its line: the database would say the same, in fewer words."""
    amount = body.amounts.get(account.pk)
    if amount is None:
        return
    if account.book != body.book:
        raise AccountAway(f"{account.title}不是此账簿的账户")
    if account.opened_on and body.on < account.opened_on:
        raise WrongDay(f"{account.title}于 {account.opened_on} 开户，不能记在此前")
    if not account.fits(account.balance + amount):
        raise NotEnough(account, account.balance, amount)
    if account.latest_on and body.on < account.latest_on:
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM ledgers_extremes(%s, %s)", [account.pk, body.on])
            lowest, lowest_on, highest, highest_on = cursor.fetchone()
        if account.low is not None and lowest + amount < account.low:
            raise NotEnough(account, lowest, amount, lowest_on)
        if account.high is not None and highest + amount > account.high:
            raise NotEnough(account, highest, amount, highest_on)


def _the_same(found: Entry | None, body: _Body) -> Entry:
    """Return what stands under the key if it is what was to be entered; an entry that the actor can't see is not."""
    if found is None or found.digest != body.digest:
        raise AlreadyPosted(found)
    return found


def _said(error: IntegrityError) -> LedgerError | None:
    """Return what the database refused as an error of the books; nothing where it is a fault of ours."""
    match name_of(error):
        case "ledgers_entry_reverses_id_key":
            return AlreadyReversed("此凭证已冲销")
        case "ledgers_entry_not_in_the_future" | "ledgers_posting_after_opening":
            return WrongDay(said_by_database(error))
    return None
