"""The kinds of work: each app registers its own in ``<app>/tasks.py`` with ``@job``."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fupin.jobs.work import Work

Result = Mapping[str, Any] | None
Function = Callable[["Work"], Result]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of work: what is called, and the permission that asking for it and doing it need."""

    name: str
    permission: str
    run: Function


KINDS: dict[str, Kind] = {}


def job(kind: str, *, permission: str) -> Callable[[Function], Function]:
    """Register a function as the work of jobs of this kind.

    It is called with a ``Work`` and returns what the person gets (``url`` and ``label`` make a link on its
    page). It may run again after it was cut off at any point: it writes in ``work.scope()`` blocks and lets
    database keys decide what is already done.
    """

    def register(function: Function) -> Function:
        if kind in KINDS:
            raise ValueError(f"two functions for jobs of kind {kind}")
        KINDS[kind] = Kind(kind, permission, function)
        return function

    return register
