"""What the database refuses of lists, hits and slips, in its own words for staff."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import IntegrityError, transaction

from fupin.accounts.constraints import message_of, name_of, said_by_database
from registry.errors import MatchingRefused

_OURS: Final = ("outsidelist_", "hit_", "transfer_")


@contextmanager
def told() -> Iterator[None]:
    """Run a block in one transaction; raise MatchingRefused where the database refuses it and says why."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as violation:
        said = said_by_database(violation) if name_of(violation).startswith(_OURS) else ""
        message = message_of(violation) or said
        if not message:
            raise
        raise MatchingRefused(message) from violation
