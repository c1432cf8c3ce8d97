"""The kinds of workbooks that are taken in: each app contributes its own in `<app>/resources/`."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol
from uuid import UUID

from fupin.accounts.models import User
from fupin.sheets.layouts import Layout
from fupin.sheets.models import StagedUnit, Verdict
from fupin.sheets.opening import Opened, Sent

Packed = tuple[int, int, bytes, Sequence[tuple[int, int, bytes]], Mapping[str, Any]]
"""A unit on its way to whoever checks it: ordinal, row, cells, (sheet, row, cells) of its parts, what the file tells of it."""


@dataclass(frozen=True, slots=True)
class About:
    """What a kind is told of the workbook it works on."""

    batch: UUID
    serial: str
    year: int | None
    division: int
    uploader: User
    on: date
    options: Mapping[str, str] = field(default_factory=dict)
    missing: Sequence[frozenset[str]] = ()
    """For each sheet the names of the columns that the file does not have."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with, or doubtful about, a cell. `row` is the spreadsheet's, `column` the heading."""

    level: str
    sheet: str
    row: int
    column: str
    value: str
    rule: str
    message: str


@dataclass(slots=True)
class Judged:
    """What a unit would do."""

    ordinal: int
    row: int
    verdict: Verdict
    key: str = ""
    label: str = ""
    place: int | None = None
    object_id: int | None = None
    base_version: int | None = None
    entry_key: UUID | None = None
    changes: Sequence[Mapping[str, str]] = ()
    faults: Sequence[Fault] = ()
    payload: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """How the writing, or the undoing, of a unit ended; `refused` says why nothing was written."""

    unit: StagedUnit
    refused: str = ""
    there: bool = False
    """The register holds it already: the same workbook was written before."""
    key: str = ""
    object_id: int | None = None
    version: int | None = None
    before: Any = None


class Intake(Protocol):
    """How a kind is read, checked, written and taken back."""

    def layout(self, year: int | None) -> Layout:
        """Return how its workbook is laid out."""

    def apart(self, layout: Layout) -> Sequence[Sequence[str]]:
        """Return, for each sheet, the columns by which rows are put together."""

    def gather(self, opened: Opened) -> "tuple[int | None, list[Packed]]":
        """Put rows together; return the year of the workbook and its units. Raise FileRefused."""

    def judge(self, units: Sequence[Packed], about: About) -> Iterable[Judged]:
        """Check and compare some units; runs in a transaction in the uploader's scope."""

    def write(self, units: Sequence[StagedUnit], about: About) -> Iterator[Written]:
        """Write some units; runs in a savepoint that is given up where a constraint refuses."""

    def undo(self, units: Sequence[StagedUnit], about: About) -> Iterator[Written]:
        """Take some units back."""

    def prefilled(self, actor: User, year: int, division: int) -> Iterator[tuple[int, Sequence[Any]]]:
        """Yield sheet and cells of the rows that stand in the register now, within what the actor may see."""


@dataclass(frozen=True, slots=True)
class ImportKind:
    """A kind of workbook: who may send it, who may let it be written, and how."""

    name: str
    label: str
    permission: str
    intake: Intake


@dataclass(frozen=True, slots=True)
class ListTaken:
    """How a list that is taken in whole or not at all ended: its rows, those at fault, those that stand now."""

    rows: int
    faults: Sequence[Fault] = ()
    applied: int = 0
    unchanged: int = 0
    serial: str = ""


@dataclass(frozen=True, slots=True)
class WholeList:
    """A kind of list that only the console and its own page take in.

    `take` is told the sender, the file, the list's name, what is said of it (source, document, as of), the day, and whether to store it.
    It raises FileRefused for a file or a name that is none.
    """

    name: str
    permission: str
    take: Callable[[User, Sent, str, Mapping[str, str], date, bool], ListTaken]


IMPORTS: dict[str, ImportKind] = {}
LISTS: dict[str, WholeList] = {}


def import_kind(name: str, label: str, *, permission: str, intake: Intake) -> ImportKind:
    """Register a kind of workbook."""
    if name in IMPORTS:
        raise ValueError(f"two kinds of imports are called {name}")
    IMPORTS[name] = ImportKind(name, label, permission, intake)
    return IMPORTS[name]


def whole_list(
    name: str,
    *,
    permission: str,
    take: Callable[[User, Sent, str, Mapping[str, str], date, bool], ListTaken],
) -> None:
    """Register a kind of list that is taken in whole or not at all."""
    if name in IMPORTS or name in LISTS:
        raise ValueError(f"two kinds of imports are called {name}")
    LISTS[name] = WholeList(name, permission, take)
