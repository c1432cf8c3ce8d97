"""The embedded database, for the length of a command that may find it running or not."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fupin.servers import logins, postgres


@contextmanager
def running(home: Path) -> Iterator[None]:
    """Make sure that the database of `home` runs, with its logins; stop it afterwards if it was started here.

    Does nothing when DATABASE_URL names a server of the operator's.
    """
    if os.environ.get("DATABASE_URL"):
        yield
        return
    base = home / "postgres"
    found_running = postgres.is_ready(base)
    try:
        logins.ensure_logins(postgres.start(base), home)
        yield
    finally:
        if not found_running:
            postgres.stop(base)
