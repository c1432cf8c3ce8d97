"""The lists that can be taken out: each app contributes its own in `<app>/resources/`."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from django.db.models import Q, QuerySet
from django.http import QueryDict

from fupin.accounts.models import User
from fupin.history.looking import NoSuchDay, day_asked
from fupin.sheets.resources import SheetResource


class NotAsked(Exception):
    """The list cannot be asked like this: no such year, a filter that means nothing."""


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet of the file. With `rows` it is copied out of the database; without it is read row by row (`Selection.read`)."""

    name: str
    resource: SheetResource
    rows: "QuerySet[Any] | None" = None


@dataclass(frozen=True, slots=True)
class Part:
    """The rows of one sheet that belong to a row of the list."""

    table: int
    rows: Iterable[Any]


@dataclass(frozen=True, slots=True)
class Selection:
    """What is taken out: a list as it was filtered, within a post's scope.

    `tables[0]` is the sheet of the objects themselves. Where it has no rows of its own to be copied, `rows` is read once, through a
    server-side cursor; `read` may put more to its objects, a batch at a time, and `parts` gives the rows of the other sheets that hang
    on one of them. `counts` are figures of the page that no sum gives: how many objects answer yes; `questions` the same of a table that
    is copied. `ratios` are quotients of two sums, by heading. `year` is None for a list that is of no one year.
    """

    title: str
    division: int
    scope: str
    year: int | None
    filters: Sequence[tuple[str, str]]
    tables: Sequence[Table]
    rows: "QuerySet[Any]"
    read: Callable[[Iterable[Any]], Iterable[Any]] = field(default=lambda rows: rows)
    parts: Callable[[Any], Iterable[Part]] = field(default=lambda _row: ())
    persons: str = ""
    """The summed heading that tells how many people the file is about; empty where each row is one person."""
    persons_column: str = ""
    """The column of `rows` behind it, to count them before anything is written."""
    about_people: bool = True
    counts: Mapping[str, Callable[[Any], bool]] = field(default_factory=dict)
    questions: Mapping[str, Q] = field(default_factory=dict)
    ratios: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    chunk: int = 1000
    day: date | None = None
    """The day at whose end the list is read (`fupin.history.looking`); None for the present."""


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody asks for: whose list, of which year, filtered how."""

    actor: User
    year: int | None
    query: QueryDict

    @property
    def day(self) -> date | None:
        """The day at whose end the list is asked for, None for the present; raise NotAsked."""
        try:
            return day_asked(self.query)
        except NoSuchDay as wrong:
            raise NotAsked(str(wrong)) from wrong


class Select(Protocol):
    """Reads a request for a list; raises NotAsked."""

    def __call__(self, asked: Request) -> Selection: ...


@dataclass(frozen=True, slots=True)
class Kind:
    """A list that can be taken out; `permission` is asked beside `sheets.export`."""

    name: str
    label: str
    permission: str
    select: Select


KINDS: dict[str, Kind] = {}


def sheet_kind(name: str, label: str, *, permission: str) -> Callable[[Select], Select]:
    """Register a function that reads requests for a list."""

    def register(select: Select) -> Select:
        if name in KINDS:
            raise ValueError(f"two lists are called {name}")
        KINDS[name] = Kind(name, label, permission, select)
        return select

    return register
