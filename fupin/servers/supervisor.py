"""One foreground process that keeps web, worker, beat and the embedded servers running, and stops them.

`manage.py up` prepares everything and then becomes this process (exec), which holds no Django: it costs a few
megabytes. The listening socket is opened once and handed to the web, so that requests wait while the web
restarts instead of being refused.
"""

from __future__ import annotations

import http.client
import json
import os
import selectors
import shutil
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from fupin.servers import postgres, valkey
from fupin.servers.child import ROOT, Child
from fupin.servers.console import say, say_failure
from fupin.servers.errors import ServerFailed

_WATCH_SECONDS = 2.0
_STOP_SECONDS = 12.0
_LONGEST_PAUSE = 30.0
_TRIES_BEFORE_FIRST_ANSWER = 3
_LOW_DISK_BYTES = 256 * 2**20
_OWNERS_ONLY = ("DATABASE_URL", "DATABASE_URL_BACKUP", "FUPIN_LOGIN")


@dataclass(frozen=True)
class Plan:
    """What to keep running."""

    home: str
    port: int
    listen_fd: int
    postgres: bool
    """Whether PostgreSQL is the embedded one."""
    valkey: bool
    """Whether the Redis-compatible server is the embedded one."""
    banner: str
    """What to say once the web answers."""


class Supervisor:
    """Starts the children, watches them and the servers, stops all."""

    def __init__(self, plan: Plan, children: list[Child]) -> None:
        self.plan = plan
        self.home = Path(plan.home)
        self.children = children
        self.asked_to_stop = 0
        self.answered = False
        self.low_disk_told = False
        self._server_pause: dict[str, tuple[float, float]] = {}

    def run(self) -> int:
        """Keep everything running until told to stop; return the exit code."""
        wake, self._waker = socket.socketpair()
        wake.setblocking(False)
        self._waker.setblocking(False)
        signal.set_wakeup_fd(self._waker.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_stop)
        signal.signal(signal.SIGCHLD, lambda *_: None)  # wakes the loop
        selector = selectors.DefaultSelector()
        selector.register(wake, selectors.EVENT_READ)
        code = 0
        try:
            for child in self.children:
                child.start()
            while not self.asked_to_stop:
                if not self.answered and self._answers():
                    self.answered = True
                    print(self.plan.banner, flush=True)  # noqa: T201
                if selector.select(_WATCH_SECONDS if self.answered else 0.1):
                    wake.recv(4096)
                self._watch_servers()
                self._watch_children()
                self._watch_disk()
        except ServerFailed as failure:
            say_failure(failure)
            code = 1
        finally:
            self._stop_all()
        return code

    def _on_stop(self, *_: object) -> None:
        self.asked_to_stop += 1
        if self.asked_to_stop > 1:
            for child in self.children:
                child.sweep()

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.plan.port, timeout=1)
        try:
            connection.request("GET", "/healthz", headers={"Host": f"localhost:{self.plan.port}"})
            return connection.getresponse().status < 500
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def _watch_children(self) -> None:
        for child in self.children:
            if self.asked_to_stop or child.process is None:
                return
            if child.process.poll() is None:
                continue
            lived = time.monotonic() - child.started_at
            if child.failures == 0 or lived > _LONGEST_PAUSE:
                child.failures, child.pause = 0, 0.0
            if lived < child.pause:
                continue  # dead and waiting for its next turn
            child.sweep()
            child.failures += 1
            how = child.how_it_ended()
            if not self.answered and child.failures >= _TRIES_BEFORE_FIRST_ANSWER:
                raise ServerFailed(
                    f"{child.name} 无法启动({how}),请看上面的错误",
                    f"{child.name} does not start, see the error above",
                )
            say(f"{child.name} 意外结束({how}),已重新启动", f"{child.name} ended ({how}), started again")
            child.pause = min(_LONGEST_PAUSE, 2.0 ** (child.failures - 1))
            child.start()

    def _watch_servers(self) -> None:
        if self.plan.postgres and not postgres.is_listening(self.home / "postgres"):
            self._revive("PostgreSQL", lambda: postgres.start(self.home / "postgres"))
        if self.plan.valkey and not valkey.is_ready(self.home / "valkey"):
            self._revive("Valkey", lambda: valkey.start(self.home / "valkey"))

    def _revive(self, name: str, start: Callable[[], object]) -> None:
        """Start a server that went away; one that can't be started is tried again later and later."""
        not_before, pause = self._server_pause.get(name, (0.0, 1.0))
        if self.asked_to_stop or time.monotonic() < not_before:
            return
        try:
            start()
        except ServerFailed as failure:
            say_failure(failure)
            self._server_pause[name] = (time.monotonic() + pause, min(_LONGEST_PAUSE, pause * 2))
        else:
            self._server_pause.pop(name, None)
            say(f"{name} 意外停止,已重新启动", f"{name} had stopped, started again")

    def _watch_disk(self) -> None:
        low = shutil.disk_usage(self.home).free < _LOW_DISK_BYTES
        if low and not self.low_disk_told:
            say(f"磁盘空间不足 256 MB:{self.home}", f"less than 256 MB of disk left at {self.home}")
        self.low_disk_told = low

    def _stop_all(self) -> None:
        """Web and beat first, so that no new work comes; then the worker; then the servers below them."""
        self.asked_to_stop = max(self.asked_to_stop, 1)
        say("正在停止……", "stopping")
        _close(self.plan.listen_fd)
        for names in (("web", "beat"), ("worker",)):
            self._stop_children([child for child in self.children if child.name in names])
        stop_servers(self.plan)
        say("已全部停止", "all stopped")

    def _stop_children(self, children: Iterable[Child]) -> None:
        running = [child for child in children if child.process is not None]
        for child in running:
            if child.process is not None and child.process.poll() is None:
                child.process.terminate()
        give_up_at = time.monotonic() + _STOP_SECONDS
        for child in running:
            child.stop(max(0.1, give_up_at - time.monotonic()))


