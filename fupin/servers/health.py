"""`python -m fupin.servers.health web|worker|beat`: is the process of this container well?

For Docker's health checks. It loads no Django: a check each quarter of a minute must cost next to nothing.
"""

from __future__ import annotations

import os
import socket
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

_BEAT_WRITES_EVERY = 180  # seconds: Celery's own interval
_SCHEDULE = Path("/tmp")  # noqa: S108  (where docker-compose.yml has beat keep its schedule)


def web() -> bool:
    """Say whether the pages answer."""
    host = os.environ.get("FUPIN_HOSTS", "localhost").split(",")[0]
    request = urllib.request.Request("http://127.0.0.1:8000/healthz", headers={"Host": host})
    with urllib.request.urlopen(request, timeout=8) as answer:  # noqa: S310  (a fixed address of our own)
        return bool(answer.status == 200)


def worker() -> bool:
    """Say whether this container's worker answers over the queue."""
    from celery import Celery

    app = Celery(broker=os.environ["REDIS_URL"])
    return bool(app.control.ping(destination=[f"celery@{socket.gethostname()}"], timeout=10))


def beat() -> bool:
    """Say whether beat has written its schedule lately."""
    written = max(path.stat().st_mtime for path in _SCHEDULE.glob("beat-schedule*"))
    return time.time() - written < 3 * _BEAT_WRITES_EVERY


CHECKS: dict[str, Callable[[], bool]] = {"web": web, "worker": worker, "beat": beat}


def main(name: str) -> int:
    """Return 0 if the process is well."""
    try:
        return 0 if CHECKS[name]() else 1
    except Exception as error:  # noqa: BLE001  (whatever it is, the container is not well)
        sys.stderr.write(f"{name}: {error}\n")
        return 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
