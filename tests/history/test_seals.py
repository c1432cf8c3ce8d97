"""The chain of seals: what a superuser changes, puts in late or takes away is named."""

import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from time import sleep
from typing import Any

import psycopg2
import pytest
from django.conf import settings
from django.core import mail
from django.core.management import call_command
from django.db import connections
from django.utils import timezone

from fupin import env
from fupin.accounts.models import AuditRecord, User
from fupin.history.models import Mark, Seal
from fupin.history.services import sealing
from fupin.history.services.sealing import heads_file, seal_all, send_head
from fupin.history.tasks import seal
from fupin.servers import postgres
from tests.conftest import as_owner
from tests.registry import factories as make

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(settings, "HOME", tmp_path)
    return tmp_path


@contextmanager
def as_worker() -> Iterator[None]:
    """Let a block's ORM work as the worker."""
    mine = connections["default"]
    worker = mine.copy()
    login = env.database_urls()["DATABASE_URL_WORKER"]
    user, _, password = login.split("//", 1)[1].split("@", 1)[0].partition(":")
    worker.settings_dict = {**mine.settings_dict, "USER": user, "PASSWORD": password}
    connections["default"] = worker
    try:
        yield
    finally:
        connections["default"] = mine
        worker.close()


@contextmanager
def superuser() -> Iterator[Any]:
    """Give a cursor to which nothing is forbidden, and that triggers do not see."""
    dsn = postgres.url(
        Path(env.home()) / "postgres", login="postgres", database=connections["default"].settings_dict["NAME"]
    )
    connection = psycopg2.connect(dsn)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        yield cursor
    connection.close()


def everything_sealed() -> int:
    """Let the worker seal until all that has been written lies behind a seal; return how many seals that took.

    Any transaction of the server may be open at the moment, its own housekeeping too, and then a round leaves its mark to the next.
    """
    made = 0
    with as_worker():
        for _ in range(200):
            made += seal_all()
            if not Mark.objects.exists():
                return made
            sleep(0.1)
    raise AssertionError("a transaction does not end")


def verify(*only: str) -> list[dict[str, Any]]:
    """Return the differences that `manage.py verify` lists, and hold its exit code to them."""
    said = io.StringIO()
    code = 0
    with as_owner():
        try:
            call_command("verify", "--json", *(["--only", *only] if only else []), stdout=said)
        except SystemExit as end:
            code = int(str(end.code))
    answer = json.loads(said.getvalue())
    found = [one for check in answer["checks"].values() for one in check]
    assert answer["differences"] == len(found)
    assert code == (1 if found else 0)
    return found


