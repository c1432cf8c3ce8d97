"""The product's day, moved by tests in one place: Django's clock for the code, `product_today()` for the database's walls.

The shipped function listens to nobody. In test databases its owner has replaced it by one that does: to a table that only the owner
writes, for tests that commit, and to a setting of the transaction, for those that are rolled back.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from functools import wraps
from typing import Any, TypeVar

import pytest
from django.db import connection, connections
from django.utils import timezone

R = TypeVar("R")

FUNCTION = """
CREATE TABLE IF NOT EXISTS tests_day (day date NOT NULL);
GRANT SELECT ON tests_day TO fupin_web, fupin_worker;
CREATE OR REPLACE FUNCTION product_today() RETURNS date LANGUAGE sql STABLE AS $$
    SELECT coalesce(nullif(current_setting('tests.day', true), '')::date, (SELECT day FROM public.tests_day),
        (now() AT TIME ZONE 'Asia/Shanghai')::date)
$$;
"""


@contextmanager
def on_day(day: date) -> Iterator[None]:
    """Let a part of the transaction happen on a day, as far as the database looks."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('tests.day', true)")
        before = cursor.fetchone()[0]
        cursor.execute("SELECT set_config('tests.day', %s, true)", [day.isoformat()])
        yield
        cursor.execute("SELECT set_config('tests.day', %s, true)", [before or ""])


def live_on(day: date) -> None:
    """Let the rest of the transaction happen on a day, as far as the database looks."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('tests.day', %s, true)", [day.isoformat()])


def on_its_day(act: Callable[..., R]) -> Callable[..., R]:
    """Return an act that takes its day as `on`, done on that day as far as the database looks."""

    @wraps(act)
    def done(**values: Any) -> R:
        with on_day(values["on"]):
            return act(**values)

    return done


class Calendar:
    """The wall calendar of a test that commits: code, browser sessions and database live on the day it is turned to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.real = timezone.now
        self.ahead = timedelta(0)
        monkeypatch.setattr(timezone, "now", lambda: self.real() + self.ahead)

    @property
    def today(self) -> date:
        """The day it shows."""
        return timezone.localdate()

    def turn_to(self, day: date) -> date:
        """Go to the morning of a day and return it."""
        morning = timezone.make_aware(datetime.combine(day, time(9)))
        self.ahead = morning - self.real()
        self._show(day)
        return day

    def put_away(self) -> None:
        """Let the database live today again."""
        self._show(None)

    def _show(self, day: date | None) -> None:
        with connections["owner"].cursor() as cursor:
            cursor.execute("DELETE FROM tests_day")
            if day is not None:
                cursor.execute("INSERT INTO tests_day VALUES (%s)", [day])
