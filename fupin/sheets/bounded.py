"""Read one sheet of a file that a stranger sent. Runs as a process of its own, with bounds on memory and time.

`python bounded.py` takes the order as JSON on its command line, the file on standard input, and answers in frames:
four bytes of length, then a marshalled tuple whose first item says what it is. It imports nothing of the product,
so that what a hostile file brings down is this process and no more.
"""

import csv
import io
import json
import marshal
import re
import resource
import struct
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

MOST_MEMORY: Final = 1_000_000_000
MOST_SECONDS: Final = 120
MOST_ROWS: Final = 300_000
MOST_LINES: Final = 1_000_000
"""Rows of a list that is only matched, and never laid out by a template."""

PRECISE: Final = 10**15
"""From here on a spreadsheet no longer keeps every digit of a number."""

HEADING_WITHIN: Final = 10
"""Rows among which the headings are looked for: a title may stand above them."""

A_FRAME: Final = 500
_INVISIBLE: Final = re.compile("[\\s\u200b-\u200f\u202a-\u202e\u2060\ufeff]+")
_KEPT_FROM_FORMULA: Final = re.compile(
    r"'[\s\x00-\x1f\u200b-\u200f\u2028-\u202e\u2060\ufeff]*[=+\-@＝＋－＠\t\r\n\x00]"
)

Row = tuple[int, list[Any]]


class Refused(Exception):
    """The file cannot be taken; the text says why and what to do."""


def say(*frame: Any) -> None:
    """Write a frame."""
    body = marshal.dumps(frame, 2)
    sys.stdout.buffer.write(struct.pack(">I", len(body)) + body)


