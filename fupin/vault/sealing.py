"""Put values into the vault and take them out for a reason."""

import time
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from os import urandom

from django.db import connection

from fupin.lib.masking import mask_account, mask_id_no, mask_name, mask_phone
from fupin.vault.cipher import blind_index, decrypt, encrypt
from fupin.vault.models import Sealed

_MASKS = {"id_no": mask_id_no, "account": mask_account, "phone": mask_phone, "name": mask_name}


def row_id() -> uuid.UUID:
    """Return a new UUID of version 7: ordered by time, so that bulk loads append to the index."""
    milliseconds = time.time_ns() // 1_000_000
    number = (milliseconds << 80) | int.from_bytes(urandom(10))
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


def open_sealed(access_id: uuid.UUID) -> Mapping[uuid.UUID, str]:
    """Return the values that the committed access record names, by their row; rows outside the scope are missing.

    The database function refuses when the record is not there, is another user's, or is older than five minutes.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, kind, ciphertext FROM vault_reveal(%s)", [access_id])
        rows: Iterable[tuple[uuid.UUID, str, memoryview]] = cursor.fetchall()
    return {row: decrypt(bytes(ciphertext), row=row, kind=kind) for row, kind, ciphertext in rows}
