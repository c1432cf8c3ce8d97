"""Cells of a workbook into values: read as everywhere else, each wrong one told at its cell.

A column of codes says the same few things fifty thousand times, so that what a text means is looked up once.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from fupin.lib.masking import is_masked
from fupin.sheets.intake import Fault
from fupin.sheets.layouts import SheetLayout
from fupin.vault.sealing import mask
from registry.standard.fields import Field
from registry.standard.values import Unreadable, empty, parse

_REMEMBERED: Final = 20_000
_EXPONENT: Final = re.compile(r"\d(?:\.\d+)?[eE]\+?\d+")
_LONG_NUMBER: Final = re.compile(r"\d{11,}[\dXx]?")
_FIRST_DAY: Final = date(1899, 12, 30)
_SERIAL_DAYS: Final = range(3_654, 80_000)
"""Days as spreadsheets count them, 1910 to 2119: a date whose cell lost its format."""

_SEALED: Final[Mapping[str, str]] = {
    "id_no": "id_no",
    "disability_no": "id_no",
    "phone": "phone",
    "head_phone": "phone",
    "bank_account": "account",
}
AS_NUMBER: Final = "被表格软件当成了数字（{shown}），末几位已丢失：请先把整列设为文本格式（右键—设置单元格格式—文本），再重新填写完整号码"

Reader = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class _Wrong:
    """What a cell that cannot be read says of itself."""

    message: str


@dataclass(slots=True)
class RowValues:
    """What a row says: values by the name of their column, and what is wrong with single cells."""

    row: int
    values: dict[str, Any]
    faults: list[Fault] = field(default_factory=list)


class _Meanings(dict[Any, Any]):
    """What the texts of a column mean, each found out once."""

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self._reader = reader

    def __missing__(self, raw: Any) -> Any:
        value = self._reader(raw)
        if len(self) < _REMEMBERED:
            self[raw] = value
        return value


class SheetReader:
    """Reads rows of one sheet; keeps what texts mean."""

    def __init__(self, layout: SheetLayout, fields: Mapping[str, Field], missing: frozenset[str]) -> None:
        self.layout = layout
        self._empty = {
            heading.name: empty(fields[heading.name]) if heading.name in fields else None
            for heading in layout.headings
        }
        self._columns: list[tuple[int, str, Reader, _Meanings | None]] = []
        for place, heading in enumerate(layout.headings):
            if heading.name not in missing:
                reader = _reader(of := fields.get(heading.name))
                meanings = _Meanings(reader) if _repeats(of) else None
                self._columns.append((place, heading.name, reader, meanings))
        self._headings = {heading.name: heading.text for heading in layout.headings}

    def read(self, row: int, cells: Sequence[Any]) -> RowValues:
        """Return a row's values; cells that cannot be read are empty and told."""
        values = dict(self._empty)
        wrong: list[tuple[str, Any, str]] = []
        for place, name, reader, known in self._columns:
            raw = cells[place]
            if raw == "":
                continue
            # 是 as a truth value and the number 1 are the same key, but not the same cell
            value = reader(raw) if known is None or raw is True or raw is False else known[raw]
            if value.__class__ is _Wrong:
                wrong.append((name, raw, value.message))
            else:
                values[name] = value
        return RowValues(row, values, [self.fault(row, *one) for one in wrong] if wrong else [])

    def fault(
        self, row: int, name: str, raw: Any, message: str, *, rule: str = "R-20", level: str = "E"
    ) -> Fault:
        """Return something wrong at a row's column, in which no whole number of a person stands."""
        return Fault(
            level,
            self.layout.name,
            row,
            self._headings.get(name, ""),
            shown(name, raw),
            rule,
            redacted(message),
        )


def shown(name: str, raw: Any) -> str:
    """Return a cell as it may be shown and kept: numbers of persons, telephones and accounts masked."""
    if raw is None:
        return ""
    text = str(int(raw)) if isinstance(raw, float) and raw.is_integer() and abs(raw) < 1e15 else str(raw)
    kind = _SEALED.get(name.rpartition(".")[2])
    if kind is not None and text and not is_masked(text):
        return mask(kind, text)[:40]
    return redacted(text)[:100]


def redacted(text: str) -> str:
    """Return text in which long numbers show six digits only: an ID number in the wrong column stays hidden."""
    return _LONG_NUMBER.sub(lambda found: found[0][:6] + "*" * (len(found[0]) - 6), text)


def _repeats(of: Field | None) -> bool:
    """Tell whether a column says the same few things again and again."""
    return of is not None and (
        of.kind != "str" or of.name in {"bank_name", "natural_village", "disease", "village_code"}
    )


def _reader(of: Field | None) -> Reader:
    if of is None:
        return _key
    if of.kind == "date":
        return lambda raw: _parsed(of, _day(raw))
    if of.kind == "str":
        return lambda raw: _string(of, raw)
    return lambda raw: _parsed(of, raw)


def _parsed(of: Field, raw: Any) -> Any:
    try:
        return parse(of, raw)
    except Unreadable as unreadable:
        return _Wrong(unreadable.message)


def _string(of: Field, raw: Any) -> Any:
    if raw.__class__ is str:
        if raw[:1].isdigit() and not raw.isdigit() and _EXPONENT.fullmatch(raw.strip()):
            return _Wrong(f"{of.label}{AS_NUMBER.format(shown=raw.strip())}")
    elif isinstance(raw, float) and abs(raw) >= 1e15:
        return _Wrong(f"{of.label}{AS_NUMBER.format(shown=f'{raw:.5E}')}")
    return _parsed(of, raw)


def _day(raw: Any) -> Any:
    """Return the day that a bare number stands for; anything else as it is."""
    if isinstance(raw, float) and raw.is_integer() and int(raw) in _SERIAL_DAYS:
        return _FIRST_DAY + timedelta(days=int(raw))
    return raw


def _key(raw: Any) -> Any:
    """Return a key as text: a serial that was typed as a number loses its point."""
    if isinstance(raw, float):
        if abs(raw) >= 1e15:
            return _Wrong(f"编号{AS_NUMBER.format(shown=f'{raw:.5E}')}")
        return str(int(raw)) if raw.is_integer() else str(raw)
    return str(raw).strip() or None


def without(faults: Iterable[Fault], told: Iterable[Fault]) -> list[Fault]:
    """Return the faults at cells of which nothing has been told yet: what cannot be read is not also missing."""
    cells = {(one.sheet, one.row, one.column) for one in told}
    return [one for one in faults if (one.sheet, one.row, one.column) not in cells]
