"""Files row by row: a workbook, or CSV files in an archive. Memory does not grow with the rows."""

import shutil
import zipfile
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, Protocol, TextIO

from fupin.sheets.cells import csv_line, xml_text
from fupin.sheets.kinds import Table
from fupin.sheets.provenance import Provenance
from fupin.sheets.resources import Cell, Column

BOM: Final = "\ufeff"
NOTE: Final = "说明"
MOST_ROWS: Final = {"xlsx": 1_048_575}
"""What a sheet of a workbook holds below its headings; CSV has no end."""

_NARROW, _WIDE = 9, 22


class Writer(Protocol):
    """Takes rows, each with its line of CSV, and in the end what the file says of itself."""

    def row(self, table: int, cells: Sequence[Cell], line: bytes) -> None:
        """Write a row to a sheet."""

    def close(self, about: Provenance) -> None:
        """Finish the file."""

    def discard(self) -> None:
        """Give the file up."""


class Workbook:
    """An .xlsx file: text is text whatever it begins with, numbers are numbers, the note is the last sheet."""

    def __init__(self, path: Path, tables: Sequence[Table]) -> None:
        import xlsxwriter  # 15 MB: only a process that writes workbooks pays for it

        self.path = path
        self._book = xlsxwriter.Workbook(
            str(path),
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "tmpdir": str(path.parent),
            },
        )
        self._heading = self._book.add_format({"bold": True, "bg_color": "#EFEDEA", "bottom": 1})
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._text = self._book.add_format({"num_format": "@"})
        self._numbers = {
            places: self._book.add_format({"num_format": "0" + ("." + "0" * places if places else "")})
            for places in (0, 2, 4, 6)
        }
        self._tables = tables
        self._sheets = [self._sheet(table) for table in tables]
        self._next = [1] * len(tables)

    def _sheet(self, table: Table) -> Any:
        sheet = self._book.add_worksheet(table.name)
        sheet.freeze_panes(1, 2)
        for place, column in enumerate(table.resource.columns):
            width = (
                _NARROW if column.decimals is not None else min(_WIDE, max(12, 2 * len(column.heading) + 2))
            )
            sheet.set_column(place, place, width)
            sheet.write_string(0, place, column.heading, self._heading)
        return sheet

    def row(self, table: int, cells: Sequence[Cell], line: bytes) -> None:
        """Write a row; the last row of a sheet is in memory, the others are on disk."""
        sheet, number = self._sheets[table], self._next[table]
        self._next[table] += 1
        columns: Sequence[Column] = self._tables[table].resource.columns
        for place, cell in enumerate(cells):
            match cell:
                case "":
                    continue
                case str():
                    sheet.write_string(number, place, xml_text(cell), self._text)
                case date():
                    sheet.write_datetime(number, place, cell, self._day)
                case Decimal() | int():
                    sheet.write_number(number, place, cell, self._numbers[columns[place].decimals or 0])

    def close(self, about: Provenance) -> None:
        """Write the note and the serial at the edge of each page, and put the file together."""
        note = self._book.add_worksheet(NOTE)
        note.set_column(0, 0, 28)
        note.set_column(1, 1, 90)
        for number, (label, text) in enumerate(about.lines()):
            note.write_string(number, 0, xml_text(label), self._heading)
            note.write_string(number, 1, xml_text(text), self._text)
        mark = about.mark.replace("&", "&&")
        for sheet in (*self._sheets, note):
            sheet.set_landscape()
            sheet.set_paper(9)
            sheet.repeat_rows(0)
            sheet.set_header(f"&L{mark}&R&A")
            sheet.set_footer("&R&P / &N")
        self._book.set_properties({"title": about.selection.title, "comments": about.mark})
        self._book.close()

    def discard(self) -> None:
        """Close the sheets' files and remove what was written."""
        self._book.close()
        self.path.unlink(missing_ok=True)


class CsvFiles:
    """A CSV file a sheet, UTF-8 with BOM so that Excel reads it, and the note beside them.

    They lie in a folder of their own; `close` packs them into `path` where that is an archive.
    """

    def __init__(self, path: Path, tables: Sequence[Table]) -> None:
        self.path = path
        self._folder = path.with_name(f"{path.name}.parts")
        self._folder.mkdir(mode=0o700)
        self.names = [f"{table.name}.csv" for table in tables]
        self._files: list[TextIO] = []
        for name, table in zip(self.names, tables, strict=True):
            file = (self._folder / name).open("w", encoding="utf-8", newline="")
            file.write(BOM + csv_line([column.heading for column in table.resource.columns]))
            self._files.append(file)

    def row(self, table: int, cells: Sequence[Cell], line: bytes) -> None:
        """Write a row."""
        self._files[table].write(line.decode())

    def close(self, about: Provenance) -> None:
        """Write the note and pack the files."""
        for file in self._files:
            file.close()
        note = "".join(f"{label}：{text}\r\n" for label, text in about.lines())
        (self._folder / f"{NOTE}.txt").write_text(BOM + note, encoding="utf-8", newline="")
        with zipfile.ZipFile(self.path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in (*self.names, f"{NOTE}.txt"):
                archive.write(self._folder / name, name)
        shutil.rmtree(self._folder)

    def discard(self) -> None:
        """Remove what was written."""
        for file in self._files:
            file.close()
        shutil.rmtree(self._folder, ignore_errors=True)
        self.path.unlink(missing_ok=True)