@pytest.fixture
def sealed_cards(bo: User, in_scope: Callable[[User], Any], monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Three cards, one of them changed, all of it sealed by the worker in small blocks."""
    monkeypatch.setattr(sealing, "BLOCK", 4)
    with in_scope(bo):
        cards = [make.saved(bo, phone=f"1380000010{n}") for n in range(3)]
    with in_scope(bo):
        make.change(bo, cards[0], replace(make.card(address="后庄1号")))
    assert everything_sealed() > 5
    return cards


def test_what_nobody_touched_is_as_it_was(
    sealed_cards: list[Any], bo: User, in_scope: Callable[[User], Any]
) -> None:
    assert verify() == []
    with in_scope(bo):
        make.saved(bo, phone="13800000109")
    assert verify() == []
    assert everything_sealed() > 0
    assert everything_sealed() == 0  # nothing new
    assert verify() == []


def test_a_row_that_a_superuser_changed_is_named(sealed_cards: list[Any]) -> None:
    with superuser() as cursor:
        cursor.execute("SELECT pgh_id, pgh_obj_id FROM registry_householdyearevent ORDER BY pgh_id LIMIT 1")
        row, card = cursor.fetchone()
        cursor.execute("UPDATE registry_householdyearevent SET bank_name = '农信社' WHERE pgh_id = %s", [row])
    (found,) = verify("seals")
    assert (found["table"], found["row"], found["object"]) == ("registry_householdyearevent", row, card)
    assert "被改过" in found["message"]


def test_who_did_it_cannot_be_rewritten_either(sealed_cards: list[Any]) -> None:
    with superuser() as cursor:
        cursor.execute("UPDATE pghistory_context SET metadata = jsonb_set(metadata, '{user}', '1')")
        cursor.execute("SELECT count(*) FROM registry_householdyearevent WHERE pgh_context_id IS NOT NULL")
        (with_context,) = cursor.fetchone()
    changed = [one for one in verify("seals") if one["table"] == "registry_householdyearevent"]
    assert len(changed) == with_context


def members_rows(cursor: Any) -> list[int]:
    """Return the keys of the members' events, in order."""
    cursor.execute("SELECT pgh_id FROM registry_memberevent ORDER BY pgh_id")
    return [key for (key,) in cursor.fetchall()]


def test_a_row_that_was_taken_away_is_named(sealed_cards: list[Any]) -> None:
    with superuser() as cursor:
        third = members_rows(cursor)[2]
        cursor.execute("DELETE FROM registry_memberevent WHERE pgh_id = %s", [third])
    (found,) = verify("seals")
    assert (found["table"], found["row"]) == ("registry_memberevent", third)
    assert "被删除" in found["message"]


def test_a_row_that_was_put_in_late_is_named(sealed_cards: list[Any]) -> None:
    with superuser() as cursor:
        _, second, third, fourth = members_rows(cursor)[:4]
        cursor.execute("DELETE FROM registry_memberevent WHERE pgh_id = %s RETURNING *", [third])
        columns = ", ".join(f'"{one.name}"' for one in cursor.description)
        row = cursor.fetchone()
        values = ", ".join(["%s"] * len(row))
        cursor.execute(
            f"INSERT INTO registry_memberevent ({columns}) OVERRIDING SYSTEM VALUE VALUES ({values})", row
        )
    assert verify("seals") == []  # the same row again is the same row
    with superuser() as cursor:
        cursor.execute("DELETE FROM registry_memberevent WHERE pgh_id = %s", [second])
        as_second = columns.replace('"pgh_id"', str(second))
        cursor.execute(
            f"INSERT INTO registry_memberevent ({columns}) OVERRIDING SYSTEM VALUE"
            f" SELECT {as_second} FROM registry_memberevent WHERE pgh_id = %s",
            [fourth],
        )
    (found,) = verify("seals")
    assert (found["table"], found["row"]) == ("registry_memberevent", second)


def test_a_row_with_a_date_of_long_ago_is_named(
    sealed_cards: list[Any], bo: User, in_scope: Callable[[User], Any]
) -> None:
    with in_scope(bo):
        make.saved(bo, phone="13800000109")
    with superuser() as cursor:
        last = "(SELECT max(pgh_id) FROM registry_householdevent)"
        cursor.execute(
            f"UPDATE registry_householdevent SET pgh_created_at = '2014-01-01' WHERE pgh_id = {last}"
        )
    everything_sealed()
    (found,) = verify("seals")
    assert found["table"] == "registry_householdevent"
    assert "2014-01-01" in found["message"]


def test_a_seal_that_was_rewritten_with_its_row_is_named(sealed_cards: list[Any]) -> None:
    with superuser() as cursor:
        cursor.execute("UPDATE history_seal SET rows_sha256 = sha256('x') WHERE number = 3")
    assert {one["row"] for one in verify("seals") if one["table"] == "history_seal"} == {3}
    with superuser() as cursor:
        cursor.execute("DELETE FROM history_seal WHERE number = 2")
    assert 3 in {one["row"] for one in verify("seals") if one["table"] == "history_seal"}


def test_a_chain_made_anew_does_not_fit_the_heads_outside(sealed_cards: list[Any], settings: Any) -> None:
    settings.SEAL_MAIL = ["audit@example.cn"]
    with as_worker():
        line = send_head(timezone.now())
        assert send_head(timezone.now()) == ""  # once a day
    assert heads_file().read_text() == f"{line}\n"
    assert line.split()[2] in mail.outbox[0].body
    with superuser() as cursor:
        cursor.execute("UPDATE registry_householdyearevent SET bank_name = '农信社'")
        cursor.execute("DELETE FROM history_seal")
        cursor.execute("DELETE FROM history_mark")
    assert everything_sealed() > 0
    (found,) = verify("seals")
    assert (found["table"], found["row"]) == ("history_seal", int(line.split()[1]))
    with superuser() as cursor:
        cursor.execute("DELETE FROM history_seal")
    assert "链尾被删" in verify("seals")[0]["message"]


def test_a_row_changed_past_its_history_is_named(sealed_cards: list[Any]) -> None:
    household = sealed_cards[1].household
    with superuser() as cursor:
        cursor.execute("UPDATE registry_household SET nat_household_id = 'x' WHERE id = %s", [household.pk])
    (found,) = verify("present")
    assert (found["table"], found["object"]) == ("registry_household", household.pk)


def test_a_household_that_the_ledger_does_not_know_is_named(sealed_cards: list[Any]) -> None:
    household = sealed_cards[1].household
    with superuser() as cursor:
        cursor.execute(
            "UPDATE registry_household SET status = 'N', first_identified_year = 2014 WHERE id = %s",
            [household.pk],
        )
    (found,) = verify("ledger")
    assert (found["table"], found["object"]) == ("registry_registerentry", make.VILLAGE)
    assert household.household_no in found["message"]


def test_an_open_transaction_is_waited_for(bo: User, in_scope: Callable[[User], Any]) -> None:
    """Whoever writes below the mark has ended before it is sealed; nobody waits for the seal."""
    begun, go_on = Event(), Event()

    def slow() -> None:
        try:
            with in_scope(bo):
                make.saved(bo, phone="13800000101")
                begun.set()
                go_on.wait(20)
        finally:
            connections.close_all()

    writer = Thread(target=slow)
    writer.start()
    assert begun.wait(20)
    with in_scope(bo):
        make.saved(
            bo,
            make.card(village_code=str(make.OTHER_VILLAGE)),
        )
    with as_worker():
        assert seal_all() == 0
    go_on.set()
    writer.join()
    assert everything_sealed() > 0
    assert verify("seals") == []
    with as_owner():
        rows = sum(Seal.objects.filter(table_name="registry_householdevent").values_list("rows", flat=True))
    assert rows == 2


def test_the_beat_seals_and_sends(sealed_cards: list[Any]) -> None:
    with as_worker():
        seal()
    assert heads_file().exists()
    with as_owner():
        assert AuditRecord.objects.filter(at__gt=timezone.now() + timedelta(days=1)).count() == 0
