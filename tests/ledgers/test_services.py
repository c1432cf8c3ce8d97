"""What is entered moves between accounts, once, and never out of bounds; what was wrong is reversed."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from fupin.accounts.models import User
from fupin.divisions.codes import PROVINCE_CODE
from fupin.ledgers import reports
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
from fupin.ledgers.services import Line, open_account, post, reverse
from tests.conftest import LINXIAN
from tests.ledgers.conftest import BOOK, DAY, Book

pytestmark = pytest.mark.django_db


def test_a_move_takes_from_one_and_gives_to_the_other(book: Book) -> None:
    entry = book.move(book.source, book.store, "182000.00", document_no="晋财农〔2014〕1号", memo="下达")
    assert (book.fresh(book.source), book.fresh(book.store)) == (Decimal("-182000.00"), Decimal("182000.00"))
    assert entry.number.startswith("2014-")
    assert entry.entered_by == book.actor
    assert [(line.position, line.amount) for line in entry.postings.order_by("position")] == [
        (1, Decimal("-182000.00")),
        (2, Decimal("182000.00")),
    ]


@pytest.mark.parametrize(
    ("giver", "taker", "amount", "said"),
    [
        ("store", "linxian", "100.01", "省本级余额 100.00 元，不足 100.01 元"),
        ("linxian", "kelan", "0.01", "临县余额 0.00 元，不足 0.01 元"),
        ("store", "source", "100.01", "来源余额 -100.00 元，再记入 100.01 元将超过上限"),
    ],
)
def test_never_more_out_than_in(book: Book, giver: str, taker: str, amount: str, said: str) -> None:
    book.move(book.source, book.store, "100")
    with pytest.raises(NotEnough, match=said):
        book.move(getattr(book, giver), getattr(book, taker), amount)
    assert Entry.objects.count() == 1
    assert book.fresh(book.store) == 100


@pytest.mark.parametrize(
    ("amounts", "said"),
    [
        ((), "至少两笔"),
        (("5",), "至少两笔"),
        (("0", "0"), "至少两笔"),
        (("-5", "4.99"), "差 -0.01"),
        (("-5.001", "5.001"), "两位小数"),
    ],
)
def test_what_does_not_add_up_is_not_entered(book: Book, amounts: tuple[str, ...], said: str) -> None:
    accounts = (book.source, book.store)
    lines = [Line(account, Decimal(amount)) for account, amount in zip(accounts, amounts, strict=False)]
    with pytest.raises(Unbalanced, match=said):
        post(
            actor=book.actor, division=PROVINCE_CODE, book=BOOK, kind="MOVE", on=DAY, lines=lines, key="none"
        )
    assert not Entry.objects.exists()


def test_lines_of_one_account_are_one(book: Book) -> None:
    lines = [
        Line(book.source, Decimal(-30)),
        Line(book.linxian, Decimal(10)),
        Line(book.linxian, Decimal(20)),
    ]
    entry = post(
        actor=book.actor, division=PROVINCE_CODE, book=BOOK, kind="MOVE", on=DAY, lines=lines, key="one"
    )
    assert entry.lines == 2
    assert book.fresh(book.linxian) == 30


def test_the_same_key_enters_once(book: Book) -> None:
    first = book.move(book.source, book.store, "70", key="pay/1")
    assert book.move(book.source, book.store, "70.00", key="pay/1") == first
    assert book.fresh(book.store) == 70
    assert Entry.objects.count() == 1


@pytest.mark.parametrize(
    "other",
    [
        {"amount": "71"},
        {"kind": "OTHER"},
        {"on": DAY - timedelta(days=1)},
        {"memo": "另一笔"},
        {"document_no": "晋财农〔2014〕2号"},
    ],
)
def test_another_body_under_the_same_key_is_refused(book: Book, other: dict[str, Any]) -> None:
    first = book.move(book.source, book.store, "70", key="pay/1")
    with pytest.raises(AlreadyPosted, match=first.number):
        book.move(book.source, book.store, **({"amount": "70", "key": "pay/1"} | other))
    assert book.fresh(book.store) == 70


def test_a_reversal_puts_everything_back_and_keeps_both(book: Book) -> None:
    book.move(book.source, book.store, "100")
    wrong = book.move(book.store, book.linxian, "40", kind="ISSUE")
    back = reverse(actor=book.actor, entry=wrong, on=DAY + timedelta(days=3), reason="县名写错", key="back/1")
    assert (book.fresh(book.store), book.fresh(book.linxian)) == (100, 0)
    assert (back.reverses, back.kind, back.memo) == (wrong, "ISSUE", "县名写错")
    assert Posting.objects.count() == 6
    assert list(Entry.objects.standing().values_list("kind", flat=True)) == ["MOVE"]
    assert reverse(actor=book.actor, entry=wrong, on=DAY + timedelta(days=3), reason="县名写错", key="back/1")


def test_a_reversal_is_refused_twice_of_itself_without_reason_too_early_and_where_the_money_is_gone(
    book: Book,
) -> None:
    first = book.move(book.source, book.store, "100")
    again = {"actor": book.actor, "on": DAY, "reason": "记错"}
    with pytest.raises(LedgerError, match="请写明冲销原因"):
        reverse(**(again | {"reason": " "}), entry=first, key="b/0")
    with pytest.raises(WrongDay, match="不能早于"):
        reverse(**(again | {"on": DAY - timedelta(days=1)}), entry=first, key="b/0")
    gone = book.move(book.store, book.kelan, "60")
    with pytest.raises(NotEnough, match=r"省本级余额 40.00 元，不足 100.00 元"):
        reverse(**again, entry=first, key="b/0")
    back = reverse(**again, entry=gone, key="b/1")
    with pytest.raises(AlreadyReversed):
        reverse(**again, entry=gone, key="b/2")
    with pytest.raises(AlreadyReversed, match="本身是冲销"):
        reverse(**again, entry=back, key="b/3")
    assert book.fresh(book.store) == 100


def test_no_business_day_lies_ahead_or_before_the_opening(book: Book) -> None:
    tomorrow = timezone.localdate() + timedelta(days=2)
    with pytest.raises(WrongDay, match="不能晚于今天"):
        book.move(book.source, book.store, "1", on=tomorrow)
    young = open_account(
        division=LINXIAN, book=BOOK, kind="YOUNG", key="young", title="新户", opened_on=date(2014, 6, 1)
    )
    with pytest.raises(WrongDay, match="2014-06-01 开户"):
        book.move(book.source, young, "1", on=date(2014, 5, 31))
    book.move(book.source, young, "1", on=date(2014, 6, 1))
    assert book.fresh(young) == 1


def test_an_earlier_day_is_not_overdrawn_afterwards(book: Book) -> None:
    """Money that came on the 20th can't have been spent on the 10th, though there is enough of it today."""
    book.move(book.source, book.store, "100", on=date(2014, 5, 1))
    book.move(book.source, book.linxian, "50", on=date(2014, 5, 20))
    with pytest.raises(NotEnough, match=r"临县到 2014-05-10 余额 0.00 元，不足 50.00 元"):
        book.move(book.linxian, book.kelan, "50", on=date(2014, 5, 10))
    book.move(book.store, book.kelan, "30", on=date(2014, 5, 10))
    book.move(book.store, book.kelan, "60", on=date(2014, 5, 25))
    with pytest.raises(NotEnough, match=r"省本级余额 10.00 元，不足 11.00 元"):
        book.move(book.store, book.kelan, "11", on=date(2014, 5, 2))
    book.move(book.store, book.kelan, "10", on=date(2014, 5, 2))
    assert reports.balance_on(book.store, date(2014, 5, 2)) == 90
    assert reports.balance_on(book.store, date(2014, 5, 10)) == 60
    assert list(reports.differences()) == []