def stop_servers(plan: Plan) -> None:
    """Stop the embedded servers, the queue before the database."""
    for wanted, stop, name in (
        (plan.valkey, valkey.stop, "valkey"),
        (plan.postgres, postgres.stop, "postgres"),
    ):
        if wanted:
            try:
                stop(Path(plan.home) / name)
            except ServerFailed as failure:
                say_failure(failure)


def become(plan: Plan) -> None:
    """Replace this process by the supervisor of `plan`; the listening socket goes along."""
    os.set_inheritable(plan.listen_fd, True)
    sys.stdout.flush()
    sys.stderr.flush()
    os.chdir(ROOT)
    os.execv(sys.executable, [sys.executable, "-m", "fupin.servers.supervisor", json.dumps(asdict(plan))])


def children_of(plan: Plan) -> list[Child]:
    """Return the processes of the product: who serves pages, who does long work, who keeps the clock."""
    environment = {name: value for name, value in os.environ.items() if name not in _OWNERS_ONLY}
    environment["MALLOC_ARENA_MAX"] = "2"  # glibc gives each thread an arena of its own, which never shrinks
    # root is the ordinary user of many a container
    quiet_root = {"PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges"}
    python = [sys.executable, "-m"]
    celery = [*python, "celery", "--quiet", "-A"]
    schedule = str(Path(plan.home) / "beat-schedule")
    return [
        Child(
            "web",
            [*python, "gunicorn", "-c", "python:fupin.servers.gunicorn", "fupin.wsgi"],
            keep_fds=(plan.listen_fd,),
            environment=environment | {"FUPIN_BIND": f"fd://{plan.listen_fd}", "FUPIN_LOGIN": "web"},
        ),
        Child(
            "worker",
            [
                *celery,
                "fupin.celery",
                "worker",
                "--autoscale=2,1",
                "-l",
                "WARNING",
                "--without-gossip",
                "--without-mingle",
            ],
            environment=environment | {"FUPIN_LOGIN": "worker"} | quiet_root,
        ),
        Child(
            "beat",
            [*celery, "fupin.servers.clock", "beat", "-l", "WARNING", "-s", schedule, "--pidfile="],
            environment=environment | {"FUPIN_LOGIN": "worker"},
        ),
    ]


def _close(descriptor: int) -> None:
    try:
        os.close(descriptor)
    except OSError:
        return


def main() -> int:
    """Supervise the plan given as JSON."""
    plan = Plan(**json.loads(sys.argv[1]))
    return Supervisor(plan, children_of(plan)).run()


if __name__ == "__main__":
    raise SystemExit(main())
