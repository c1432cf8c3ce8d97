"""What can go wrong with notices and objections. The text is for staff, or for whoever objects, in Chinese."""

from collections.abc import Iterable


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