def tight(text: object) -> str:
    """Return a heading as it is compared: half-width, without spaces."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", str(text)))


def visible_sheets(content: bytes) -> tuple[Any, list[str]]:
    """Return the workbook and the names of the sheets that are shown."""
    from python_calamine import (
        CalamineError,
        CalamineWorkbook,
        PasswordError,
        SheetTypeEnum,
        SheetVisibleEnum,
    )

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    except PasswordError:
        raise Refused("文件设有打开密码，请去掉密码另存后上传") from None
    except (CalamineError, OSError, ValueError):
        raise Refused("文件已损坏或不是电子表格，请用 Excel 或 WPS 打开后另存为 .xlsx 再上传") from None
    names = [
        sheet.name
        for sheet in book.sheets_metadata
        if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet
    ]
    return book, names


def workbook_rows(content: bytes, order: dict[str, Any]) -> Iterator[Row]:
    """Yield the rows of a sheet with their numbers; cells merged downwards stand in each of their rows."""
    book, names = visible_sheets(content)
    wanted = order["sheet"]
    name = next((one for one in names if tight(one) == tight(wanted)), None)
    if name is None and order["alone"] and len(names) == 1:
        name = names[0]
    if name is None:
        shown = "、".join(names) or "没有"
        raise Refused(f"没有名为“{wanted}”的工作表（文件中的工作表：{shown}），请使用系统模板")
    sheet = book.get_sheet_by_name(name)
    start = sheet.start
    if start is None:
        return
    if sheet.total_height > MOST_ROWS + HEADING_WITHIN:
        raise Refused(f"工作表“{wanted}”超过 {MOST_ROWS:,} 行，请分开上传；末尾的空行请删除后再存")
    merged = _merged_down(sheet)
    top: dict[int, Any] = {}
    for number, row in enumerate(sheet.iter_rows(), start=start[0] + 1):
        if merged:
            _fill_merged(row, number - 1, merged, top)
        yield number, row


def _merged_down(sheet: Any) -> dict[int, list[tuple[int, int]]]:
    """Return, by column, the first and last row of each range that is merged within the column."""
    found: dict[int, list[tuple[int, int]]] = {}
    for (first, left), (last, right) in sheet.merged_cell_ranges or ():
        if left == right and last > first:
            found.setdefault(left, []).append((first, last))
    return found


def _fill_merged(
    row: list[Any], at: int, merged: dict[int, list[tuple[int, int]]], top: dict[int, Any]
) -> None:
    for column, ranges in merged.items():
        for first, last in ranges:
            if first <= at <= last and column < len(row):
                if at == first:
                    top[column] = row[column]
                elif row[column] == "":
                    row[column] = top.get(column, "")


def text_rows(content: bytes) -> Iterator[Row]:
    """Yield the rows of a CSV file in UTF-8 or GB18030; the apostrophe that keeps text from being a formula goes."""
    if b"\x00" in content:
        raise Refused("文件不是文本，请另存为“CSV UTF-8”再上传")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("gb18030")
        except UnicodeDecodeError:
            raise Refused("文件的编码既不是 UTF-8 也不是 GB18030，请另存为“CSV UTF-8”再上传") from None
    first = text.split("\n", 1)[0]
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter="\t" if "\t" in first and "," not in first else ","
    )
    try:
        for row in reader:
            yield reader.line_num, [_from_text(cell) for cell in row]
    except csv.Error:
        raise Refused(f"第 {reader.line_num} 行的引号不成对或内容过长，请检查后重存") from None


def _from_text(cell: str) -> str:
    return cell[1:] if cell[:1] == "'" and _KEPT_FROM_FORMULA.match(cell) else cell


def _filled(row: Iterable[Any]) -> bool:
    return any(cell != "" and not (isinstance(cell, str) and not cell.strip()) for cell in row)


def find_headings(rows: Iterator[Row], known: Sequence[str]) -> tuple[int, list[str]]:
    """Return the number and cells of the row of headings: among the first ten that with the most known ones."""
    names = set(known)
    best: tuple[int, int, list[str]] = (0, 0, [])
    for seen, (number, row) in enumerate(rows, start=1):
        cells = [tight(cell) for cell in row]
        held = len(names.intersection(cells))
        if held > best[0]:
            best = (held, number, cells)
        # The row below the headings holds values, so that the first row that is mostly headings is the one.
        if (
            seen >= HEADING_WITHIN
            or held * 2 >= len(names)
            or (held >= 3 and held * 2 >= len([c for c in cells if c]))
        ):
            break
    if not best[0]:
        raise Refused("前 10 行中没有找到模板的列标题：请使用系统模板，标题用简体中文，与模板完全一致")
    return best[1], best[2]


def check_headings(order: dict[str, Any], cells: list[str], number: int) -> list[int]:
    """Return where each column of the layout stands in the file, -1 where it is missing; refuse what is not clear."""
    known, needed, sheet = order["known"], order["needed"], order["sheet"]
    said = dict(zip(known, order["texts"], strict=True))
    twice = sorted({cell for cell in cells if cell in said and cells.count(cell) > 1})
    missing = [said[name] for name, must in zip(known, needed, strict=True) if must and name not in cells]
    passed = {tight(one) for one in order["passed"]}
    strange = [
        f"{column_letters(place)}列“{cell[:20]}”"
        for place, cell in enumerate(cells)
        if cell and cell not in said and cell not in passed
    ]
    trouble = []
    if missing:
        trouble.append(f"缺少列：{'、'.join(missing[:20])}{'等' if len(missing) > 20 else ''}")
    if strange:
        trouble.append(f"不认识的列：{'、'.join(strange[:10])}")
    if twice:
        trouble.append(f"重复的列：{'、'.join(said[name] for name in twice)}")
    if trouble:
        raise Refused(
            f"工作表“{sheet}”第 {number} 行的列标题与模板不符。{'；'.join(trouble)}。请按模板用简体中文标题"
        )
    return [cells.index(name) if name in cells else -1 for name in known]


def column_letters(place: int) -> str:
    """Return a column's letters: A, B, …, AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def plain_cells(cells: Iterable[Any]) -> list[Any]:
    """Return cells of which only text, numbers and truth values are left; dates are written ISO."""
    return [cell if type(cell) in _PLAIN else _as_text(cell) for cell in cells]


_PLAIN: Final = frozenset({str, int, float, bool})


def _as_text(cell: Any) -> str:
    if isinstance(cell, datetime):
        return (
            cell.date().isoformat() if cell.time() == time(0) else cell.isoformat(sep=" ", timespec="seconds")
        )
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell) if isinstance(cell, timedelta) else ""


