"""Open a file that somebody sent: told what it is by its content, bounded, read in processes of its own."""

import json
import marshal
import re
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from fupin.lib.plaintext import tight
from fupin.sheets.bounded import MOST_LINES, MOST_ROWS
from fupin.sheets.layouts import RETURNED, Layout, SheetLayout
from fupin.sheets.scanning import Harmful, open_archive

MOST_BYTES: Final = 64 * 1024 * 1024
LIMITS: Final = (
    f".xlsx、.xls 或 .csv（UTF-8 或 GB18030），最大 {MOST_BYTES // 1024 // 1024} MB，每个工作表最多 {MOST_ROWS:,} 行；"
    "不收含宏、公式、密码或外部链接的文件"
)
"""What is said before anything is sent."""

_READER: Final = str(Path(__file__).with_name("bounded.py"))
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SECONDS: Final = 300
_NO_MEMORY: Final = (
    "文件展开后超过读取上限，没有读取：多半有很远的单元格或大量空行，请删除多余的行列，另存后再上传"
)

Format = Literal["xlsx", "xls", "csv"]


class FileRefused(Exception):
    """The file is not read at all; the text says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it was sent."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row of a sheet: its number, the cells by which it is sorted, and all cells of the layout marshalled."""

    number: int
    apart: Sequence[Any]
    blob: bytes

    def cells(self) -> list[Any]:
        """Return the cells in the order of the layout."""
        return list(marshal.loads(self.blob))  # noqa: S302  (our own reader wrote them)


def format_of(sent: Sent) -> Format:
    """Return what the file is, by its content and its name; raise FileRefused where they disagree or it is none of ours."""
    suffix = Path(sent.name).suffix.lower().removeprefix(".")
    head = sent.content[:8]
    if len(sent.content) > MOST_BYTES:
        raise FileRefused(f"文件超过 {MOST_BYTES // 1024 // 1024} MB，请分开上传")
    if not sent.content:
        raise FileRefused("文件是空的")
    if suffix in {"xlsm", "xltm", "xlsb", "xlam"}:
        raise FileRefused("含宏或二进制的工作簿不能上传，请另存为 .xlsx")
    if suffix not in {"xlsx", "xls", "csv"}:
        raise FileRefused(f"不收这种文件；可以上传 {LIMITS}")
    if head[:4] == b"PK\x03\x04":
        found: Format | None = "xlsx"
    elif head == _OLE:
        found = "xls"
    elif b"\x00" in sent.content[:4096] or head[:4] in {b"MZ\x90\x00", b"\x7fELF", b"%PDF"}:
        found = None
    else:
        found = "csv"
    if found != suffix:
        if head == _OLE and suffix == "xlsx" and "EncryptedPackage".encode("utf-16-le") in sent.content:
            raise FileRefused("文件设有打开密码，请去掉密码另存后上传")
        raise FileRefused(f"文件的内容不是 .{suffix}，没有读取；请用 Excel 或 WPS 打开后另存为 .xlsx 再上传")
    if found == "xls" and "_VBA_PROJECT".encode("utf-16-le") in sent.content:
        raise FileRefused("工作簿含有宏，没有读取；请另存为不含宏的 .xlsx 再上传")
    if found == "xlsx":
        try:
            open_archive(sent.content)
        except Harmful as harmful:
            raise FileRefused(str(harmful)) from harmful
    return found


@dataclass(frozen=True, slots=True)
class Opened:
    """A file or several, whose sheets are being read side by side."""

    layout: Layout
    sheets: Sequence[list[SheetRow]]
    missing: Sequence[frozenset[str]]
    """For each sheet the names of the columns that it does not have."""


def open_files(
    files: Sequence[Sent],
    layout: Layout,
    *,
    apart: Sequence[Sequence[str]],
    told: Callable[[int], None] = lambda _n: None,
) -> Opened:
    """Read every sheet of a layout; raise FileRefused with the first thing that forbids it.

    A workbook holds all sheets; CSV files hold one each, told by their names (`户.csv`, `…-成员.csv`). `apart`
    names, for each sheet, the columns whose cells the caller wants to look at without opening the rows.
    """
    formats = [format_of(one) for one in files]
    sources = _sources(files, formats, layout)
    scans = [
        _Reader({"act": "scan", "deep": False, "rows": MOST_ROWS}, one.content)
        for one, kind in zip(files, formats, strict=True)
        if kind == "xlsx"
    ]
    readers = [
        _Reader(_order(sheet, kind, names, alone=len(layout.sheets) == 1), content)
        for sheet, (kind, content), names in zip(layout.sheets, sources, apart, strict=True)
    ]
    try:
        sheets, missing = _collected(readers, layout, told)
    except FileRefused:
        _looked_over(scans)  # what is harmful is said before what is only wrong
        raise
    else:
        _looked_over(scans)
    finally:
        for reader in (*readers, *scans):
            reader.stop()
    return Opened(layout, sheets, missing)


