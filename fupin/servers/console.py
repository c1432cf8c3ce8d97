"""What the console is told: one line, Chinese first, English after it."""

from __future__ import annotations

import sys

from fupin.servers.errors import ServerFailed


def say(zh: str, en: str) -> None:
    """Tell the console one line in both languages."""
    print(f"fupin: {zh} / {en}", file=sys.stderr, flush=True)  # noqa: T201


def say_failure(failure: ServerFailed) -> None:
    """Tell the console what failed."""
    print(f"fupin: {failure}", file=sys.stderr, flush=True)  # noqa: T201
