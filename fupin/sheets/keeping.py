"""The files that people sent, kept encrypted beside the database until their time is over."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings

from fupin.sheets.opening import Sent
from fupin.vault.cipher import decrypt_bytes, encrypt_bytes

KEPT: Final = timedelta(days=30)
"""How long a file is kept after its import has ended: as long as it may be undone."""

_KIND: Final = "upload"


def folder() -> Path:
    """Return where the files lie."""
    place = Path(settings.HOME) / "imports"
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


def _path(batch: uuid.UUID, number: int) -> Path:
    return folder() / f"{batch}.{number}"


def keep(batch: uuid.UUID, files: Sequence[Sent]) -> None:
    """Write the files of a batch, encrypted."""
    for number, one in enumerate(files):
        path = _path(batch, number)
        path.touch(mode=0o600)
        path.write_bytes(encrypt_bytes(one.content, row=batch, kind=f"{_KIND}{number}"))


def kept(batch: uuid.UUID, names: Sequence[str]) -> list[Sent]:
    """Return the files of a batch; raise FileNotFoundError when their time is over."""
    return [
        Sent(name, decrypt_bytes(_path(batch, number).read_bytes(), row=batch, kind=f"{_KIND}{number}"))
        for number, name in enumerate(names)
    ]


def forget_strays(now: datetime, known: set[str]) -> int:
    """Remove files that belong to no batch that is still kept; return how many."""
    removed = 0
    for path in folder().iterdir():
        age = now.timestamp() - path.stat().st_mtime
        if age > timedelta(hours=1).total_seconds() and path.stem not in known:
            path.unlink(missing_ok=True)
            removed += 1
    return removed
