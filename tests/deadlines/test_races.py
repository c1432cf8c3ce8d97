"""Four workers in the same moment, each in a connection of its own: one clock, one reminder, one mail."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.core import mail
from django.db import connection, connections, transaction

from fupin.accounts.models import User
from fupin.accounts.roles import Role
from fupin.accounts.scope import whole_province
from fupin.deadlines.models import Clock, Digest, Reminder
from fupin.deadlines.rules import SHANXI, Stage
from fupin.deadlines.services.running import run
from fupin.divisions.models import Division
from tests.conftest import VILLAGE, person
from tests.deadlines.conftest import Register

pytestmark = pytest.mark.django_db(transaction=True)

WORKERS = 4
DUE = date(2014, 12, 31)
NOW = datetime(2014, 12, 31, 8, 0, tzinfo=SHANXI)


@contextmanager
def as_worker() -> Iterator[None]:
    """Let a thread's own connection have the worker's rights; it is closed at the end."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE fupin_worker")
        yield
    finally:
        connections.close_all()


def at_once(work: Callable[[], object]) -> list[BaseException]:
    """Run the work in every worker at the same moment; return what broke."""
    barrier, broken = Barrier(WORKERS), []

    def one() -> None:
        try:
            with as_worker():
                barrier.wait(timeout=30)
                work()
        except BaseException as error:  # noqa: BLE001  (a thread's failure must fail the test)
            broken.append(error)

    threads = [Thread(target=one) for _ in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return broken


@pytest.mark.usefixtures("_pens")
def test_two_beats_and_a_task_delivered_twice_at_once(register: Register) -> None:
    ai = person("ai", Role.VILLAGE, VILLAGE)
    User.objects.filter(pk=ai.pk).update(email="ai@example.org")
    register.due = {VILLAGE + more: DUE for more in range(20)} | {VILLAGE: DUE}
    for moment in (NOW, NOW + timedelta(days=1)):
        assert at_once(lambda moment=moment: run(now=moment)) == []  # type: ignore[misc]
    with whole_province():
        assert Clock.objects.count() == Division.objects.filter(code__in=register.due).count() > 10
        told = Reminder.objects.order_by("day", "pk").values_list("user__username", "stage", "day")
        assert list(told) == [("ai", Stage.DUE, DUE), ("ai", Stage.OVERDUE, DUE + timedelta(days=1))]
    assert len(mail.outbox) == 2
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE fupin_worker")
        assert Digest.objects.filter(sent_at__isnull=False).count() == 2
        cursor.execute("RESET ROLE")
