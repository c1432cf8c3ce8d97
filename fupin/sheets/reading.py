"""Sheets as people send them in, .xlsx or .csv (UTF-8, GB18030), as rows of text; what is meant to harm is refused unopened."""

import csv
import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from io import BytesIO, StringIO
from typing import Any, Final
from xml.parsers import expat

MOST_BYTES: Final = 50 * 1024 * 1024
MOST_UNPACKED: Final = 600 * 1024 * 1024
MOST_ROWS: Final = 1_000_000
MOST_COLUMNS: Final = 256
PRECISE: Final = 10**15
"""From here on a spreadsheet no longer keeps every digit of a number."""

_REFERENCE: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_SHEET: Final = re.compile(r"xl/worksheets/[^/]+\.xml")


class Unreadable(Exception):
    """A file that is not read; the message says why and what to do."""


def rows_of(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """Yield the first sheet's rows with their numbers as the spreadsheet counts them; rows without any text are left out.

    Raise Unreadable. A number of sixteen digits or more that a spreadsheet has rounded comes as it shows it: `1.41124E+17`.
    """
    if len(content) > MOST_BYTES:
        raise Unreadable(f"文件超过 {MOST_BYTES // 1024 // 1024} MB，请分成几个文件")
    if not content.strip():
        raise Unreadable("文件是空的")
    rows = _workbook(content) if content.startswith(b"PK\x03\x04") else _text(content)
    for number, row in enumerate(rows, start=1):
        if number > MOST_ROWS:
            raise Unreadable(f"超过 {MOST_ROWS:,} 行，请分成几个文件")
        if any(row):
            yield number, row


def _text(content: bytes) -> Iterator[list[str]]:
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable("旧格式 .xls 或加了口令的文件不能读，请另存为不加口令的 .xlsx 或 .csv")
    if b"\x00" in content[:4096]:
        raise Unreadable("不是 .xlsx 或 .csv 文件")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        break
    else:
        raise Unreadable("文字编码不是 UTF-8 或 GB18030，请用表格软件另存为 .csv")
    head = text.partition("\n")[0]
    delimiter = "\t" if "\t" in head and "," not in head else ","
    try:
        for row in csv.reader(StringIO(text, newline=""), delimiter=delimiter):
            yield [cell.strip().removeprefix("'") for cell in row]
    except csv.Error as error:
        raise Unreadable(f"不是规范的 .csv：{error}") from error


def _workbook(content: bytes) -> Iterator[list[str]]:
    _guard(content)
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        sheet = book.get_sheet_by_index(0)
        for row in sheet.iter_rows():
            yield [_cell(value) for value in row]
    except CalamineError as error:
        raise Unreadable("不是能读的 .xlsx 文件，请用表格软件打开后另存一次") from error


def _cell(value: Any) -> str:
    match value:
        case str():
            return value.strip()
        case bool():
            return "是" if value else "否"
        case float():
            if abs(value) >= PRECISE:
                return f"{value:.5E}"
            return str(int(value)) if value.is_integer() else repr(value)
        case datetime():
            return value.date().isoformat()
        case date() | time():
            return value.isoformat()
    return str(value).strip()


def _guard(content: bytes) -> None:
    """Refuse a workbook that would unpack to more than it should, or names cells far outside of any list (each costs memory)."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            parts = packed.infolist()
            if sum(part.file_size for part in parts) > MOST_UNPACKED or len(parts) > 2000:
                raise Unreadable("文件解压后过大，不予读取；请只保留名册一张表后另存")
            if any(part.filename.lower().endswith("vbaproject.bin") for part in parts):
                raise Unreadable("文件带有宏，请另存为不带宏的 .xlsx")
            sheets = [part for part in parts if _SHEET.fullmatch(part.filename)]
            if not sheets:
                raise Unreadable("不是 .xlsx 文件，请用表格软件另存为 .xlsx")
            for part in sheets:
                with packed.open(part) as stream:
                    _guard_sheet(stream)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise Unreadable("文件已损坏或加了口令，请重新保存") from error


def _guard_sheet(stream: Any) -> None:
    parser = expat.ParserCreate()

    def element(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] not in {"c", "row"}:
            return
        reference = attributes.get("r", "")
        found = _REFERENCE.fullmatch(reference)
        row = int(found[2]) if found else int(reference) if reference.isdigit() else 0
        if row > MOST_ROWS:
            raise Unreadable(f"第一张表里有第 {row:,} 行的格子，请删去名册以外的行后另存")
        if found and _column(found[1]) > MOST_COLUMNS:
            raise Unreadable(f"第一张表里有第 {found[1]} 列的格子，请删去名册以外的列后另存")

    def entity(*_: object) -> None:
        raise Unreadable("文件含有外部实体，不予读取")

    parser.StartElementHandler = element
    parser.EntityDeclHandler = entity
    try:
        parser.ParseFile(stream)
    except expat.ExpatError as error:
        raise Unreadable("表格内容已损坏，请用表格软件打开后另存一次") from error


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def by_name(header: Sequence[str], *, needed: Sequence[str], known: Sequence[str]) -> dict[str, int]:
    """Return where each known heading stands, in whatever order; raise Unreadable for a needed one missing or one that stands twice.

    Stars, units in brackets and spaces are no part of a heading.
    """
    plain = [re.sub(r"[\s*＊]|[（(].*?[）)]", "", heading) for heading in header]
    missing = [heading for heading in needed if heading not in plain]
    if missing:
        raise Unreadable(f"第一行没有“{'”“'.join(missing)}”列：表头须在第一行，名称与模板一致")
    twice = [heading for heading in known if plain.count(heading) > 1]
    if twice:
        raise Unreadable(f"“{'”“'.join(twice)}”列出现了两次，请删去一列")
    return {heading: plain.index(heading) for heading in known if heading in plain}
