"""A process of ours that is started again when it dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from fupin.servers.console import say

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass
class Child:
    """A process of ours that is started again when it dies."""

    name: str
    command: list[str]
    keep_fds: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    pause: float = 0.0
    failures: int = 0
    environment: dict[str, str] = field(default_factory=dict)

    def start(self) -> None:
        """Start it in a session of its own: Ctrl-C reaches the supervisor only, which stops all in order."""
        self.process = subprocess.Popen(
            self.command,
            cwd=ROOT,
            env=self.environment,
            pass_fds=self.keep_fds,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_die_with_parent,  # noqa: PLW1509  (the supervisor has no threads)
        )
        self.started_at = time.monotonic()

    def stop(self, seconds: float) -> None:
        """Wait for a process that was asked to end; kill what is left of its group."""
        if self.process is None:
            return
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            say(f"{self.name} 未按时结束,强制停止", f"{self.name} does not end, killing it")
        self.sweep()
        self.process.wait()

    def sweep(self) -> None:
        """Kill what a dead leader left behind in its group."""
        if self.process is not None:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                return

    def how_it_ended(self) -> str:
        """Return the signal or the exit code of a process that is dead."""
        code = self.process.returncode if self.process else 0
        return signal.Signals(-code).name if code < 0 else f"exit {code}"


def _die_with_parent() -> None:
    """Ask Linux to end this child should the supervisor be killed outright."""
    if sys.platform == "linux":
        _PRCTL(1, signal.SIGTERM)  # 1: PR_SET_PDEATHSIG


def _load_prctl() -> Callable[[int, int], object]:
    if sys.platform != "linux":
        return lambda *_: None
    import ctypes

    return ctypes.CDLL(None, use_errno=True).prctl


_PRCTL = _load_prctl()
