"""Seal and open single values; no database here.

AES-256-GCM with a random nonce; the key's id stands in front, so that keys can be rotated while old rows still open. The blind
index is a keyed HMAC-SHA-256 cut to 128 bits: it carries uniqueness and search, and is worthless without its key.
"""

import hashlib
import hmac
import os
import uuid
from functools import lru_cache
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

NONCE: Final = 12


class CannotOpen(Exception):
    """The ciphertext was moved, altered, or sealed with a key that is no longer at hand."""


@lru_cache(maxsize=8)
def _aead(key_id: int) -> AESGCM:
    try:
        return AESGCM(settings.VAULT_KEYS[str(key_id)])
    except KeyError:
        raise CannotOpen(f"no vault key {key_id}") from None


def _bound_to(row: uuid.UUID, kind: str) -> bytes:
    return row.bytes + kind.encode()


def encrypt(value: str, *, row: uuid.UUID, kind: str, nonce: bytes | None = None) -> bytes:
    """Return key id (1 byte) + nonce (12) + ciphertext and tag of ``value``, bound to its row and kind.

    ``nonce`` are random bytes that were drawn for this value alone; without them they are drawn here.
    """
    return encrypt_bytes(value.encode(), row=row, kind=kind, nonce=nonce)


def encrypt_bytes(value: bytes, *, row: uuid.UUID, kind: str, nonce: bytes | None = None) -> bytes:
    """Do the same for what is no text, as a file that waits to be read."""
    key_id = int(settings.VAULT_CURRENT_KEY)
    nonce = nonce or os.urandom(NONCE)
    return bytes([key_id]) + nonce + _aead(key_id).encrypt(nonce, value, _bound_to(row, kind))


def decrypt(ciphertext: bytes, *, row: uuid.UUID, kind: str) -> str:
    """Return the value; raise CannotOpen when the ciphertext does not belong to this row and kind."""
    return decrypt_bytes(ciphertext, row=row, kind=kind).decode()


def decrypt_bytes(ciphertext: bytes, *, row: uuid.UUID, kind: str) -> bytes:
    """Do the same for what `encrypt_bytes` was given."""
    nonce, body = ciphertext[1 : 1 + NONCE], ciphertext[1 + NONCE :]
    try:
        return _aead(ciphertext[0]).decrypt(nonce, body, _bound_to(row, kind))
    except InvalidTag as error:
        raise CannotOpen(f"sealed value {row} does not open") from error


def blind_index(kind: str, value: str) -> bytes:
    """Return the 16-byte blind index of a normalised value of one kind (``id_no``, ``account``, ``phone``)."""
    keyed = _keyed(settings.VAULT_INDEX_KEY).copy()
    keyed.update(f"{kind}\x00{value}".encode())
    return keyed.digest()[:16]


@lru_cache(maxsize=8)
def _keyed(key: bytes) -> hmac.HMAC:
    """Return the HMAC that a key begins: prepared once, copied for each value."""
    return hmac.new(key, digestmod=hashlib.sha256)
