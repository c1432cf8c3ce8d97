"""Cells as text: what no spreadsheet may take for a formula, and what an export's digest is computed over."""

import csv
import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from fupin.sheets.shapes import Cell

_ACTIVE: Final = re.compile(
    r"[\s\x00-\x1f\u200b-\u200f\u2028-\u202e\u2060\ufeff]*[=+\-@＝＋－＠]|[\t\r\n\x00]"
)
"""What a spreadsheet would carry out, or a blank character before it that it would drop first."""

_NOT_XML: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def is_active(text: str) -> bool:
    """Tell whether a spreadsheet might take the text for a formula."""
    return _ACTIVE.match(text) is not None


def csv_cell(cell: Cell) -> str:
    """Return a cell as a CSV file holds it: an apostrophe keeps text from being carried out as a formula."""
    match cell:
        case str():
            return f"'{cell}" if is_active(cell) else cell
        case Decimal():
            return f"{cell:f}"
        case date():
            return cell.isoformat()
    return str(cell)


def is_for_xml(text: str) -> bool:
    """Tell whether a workbook can hold every character of the text."""
    return _NOT_XML.search(text) is None


def xml_text(text: str) -> str:
    """Return the text without characters that a workbook cannot hold."""
    return _NOT_XML.sub("", text)


class _Echo:
    """Gives back what csv writes."""

    def write(self, line: str) -> str:
        return line


_writer: Any = csv.writer(_Echo())


def csv_line(cells: Sequence[Cell], *, guarded: bool = False) -> str:
    """Return a row as a line of CSV (RFC 4180), its CRLF included; `guarded` cells are already text to be written as it is."""
    line: str = _writer.writerow(cells if guarded else [csv_cell(cell) for cell in cells])
    return line
