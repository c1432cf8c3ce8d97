"""What the database holds to without any of our code: statements of the web role that the books refuse."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, connections, transaction
from django.utils import timezone

from fupin.accounts.constraints import name_of, said_by_database
from fupin.accounts.models import User
from fupin.divisions.codes import PROVINCE_CODE
from fupin.history.services.checking import CHECKS
from fupin.ledgers import reports
from fupin.ledgers.models import Account, Entry
from fupin.ledgers.services import open_account, reverse
from tests.conftest import KELAN, LINXIAN
from tests.ledgers.conftest import BOOK, DAY, Book, build

pytestmark = pytest.mark.django_db


@pytest.fixture
def funded(book: Book) -> Book:
    """The book with 100 in the province's store."""
    book.move(book.source, book.store, "100", key="funded")
    return book


def entry(books: Book, **said: Any) -> int:
    """Insert an entry by hand and return its key."""
    values = {
        "division": PROVINCE_CODE,
        "book": BOOK,
        "kind": "MOVE",
        "number": "",
        "on": DAY,
        "lines": 2,
        "document_no": "",
        "memo": "",
        "key": "by hand",
        "digest": "",
        "entered_by_id": books.actor.pk,
        "entered_at": timezone.now(),
        "reverses_id": None,
    } | said
    columns = ", ".join(f'"{name}"' for name in values)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO ledgers_entry ({columns}) VALUES ({', '.join(['%s'] * len(values))}) RETURNING id",
            list(values.values()),
        )
        return int(cursor.fetchone()[0])


def line(of_entry: int, position: int, account: Account, amount: object, **said: Any) -> None:
    """Insert a posting by hand."""
    values = {
        "entry_id": of_entry,
        "position": position,
        "account_id": account.pk,
        "division": account.division_id,
        "amount": amount,
        "on": DAY,
        "entered_at": timezone.now(),
    } | said
    columns = ", ".join(f'"{name}"' for name in values)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO ledgers_posting ({columns}) VALUES ({', '.join(['%s'] * len(values))})",
            list(values.values()),
        )