def send_rows(content: bytes, order: dict[str, Any]) -> None:
    """Answer with the rows of a sheet: number, the cells asked for apart, all cells of the layout marshalled."""
    rows = text_rows(content) if order["format"] == "csv" else workbook_rows(content, order)
    held: list[Row] = []

    def watched() -> Iterator[Row]:
        for one in rows:
            held.append(one)
            yield one

    number, cells = find_headings(watched(), order["known"])
    places = check_headings(order, cells, number)
    say("headings", number, places)
    apart = [order["known"].index(tight(text)) for text in order["apart"]]
    while cells and not cells[-1]:
        cells.pop()
    width = len(cells)
    take = itemgetter(*[place if place >= 0 else width for place in places], width)
    frame: list[tuple[Any, ...]] = []
    count = 0
    for at, row in _chained([one for one in held if one[0] > number], rows):
        if len(row) > width and _filled(row[width:]):
            _refuse_beside(row, width, at, order["sheet"])
        row.extend([""] * (width - len(row)))
        row[width:] = ("",)  # stands for every column that the file does not have
        picked = list(take(row))
        picked.pop()
        if picked.count("") >= len(picked) - 3 and not _filled(picked):
            continue
        count += 1
        if count > MOST_ROWS:
            raise Refused(f"工作表“{order['sheet']}”超过 {MOST_ROWS:,} 行，请分开上传")
        try:
            blob = marshal.dumps(picked, 2)
        except ValueError:
            picked = plain_cells(picked)
            blob = marshal.dumps(picked, 2)
        frame.append((at, [picked[place] for place in apart], blob))
        if len(frame) >= A_FRAME:
            say("rows", frame)
            frame = []
    say("rows", frame)
    say("end", count)


def send_lines(content: bytes, order: dict[str, Any]) -> None:
    """Answer with the rows of the first sheet that is shown, as text; rows without any are left out, numbers stay."""
    rows = text_rows(content) if order["format"] == "csv" else first_sheet(content)
    frame: list[tuple[int, list[str]]] = []
    for count, (number, row) in enumerate(rows, start=1):
        if count > MOST_LINES:
            raise Refused(f"超过 {MOST_LINES:,} 行，请分成几个文件")
        cells = [shown(cell) for cell in row]
        if any(cells):
            frame.append((number, cells))
        if len(frame) >= A_FRAME:
            say("lines", frame)
            frame = []
    say("lines", frame)
    say("end", 0)


def first_sheet(content: bytes) -> Iterator[Row]:
    """Yield the rows of the first sheet that is shown, with their numbers."""
    book, names = visible_sheets(content)
    if not names:
        raise Refused("文件里没有工作表")
    sheet = book.get_sheet_by_name(names[0])
    if sheet.start is None:
        return
    yield from enumerate(sheet.iter_rows(), start=sheet.start[0] + 1)


def shown(cell: Any) -> str:
    """Return a cell as text; a number whose last digits a spreadsheet has lost as it shows it: `1.41124E+17`."""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        if abs(cell) >= PRECISE:
            return f"{cell:.5E}"
        return str(int(cell)) if cell.is_integer() else repr(cell)
    return cell.strip() if isinstance(cell, str) else str(plain_cells([cell])[0])


def _chained(held: Iterable[Row], rest: Iterator[Row]) -> Iterator[Row]:
    yield from held
    yield from rest


def _refuse_beside(row: Sequence[Any], width: int, at: int, sheet: str) -> None:
    """Refuse a cell that stands to the right of the last heading: nobody could tell what it means."""
    place = next(place for place in range(width, len(row)) if _filled([row[place]]))
    raise Refused(f"工作表“{sheet}”{column_letters(place)}{at} 有内容而该列没有标题，请清除后再上传")


def bound() -> None:
    """Let this process have only so much memory and time; both ends kill it and nothing else."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Carry out the order."""
    order = json.loads(sys.argv[1])
    bound()
    content = sys.stdin.buffer.read()
    csv.field_size_limit(100_000)
    try:
        if order["act"] == "scan":
            sys.path.insert(0, str(Path(__file__).parent))  # isolated: nothing of the product is imported
            from scanning import Harmful, scan  # type: ignore[import-not-found]  # beside this file

            try:
                scan(content, deep=order["deep"], most_rows=order["rows"])
            except Harmful as harmful:
                raise Refused(str(harmful)) from harmful
            say("end", 0)
        elif order["act"] == "lines":
            send_lines(content, order)
        else:
            send_rows(content, order)
    except Refused as refused:
        say("refused", str(refused))
    except MemoryError:
        sys.stdout.flush()
        sys.exit(137)
    sys.stdout.flush()


if __name__ == "__main__":
    main()
