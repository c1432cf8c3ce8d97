"""`manage.py deadlines`: the clocks as they stand on a day, looking without writing unless told to."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from fupin.accounts.models import User
from fupin.deadlines.models import Clock, Reminder
from tests.conftest import VILLAGE
from tests.deadlines.conftest import KIND, Register

pytestmark = pytest.mark.django_db
Worker = Callable[[], AbstractContextManager[None]]


def said(*arguments: str) -> str:
    out = StringIO()
    call_command("deadlines", *arguments, stdout=out)
    return out.getvalue()


def test_it_tells_in_words_and_in_json_and_leaves_nothing(
    worker: Worker, register: Register, see_all: Callable[[], None]
) -> None:
    register.due = {VILLAGE: date(2014, 12, 31)}
    with worker():
        words = said("--today", "2015-01-01")
        clocks = json.loads(said("--today", "2014-12-31", "--json"))["clocks"]
    assert "2015-01-01 未办结时限 1 项" in words
    assert "已逾期" in words
    assert [(one["kind"], one["stage"], one["days_left"], one["colour"]) for one in clocks] == [
        (KIND, "DUE", 0, "ORANGE")
    ]
    see_all()
    assert not Clock.objects.exists()


def test_with_remind_the_round_of_the_day_is_done(
    worker: Worker, register: Register, see_all: Callable[[], None], ai: User
) -> None:
    register.due = {VILLAGE: date(2014, 12, 31)}
    with worker():
        assert "新提醒 1 条" in said("--today", "2014-12-31", "--remind")
        assert "新提醒 0 条" in said("--today", "2014-12-31", "--remind")
    see_all()
    assert Reminder.objects.count() == 1


def test_a_broken_rule_and_a_day_that_is_none_are_said(worker: Worker, register: Register) -> None:
    register.broken = True
    with worker(), pytest.raises(CommandError, match=KIND):
        said("--today", "2014-12-31")
    with pytest.raises(CommandError, match="2014-12-31"):
        said("--today", "31.12.2014")
