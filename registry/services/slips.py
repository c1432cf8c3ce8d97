"""What correction slips of cards and of village tables have in common: keeping what they ask for, and applying it."""

import base64
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from uuid import UUID, uuid4

import pghistory
from django.db import IntegrityError, connection, transaction

from fupin.accounts.constraints import message_of
from fupin.vault.cipher import decrypt, encrypt
from registry.errors import SlipRefused
from registry.models import CorrectionSlip

_KIND = "slip"


def sealed(text: str) -> dict[str, str]:
    """Return a slip's payload: what it asks for, encrypted, because full numbers may stand in it."""
    key = uuid4()
    return {"key": str(key), "sealed": base64.b64encode(encrypt(text, row=key, kind=_KIND)).decode()}


def opened(payload: Mapping[str, str]) -> str:
    """Return what `sealed` was given."""
    return decrypt(base64.b64decode(payload["sealed"]), row=UUID(payload["key"]), kind=_KIND)


def store(slip: CorrectionSlip) -> None:
    """Store a new slip; raise SlipRefused where the tables refuse it, as for a second open one."""
    try:
        with transaction.atomic():
            slip.save(force_insert=True)
    except IntegrityError as violation:
        message = message_of(violation)
        if not message:
            raise
        raise SlipRefused(message) from violation


@contextmanager
def by_slip(slip: CorrectionSlip) -> Iterator[None]:
    """Let a block write the closed year that an applied slip is about; the history keeps its reason."""
    with pghistory.context(reason=f"更正单{slip.pk}：{slip.reason}", slip=slip.pk):
        _name(str(slip.pk))
        yield
        _name("")


def _name(number: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.correction_slip', %s, true)", [number])
