"""An account and an entry as they are looked at: every number opens its rows, as of any day."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from fupin.accounts.models import User
from fupin.ledgers import books
from fupin.ledgers.books import Book as Words, Subject
from fupin.ledgers.resources import ledger_account
from fupin.ledgers.services import reverse as reverse_entry
from fupin.sheets.kinds import NotAsked, Request
from tests.ledgers.conftest import BOOK, DAY, Book

pytestmark = pytest.mark.django_db


@pytest.fixture
def lived(book: Book, monkeypatch: pytest.MonkeyPatch) -> Book:
    """The book after four moves, one of them corrected, with words for its codes."""
    words = Words(
        BOOK,
        "试账",
        accounts={"COUNTY": "县级"},
        acts={"MOVE": "划拨"},
        subject=lambda account: Subject(f"看{account.title}", "/elsewhere/"),
    )
    monkeypatch.setitem(books.BOOKS, BOOK, words)
    book.move(book.source, book.store, "1000", document_no="晋财农〔2014〕1号")
    book.move(book.store, book.linxian, "300.50", on=DAY + timedelta(days=1), memo="第一批")
    wrong = book.move(book.store, book.linxian, "99.50", on=DAY + timedelta(days=2))
    reverse_entry(actor=book.actor, entry=wrong, on=DAY + timedelta(days=3), reason="县名写错", key="back")
    return book


def test_an_account_shows_what_stood_in_it_after_each_line(
    lived: Book, bo: User, client_for: Callable[[User], Client]
) -> None:
    page = client_for(bo).get(reverse("ledger_account", args=[lived.linxian.pk])).content.decode()
    assert "余额 <b>300.50</b> 元" in page
    assert page.index("2014-05-12") < page.index("2014-05-11") < page.index("2014-05-10")
    assert page.count("400.00") == 1
    assert "县名写错" in page
    assert "冲销" in page
    assert "划拨" in page
    assert "县级" in page
    assert 'href="/elsewhere/"' in page
    assert "1,000.00" not in page


@pytest.mark.parametrize(
    ("query", "balance"),
    [
        ("?on=2014-05-11", "400.00"),
        ("?on=2014-05-10", "300.50"),
        ("?on=2014-05-09", "0.00"),
        ("?known=2014-12-31", "0.00"),
        ("", "300.50"),
    ],
)
def test_as_of_a_day(
    lived: Book, bo: User, client_for: Callable[[User], Client], query: str, balance: str
) -> None:
    url = reverse("ledger_account", args=[lived.linxian.pk]) + query
    assert f"余额 <b>{balance}</b>" in client_for(bo).get(url).content.decode()


def test_a_day_that_is_none_is_said_at_its_field(
    lived: Book, bo: User, client_for: Callable[[User], Client]
) -> None:
    answer = client_for(bo).get(reverse("ledger_account", args=[lived.linxian.pk]) + "?on=2014-13-01")
    assert answer.status_code == 422
    assert "日期写作 2014-05-09" in answer.content.decode()


def test_an_entry_shows_its_lines_and_what_reversed_it(
    lived: Book, gao: User, bo: User, client_for: Callable[[User], Client]
) -> None:
    wrong = lived.linxian.postings.order_by("pk")[1].entry
    url = reverse("ledger_entry", args=[wrong.number])
    page = client_for(gao).get(url).content.decode()
    assert reverse("ledger_entry", args=[wrong.reversal.number]) in page
    assert "已冲销" in page
    assert reverse("ledger_account", args=[lived.store.pk]) in page
    assert "其余在您的区划之外" not in page
    own = client_for(bo).get(url).content.decode()
    assert "共 2 笔，其余在您的区划之外" in own
    assert reverse("ledger_account", args=[lived.store.pk]) not in own


def test_what_is_anothers_is_not_there(
    lived: Book, du: User, ai: User, client_for: Callable[[User], Client]
) -> None:
    entry = lived.linxian.postings.order_by("pk")[0].entry
    urls = [
        reverse("ledger_account", args=[lived.linxian.pk]),
        reverse("ledger_entry", args=[entry.number]),
    ]
    assert [client_for(du).get(url).status_code for url in urls] == [404, 404]
    assert [client_for(ai).get(url).status_code for url in urls] == [403, 403]


def test_the_lines_are_taken_out_as_they_are_shown(
    lived: Book, bo: User, in_scope: Callable[[User], Any]
) -> None:
    with in_scope(bo):
        query = QueryDict(f"account={lived.linxian.pk}&on=2014-05-11")
        chosen = ledger_account(Request(bo, None, query))
        resource = chosen.tables[0].resource
        rows = [resource.export_resource(row) for row in chosen.read(chosen.rows)]
        assert [[str(cell) for cell in row[1:]] for row in rows] == [
            ["2014-05-10", rows[0][2], "划拨", "", "第一批", "300.50", "", "300.50", "高省"],
            ["2014-05-11", rows[1][2], "划拨", "", "", "99.50", "", "400.00", "高省"],
        ]
        assert chosen.filters == [("账户", "临县"), ("业务日期截至", "2014-05-11")]
        for wrong in (f"account={lived.store.pk}", "account=x", f"account={lived.linxian.pk}&on=x"):
            with pytest.raises(NotAsked):
                ledger_account(Request(bo, None, QueryDict(wrong)))


def test_two_books_of_one_code_are_refused() -> None:
    words = Words("TWICE", "甲")
    try:
        books.register(words)
        with pytest.raises(ValueError, match="two books"):
            books.register(words)
    finally:
        books.BOOKS.pop("TWICE")
    assert books.book_of("NOBODY").title == "NOBODY"
