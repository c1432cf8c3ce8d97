"""Starts the throw-away PostgreSQL and Valkey of the test run before Django reads its settings (loaded by `-p` in pyproject.toml).

The process that starts first owns the servers; its xdist workers find them through FUPIN_HOME and use databases of their own.
The cluster doesn't fsync: it is thrown away. Tests that kill servers start durable ones themselves.
"""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from fupin.servers import logins, postgres, valkey

_OWNED: list[Path] = []

if "FUPIN_TEST_HOME" not in os.environ:
    _home = Path(tempfile.mkdtemp(prefix="fupin-test-"))
    _OWNED.append(_home)
    (_home / "static").mkdir()  # WhiteNoise warns when nothing was collected, and warnings are errors
    os.environ.update(FUPIN_TEST_HOME=str(_home), FUPIN_HOME=str(_home), FUPIN_LOGIN="web", DEMO="1")
    for _name in ("DATABASE_URL", "REDIS_URL"):
        os.environ.pop(_name, None)
    logins.ensure_logins(postgres.start(_home / "postgres", durable=False), _home)
    valkey.start(_home / "valkey")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what this process started, and leave nothing behind."""
    while _OWNED:
        home = _OWNED.pop()
        valkey.stop(home / "valkey")
        postgres.stop(home / "postgres")
        shutil.rmtree(home, ignore_errors=True)
