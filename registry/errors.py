"""What can go wrong when the register is written. The text is for the clerk, in Chinese."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


class Refusal(Protocol):
    """What `CardRefused` carries: a finding of the rules, of which this bottom layer knows only the shape."""

    @property
    def rule(self) -> str: ...

    @property
    def field(self) -> str: ...

    @property
    def message(self) -> str: ...


class RegistryError(Exception):
    """Something that the register refuses; `str()` says what and how to go on."""


class CardRefused(RegistryError):
    """A card breaks rules of level E. `findings` holds every one of them."""

    def __init__(self, findings: Iterable[Refusal]) -> None:
        self.findings: tuple[Refusal, ...] = tuple(findings)
        super().__init__("；".join(finding.message for finding in self.findings))


class IdNumberTaken(CardRefused):
    """Another card of the year holds a member's ID number (R-04), the database found as the card was written.

    `holder` is what may be told of it: place and number within one's scope, outside of it the county.
    """

    def __init__(self, finding: Refusal, *, holder: str) -> None:
        self.holder = holder
        super().__init__([finding])


@dataclass(frozen=True, slots=True)
class FieldConflict:
    """A field that two people left different: as it was at the start, as it is now, as one would have it."""

    field: str
    label: str
    base: str
    theirs: str
    mine: str
    who: str
    at: datetime | None

    @property
    def both_changed(self) -> bool:
        """Tell whether both changed it, so that one has to choose; else only one did."""
        return self.base not in {self.theirs, self.mine}


class StaleCard(RegistryError):
    """Somebody else saved the card since it was opened; `conflicts` sets what differs side by side."""

    def __init__(self, *, base: int, current: int, conflicts: Iterable[FieldConflict] = ()) -> None:
        self.base = base
        self.current = current
        self.conflicts = tuple(conflicts)
        super().__init__(f"已被他人修改（您打开的是第{base}版，现为第{current}版），请对照后再保存")


class YearClosed(RegistryError):
    """The year's books are closed: only a correction slip changes it."""

    def __init__(self, year: int) -> None:
        self.year = year
        super().__init__(f"{year}年度已关账，只能通过更正单修改")


class CloseRefused(RegistryError):
    """A year that cannot be closed as asked."""


class HouseholdEnded(RegistryError):
    """The household was removed or closed; its card is history."""

    def __init__(self, status: str) -> None:
        self.status = status
        super().__init__("该户已清退或注销，不能再修改")


class AlreadyRegistered(RegistryError):
    """The household or person has a card of the year already."""


class NumbersExhausted(RegistryError):
    """A village has given all its household or temporary numbers, 0001 to 9999."""


class TransferRefused(RegistryError):
    """A split, merge or move of households that would leave one without members or a head."""


class SlipRefused(RegistryError):
    """A correction slip that cannot be decided as asked."""


class AttachmentRefused(RegistryError):
    """A file that is too large, empty, or not of a kind that is kept."""


class StepRefused(RegistryError):
    """A step of a case that the procedure does not allow; the text says every reason that is known."""


class QuotaRefused(RegistryError):
    """A quota that does not add up, is not the actor's to set, or leaves no room for who is already listed."""


class HelpRefused(RegistryError):
    """An act of help that the terms of help, or the household's standing, do not allow; the text says which."""


class MatchingRefused(RegistryError):
    """A list that is not taken in, a hit that cannot be decided so, a slip that cannot be sent or answered."""


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong with a row of a file, by its number in the spreadsheet, and how to mend it. No ID number stands in it."""

    number: int
    message: str
    column: str = ""
    value: str = ""


class RowsRefused(MatchingRefused):
    """A file with bad rows: nothing of it was taken in. `faults` names every one of them."""

    def __init__(self, faults: Iterable[RowFault], rows: int = 0) -> None:
        self.faults: tuple[RowFault, ...] = tuple(faults)
        self.rows = rows or len(self.faults)
        super().__init__(f"有 {len(self.faults)} 行要改，名册没有装入")


class ReidentificationRefused(RegistryError):
    """A re-identification that cannot be asked for, gone on with, or drawn on as asked."""


class DuplicateRefused(RegistryError):
    """A decision on a pair of households that the cards do not bear out; the text says what to do first."""


class PrintRefused(RegistryError):
    """A bulk print of nothing, or of more than one file holds."""


class SampleRefused(RegistryError):
    """A sample of nothing or of too much, or a finding that does not say what was found."""