def committed() -> None:
    """Let what is checked at the end of the transaction be checked now."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def refused(rule: str, act: Callable[[], object], said: str = "") -> None:
    """The act breaks on a rule of the database, by its name and in its words."""

    def whole() -> None:
        with transaction.atomic():
            act()
            committed()

    with pytest.raises(IntegrityError) as found:
        whole()
    assert name_of(found.value) == rule
    assert said in said_by_database(found.value)


FORBIDDEN = (
    "UPDATE {} SET id = id",
    "DELETE FROM {}",
    "TRUNCATE {}",
    "ALTER TABLE {} DISABLE TRIGGER ALL",
    "DROP TABLE {}",
)


@pytest.mark.parametrize("table", ["ledgers_account", "ledgers_entry", "ledgers_posting"])
@pytest.mark.parametrize("statement", FORBIDDEN)
@pytest.mark.usefixtures("book")
def test_the_application_may_only_add(table: str, statement: str) -> None:
    with (
        pytest.raises(ProgrammingError, match=r"permission denied|must be owner"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table))


def test_a_balance_is_nobodys_to_write(funded: Book) -> None:
    for column in ("balance = 1000", "low = NULL", "high = 0"):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(
                f"UPDATE ledgers_account SET {column} WHERE id = %s", [funded.store.pk]
            )
    refused(
        "ledgers_account_opens_empty",
        lambda: Account.objects.create(
            division_id=LINXIAN, book=BOOK, kind="RICH", key="rich", title="富户", balance=Decimal(1000)
        ),
    )


@pytest.mark.parametrize(
    ("amounts", "rule", "said"),
    [
        ((), "ledgers_entry_counted", "应有 2 笔分录，只有 0 笔"),
        (("-5",), "ledgers_entry_counted", "应有 2 笔分录，只有 1 笔"),
        (("-5", "4.99"), "ledgers_entry_balanced", "差 -0.01"),
        (("-5", "0"), "ledgers_posting_of_something", ""),
        (("-100.01", "100.01"), "ledgers_account_not_below", ""),
        (("5", "-5"), "ledgers_account_not_below", ""),
        (("-5", "3", "2"), "ledgers_posting_counted", "不能再加分录"),
    ],
)
def test_an_entry_adds_up_when_it_is_committed(
    funded: Book, amounts: tuple[str, ...], rule: str, said: str
) -> None:
    accounts = (funded.store, funded.linxian, funded.kelan)

    def act() -> None:
        made = entry(funded)
        for position, (account, amount) in enumerate(zip(accounts, amounts, strict=False), start=1):
            line(made, position, account, amount)

    refused(rule, act, said)
    assert funded.fresh(funded.store) == 100


def test_nothing_is_added_to_what_stands(funded: Book) -> None:
    made = funded.move(funded.store, funded.linxian, "10")
    refused("ledgers_posting_counted", lambda: line(made.pk, 3, funded.store, "-1"))
    refused("ledgers_posting_position", lambda: line(made.pk, 2, funded.kelan, "1"))

    def twice() -> None:
        mine = entry(funded)
        line(mine, 1, funded.store, "-2")
        line(mine, 2, funded.store, "2")

    refused("ledgers_posting_account_once", twice)


def test_more_is_never_given_back_than_came(funded: Book) -> None:
    def act() -> None:
        made = entry(funded)
        line(made, 1, funded.linxian, "-1")
        line(made, 2, funded.source, "1")

    refused("ledgers_account_not_below", act)
    high = open_account(
        division=LINXIAN, book=BOOK, kind="CAPPED", key="capped", title="限额户", high=Decimal(5)
    )

    def over() -> None:
        made = entry(funded)
        line(made, 1, funded.store, "-6")
        line(made, 2, high, "6")

    refused("ledgers_account_not_above", over)


def test_an_earlier_day_is_held_to_the_bounds_too(funded: Book) -> None:
    def act() -> None:
        made = entry(funded, on=DAY - timedelta(days=1))
        line(made, 1, funded.store, "-1", on=DAY - timedelta(days=1))
        line(made, 2, funded.linxian, "1", on=DAY - timedelta(days=1))

    refused("ledgers_account_not_below_on_a_day", act, "省本级 到 2014-05-08 余额将为 -1.00")


def test_lines_bear_the_day_of_their_entry_and_lie_in_its_book(funded: Book) -> None:
    def other_day() -> None:
        line(entry(funded), 1, funded.store, "-1", on=DAY + timedelta(days=1))

    refused("ledgers_posting_on_the_day_of_its_entry", other_day)
    refused("ledgers_posting_of_the_book", lambda: line(entry(funded, book="LAND"), 1, funded.store, "-1"))


def test_one_entry_counts_one_unit(funded: Book) -> None:
    land = open_account(division=LINXIAN, book=BOOK, kind="LAND", key="land", title="地", unit="MU")

    def act() -> None:
        made = entry(funded)
        line(made, 1, funded.store, "-1")
        line(made, 2, land, "1")

    refused("ledgers_entry_of_one_unit", act)


def test_no_entry_is_of_tomorrow_or_in_anothers_name(funded: Book, chen: User) -> None:
    refused("ledgers_entry_not_in_the_future", lambda: entry(funded, on=timezone.localdate() + timedelta(2)))
    refused("ledgers_entry_by_its_actor", lambda: entry(funded, entered_by_id=chen.pk))
    refused("ledgers_entry_by_its_actor", lambda: entry(funded, entered_by_id=None))


def test_nobody_says_when_it_was_entered(funded: Book) -> None:
    def act() -> None:
        made = entry(funded, entered_at="2014-05-09T08:00:00+08:00")
        line(made, 1, funded.store, "-1", entered_at="2014-05-09T08:00:00+08:00")
        line(made, 2, funded.linxian, "1", entered_at="2014-05-09T08:00:00+08:00")

    act()
    committed()
    assert reports.balance_on(funded.linxian, DAY, known=date(2014, 12, 31)) == 0
    assert reports.balance_on(funded.linxian, DAY) == 1


def test_nothing_comes_before_an_account_was_opened(funded: Book) -> None:
    young = open_account(
        division=LINXIAN, book=BOOK, kind="YOUNG", key="young", title="新户", opened_on=DAY + timedelta(1)
    )
    refused("ledgers_posting_after_opening", lambda: line(entry(funded), 1, young, "1"), "新户 于 2014-05-10")


def test_a_reversal_mirrors_what_it_reverses(funded: Book) -> None:
    wrong = funded.move(funded.store, funded.linxian, "40")

    def mirror(lines: list[tuple[Account, str]], **said: Any) -> None:
        made = entry(funded, **({"reverses_id": wrong.pk, "memo": "记错", "lines": len(lines)} | said))
        for position, (account, amount) in enumerate(lines, start=1):
            line(made, position, account, amount, on=said.get("on", DAY))

    whole = [(funded.linxian, "-40"), (funded.store, "40")]
    refused(
        "ledgers_entry_mirrors",
        lambda: mirror([(funded.linxian, "-39"), (funded.store, "39")]),
        "逐笔相反",
    )
    refused(
        "ledgers_entry_mirrors",
        lambda: mirror([(funded.linxian, "-40"), (funded.store, "39"), (funded.kelan, "1")]),
    )
    refused("ledgers_entry_mirrors", lambda: mirror(whole, kind="OTHER"))
    refused("ledgers_entry_reversed_for_a_reason", lambda: mirror(whole, memo=""))
    early = DAY - timedelta(days=1)
    refused("ledgers_account_not_below_on_a_day", lambda: mirror(whole, on=early))
    back = reverse(actor=funded.actor, entry=wrong, on=DAY, reason="记错", key="back")
    committed()
    refused("ledgers_entry_reverses_id_key", lambda: mirror(whole))
    refused(
        "ledgers_entry_reversal_stays",
        lambda: mirror([(funded.linxian, "40"), (funded.store, "-40")], reverses_id=back.pk),
    )
    assert list(reports.differences()) == []


def test_one_key_is_one_entry(funded: Book) -> None:
    refused("ledgers_entry_key_key", lambda: entry(funded, key="funded"))


def test_a_county_writes_on_its_own_accounts_only(
    funded: Book, bo: User, in_scope: Callable[[User], Any]
) -> None:
    funded.move(funded.store, funded.linxian, "10")
    with in_scope(bo):
        mine = Book(funded.source, funded.store, funded.linxian, funded.kelan, bo)

        def others(**said: Any) -> None:
            made = entry(mine, division=LINXIAN)
            line(made, 1, mine.linxian, "-1")
            line(made, 2, mine.kelan, "1", **said)

        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            others()
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            entry(mine, division=KELAN)
        refused("ledgers_posting_account_id_same_division", lambda: others(division=LINXIAN))
        with connection.cursor() as cursor:
            cursor.execute("SELECT id FROM ledgers_hold(%s)", [[mine.kelan.pk, mine.linxian.pk]])
            assert cursor.fetchall() == [(mine.linxian.pk,)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("change", ["UPDATE {} SET {} ", "DELETE FROM {}"])
@pytest.mark.parametrize(
    ("table", "column"), [("ledgers_entry", "memo = '改过'"), ("ledgers_posting", "amount = amount * 2")]
)
def test_not_even_the_owner_changes_what_was_entered(
    gao: User, in_scope: Callable[[User], Any], change: str, table: str, column: str
) -> None:
    with in_scope(gao):
        book = build(gao)
        book.move(book.source, book.store, "100")
    with pytest.raises(IntegrityError, match="只能冲销"), connections["owner"].cursor() as cursor:
        cursor.execute(change.format(table, column))


@pytest.mark.django_db(transaction=True)
def test_what_is_done_behind_its_back_is_found(gao: User, in_scope: Callable[[User], Any]) -> None:
    with in_scope(gao):
        book = build(gao)
        book.move(book.source, book.store, "100")
        wrong = book.move(book.store, book.linxian, "40", on=DAY + timedelta(days=1))
        reverse(actor=gao, entry=wrong, on=DAY + timedelta(days=1), reason="记错", key="back")
        assert list(reports.differences()) == []
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE ledgers_posting DISABLE TRIGGER stays")
        cursor.execute("UPDATE ledgers_account SET balance = 7 WHERE id = %s", [book.linxian.pk])
        cursor.execute(
            "UPDATE ledgers_posting SET amount = -41 WHERE entry_id = %s AND amount = -40", [wrong.pk]
        )
        cursor.execute("ALTER TABLE ledgers_posting ENABLE TRIGGER stays")
    with in_scope(gao):
        back = Entry.objects.get(reverses=wrong)
        found = {(one.table, one.row, one.said) for one in reports.differences()}
        assert {(one.table, one.row, one.said) for one in CHECKS["books"]()} == found
    assert found == {
        ("ledgers_account", book.linxian.pk, "临县：余额 7.00，按分录重算为 0.00"),
        ("ledgers_account", book.store.pk, "省本级：余额 100.00，按分录重算为 99.00"),
        ("ledgers_entry", wrong.pk, f"凭证 {wrong.number}：应有 2 笔分录，有 2 笔，合计 -1.00"),
        (
            "ledgers_entry",
            back.pk,
            f"凭证 {back.number} 与它冲销的 {wrong.number} 不是逐笔相反",
        ),
    }
