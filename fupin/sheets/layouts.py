"""How a workbook of a kind is laid out: its sheets, their headings, and by what rows belong together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, Literal

from fupin.lib.plaintext import tight

CellKind = Literal["text", "number", "date"]

RETURNED: Final = "错误原因"
"""The column in which a workbook that is sent back says what is wrong; read in again, it is left alone."""

STAMP: Final = "版本说明"
"""The sheet on which a template says what it was made for."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A column of a workbook.

    `name` is the path of what stands in it. `needed` columns may not be missing, `locked` ones are not for typing,
    `derived` ones are worked out and stand in no template.
    `choices` are what its drop-down offers; `example` is what its note says beyond `note`.
    """

    name: str
    text: str
    kind: CellKind = "text"
    note: str = ""
    choices: Sequence[str] = ()
    needed: bool = True
    locked: bool = False
    derived: bool = False
    decimals: int = 0
    longest: int | None = None


@dataclass(frozen=True)
class SheetLayout:
    """A sheet: its name, its columns in the order of the template, and by which of them rows belong together."""

    name: str
    headings: Sequence[Heading]
    keys: Sequence[str] = ()

    @cached_property
    def places(self) -> Mapping[str, int]:
        """The place of each column by the name of what stands in it."""
        return {heading.name: place for place, heading in enumerate(self.headings)}

    @cached_property
    def known(self) -> Sequence[str]:
        """The headings as they are compared: without spaces, half-width."""
        return [tight(heading.text) for heading in self.headings]

    @cached_property
    def needed(self) -> Sequence[bool]:
        """Which columns may not be missing."""
        return [heading.needed for heading in self.headings]


@dataclass(frozen=True)
class Layout:
    """A workbook: the first sheet's rows are its units, those of the others belong to them by their keys."""

    sheets: Sequence[SheetLayout]
    version: int = 1
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def first(self) -> SheetLayout:
        """The sheet with a row a unit."""
        return self.sheets[0]