def test_an_account_is_opened_once_and_stands_for_one_thing(book: Book) -> None:
    again = open_account(division=LINXIAN, book=BOOK, kind="COUNTY", key=book.linxian.key, title="另一户名")
    assert (again, again.title) == (book.linxian, "临县")
    with pytest.raises(AccountAway, match="已开给临县"):
        open_account(division=LINXIAN, book=BOOK, kind="STORE", key=book.linxian.key, title="临县")


def test_a_county_neither_moves_nor_opens_what_is_anothers(
    book: Book, bo: User, in_scope: Callable[[User], Any]
) -> None:
    book.move(book.source, book.store, "100")
    issued = book.move(book.store, book.linxian, "40")
    with in_scope(bo):
        with pytest.raises(AccountAway, match="岢岚县不在您的区划之内"):
            book.move(book.linxian, book.kelan, "1", actor=bo, division=LINXIAN)
        with pytest.raises(AccountAway, match="不在您的区划之内"):
            open_account(division=LINXIAN, book=BOOK, kind="COUNTY", key=book.kelan.key, title="岢岚县")
        with pytest.raises(AccountAway, match="有分录不在您的区划之内"):
            reverse(actor=bo, entry=issued, on=DAY, reason="记错", key="b/1")


def test_a_county_sees_what_was_entered_on_its_accounts_and_no_more(
    book: Book, bo: User, du: User, in_scope: Callable[[User], Any]
) -> None:
    book.move(book.source, book.store, "100")
    mine = book.move(book.store, book.linxian, "40")
    for user, entries, amounts in ((bo, [mine], [Decimal(40)]), (du, [], [])):
        with in_scope(user):
            assert list(Entry.objects.visible_to(user).order_by("pk")) == entries
            assert list(Entry.objects.order_by("pk")) == entries
            assert list(Posting.objects.order_by("pk").values_list("amount", flat=True)) == amounts


def test_a_balance_is_known_by_business_day_and_by_what_had_been_entered(
    book: Book,
) -> None:
    book.move(book.source, book.store, "100", on=date(2014, 5, 1))
    today = timezone.localdate()
    book.move(book.store, book.linxian, "40", on=date(2014, 5, 9))
    for day, store in ((date(2014, 4, 30), 0), (date(2014, 5, 1), 100), (date(2014, 5, 9), 60)):
        assert reports.balance_on(book.store, day) == store
        found = reports.balances(Account.objects.filter(pk=book.store.pk), on=day)
        assert found == {book.store.pk: Decimal(store)}
    assert reports.balance_on(book.store, today, known=today) == 60
    assert reports.balance_on(book.store, today, known=today - timedelta(days=2)) == 0
    assert reports.balances(Account.objects.filter(book=BOOK)) == {
        book.source.pk: -100,
        book.store.pk: 60,
        book.linxian.pk: 40,
        book.kelan.pk: 0,
    }
