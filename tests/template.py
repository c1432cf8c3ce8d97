"""The database that every worker's own is copied from: migrated once a run, and kept between runs where FUPIN_TEST_CACHE names a folder.

What is kept is a dump, under a digest of all code that migrations rest on; a change of that code makes a new one.
"""

import fcntl
import hashlib
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from django.core.management import call_command
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from fupin.servers import postgres
from tests import clock
from tests.registry import standing

TEMPLATE: Final = "test_fupin_template"
_ROOT: Final = Path(__file__).parents[1]
_RESTS_ON: Final = (
    "migrations", "models", "models.py", "rules", "codes", "codes.py", "policy", "divisions", "servers", "standard", "accounts", "data",
)  # fmt: skip
_KEPT: Final = 20


def copied(owner: BaseDatabaseWrapper, name: str) -> None:
    """Make a worker's database, a copy of the migrated one; the worker that comes first makes that."""
    with _one_at_a_time():
        with owner._nodb_cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [TEMPLATE])
            there = cursor.fetchone() is not None
        if not there:
            _make(owner)
        with owner._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{TEMPLATE}" STRATEGY FILE_COPY')


def _make(owner: BaseDatabaseWrapper) -> None:
    kept = _kept_dump()
    own = owner.settings_dict["NAME"]
    owner.settings_dict["NAME"] = TEMPLATE
    try:
        if kept is not None and kept.exists():
            with owner._nodb_cursor() as cursor:
                cursor.execute(f'CREATE DATABASE "{TEMPLATE}"')
            _run("pg_restore", "--exit-on-error", "--dbname", _url(), str(kept))
            os.utime(kept)
            return
        with owner._nodb_cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{TEMPLATE}"')
        mine, connections["default"] = connections["default"], owner
        try:
            call_command("migrate", verbosity=0, database="owner")
            call_command("load_divisions", verbosity=0)
        finally:
            connections["default"] = mine
        with owner.cursor() as cursor:
            cursor.execute(standing.FUNCTION)
            cursor.execute(clock.FUNCTION)
        owner.close()
        if kept is not None:
            _keep(kept)
    finally:
        owner.close()
        owner.settings_dict["NAME"] = own


def _keep(kept: Path) -> None:
    fresh = kept.with_suffix(f".{os.getpid()}")
    _run("pg_dump", "--format=custom", "--compress=1", "--file", str(fresh), _url())
    fresh.rename(kept)
    for old in sorted(kept.parent.glob("*.dump"), key=lambda path: path.stat().st_mtime)[:-_KEPT]:
        old.unlink(missing_ok=True)


def _kept_dump() -> Path | None:
    folder = os.environ.get("FUPIN_TEST_CACHE")
    if not folder:
        return None
    digest = hashlib.sha256()
    for path in sorted(_ROOT.rglob("*.py")):
        parts = path.relative_to(_ROOT).parts
        if parts[0] in {"fupin", "registry", "projects", "funds", "assessment"} and set(parts) & set(
            _RESTS_ON
        ):
            digest.update("/".join(parts).encode() + path.read_bytes())
    for more in (
        Path(standing.__file__),
        Path(clock.__file__),
        *sorted(_ROOT.glob("fupin/divisions/**/*.csv*")),
    ):
        digest.update(more.read_bytes())
    Path(folder).mkdir(parents=True, exist_ok=True)
    return Path(folder) / f"{digest.hexdigest()[:20]}.dump"


def _url() -> str:
    home = Path(os.environ["FUPIN_TEST_HOME"])
    return postgres.url(home / "postgres", login=postgres.SUPERUSER, database=TEMPLATE)


def _run(program: str, *arguments: str) -> None:
    subprocess.run([postgres.program(program), *arguments], check=True, capture_output=True)


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    with (Path(os.environ["FUPIN_TEST_HOME"]) / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
