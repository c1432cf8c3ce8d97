"""Look into a workbook's archive before and while it is read: what is too large, hidden, alive or far away.

Inflates every part piece by piece, so that its own memory is bounded whatever the archive says of itself.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Final

MOST_UNPACKED: Final = 1_000_000_000
MOST_RATIO: Final = 100
RATIO_FROM: Final = 5_000_000
"""Parts below this size may be packed as well as they like."""
MOST_PARTS: Final = 2_000
MOST_CELLS: Final = 12_000_000
MOST_ROWS: Final = 300_000
MOST_COLUMNS: Final = 500
PIECE: Final = 1 << 20

_ALIVE: Final = ("vbaproject.bin", "activex", "externallinks", "embeddings", "macrosheets", "dialogsheets")
_FORMULA: Final = re.compile(rb'<(?:x:)?c\b[^>]*\br="([A-Z]{1,3}[0-9]{1,7})"[^>]*>\s*<(?:x:)?f[\s>/]')
_FORMULA_MARKS: Final = (b"<f>", b"<f ", b"<f/", b"<x:f>", b"<x:f ")
_LAST_ROW: Final = re.compile(rb'<row\b[^>]*\br="([0-9]{1,10})"')
_CELL: Final = re.compile(rb'<c\b[^>]*\br="([A-Z]{1,4})([0-9]{1,10})"')
_TAIL: Final = 4096


class Harmful(Exception):
    """The archive is not read; the text says why and what to do."""


def open_archive(content: bytes) -> zipfile.ZipFile:
    """Return the archive of a workbook whose table of contents is in order; raise Harmful."""
    try:
        archive = zipfile.ZipFile(BytesIO(content))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise Harmful("文件已损坏或不是 .xlsx 工作簿，请用 Excel 或 WPS 打开后另存为 .xlsx 再上传") from None
    parts = archive.infolist()
    names = [part.filename for part in parts]
    low = [name.lower() for name in names]
    if len(parts) > MOST_PARTS or len(set(low)) != len(low):
        raise Harmful("工作簿内部结构异常，请另存为新的 .xlsx 再上传")
    if any(name.startswith(("/", "\\")) or ".." in name.split("/") or "\\" in name for name in names):
        raise Harmful("工作簿内部含有越界的路径，没有读取")
    if any(part.flag_bits & 1 for part in parts):
        raise Harmful("文件设有密码，请去掉密码另存后上传")
    if any(mark in name for name in low for mark in _ALIVE):
        raise Harmful("工作簿含有宏、外部链接或嵌入对象，没有读取；请另存为不含宏的 .xlsx 再上传")
    if "[content_types].xml" not in low or "xl/workbook.xml" not in low:
        raise Harmful("文件不是 .xlsx 工作簿，请用 Excel 或 WPS 另存为 .xlsx 再上传")
    told = sum(part.file_size for part in parts)
    if told > MOST_UNPACKED:
        raise Harmful(f"工作簿展开后约 {told // 1_000_000:,} MB，超过 1,000 MB，没有读取；请分开上传")
    for part in parts:
        if part.file_size > RATIO_FROM and part.file_size > MOST_RATIO * max(part.compress_size, 1):
            raise Harmful("工作簿内容压缩得异常，疑为恶意文件，没有读取；请复制到新工作簿再上传")
    return archive


def pieces(archive: zipfile.ZipFile, part: zipfile.ZipInfo, room: list[int]) -> Iterator[bytes]:
    """Yield a part's content, each piece with the end of the one before; raise Harmful where it never ends."""
    carry = b""
    try:
        with archive.open(part) as file:
            while piece := file.read(PIECE):
                room[0] -= len(piece)
                if room[0] < 0:
                    raise Harmful("工作簿展开后超过 1,000 MB，没有读取；请分开上传")
                yield carry + piece
                carry = piece[-_TAIL:]
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, OSError):
        raise Harmful("文件已损坏，请用 Excel 或 WPS 打开后另存为 .xlsx 再上传") from None


def scan(content: bytes, *, deep: bool = False, most_rows: int = MOST_ROWS) -> None:
    """Raise Harmful for what must not be read; `deep` looks at every cell's place, to name what broke a reader."""
    archive = open_archive(content)
    room = [MOST_UNPACKED]
    cells = 0
    for part in archive.infolist():
        name = part.filename.lower()
        if not name.endswith((".xml", ".rels", ".vml")):
            continue
        is_sheet = name.startswith("xl/worksheets/") and name.endswith(".xml")
        rows = 0
        carried = 0
        for piece in pieces(archive, part, room):
            if not carried:
                _plain_xml(piece, part.filename)
            if b"<!DOCTYPE" in piece or b"<!ENTITY" in piece:
                raise Harmful("工作簿内部含有 XML 实体声明，疑为恶意文件，没有读取")
            if is_sheet:
                rows += piece.count(b"<row ", carried)
                cells += piece.count(b"<c ", carried)
                _within(part.filename, piece, rows, cells, most_rows)
                if deep:
                    _near(part.filename, piece, most_rows)
            carried = min(len(piece), _TAIL)


def _plain_xml(head: bytes, name: str) -> None:
    """Refuse encodings in which what is looked for could not be seen."""
    declared = head[:200].lower()
    if (
        head[:2] in {b"\xff\xfe", b"\xfe\xff"}
        or b"utf-16" in declared
        or b"utf-7" in declared
        or b"\x00" in head[:200]
    ):
        raise Harmful(f"工作簿内部 {name} 的编码异常，没有读取；请另存为新的 .xlsx 再上传")


def _within(name: str, piece: bytes, rows: int, cells: int, most_rows: int) -> None:
    last = _LAST_ROW.findall(piece[-_TAIL:])
    if rows > most_rows + 20 or (last and int(last[-1]) > most_rows + 20):
        raise Harmful(
            f"{_sheet(name)}超过 {most_rows:,} 行（多半是末尾的空行），没有读取；请删除空行后重新保存，或分开上传"
        )
    if cells > MOST_CELLS:
        raise Harmful(f"工作簿超过 {MOST_CELLS:,} 个单元格，没有读取；请分开上传")
    if any(mark in piece for mark in _FORMULA_MARKS):
        found = [place.decode() for place in _FORMULA.findall(piece)[:10]]
        where = f"（{'、'.join(found)}）" if found else ""
        raise Harmful(f"{_sheet(name)}有公式{where}，没有读取；请选中后复制，“选择性粘贴”为数值，再保存上传")


def _near(name: str, piece: bytes, most_rows: int) -> None:
    for letters, row in _CELL.findall(piece):
        column = 0
        for letter in letters:
            column = column * 26 + letter - 64
        if column > MOST_COLUMNS or int(row) > most_rows + 20:
            where = f"{letters.decode()}{row.decode()}"
            raise Harmful(
                f"{_sheet(name)}在很远的地方（{where}）还有单元格，没有读取；请删除多余的行列后重新保存"
            )


def _sheet(name: str) -> str:
    return f"工作表（{name.rpartition('/')[2]}）"
