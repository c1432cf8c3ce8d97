"""A worker's pen in a test's own transaction, and rules over divisions instead of an app's tables."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.db.models import Case, DateField, F, TextField, Value, When
from django.db.models.functions import Cast

from fupin.accounts.roles import Role
from fupin.deadlines import kinds
from fupin.deadlines.kinds import Kind, Rows, arguments, clock_rule, rows
from fupin.deadlines.models import Clock
from fupin.divisions.codes import Level
from fupin.divisions.models import Division

KIND = "sample.table"


@pytest.fixture(scope="session")
def _pens(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Let the tests' login put on the worker's rights, and take them off again: `SET LOCAL ROLE`, nothing inherited."""
    with django_db_blocker.unblock(), connections["owner"].cursor() as cursor:
        cursor.execute("GRANT fupin_worker TO fupin_web WITH INHERIT FALSE, SET TRUE")
    yield
    with django_db_blocker.unblock(), connections["owner"].cursor() as cursor:
        cursor.execute("REVOKE fupin_worker FROM fupin_web")


@pytest.fixture
def worker(_pens: None, db: None) -> Callable[[], Any]:
    """Return a context manager: what runs in it runs with the worker's rights on the database."""

    @contextmanager
    def enter() -> Iterator[None]:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL ROLE fupin_worker")
            yield
            cursor.execute("RESET ROLE")

    return enter


@dataclass
class Register:
    """What the sample rule says: due days by division, and those already done."""

    due: dict[int, date] = field(default_factory=dict)
    done: dict[int, date] = field(default_factory=dict)
    user: int | None = None
    starts_on: date = date(2014, 1, 1)
    asked: list[date] = field(default_factory=list)
    broken: bool = False

    def rule(self, today: date) -> Rows:
        """Return a row a division."""
        self.asked.append(today)
        if self.broken:
            raise ValueError("the rule is broken")

        def by_division(days: dict[int, date]) -> Case:
            whens = [When(code=code, then=Value(day)) for code, day in days.items()]
            return Case(*whens, output_field=DateField())

        more: dict[str, Any] = {"user": Value(self.user)} if self.user else {}
        return rows(
            Division.objects.filter(code__in=self.due),
            subject_key=Cast("code", TextField()),
            division="code",
            starts_on=Value(self.starts_on),
            due_on=by_division(self.due),
            done_on=by_division(self.done),
            url_args=arguments(F("code")),
            **more,
        )


@pytest.fixture
def register(monkeypatch: pytest.MonkeyPatch) -> Register:
    """Let one kind of clock exist: the village's table, which the village worker answers for."""
    monkeypatch.setattr(kinds, "KINDS", {})
    for module in ("services.refreshing", "tasks"):
        monkeypatch.setattr(f"fupin.deadlines.{module}.KINDS", kinds.KINDS)
    register = Register()
    clock_rule(
        kind=KIND,
        title="村表填报",
        basis="§3 村有表",
        role=Role.VILLAGE,
        level=Level.VILLAGE,
        permission="registry.view_village",
        url="division_tree",
        warn_days=10,
        escalate_days=5,
    )(register.rule)
    return register


@pytest.fixture
def kind(register: Register) -> Kind:
    """The one kind."""
    return kinds.KINDS[KIND]


@pytest.fixture
def clock(see_all: Callable[[], None]) -> Callable[[int], Clock]:
    """Return a function that gives the clock of a division as it stands."""

    def find(code: int) -> Clock:
        see_all()
        return Clock.objects.get(kind=KIND, subject_key=str(code))

    return find
