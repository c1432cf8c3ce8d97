"""Whatever dies is started again; what is told to stop stops whole."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from fupin.servers import postgres, valkey

PROGRAM = Path(__file__).with_name("supervised.py")
ROOT = Path(__file__).parents[2]


class Product:
    """A supervised stand-in, seen from outside."""

    def __init__(self, home: Path, *extra: str) -> None:
        self.home = home
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.log = home.with_suffix(".log")
        with self.log.open("w") as sink:
            self.process = subprocess.Popen(
                [sys.executable, str(PROGRAM), str(home), str(self.port), *extra],
                cwd=ROOT,
                env=os.environ | {"PYTHONPATH": str(ROOT)},
                stdout=sink,
                stderr=subprocess.STDOUT,
            )

    def wait_for(self, told: str, seconds: float = 30) -> None:
        self.until(lambda: re.search(told, self.log.read_text()) is not None, told, seconds)

    def until(self, happens: Callable[[], bool], what: str, seconds: float = 30) -> None:
        end = time.monotonic() + seconds
        while not happens():
            assert time.monotonic() < end, f"{what} did not happen:\n{self.log.read_text()}"
            time.sleep(0.05)

    def children(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children()

    def child(self, words: str) -> psutil.Process:
        return next(child for child in self.children() if words in " ".join(child.cmdline()))

    def page(self) -> bytes:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=10) as answer:
            return bytes(answer.read())


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    running = Product(tmp_path / "home")
    running.wait_for("READY")
    yield running
    if running.process.poll() is None:
        running.process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        running.process.wait(40)
    if running.process.poll() is None:
        running.process.kill()
    valkey.stop(running.home / "valkey")
    postgres.stop(running.home / "postgres")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_one_signal_stops_everything(product: Product, number: signal.Signals) -> None:
    children = product.children()
    product.process.send_signal(number)
    assert product.process.wait(30) == 0
    assert not any(child.is_running() for child in children)
    assert not postgres.is_ready(product.home / "postgres")
    assert not valkey.is_ready(product.home / "valkey")


def test_a_killed_web_is_back_and_no_request_is_refused(product: Product) -> None:
    product.child("http.server").kill()
    assert product.page() == b"ok"  # it waited in the socket that the supervisor holds
    product.wait_for(r"web 意外结束\(SIGKILL\),已重新启动 / web ended \(SIGKILL\), started again")


def test_a_killed_worker_is_back(product: Product) -> None:
    worker = product.child("time.sleep")
    worker.kill()
    product.wait_for("worker 意外结束")
    assert product.child("time.sleep").pid != worker.pid


def test_a_killed_database_and_queue_are_back(product: Product) -> None:
    postmaster = int((product.home / "postgres/pgdata/postmaster.pid").read_text().split()[0])
    os.kill(postmaster, signal.SIGKILL)
    os.kill(int((product.home / "valkey/valkey.pid").read_text()), signal.SIGKILL)
    product.wait_for("Valkey 意外停止,已重新启动")
    product.wait_for("PostgreSQL 意外停止,已重新启动")
    assert postgres.is_ready(product.home / "postgres")
    assert valkey.is_ready(product.home / "valkey")


def test_a_second_instance_and_a_taken_port_are_one_line_each(product: Product, tmp_path: Path) -> None:
    second = subprocess.run(
        [sys.executable, str(PROGRAM), str(product.home), str(product.port)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert f"进程 {product.process.pid}" in second.stderr.splitlines()[-1]
    assert second.returncode


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children that their parent died")
def test_children_do_not_outlive_a_killed_supervisor(product: Product) -> None:
    children = product.children()
    product.process.kill()
    product.until(lambda: not any(child.is_running() for child in children), "the children ended")


def test_a_web_that_cannot_start_is_given_up(tmp_path: Path) -> None:
    broken = Product(tmp_path / "home", "broken")
    assert broken.process.wait(60) == 1
    broken.wait_for(r"web 无法启动\(exit 3\)")
    assert not postgres.is_ready(broken.home / "postgres")
