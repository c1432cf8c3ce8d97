"""A small book: the province's source and store, one account each in two counties."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

import pytest

from fupin.accounts.models import User
from fupin.divisions.codes import PROVINCE_CODE
from fupin.ledgers.models import Account, Entry
from fupin.ledgers.services import Line, open_account, post
from tests.conftest import KELAN, LINXIAN

DAY = date(2014, 5, 9)
BOOK = "TRY"


@dataclass
class Book:
    """The accounts of the book, and a way to move between them."""

    source: Account
    store: Account
    linxian: Account
    kelan: Account
    actor: User

    def move(self, giver: Account, taker: Account, amount: object, **said: Any) -> Entry:
        """Enter a move; what is not said is the ordinary."""
        given = {
            "actor": self.actor,
            "division": PROVINCE_CODE,
            "book": BOOK,
            "kind": "MOVE",
            "on": DAY,
            "key": f"try/{next(_SERIAL)}",
        } | said
        value = Decimal(str(amount))
        return post(lines=[Line(giver, -value), Line(taker, value)], **given)

    def fresh(self, account: Account) -> Decimal:
        """Return what now stands in an account."""
        return Account.objects.get(pk=account.pk).balance


_SERIAL = count(1)


def build(actor: User, name: str = "try") -> Book:
    """Open the accounts of a book; in the scope of whoever acts for the province."""

    def opened(division: int, kind: str, title: str, **bounds: Any) -> Account:
        return open_account(
            division=division, book=BOOK, kind=kind, key=f"{name}/{kind}/{division}", title=title, **bounds
        )

    return Book(
        opened(PROVINCE_CODE, "SOURCE", "来源", low=None, high=Decimal(0)),
        opened(PROVINCE_CODE, "STORE", "省本级"),
        opened(LINXIAN, "COUNTY", "临县"),
        opened(KELAN, "COUNTY", "岢岚县"),
        actor,
    )


@pytest.fixture
def book(gao: User, in_scope: Callable[[User], Any]) -> Any:
    """The book, in a transaction of the province's."""
    with in_scope(gao):
        yield build(gao)
