"""Files that were sent in and wait for the worker: encrypted on disk, because whole ID numbers stand in them, and gone once read."""

import uuid
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings

from fupin.vault.cipher import decrypt_bytes, encrypt_bytes

KEPT: Final = timedelta(hours=24)
"""How long a file waits whose job never came to it."""

_KIND: Final = "incoming"


class Gone(Exception):
    """The file has been read already, or its day is over; it must be sent again."""

    def __init__(self) -> None:
        super().__init__("上传的文件已不在（只保留 24 小时），请重新上传")


def _folder() -> Path:
    place = Path(settings.HOME) / "incoming"
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


def put_by(content: bytes) -> uuid.UUID:
    """Keep a file until it is read; return the key under which it lies."""
    key = uuid.uuid4()
    path = _folder() / f"{key.hex}.sealed"
    path.touch(mode=0o600)
    path.write_bytes(encrypt_bytes(content, row=key, kind=_KIND))
    return key


def fetch(key: uuid.UUID) -> bytes:
    """Return what was kept; raise Gone. A job that runs again finds it as long as it was not thrown away."""
    try:
        sealed = (_folder() / f"{key.hex}.sealed").read_bytes()
    except FileNotFoundError:
        raise Gone from None
    return decrypt_bytes(sealed, row=key, kind=_KIND)


def throw_away(key: uuid.UUID) -> None:
    """Remove a file that was read."""
    with suppress(FileNotFoundError):
        (_folder() / f"{key.hex}.sealed").unlink()


def remove_old(now: datetime) -> int:
    """Remove the files that nobody came for; return how many."""
    old = [
        path for path in _folder().iterdir() if now.timestamp() - path.stat().st_mtime >= KEPT.total_seconds()
    ]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
