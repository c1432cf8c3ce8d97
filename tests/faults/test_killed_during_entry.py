"""The product under `manage.py up`, a clerk who enters card after card, and a process of it that is killed meanwhile.

What was acknowledged is there afterwards, once; what was not is told so, and goes through when it is sent again under the same key.
"""

import contextlib
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

import psutil
import psycopg2
import pytest

from fupin.accounts.services.demo import PASSWORD
from fupin.servers import logins, postgres, valkey
from registry.forms.card import CardForms
from tests.registry.factories import VILLAGE, card

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
CARDS = 12
"""Cards that the clerk enters; the process is killed after a few of them."""
KILL_AFTER = 3
PATIENCE = 90.0
LOST = (urllib.error.URLError, http.client.HTTPException, ConnectionError, TimeoutError)


class Installation:
    """A FUPIN_HOME of its own with durable servers and the demonstration's accounts."""

    def __init__(self, home: Path) -> None:
        self.home = home
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("FUPIN_", "DATABASE_", "REDIS_", "DJANGO_"))
        }
        self.log = home.with_suffix(".log")
        with self.log.open("w") as sink:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "up"],
                cwd=ROOT,
                env=kept | {"FUPIN_HOME": str(home), "PORT": str(self.port), "DEMO": "1"},
                stdout=sink,
                stderr=subprocess.STDOUT,
            )
        self.until(lambda: "Ctrl-C" in self.log.read_text(), "start", 300)

    def until(self, happens: Callable[[], bool], what: str, seconds: float = PATIENCE) -> None:
        end = time.monotonic() + seconds
        while not happens():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < end, f"{what} did not happen:\n{self.log.read_text()}"
            time.sleep(0.1)

    def households(self) -> list[tuple[str, str]]:
        """Return entry key and number of every household, seen by the superuser."""
        dsn = postgres.url(self.home / "postgres", login=postgres.SUPERUSER, database=logins.DATABASE)
        with contextlib.closing(psycopg2.connect(dsn)) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT entry_key::text, household_no FROM registry_household")
            return list(cursor.fetchall())

    def kill(self, victim: str) -> None:
        """Kill one process of the product, as the kernel would when memory runs out."""
        if victim == "postgres":
            pid = int((self.home / "postgres/pgdata/postmaster.pid").read_text().split()[0])
        elif victim == "valkey":
            pid = int((self.home / "valkey/valkey.pid").read_text())
        else:
            master = next(
                child
                for child in psutil.Process(self.process.pid).children()
                if {"web": "gunicorn", "worker": "worker"}[victim] in " ".join(child.cmdline())
            )
            pid = master.children()[0].pid if victim == "web" else master.pid
        os.kill(pid, signal.SIGKILL)

    def is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=10) as answer:
                return bool(answer.status == 200)
        except (*LOST,):
            return False


@dataclass
class Clerk:
    """An entry clerk's browser, without a screen."""

    address: str
    acknowledged: dict[str, str] = field(default_factory=dict)
    """Household numbers by entry key, as the product answered."""
    told: list[tuple[int, str]] = field(default_factory=list)
    """What was answered instead, where anything was."""
    broken: int = 0
    """Requests that got no answer at all."""

    def __post_init__(self) -> None:
        self.cookies = CookieJar()
        self.browser = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(self.cookies), urllib.request.ProxyHandler({})
        )

    def send(self, path: str, fields: dict[str, Any] | None = None) -> tuple[int, str, str]:
        """Return status, final address and text."""
        data = None
        if fields is not None:
            token = next(cookie.value for cookie in self.cookies if cookie.name == "csrf")
            data = urllib.parse.urlencode(fields | {"csrfmiddlewaretoken": token}, doseq=True).encode()
        try:
            with self.browser.open(self.address + path, data, timeout=30) as answer:
                return answer.status, answer.geturl(), answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.geturl() or path, error.read().decode()

    def sign_in(self) -> None:
        self.send("/sign-in/")
        status, url, _ = self.send("/sign-in/", {"username": "county", "password": PASSWORD})
        assert (status, urllib.parse.urlsplit(url).path) == (200, "/")

    def enter(self, serial: int) -> None:
        """Send a card until it is acknowledged, always under the same key, as the page does."""
        key = str(uuid.uuid4())
        fields = typed(serial) | {"entry_key": key}
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                status, url, text = self.send("/registry/households/new/", fields)
            except (*LOST,):
                self.broken += 1
            else:
                if found := re.search(r"/registry/households/(\d{16})/2014/", url):
                    self.acknowledged[key] = found[1]
                    return
                self.told.append((status, text))
            time.sleep(0.2)
        raise AssertionError(f"not acknowledged: {self.told[-1:]}")


def typed(serial: int) -> dict[str, Any]:
    """Return a card as its form would send it."""
    given = card(address=f"白文镇前庄{serial}号", phone=f"138{uuid.uuid4().int % 10**8:08d}")
    people = tuple(replace(one, member_no=str(place)) for place, one in enumerate(given.members))
    forms = CardForms(year=2014, card=replace(given, members=people))
    sent: dict[str, Any] = {"year": "2014", "village_code": str(VILLAGE)}
    for form in forms.everyone():
        for name in form.fields:
            if name != "member_no" and (value := form[name].value()) not in (None, "", []):
                sent[form.add_prefix(name)] = value
    return sent


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    running = Installation(tmp_path_factory.mktemp("faults") / "home")
    yield running
    running.process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        running.process.wait(60)
    if running.process.poll() is None:
        running.process.kill()
    valkey.stop(running.home / "valkey")
    postgres.stop(running.home / "postgres")


@pytest.mark.parametrize("victim", ["web", "worker", "valkey", "postgres"])
def test_what_was_acknowledged_is_there_once(installation: Installation, victim: str) -> None:
    installation.until(installation.is_ready, "ready")
    clerk = Clerk(f"http://127.0.0.1:{installation.port}")
    clerk.sign_in()
    for serial in range(CARDS):
        if serial == KILL_AFTER:
            installation.kill(victim)
        clerk.enter(serial)

    assert len(set(clerk.acknowledged.values())) == CARDS
    installation.until(installation.is_ready, "recovery")
    stored = installation.households()
    assert len(stored) == len({key for key, _ in stored})
    assert clerk.acknowledged.items() <= dict(stored).items()
    for number in clerk.acknowledged.values():
        status, _, page = clerk.send(f"/registry/households/{number}/2014/")
        assert status == 200
        assert number[12:] in page

    # What the page said meanwhile. Only the database's absence keeps a clerk from saving, and he is told.
    assert {status for status, _ in clerk.told} <= ({503} if victim == "postgres" else set())
    assert all("系统暂时不能用" in text and "在本机留有草稿" in text for _, text in clerk.told)
    if victim in {"worker", "valkey"}:
        assert clerk.broken == 0
    if victim == "postgres":
        assert clerk.told or clerk.broken
