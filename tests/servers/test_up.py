"""`manage.py up` on a machine that has nothing yet, and on one that has."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from fupin.servers import postgres, valkey

ROOT = Path(__file__).parents[2]


class Installation:
    """One FUPIN_HOME, started and stopped as an operator would."""

    def __init__(self, home: Path) -> None:
        self.home = home
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("FUPIN_", "DATABASE_", "DJANGO_"))
        }
        self.environment = kept | {"FUPIN_HOME": str(home), "PORT": str(self.port), "DEMO": "0"}
        self.log = home.with_suffix(".log")

    def start(self) -> "subprocess.Popen[bytes]":
        with self.log.open("w") as sink:
            return subprocess.Popen(
                [sys.executable, "manage.py", "up"],
                cwd=ROOT,
                env=self.environment,
                stdout=sink,
                stderr=subprocess.STDOUT,
            )

    def get(self, path: str) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=20) as answer:
            return str(answer.read().decode())

    def wait(self, process: "subprocess.Popen[bytes]") -> None:
        end = time.monotonic() + 180
        while "Ctrl-C" not in self.log.read_text():
            assert process.poll() is None, self.log.read_text()
            assert time.monotonic() < end, self.log.read_text()
            time.sleep(0.1)


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    home = tmp_path_factory.mktemp("installation") / "home"
    yield Installation(home)
    with contextlib.suppress(FileNotFoundError):
        valkey.stop(home / "valkey")
        postgres.stop(home / "postgres")


@pytest.mark.slow
def test_from_nothing_to_pages_to_nothing_running(installation: Installation) -> None:
    process = installation.start()
    installation.wait(process)
    assert installation.get("/healthz") == "ok"
    assert set(json.loads(installation.get("/readyz")).values()) == {"ok"}
    running = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 0
    assert not any(child.is_running() for child in running)
    assert not postgres.is_ready(installation.home / "postgres")


@pytest.mark.slow
def test_again_and_no_child_knows_the_owner(installation: Installation) -> None:
    process = installation.start()
    try:
        installation.wait(process)
        told = installation.log.read_text()
        assert "migrations" not in told, "nothing is left to migrate"
        for child in psutil.Process(process.pid).children():
            environment = child.environ()
            assert "DATABASE_URL" not in environment
            assert "DATABASE_URL_BACKUP" not in environment
            assert environment["FUPIN_LOGIN"] in {"web", "worker"}
        second = subprocess.run(
            [sys.executable, "manage.py", "up"],
            cwd=ROOT,
            env=installation.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert second.returncode == 1
        assert second.stderr.count("\n") == 1
        assert f"进程 {process.pid}" in second.stderr
    finally:
        process.terminate()
        assert process.wait(60) == 0


def test_a_taken_port_is_one_line_and_starts_nothing(installation: Installation) -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("0.0.0.0", installation.port))
        other.listen()
        process = installation.start()
        assert process.wait(60) == 1
    told = installation.log.read_text()
    assert told.count("\n") == 1
    assert f"端口 {installation.port} 已被占用" in told
    assert f"make run PORT={installation.port + 1}" in told
    assert not postgres.is_ready(installation.home / "postgres")
