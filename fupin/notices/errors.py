"""What can go wrong with notices and objections. The text is for staff, or for whoever objects, in Chinese."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction

from fupin.accounts.constraints import message_of, name_of, said_by_database


class NoticeError(Exception):
    """Something that the notices refuse; `str()` says what and how to go on."""


class NotPublishable(NoticeError):
    """The list holds what must not be made public; `flaws` names every place."""

    def __init__(self, flaws: Iterable[str]) -> None:
        self.flaws = tuple(flaws)
        super().__init__("；".join(self.flaws))


class PhotoRefused(NoticeError):
    """A file that is no photograph, or too large."""


class ObjectionRefused(NoticeError):
    """An objection that comes too late, or holds what it must not, or is in another state."""


@contextmanager
def told_of_objections() -> Iterator[None]:
    """Turn what the database refuses of an objection, a day at midnight perhaps, into what it says of it."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as violation:
        if not name_of(violation).startswith("objection_"):
            raise
        raise ObjectionRefused(message_of(violation) or said_by_database(violation)) from violation
