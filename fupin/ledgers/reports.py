"""What stood in accounts on a day, as far as it was known on another; and whether the books still agree with themselves."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db import connection
from django.db.models import F, Sum, Window

from fupin.ledgers.models import Account, AccountQuerySet, Posting, PostingQuerySet


def balances(accounts: AccountQuerySet, on: date | None = None) -> dict[int, Decimal]:
    """Return the balance of each account by its key: at the end of a business day, or now."""
    if on is None:
        return dict(accounts.order_by("pk").values_list("pk", "balance"))
    found: Any = accounts.with_balance(on=on).order_by("pk")
    return {account.pk: account.balance_then for account in found}


def balance_on(account: Account, day: date | None, *, known: date | None = None) -> Decimal:
    """Return what stood in an account at the end of a business day; ``known`` leaves out what was entered after that day."""
    postings = (known_on(known) if known else Posting.objects.all()).filter(account=account)
    if day is not None:
        postings = postings.filter(on__lte=day)
    summed = postings.aggregate(sum=Sum("amount"))["sum"]
    return summed if summed is not None else Decimal("0.00")


def known_on(day: date) -> PostingQuerySet:
    """Return the postings that had been entered by the end of a day, whatever business day they bear."""
    return Posting.objects.known_on(day)


def lines_of(account: Account, *, on: date | None = None, known: date | None = None) -> PostingQuerySet:
    """Return an account's lines with ``standing``, what stood in it after each, ``came`` and ``went``, as of two days."""
    lines = (known_on(known) if known else Posting.objects.all()).filter(account=account)
    if on is not None:
        lines = lines.filter(on__lte=on)
    lines = lines.select_related("account", "entry__entered_by").in_and_out()
    return lines.annotate(standing=Window(Sum("amount"), order_by=[F("on").asc(), F("pk").asc()]))


@dataclass(frozen=True, slots=True)
class Difference:
    """Something in the books that is not as it should be."""

    table: str
    row: int
    said: str

    def __str__(self) -> str:
        return f"{self.table} 第 {self.row} 行：{self.said}"


def differences() -> Iterator[Difference]:
    """Recompute the books from their postings and yield what differs, in the present scope: balances, entries, reversals.

    For `manage.py verify`; the database lets none of this come about, so what is found was done behind its back.
    """
    with connection.cursor() as cursor:
        for table, question in _QUESTIONS:
            cursor.execute(question)
            for row, said in cursor.fetchall():
                yield Difference(table, row, said)


_BALANCES: Final = """
    SELECT a.id, format('%s：余额 %s，按分录重算为 %s', a.title, a.balance, coalesce(p.sum, 0))
    FROM ledgers_account a
    LEFT JOIN (SELECT account_id, sum(amount) AS sum FROM ledgers_posting GROUP BY account_id) p ON p.account_id = a.id
    WHERE a.balance <> coalesce(p.sum, 0) ORDER BY a.id
"""
_BOUNDS: Final = """
    WITH daily AS (
        SELECT account_id, "on", sum(sum(amount)) OVER (PARTITION BY account_id ORDER BY "on") AS balance
        FROM ledgers_posting GROUP BY account_id, "on"
    )
    SELECT a.id, format('%s：%s 日终余额 %s 超出范围', a.title, min(d."on"), (array_agg(d.balance ORDER BY d."on"))[1])
    FROM ledgers_account a JOIN daily d ON d.account_id = a.id
    WHERE d.balance < a.low OR d.balance > a.high GROUP BY a.id, a.title ORDER BY a.id
"""
# Only entries of which every account lies in the scope can be added up: of others the scope shows some lines.
_ENTRIES: Final = """
    SELECT e.id, format('凭证 %s：应有 %s 笔分录，有 %s 笔，合计 %s', e.number, e.lines, count(p.id), coalesce(sum(p.amount), 0))
    FROM ledgers_entry e LEFT JOIN ledgers_posting p ON p.entry_id = e.id
    WHERE e.division >= current_setting('app.lo')::bigint AND e.division < current_setting('app.hi')::bigint
    GROUP BY e.id HAVING count(p.id) <> e.lines OR coalesce(sum(p.amount), 0) <> 0 ORDER BY e.id
"""
_REVERSALS: Final = """
    SELECT r.id, format('凭证 %s 与它冲销的 %s 不是逐笔相反', r.number, e.number)
    FROM ledgers_entry r JOIN ledgers_entry e ON e.id = r.reverses_id
    WHERE e.reverses_id IS NOT NULL OR e.lines <> r.lines OR EXISTS (
        SELECT account_id, -amount FROM ledgers_posting WHERE entry_id = e.id
        EXCEPT SELECT account_id, amount FROM ledgers_posting WHERE entry_id = r.id
    ) ORDER BY r.id
"""
_QUESTIONS: Final = (
    ("ledgers_account", _BALANCES),
    ("ledgers_account", _BOUNDS),
    ("ledgers_entry", _ENTRIES),
    ("ledgers_entry", _REVERSALS),
)
