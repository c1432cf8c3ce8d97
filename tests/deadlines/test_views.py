"""The board, the list, a clock, the inbox: who sees what, what a click opens, and that one may only note one's own."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from fupin.accounts.models import AuditRecord, User
from fupin.accounts.scope import enter_scope
from fupin.deadlines.models import Clock, Reminder
from fupin.deadlines.rules import SHANXI, Colour
from fupin.deadlines.services.running import run
from fupin.home.todo import todos
from tests.conftest import BAIWEN, KELAN, LINXIAN, LVLIANG, VILLAGE
from tests.deadlines.conftest import KIND, Register

pytestmark = pytest.mark.django_db
Sign = Callable[[User], Client]
Worker = Callable[[], AbstractContextManager[None]]

NOW = datetime(2014, 12, 31, 8, 0, tzinfo=SHANXI)


@pytest.fixture(autouse=True)
def _the_last_day_of_2014(
    worker: Worker, register: Register, ai: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """临县 has a clock that ends today, one overdue, one that is far; 岢岚县 has one overdue."""
    day = NOW.date()
    register.due = {
        VILLAGE: day,
        BAIWEN: day.replace(day=1),
        LINXIAN: day.replace(year=2015),
        KELAN: day.replace(day=2),
    }
    with worker():
        run(now=NOW)
    for place in ("board", "clocks", "inbox"):
        monkeypatch.setattr(f"fupin.deadlines.views.{place}.day_of", lambda now: day)
    monkeypatch.setattr("fupin.home.todo.day_of", lambda now: day)


def page(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, answer.content[:300]
    return answer.content.decode()


def test_the_board_counts_by_division_and_colour(client_for: Sign, bo: User) -> None:
    answer = client_for(bo).get("/deadlines/")
    rows = {(row.division.pk, row.here): row.counts for row in answer.context["rows"]}
    assert rows == {
        (BAIWEN, False): {Colour.RED: 1, Colour.ORANGE: 1, Colour.YELLOW: 0, Colour.GREEN: 0},
        (LINXIAN, True): {Colour.RED: 0, Colour.ORANGE: 0, Colour.YELLOW: 0, Colour.GREEN: 1},
    }
    assert answer.context["total"] == 3
    assert "白文镇" in answer.content.decode()


def test_the_board_goes_down_and_not_beside(client_for: Sign, bo: User) -> None:
    browser = client_for(bo)
    answer = browser.get(f"/deadlines/?division={BAIWEN}")
    assert {row.division.pk for row in answer.context["rows"]} == {BAIWEN, VILLAGE}
    assert browser.get(f"/deadlines/?division={KELAN}").status_code == 404
    assert browser.get(f"/deadlines/?division={LVLIANG}").status_code == 404


def test_the_province_sees_both_cities(client_for: Sign, gao: User) -> None:
    answer = client_for(gao).get("/deadlines/?kind=" + KIND)
    assert [row.counts[Colour.RED] for row in answer.context["rows"]] == [1, 1]


def test_whoever_may_not_look_at_the_subjects_sees_no_clock(client_for: Sign, he: User) -> None:
    browser = client_for(he)
    assert "没有未办结的时限" in page(browser, "/deadlines/")
    assert "没有符合条件的时限" in page(browser, "/deadlines/clocks/")


def test_an_enterprise_has_no_board(client_for: Sign, kang: User) -> None:
    browser = client_for(kang)
    assert browser.get("/deadlines/").status_code == 403
    assert browser.get("/deadlines/clocks/").status_code == 403
    assert browser.get("/deadlines/inbox/").status_code == 200


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 3),
        ("?colour=RED", 1),
        ("?colour=ORANGE", 1),
        ("?colour=YELLOW", 0),
        ("?state=running", 3),
        ("?state=late", 0),
        (f"?division={BAIWEN}", 2),
        ("?division=nonsense", 0),
        (f"?kind={KIND}&since=2014-12-31&until=2014-12-31", 1),
        ("?role=VILLAGE", 3),
        ("?role=CITY", 0),
        ("?mine=1", 0),
        ("?order=-due", 3),
    ],
)
def test_the_list_is_what_was_asked_for(client_for: Sign, bo: User, query: str, count: int) -> None:
    assert client_for(bo).get(f"/deadlines/clocks/{query}").context["page"].paginator.count == count


def test_the_list_says_the_days_in_words_and_leads_to_the_subject(client_for: Sign, bo: User) -> None:
    found = page(client_for(bo), "/deadlines/clocks/")
    assert "逾期 30 天" in found
    assert "今天到期" in found
    assert f"/divisions/{VILLAGE}/" in found


def test_a_clock_tells_whom_it_was_told_to(
    client_for: Sign, bo: User, du: User, see_all: Callable[[], None]
) -> None:
    see_all()
    clock = Clock.objects.get(subject_key=str(VILLAGE))
    found = page(client_for(bo), f"/deadlines/clocks/{clock.pk}/")
    assert "艾村" in found
    assert "§3 村有表" in found
    assert client_for(du).get(f"/deadlines/clocks/{clock.pk}/").status_code == 404


def test_the_inbox_shows_ones_own_and_taking_note_empties_it(
    client_for: Sign, ai: User, see_all: Callable[[], None]
) -> None:
    browser = client_for(ai)
    found = page(browser, "/deadlines/inbox/")
    assert "村表填报" in found
    assert "<span>1</span>" in found  # beside 提醒 in the navigation
    see_all()
    reminder = Reminder.objects.get(user=ai)
    answer = browser.post("/deadlines/inbox/acknowledge/", {"reminder": [reminder.pk]})
    assert answer.status_code == 302
    assert "没有提醒" in page(browser, "/deadlines/inbox/")
    assert "知悉" in page(browser, "/deadlines/inbox/?state=known")
    assert AuditRecord.objects.get(action="deadlines.acknowledge").detail["count"] == 1


def test_nobody_takes_note_for_another(
    client_for: Sign, ai: User, bo: User, see_all: Callable[[], None]
) -> None:
    see_all()
    reminder = Reminder.objects.get(user=ai)
    client_for(bo).post("/deadlines/inbox/acknowledge/", {"reminder": [reminder.pk, "x", "9" * 30]})
    see_all()
    assert Reminder.objects.get(pk=reminder.pk).acknowledged_at is None
    enter_scope(*bo.post.code_range, user_id=bo.pk)  # type: ignore[union-attr]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE deadlines_reminder SET acknowledged_at = now()")
        assert cursor.rowcount == Reminder.objects.filter(user=bo).count()


def test_a_reminder_goes_when_its_clock_is_done(
    client_for: Sign, worker: Worker, register: Register, ai: User
) -> None:
    register.done = {VILLAGE: NOW.date()}
    with worker():
        run(now=NOW)
    browser = client_for(ai)
    assert "没有提醒" in page(browser, "/deadlines/inbox/")
    assert "村表填报" in page(browser, "/deadlines/inbox/?state=over")


def test_home_says_what_is_due_and_what_was_not_read(ai: User) -> None:
    enter_scope(*ai.post.code_range, user_id=ai.pk)  # type: ignore[union-attr]
    found = {todo.label: (todo.count, todo.url) for todo in todos(ai)}
    assert found["由我负责、今天起 3 天内到期的"] == (1, "/deadlines/clocks/?mine=1&colour=ORANGE")
    assert found["没有看过的提醒"] == (1, "/deadlines/inbox/")
    assert "由我负责、已经逾期的" not in found


def test_the_list_costs_the_same_for_many(
    client_for: Sign,
    worker: Worker,
    register: Register,
    bo: User,
    django_assert_num_queries: Any,
    django_assert_max_num_queries: Any,
) -> None:
    browser = client_for(bo)
    with django_assert_max_num_queries(20) as few:
        browser.get("/deadlines/clocks/")
    register.due |= {VILLAGE + more: NOW.date() for more in range(1, 6)}
    with worker():
        run(now=NOW)
    with django_assert_num_queries(len(few)):
        browser.get("/deadlines/clocks/")
