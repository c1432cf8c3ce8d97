"""Put values into the vault and take them out for a reason."""

import time
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from os import urandom
from typing import Final

from django.db import connection

from fupin.lib.masking import mask_account, mask_id_no, mask_name, mask_phone
from fupin.vault.cipher import NONCE, blind_index, decrypt, encrypt
from fupin.vault.models import Sealed

_MASKS = {"id_no": mask_id_no, "account": mask_account, "phone": mask_phone, "name": mask_name}
_CHANCE: Final = NONCE + 10
"""Random bytes that a value takes: those of its nonce and of its row's key."""


def row_id(chance: bytes | None = None) -> uuid.UUID:
    """Return a new UUID of version 7: ordered by time, so that bulk loads append to the index.

    `chance` are ten random bytes for this one alone, where the caller has drawn many at once.
    """
    milliseconds = time.time_ns() // 1_000_000
    number = (milliseconds << 80) | int.from_bytes(chance or urandom(10))
    number = number & ~(0xF << 76) | 0x7 << 76
    number = number & ~(0x3 << 62) | 0x2 << 62
    return uuid.UUID(int=number)


@dataclass(frozen=True, slots=True)
class SealedValue:
    """What a business row keeps of a sealed value: where it lies, its blind index, and its masked form."""

    id: uuid.UUID
    index: bytes
    masked: str


def mask(kind: str, value: str) -> str:
    """Return the form of ``value`` that everybody in scope may see (security.md: an ID number's first six, otherwise the last four)."""
    return _MASKS[kind](value)


def seal(*, division: int, kind: str, value: str) -> SealedValue:
    """Store ``value`` (already normalised) and return what the business row keeps of it."""
    row = row_id()
    Sealed.objects.bulk_create(  # an INSERT without RETURNING: the web role may not read what it wrote
        [Sealed(id=row, division=division, kind=kind, ciphertext=encrypt(value, row=row, kind=kind))]
    )
    return SealedValue(id=row, index=blind_index(kind, value), masked=mask(kind, value))


class VaultLines:
    """Values for the vault as lines for COPY, each sealed as `seal` does it; the randomness for all is drawn at once."""

    COLUMNS: Final = ("id", "division", "kind", "ciphertext")

    def __init__(self, division: int, *, most: int) -> None:
        self.lines: list[str] = []
        self._division = division
        self._chance = memoryview(urandom(_CHANCE * most))

    def add(self, kind: str, value: str) -> uuid.UUID:
        """Seal a value; return its row. Raise ValueError where more come than were announced."""
        chance, self._chance = self._chance[:_CHANCE], self._chance[_CHANCE:]
        if len(chance) < _CHANCE:
            raise ValueError("more values than announced")
        row = row_id(bytes(chance[NONCE:]))
        ciphertext = encrypt(value, row=row, kind=kind, nonce=bytes(chance[:NONCE]))
        self.lines.append(f"{row.hex}\t{self._division}\t{kind}\t\\\\x{ciphertext.hex()}")
        return row


def open_sealed(access_id: uuid.UUID) -> Mapping[uuid.UUID, str]:
    """Return the values that the committed access record names, by their row; rows outside the scope are missing.

    The database function refuses when the record is not there, is another user's, or is older than five minutes.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, kind, ciphertext FROM vault_reveal(%s)", [access_id])
        rows: Iterable[tuple[uuid.UUID, str, memoryview]] = cursor.fetchall()
    return {row: decrypt(bytes(ciphertext), row=row, kind=kind) for row, kind, ciphertext in rows}
