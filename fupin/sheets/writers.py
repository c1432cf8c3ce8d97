"""Files batch by batch: a workbook, or CSV files in an archive. Memory does not grow with the rows."""

import shutil
import zipfile
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO, Final, Protocol

from fupin.sheets.cells import csv_line, is_for_xml, xml_text
from fupin.sheets.kinds import Table
from fupin.sheets.provenance import Provenance
from fupin.sheets.resources import Cell, Column
from fupin.sheets.streaming import Batch

BOM: Final = "\ufeff"
NOTE: Final = "说明"
MOST_ROWS: Final = {"xlsx": 1_048_575}
"""What a sheet of a workbook holds below its headings: from there on the rows go to a further sheet. CSV has no end."""

_NARROW, _WIDE = 9, 22
_FIRST_DAY: Final = date(1899, 12, 30).toordinal()
"""The day from which a workbook counts."""
_QUICKLY: Final = 1
"""How hard zlib tries: the files are read once and thrown away."""


class Writer(Protocol):
    """Takes rows, one by one or in batches, and in the end what the file says of itself."""

    def row(self, table: int, cells: Sequence[Cell], line: bytes) -> None:
        """Write a row to a sheet, with its line of CSV."""

    def batch(self, table: int, batch: Batch) -> None:
        """Write many rows to a sheet."""

    def close(self, about: Provenance) -> None:
        """Finish the file."""

    def discard(self) -> None:
        """Give the file up."""


class _Sheet:
    """The sheets of one table: the rows beyond what one of them holds stand on the next."""

    def __init__(self, book: Any, table: Table, formats: "_Formats") -> None:
        self.sheets: list[Any] = []
        self._book, self._table, self._formats = book, table, formats
        columns: Sequence[Column] = table.resource.columns
        kinds = [getattr(column.said, "kind", "text") for column in columns]
        self._texts = [place for place, kind in enumerate(kinds) if kind == "text"]
        self._days = [place for place, kind in enumerate(kinds) if kind == "day"]
        self._numbers = [
            (place, formats.numbers[columns[place].decimals or 0])
            for place, kind in enumerate(kinds)
            if kind == "number"
        ]
        self._serials: dict[str, int] = {}
        self.begin()

    def begin(self) -> None:
        """Begin a sheet with its headings."""
        name = self._table.name if not self.sheets else f"{self._table.name}({len(self.sheets) + 1})"
        sheet = self._book.add_worksheet(name)
        sheet.freeze_panes(1, 2)
        for place, column in enumerate(self._table.resource.columns):
            width = (
                _NARROW if column.decimals is not None else min(_WIDE, max(12, 2 * len(column.heading) + 2))
            )
            sheet.set_column(place, place, width)
            sheet.write_string(0, place, column.heading, self._formats.heading)
        self.sheets.append(sheet)
        self._last = 0

    def next_row(self) -> int:
        """Return the number of the next row, on a further sheet where this one is full."""
        if self._last >= MOST_ROWS["xlsx"]:
            self.begin()
        self._last += 1
        return self._last

    def row(self, cells: Sequence[Cell]) -> None:
        """Write a row of values."""
        number = self.next_row()
        sheet, columns = self.sheets[-1], self._table.resource.columns
        for place, cell in enumerate(cells):
            match cell:
                case "":
                    continue
                case str():
                    sheet.write_string(number, place, xml_text(cell), self._formats.text)
                case date():
                    sheet.write_datetime(number, place, cell, self._formats.day)
                case Decimal() | int():
                    sheet.write_number(
                        number, place, cell, self._formats.numbers[columns[place].decimals or 0]
                    )

    def batch(self, rows: Sequence[Sequence[str]]) -> None:
        """Write rows whose cells are text, each as what its column is."""
        text_format, day_format = self._formats.text, self._formats.day
        for cells in rows:
            number = self.next_row()
            sheet = self.sheets[-1]
            write_string, write_number = sheet.write_string, sheet.write_number
            for place in self._texts:
                if text := cells[place]:
                    write_string(number, place, text, text_format)
            for place, its_format in self._numbers:
                if text := cells[place]:
                    write_number(number, place, float(text), its_format)
            for place in self._days:
                if text := cells[place]:
                    write_number(number, place, self._serial(text), day_format)

    def _serial(self, day: str) -> int:
        serial = self._serials.get(day)
        if serial is None:
            serial = self._serials[day] = date.fromisoformat(day).toordinal() - _FIRST_DAY
        return serial


