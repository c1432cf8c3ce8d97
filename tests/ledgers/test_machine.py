"""Any order of moves, corrections and repeated submissions, against a model of thirty lines (security.md row 36)."""

import os
from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate, count
from typing import Any, Final

import pytest
from django.db import connection
from hypothesis import HealthCheck, settings, strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from fupin.accounts.models import User
from fupin.ledgers.errors import AlreadyPosted, AlreadyReversed, NotEnough
from fupin.ledgers.models import Account, Entry, Posting
from fupin.ledgers.services import reverse
from tests.ledgers.conftest import Book, build

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

EXAMPLES: Final = int(os.environ.get("FUPIN_LEDGER_EXAMPLES", "40"))
FIRST: Final = date(2014, 1, 1)
ACCOUNTS: Final = ("source", "store", "linxian", "kelan")
_RUNS = count(1)

amounts = st.integers(1, 50_000).map(lambda fen: Decimal(fen) / 100)
days = st.integers(0, 5).map(lambda day: FIRST + timedelta(days=day))


class Model:
    """What the books should say: money by account and day, nothing below zero on any evening but at the source."""

    def __init__(self) -> None:
        self.by_day: dict[str, dict[date, Decimal]] = {name: defaultdict(Decimal) for name in ACCOUNTS}

    def balance(self, account: str) -> Decimal:
        """What stands in an account."""
        return sum(self.by_day[account].values(), Decimal(0))

    def would_hold(self, account: str, day: date, amount: Decimal) -> bool:
        """Tell whether every evening of an account stays in its bounds."""
        moved = dict(self.by_day[account])
        moved[day] = moved.get(day, Decimal(0)) + amount
        evenings = accumulate(moved[day] for day in sorted(moved))
        return all(evening <= 0 if account == "source" else evening >= 0 for evening in evenings)

    def move(self, giver: str, taker: str, day: date, amount: Decimal) -> bool:
        """Move and return True, or leave everything as it is and return False."""
        if not (self.would_hold(giver, day, -amount) and self.would_hold(taker, day, amount)):
            return False
        self.by_day[giver][day] -= amount
        self.by_day[taker][day] += amount
        return True


class Books(RuleBasedStateMachine):
    """The books and the model, step by step the same."""

    actor: User
    entries = Bundle("entries")

    @initialize()
    def begin(self) -> None:
        """Open accounts of this run's own."""
        self.run = f"machine{next(_RUNS)}"
        self.book: Book = build(self.actor, self.run)
        self.model = Model()
        self.serial = count(1)
        self.entered = 0

    @rule(
        target=entries,
        pair=st.permutations(ACCOUNTS).map(lambda order: order[:2]),
        amount=amounts,
        day=days,
    )
    def move(self, pair: list[str], amount: Decimal, day: date) -> Any:
        """Move between any two accounts on any day: what the model refuses the books refuse, and nothing else."""
        giver, taker = pair
        key = f"{self.run}/{next(self.serial)}"
        try:
            entry = self.book.move(
                getattr(self.book, giver), getattr(self.book, taker), amount, on=day, key=key
            )
        except NotEnough:
            assert not self.model.move(giver, taker, day, amount)
            return multiple()
        assert self.model.move(giver, taker, day, amount)
        self.entered += 1
        return entry, giver, taker, amount, day

    @rule(one=entries)
    def again(self, one: Any) -> None:
        """Send the same once more: the same entry comes back; another amount under its key is refused."""
        entry, giver, taker, amount, day = one
        accounts = (getattr(self.book, giver), getattr(self.book, taker))
        assert self.book.move(*accounts, amount, on=day, key=entry.key) == entry
        with pytest.raises(AlreadyPosted):
            self.book.move(*accounts, amount + 1, on=day, key=entry.key)

    @rule(one=consumes(entries), later=st.integers(0, 3))
    def correct(self, one: Any, later: int) -> None:
        """Reverse an entry, once; a reversal can't be reversed."""
        entry, giver, taker, amount, day = one
        on = day + timedelta(days=later)
        said = {"actor": self.actor, "on": on, "reason": "记错"}
        try:
            back = reverse(**said, entry=entry, key=f"{entry.key}/back")
        except NotEnough:
            assert not self.model.move(taker, giver, on, amount)
            return
        assert self.model.move(taker, giver, on, amount)
        self.entered += 1
        for wrong in (entry, back):
            with pytest.raises(AlreadyReversed):
                reverse(**said, entry=wrong, key=f"{wrong.key}/again")

    @invariant()
    def same(self) -> None:
        """Balances, sums and numbers of entries agree; what is checked at the commit holds."""
        if not hasattr(self, "model"):
            return
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        keys = {name: getattr(self.book, name).pk for name in ACCOUNTS}
        stored = dict(Account.objects.filter(pk__in=keys.values()).values_list("pk", "balance"))
        assert {name: stored[key] for name, key in keys.items()} == {
            name: self.model.balance(name) for name in ACCOUNTS
        }
        assert sum(stored.values()) == 0
        assert Entry.objects.filter(key__startswith=f"{self.run}/").count() == self.entered
        assert Posting.objects.filter(account__in=keys.values()).count() == 2 * self.entered


def test_the_books_and_the_model_agree(gao: User, in_scope: Callable[[User], Any]) -> None:
    machine = type("GaosBooks", (Books,), {"actor": gao})
    with in_scope(gao):
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=EXAMPLES,
                stateful_step_count=50,
                deadline=None,
                derandomize=EXAMPLES == 40,
                suppress_health_check=list(HealthCheck),
                database=None,
            ),
        )
