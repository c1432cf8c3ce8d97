"""The bench's own servers and data, apart from the installation's: everything lies under FUPIN_HOME/bench."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg2

ROOT = Path(__file__).resolve().parent.parent


OWNER = "fupin_owner"
FULL, FLOOR = "fupin", "fupin_floor"
"""The database that is filled, and its copy of before."""


class Place:
    """A throw-away PostgreSQL and Valkey with an empty register; this process works in it as the web login."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def begin(self, *, login: str = "web") -> None:
        """Create servers, logins and tables anew, and set Django up as the login."""
        for name in ("DATABASE_URL", "REDIS_URL"):
            os.environ.pop(name, None)
        os.environ.update(
            FUPIN_HOME=str(self.home),
            FUPIN_LOGIN=login,
            DEMO="1",
            DJANGO_SETTINGS_MODULE="fupin.settings.base",
        )
        from fupin.servers import logins, postgres, valkey

        self.end()
        shutil.rmtree(self.home, ignore_errors=True)
        self.home.mkdir(parents=True)
        logins.ensure_logins(postgres.start(self.home / "postgres", durable=False), self.home)
        valkey.start(self.home / "valkey")
        self.manage("migrate", "--verbosity", "0")
        self.manage("load_divisions", "--verbosity", "0")
        self.manage("shell", "--verbosity", "0", "--command", _ACCOUNTS)
        self.manage("collectstatic", "--no-input", "--verbosity", "0")
        import django

        django.setup()

    def resume(self) -> None:
        """Use the servers and data of an earlier run that was kept, brought up to today's tables."""
        os.environ.update(
            FUPIN_HOME=str(self.home),
            FUPIN_LOGIN="web",
            DEMO="1",
            DJANGO_SETTINGS_MODULE="fupin.settings.base",
        )
        from fupin.servers import postgres, valkey

        postgres.start(self.home / "postgres", durable=False)
        valkey.start(self.home / "valkey")
        for name in (FULL, FLOOR):
            owner = postgres.url(self.home / "postgres", login=OWNER, database=name)
            self.manage("migrate", "--verbosity", "0", DATABASE_URL=owner)
        import django

        django.setup()

    def end(self) -> None:
        """Stop the servers."""
        from fupin.servers import postgres, valkey

        valkey.stop(self.home / "valkey")
        postgres.stop(self.home / "postgres")

    def keep_floor(self) -> None:
        """Copy the database as it is now: the almost empty register that pages are compared with."""
        from django.db import connections

        from fupin.servers import postgres

        connections.close_all()
        server = psycopg2.connect(postgres.url(self.home / "postgres", login="postgres", database="postgres"))
        server.autocommit = True
        with server.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {FLOOR} TEMPLATE {FULL} OWNER {OWNER}")
        server.close()

    @contextmanager
    def database(self, name: str) -> Iterator[None]:
        """Let this process work in the one database or the other."""
        from django.db import connections

        for alias in ("default", "record"):
            connections[alias].close()
            connections[alias].settings_dict["NAME"] = name
        yield

    def seed(self, households: int, *counties: int) -> dict[str, Any]:
        """Add synthetic households; return the figures of `manage.py seed --json`."""
        options = [part for county in counties for part in ("--county", str(county))]
        return dict(json.loads(self.manage("seed", "--json", "--households", str(households), *options)))

    def manage(self, *arguments: str, **variables: str) -> str:
        """Run a management command as the owner of the tables and return what it printed."""
        environment = {**os.environ, "FUPIN_LOGIN": "owner", **variables}
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, check=False, cwd=ROOT, env=environment, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"{' '.join(arguments)}:\n{done.stdout}{done.stderr}")
        return done.stdout


_ACCOUNTS = "from fupin.accounts.services.demo import create_demo_accounts; create_demo_accounts()"