def open_list(sent: Sent) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a list's first sheet as text, with their numbers as the spreadsheet counts them; blank rows are left out.

    Raise FileRefused with the first thing that forbids to read it; with the last row it is certain that nothing does.
    """
    kind = format_of(sent)
    scans = (
        [_Reader({"act": "scan", "deep": False, "rows": MOST_LINES}, sent.content)] if kind == "xlsx" else []
    )
    reader = _Reader({"act": "lines", "format": kind}, sent.content)
    try:
        for frame in reader.frames():
            yield from frame[1]
        _looked_over(scans)
    except FileRefused:
        _looked_over(scans)  # what is harmful is said before what is only wrong
        raise
    finally:
        for one in (reader, *scans):
            one.stop()


def headings_at(header: Sequence[str], *, needed: Sequence[str], known: Sequence[str]) -> dict[str, int]:
    """Return where each known heading of a list stands, in whatever order; raise FileRefused for a needed one missing or one twice.

    Stars, units in brackets and spaces are no part of a heading.
    """
    plain = [re.sub(r"[\s*＊]|[（(].*?[）)]", "", heading) for heading in header]
    missing = [heading for heading in needed if heading not in plain]
    if missing:
        raise FileRefused(f"第一行没有“{'”“'.join(missing)}”列：表头须在第一行，名称与模板一致")
    twice = [heading for heading in known if plain.count(heading) > 1]
    if twice:
        raise FileRefused(f"“{'”“'.join(twice)}”列出现了两次，请删去一列")
    return {heading: plain.index(heading) for heading in known if heading in plain}


def _looked_over(scans: "Sequence[_Reader]") -> None:
    """Wait for those who look into the archive; raise FileRefused for what they find."""
    for scan in scans:
        for _ in scan.frames():
            pass


def _collected(
    readers: "Sequence[_Reader]", layout: Layout, told: Callable[[int], None]
) -> tuple[list[list[SheetRow]], list[frozenset[str]]]:
    """Return every sheet's rows, and the columns that it does not have."""
    sheets: list[list[SheetRow]] = [[] for _ in readers]
    missing: list[frozenset[str]] = []
    for place, reader in enumerate(readers):
        names: frozenset[str] = frozenset()
        for frame in reader.frames():
            if frame[0] == "headings":
                headings = layout.sheets[place].headings
                names = frozenset(one.name for one, at in zip(headings, frame[2], strict=True) if at < 0)
            else:
                sheets[place] += [SheetRow(*row) for row in frame[1]]
                told(sum(map(len, sheets)))
        missing.append(names)
    return sheets, missing


def _sources(files: Sequence[Sent], formats: Sequence[Format], layout: Layout) -> list[tuple[Format, bytes]]:
    """Return for each sheet the file that holds it."""
    if len(files) == 1 and formats[0] != "csv":
        return [(formats[0], files[0].content)] * len(layout.sheets)
    if any(kind != "csv" for kind in formats):
        raise FileRefused("请上传一个工作簿，或只上传 .csv 文件")
    if len(layout.sheets) == 1 and len(files) == 1:
        return [("csv", files[0].content)]
    found = []
    for sheet in layout.sheets:
        named = re.compile(rf"(?:.*[-_ （(])?{re.escape(sheet.name)}[）)]?\.csv", re.IGNORECASE | re.DOTALL)
        holding = [one for one in files if named.fullmatch(one.name)]
        if len(holding) != 1:
            names = "、".join(f"{one.name}.csv" for one in layout.sheets)
            raise FileRefused(f"用 csv 上传时请一次选择这些文件：{names}")
        found.append(("csv", holding[0].content))
    if len(files) > len(layout.sheets):
        raise FileRefused("csv 文件多于工作表，请只选择需要的文件")
    return found  # type: ignore[return-value]  # a list of pairs


def _order(sheet: SheetLayout, kind: Format, apart: Sequence[str], *, alone: bool) -> dict[str, Any]:
    headings = sheet.headings
    return {
        "act": "rows",
        "format": kind,
        "sheet": sheet.name,
        "alone": alone,
        "known": list(sheet.known),
        "texts": [heading.text for heading in headings],
        "needed": list(sheet.needed),
        "passed": [tight(RETURNED)],
        "apart": [headings[sheet.places[name]].text for name in apart],
    }


class _Reader:
    """A process that reads, and its answers."""

    def __init__(self, order: dict[str, Any], content: bytes) -> None:
        self._child = subprocess.Popen(  # our own script
            [sys.executable, "-I", "-X", "utf8", _READER, json.dumps(order)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._order, self._content = order, content
        from threading import Thread

        self._feeder = Thread(target=self._feed, daemon=True)
        self._feeder.start()

    def _feed(self) -> None:
        assert self._child.stdin is not None  # noqa: S101  (asked for as a pipe)
        try:
            self._child.stdin.write(self._content)
            self._child.stdin.close()
        except (BrokenPipeError, OSError):
            return  # it has refused before it had read everything

    def frames(self) -> Iterator[tuple[Any, ...]]:
        """Yield the answers up to the end; raise FileRefused where it refuses or dies."""
        assert self._child.stdout is not None  # noqa: S101  (asked for as a pipe)
        while len(head := self._child.stdout.read(4)) == 4:
            frame = marshal.loads(self._child.stdout.read(struct.unpack(">I", head)[0]))  # noqa: S302
            if frame[0] == "end":
                return
            if frame[0] == "refused":
                raise FileRefused(frame[1])
            yield frame
        raise FileRefused(self._why_it_died())

    def _why_it_died(self) -> str:
        """Return what is wrong with a file that broke its reader: a slow look at every cell tells."""
        if self._order["act"] == "scan" or self._order["format"] != "xlsx":
            return _NO_MEMORY
        most = MOST_LINES if self._order["act"] == "lines" else MOST_ROWS
        looking = _Reader({"act": "scan", "deep": True, "rows": most}, self._content)
        try:
            for _ in looking.frames():
                pass
        except FileRefused as refused:
            return str(refused)
        finally:
            looking.stop()
        return _NO_MEMORY

    def stop(self) -> None:
        """End the process, whether it has finished or not."""
        self._child.kill()
        for pipe in (self._child.stdout, self._child.stdin):
            try:
                if pipe is not None:
                    pipe.close()
            except OSError:
                continue
        self._child.wait()