class _Formats:
    """How cells look."""

    def __init__(self, book: Any) -> None:
        self.heading = book.add_format({"bold": True, "bg_color": "#EFEDEA", "bottom": 1})
        self.day = book.add_format({"num_format": "yyyy-mm-dd"})
        self.text = book.add_format({"num_format": "@"})
        self.numbers = {
            places: book.add_format({"num_format": "0" + ("." + "0" * places if places else "")})
            for places in (0, 2, 4, 6)
        }


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
        self._formats = _Formats(self._book)
        self._sheets = [_Sheet(self._book, table, self._formats) for table in tables]

    def row(self, table: int, cells: Sequence[Cell], line: bytes) -> None:
        """Write a row; the last row of a sheet is in memory, the others are on disk."""
        self._sheets[table].row(cells)

    def batch(self, table: int, batch: Batch) -> None:
        """Write many rows."""
        cells = batch.cells
        if not is_for_xml(batch.lines.decode()):
            cells = [[xml_text(cell) for cell in row] for row in cells]
        self._sheets[table].batch(cells)

    def close(self, about: Provenance) -> None:
        """Write the note and the serial at the edge of each page, and put the file together."""
        note = self._book.add_worksheet(NOTE)
        note.set_column(0, 0, 28)
        note.set_column(1, 1, 90)
        for number, (label, text) in enumerate(about.lines()):
            note.write_string(number, 0, xml_text(label), self._formats.heading)
            note.write_string(number, 1, xml_text(text), self._formats.text)
        mark = about.mark.replace("&", "&&")
        for sheet in (*(one for table in self._sheets for one in table.sheets), note):
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

    They lie in a folder of their own; `close` packs them into `path` unless they are wanted `loose`.
    """

    def __init__(self, path: Path, tables: Sequence[Table], *, loose: bool = False) -> None:
        self.path = path
        self.folder = path.with_name(f"{path.name}.parts")
        self.folder.mkdir(mode=0o700)
        self.names = [f"{table.name}.csv" for table in tables]
        self._loose = loose
        self._files: list[BinaryIO] = []
        for name, table in zip(self.names, tables, strict=True):
            file = (self.folder / name).open("wb")
            heading = csv_line([column.heading for column in table.resource.columns])
            file.write(f"{BOM}{heading}".encode())
            self._files.append(file)

    def row(self, table: int, cells: Sequence[Cell], line: bytes) -> None:
        """Write a row."""
        self._files[table].write(line)

    def batch(self, table: int, batch: Batch) -> None:
        """Write many rows."""
        self._files[table].write(batch.lines)

    def close(self, about: Provenance) -> None:
        """Write the note and pack the files."""
        for file in self._files:
            file.close()
        note = "".join(f"{label}：{text}\r\n" for label, text in about.lines())
        (self.folder / f"{NOTE}.txt").write_text(BOM + note, encoding="utf-8", newline="")
        if self._loose:
            return
        with zipfile.ZipFile(self.path, "w", zipfile.ZIP_DEFLATED, compresslevel=_QUICKLY) as archive:
            for name in (*self.names, f"{NOTE}.txt"):
                archive.write(self.folder / name, name)
        shutil.rmtree(self.folder)

    def discard(self) -> None:
        """Remove what was written."""
        for file in self._files:
            file.close()
        shutil.rmtree(self.folder, ignore_errors=True)
        self.path.unlink(missing_ok=True)
