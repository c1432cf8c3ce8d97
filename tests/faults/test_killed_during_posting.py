"""The database killed amid thirty writers: what was acknowledged is there, once, and balances follow from postings."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

import psycopg2
import pytest

from fupin.servers import logins, postgres

pytestmark = pytest.mark.slow

ROOT: Final = Path(__file__).parents[2]
KILLS: Final = 2
BETWEEN: Final = 60
"""Acknowledged entries before each kill, and after the last."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A durable cluster of its own with the tables, one official of the province, and 1,000 yuan in three accounts."""
    home = tmp_path_factory.mktemp("ledger") / "home"
    logins.ensure_logins(postgres.start(home / "postgres"), home)
    try:
        manage(home, "owner", "migrate", "--verbosity=0")
        manage(home, "owner", "load_divisions", "--verbosity=0")
        manage(home, "web", "shell", "-v0", "-c", PREPARE)
        yield home
    finally:
        postgres.stop(home / "postgres")


PREPARE: Final = """
from fupin.accounts.roles import Role
from fupin.accounts.scope import acting_as
from tests.conftest import person
from tests.ledgers.conftest import build
gao = person("gao", Role.PROVINCE, 140000000000)
with acting_as(gao):
    book = build(gao)
    book.move(book.source, book.store, 1000, key="begin")
"""


def environment(home: Path, login: str) -> dict[str, str]:
    """Return what a process needs to work on the cluster as a login, and nothing of this test's own servers."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("FUPIN_", "DATABASE_", "REDIS_", "DJANGO_"))
    }
    return kept | {
        "FUPIN_HOME": str(home),
        "FUPIN_LOGIN": login,
        "DEMO": "1",
        "PYTHONPATH": str(ROOT),
        "DJANGO_SETTINGS_MODULE": "fupin.settings.base",
    }


def manage(home: Path, login: str, *command: str) -> str:
    """Run a command of the product and return what it said."""
    done = subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=environment(home, login),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_no_acknowledged_entry_is_lost_or_doubled(home: Path) -> None:
    acknowledged: list[str] = []
    enough = [threading.Event() for _ in range(KILLS + 1)]
    writers = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("ledger_writers.py"))],
        cwd=ROOT,
        env=environment(home, "web"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert writers.stdin is not None
    assert writers.stdout is not None

    def read() -> None:
        for said in writers.stdout or ():
            if said.startswith("entered"):
                acknowledged.append(said.split()[1])
            for number, event in enumerate(enough, start=1):
                if len(acknowledged) >= number * BETWEEN:
                    event.set()

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for event in enough:
            assert event.wait(120), "the writers do not get on"
            if event is not enough[-1]:
                os.kill(int((home / "postgres/pgdata/postmaster.pid").read_text().split()[0]), signal.SIGKILL)
                postgres.start(home / "postgres")
        writers.stdin.close()
        assert writers.wait(120) == 0, writers.stderr.read() if writers.stderr else ""
    finally:
        writers.kill()
        reader.join(60)
        writers.stdin.close()
        writers.stdout.close()
        if writers.stderr is not None:
            writers.stderr.close()

    dsn = postgres.url(home / "postgres", login=postgres.SUPERUSER, database=logins.DATABASE)
    with closing(psycopg2.connect(dsn)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT key FROM ledgers_entry WHERE key <> 'begin'")
        stored = [key for (key,) in cursor.fetchall()]
        cursor.execute(
            "SELECT sum(balance), min(balance) FILTER (WHERE kind <> 'SOURCE') FROM ledgers_account"
        )
        total, lowest = cursor.fetchone() or (None, None)
    assert len(acknowledged) == len(set(acknowledged)) > KILLS * BETWEEN
    assert sorted(stored) == sorted(acknowledged)
    assert total == 0
    assert lowest >= 0
    said = manage(home, "owner", "shell", "-v0", "-c", VERIFY)
    assert said.strip() == "differences: []"


VERIFY: Final = """
from fupin.accounts.scope import whole_province
from fupin.ledgers.reports import differences
with whole_province():
    print("differences:", list(differences()))
"""
