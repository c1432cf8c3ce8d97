"""The calendar at a secret address: who reads it, what stands in it, and that it is a calendar file."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime

import pytest
from django.test import Client

from fupin.accounts.models import Post, User
from fupin.deadlines.ics import calendar
from fupin.deadlines.models import CalendarAddress
from fupin.deadlines.reports import CalendarDay
from fupin.deadlines.services.refreshing import refresh
from tests.conftest import BAIWEN, VILLAGE
from tests.deadlines.conftest import Register

Sign = Callable[[User], Client]
Worker = Callable[[], AbstractContextManager[None]]

DAY = CalendarDay("村表填报", date(2016, 2, 29), "§3 村有表，年度", 12, 10, "sample/村表填报")
NOW = datetime(2016, 2, 1, tzinfo=UTC)


def test_a_file_that_calendar_programs_read() -> None:
    lines = calendar([DAY], name="时限", now=NOW).split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert "DTSTART;VALUE=DATE:20160229" in lines
    assert "DTEND;VALUE=DATE:20160301" in lines
    assert "SUMMARY:村表填报（12 件）" in lines
    assert "TRIGGER:-P10D" in lines
    assert "DTSTAMP:20160201T000000Z" in lines


def test_lines_are_folded_at_75_octets_and_words_escaped() -> None:
    long = CalendarDay("限,期;\\" + "一" * 60, date(2014, 12, 31), "x", 1, 0, "k")
    text = calendar([long], name="n", now=NOW)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "SUMMARY:限\\,期\\;\\\\" + "一" * 60 in text.replace("\r\n ", "")
    assert "VALARM" not in text


def test_an_event_keeps_its_id() -> None:
    first = calendar([DAY], name="n", now=NOW)
    later = calendar([CalendarDay(**{**_fields(DAY), "count": 3})], name="n", now=NOW.replace(day=9))
    uid = [line for line in first.split("\r\n") if line.startswith("UID")]
    assert uid == [line for line in later.split("\r\n") if line.startswith("UID")]


def _fields(day: CalendarDay) -> dict[str, object]:
    return {name: getattr(day, name) for name in CalendarDay.__slots__}  # type: ignore[attr-defined]


def address(browser: Client) -> str:
    answer = browser.post("/deadlines/calendar/renew/")
    assert answer.status_code == 200
    return str(answer.context["secret_url"]).removeprefix("http://testserver")


@pytest.fixture
def clocks(worker: Worker, register: Register) -> None:
    """Ai's village and the township have one clock each."""
    register.due = {VILLAGE: date(2030, 12, 31), BAIWEN: date(2030, 12, 31)}
    with worker():
        refresh(today=date(2030, 12, 1))


@pytest.mark.django_db
def test_the_secret_address_gives_ones_own_deadlines_without_signing_in(
    client_for: Sign, clocks: None, ai: User
) -> None:
    url = address(client_for(ai))
    answer = Client().get(url)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert "no-store" in answer["Cache-Control"]
    text = answer.content.decode()
    assert text.count("BEGIN:VEVENT") == 1
    assert "SUMMARY:村表填报\r\n" in text
    assert CalendarAddress.objects.get().digest not in url


@pytest.mark.django_db
def test_a_new_address_ends_the_old_one_and_closing_ends_both(
    client_for: Sign, clocks: None, ai: User
) -> None:
    browser = client_for(ai)
    old = address(browser)
    new = address(browser)
    assert Client().get(old).status_code == 404
    assert Client().get(new).status_code == 200
    assert browser.post("/deadlines/calendar/close/").status_code == 302
    assert Client().get(new).status_code == 404
    assert Client().get("/deadlines/calendar/guess.ics").status_code == 404


@pytest.mark.django_db
def test_without_post_the_calendar_is_empty_and_without_account_it_is_gone(
    client_for: Sign, clocks: None, ai: User
) -> None:
    url = address(client_for(ai))
    Post.objects.filter(user=ai).update(until=date(2014, 5, 1))
    assert "VEVENT" not in Client().get(url).content.decode()
    User.objects.filter(pk=ai.pk).update(is_active=False)
    assert Client().get(url).status_code == 404


@pytest.mark.django_db
def test_the_address_is_shown_once(client_for: Sign, ai: User) -> None:
    browser = client_for(ai)
    assert "还没有地址" in browser.get("/deadlines/calendar/").content.decode()
    url = address(browser)
    again = browser.get("/deadlines/calendar/").content.decode()
    assert "现有地址" in again
    assert url not in again
