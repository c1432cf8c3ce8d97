"""What can go wrong with a server, in one line for the person at the console."""

from __future__ import annotations


class ServerFailed(Exception):
    """A server cannot be started, reached or prepared; the text is one line, Chinese first, then English."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.zh = zh
        self.en = en
