"""Fifty connections at one book: nothing is lost, nothing goes out twice, and nobody waits for good."""

from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from random import Random
from threading import Barrier, Lock, Thread
from typing import Any, Final

import pytest
from django.db import connections

from fupin.accounts.models import User
from fupin.accounts.scope import acting_as
from fupin.divisions.codes import PROVINCE_CODE
from fupin.ledgers import reports
from fupin.ledgers.errors import AlreadyPosted, AlreadyReversed, NotEnough
from fupin.ledgers.models import Account, Entry
from fupin.ledgers.services import Line, hold, post, reverse
from tests.ledgers.conftest import BOOK, DAY, Book, build

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

CONNECTIONS: Final = 50
ROUNDS: Final = 6
IN_ALL: Final = Decimal(1000)


def at_once(work: Callable[[int], object], threads: int) -> list[BaseException]:
    """Run the work in so many threads with a connection each; return what broke."""
    barrier, broken = Barrier(threads), []

    def one(number: int) -> None:
        try:
            barrier.wait(timeout=60)
            work(number)
        except BaseException as error:  # noqa: BLE001  (a thread's failure must fail the test)
            broken.append(error)
        finally:
            connections.close_all()

    running = [Thread(target=one, args=(number,)) for number in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    return broken


@pytest.fixture
def funded(gao: User, in_scope: Callable[[User], Any]) -> Book:
    """A book with 1,000 in the province's store, committed."""
    with in_scope(gao):
        book = build(gao)
        book.move(book.source, book.store, IN_ALL)
    return book


def test_fifty_connections_in_any_order_of_accounts(
    funded: Book, gao: User, in_scope: Callable[[User], Any]
) -> None:
    """Single moves in all directions, two moves in one transaction, and corrections: sums exact, no deadlock, no overdraft."""
    accounts = [funded.store, funded.linxian, funded.kelan]
    done: Counter[int] = Counter()
    refused: Counter[str] = Counter()
    lock = Lock()

    def entered(moves: list[tuple[Account, Account, int]]) -> None:
        with lock:
            for giver, taker, fen in moves:
                done[giver.pk] -= fen
                done[taker.pk] += fen

    def work(number: int) -> None:
        random = Random(number)
        for turn in range(ROUNDS):
            moves = [(*random.sample(accounts, 2), random.randint(1, 40_000)) for _ in range(1 + turn % 2)]
            try:
                with acting_as(gao):
                    hold([account for giver, taker, _ in moves for account in (giver, taker)])
                    for place, (giver, taker, fen) in enumerate(moves):
                        entry = funded.move(
                            giver, taker, Decimal(fen) / 100, key=f"{number}/{turn}/{place}", actor=gao
                        )
                entered(moves)
                if turn == ROUNDS - 1:
                    with acting_as(gao):
                        reverse(actor=gao, entry=entry, on=DAY, reason="记错", key=f"{number}/back")
                    giver, taker, fen = moves[-1]
                    entered([(taker, giver, fen)])
            except (NotEnough, AlreadyReversed) as error:
                with lock:
                    refused[type(error).__name__] += 1

    assert at_once(work, CONNECTIONS) == []
    assert refused.keys() <= {"NotEnough"}
    with in_scope(gao):
        stored = reports.balances(Account.objects.filter(book=BOOK))
        assert {key: stored[key] for key in stored if key != funded.source.pk} == {
            account.pk: (IN_ALL if account == funded.store else 0) + Decimal(done[account.pk]) / 100
            for account in accounts
        }
        assert sum(stored.values()) == 0
        assert list(reports.differences()) == []


def test_single_moves_without_holding_first_in_opposite_order(
    funded: Book, gao: User, in_scope: Callable[[User], Any]
) -> None:
    """A to B and B to A at the same moment, fifty times: every move is made, nobody is told of a deadlock."""
    with in_scope(gao):
        funded.move(funded.store, funded.linxian, 500)

    def work(number: int) -> None:
        pair = (funded.store, funded.linxian) if number % 2 else (funded.linxian, funded.store)
        for turn in range(ROUNDS):
            with acting_as(gao):
                funded.move(*pair, "0.01", key=f"{number}/{turn}")

    assert at_once(work, CONNECTIONS) == []
    with in_scope(gao):
        assert (funded.fresh(funded.store), funded.fresh(funded.linxian)) == (500, 500)
        assert Entry.objects.count() == 2 + CONNECTIONS * ROUNDS
        assert list(reports.differences()) == []


def test_who_comes_first_gets_what_is_there(funded: Book, gao: User, in_scope: Callable[[User], Any]) -> None:
    """Fifty want 300 of 1,000: three get it, the others are told what is left."""
    won: list[int] = []
    left: list[Decimal] = []

    def work(number: int) -> None:
        with acting_as(gao):
            try:
                funded.move(funded.store, funded.linxian, 300, key=str(number))
            except NotEnough as error:
                left.append(error.balance)
                return
        won.append(number)

    assert at_once(work, CONNECTIONS) == []
    assert len(won) == 3
    assert set(left) == {Decimal(100)}
    with in_scope(gao):
        assert (funded.fresh(funded.store), funded.fresh(funded.linxian)) == (100, 900)


def test_one_key_twenty_times_is_one_entry(funded: Book, gao: User, in_scope: Callable[[User], Any]) -> None:
    """The same submission twenty times at once: one entry, the same answer to all (security.md row 39)."""
    answers: list[int] = []

    def work(_: int) -> None:
        with acting_as(gao):
            answers.append(funded.move(funded.store, funded.linxian, 10, key="pay/1").pk)

    assert at_once(work, 20) == []
    assert len(answers) == 20
    assert len(set(answers)) == 1
    with in_scope(gao):
        assert funded.fresh(funded.linxian) == 10


def test_one_key_for_twenty_different_moves_is_one_of_them(
    funded: Book, gao: User, in_scope: Callable[[User], Any]
) -> None:
    """Other accounts and amounts under one key: one is entered, nineteen are told 409."""
    refused: list[AlreadyPosted] = []
    takers = (funded.linxian, funded.kelan)

    def work(number: int) -> None:
        with acting_as(gao):
            try:
                post(
                    actor=gao,
                    division=PROVINCE_CODE,
                    book=BOOK,
                    kind="MOVE",
                    on=DAY,
                    key="pay/1",
                    lines=[
                        Line(funded.source, Decimal(-1 - number)),
                        Line(takers[number % 2], Decimal(1 + number)),
                    ],
                )
            except AlreadyPosted as error:
                refused.append(error)

    assert at_once(work, 20) == []
    assert len(refused) == 19
    with in_scope(gao):
        entered = Entry.objects.get(key="pay/1")
        assert {error.entry for error in refused} == {entered}
        assert list(reports.differences()) == []


def test_one_reversal_of_many_at_once(funded: Book, gao: User, in_scope: Callable[[User], Any]) -> None:
    """Twenty correct the same entry: it is reversed once."""
    with in_scope(gao):
        wrong = funded.move(funded.store, funded.linxian, 10)
    late: list[BaseException] = []

    def work(number: int) -> None:
        with acting_as(gao):
            try:
                reverse(actor=gao, entry=wrong, on=DAY, reason="记错", key=f"back/{number}")
            except (AlreadyReversed, NotEnough) as error:
                late.append(error)

    assert at_once(work, 20) == []
    assert len(late) == 19
    assert all(isinstance(error, AlreadyReversed) for error in late)
    with in_scope(gao):
        assert funded.fresh(funded.store) == IN_ALL
