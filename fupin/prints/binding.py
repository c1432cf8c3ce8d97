"""Many files of a batch bound into one, with a bookmark a sheet."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any


def first_pages(part: Path) -> list[int]:
    """Return on which page of a file each of its bookmarked sheets begins, counted from 0."""
    from pypdf import PdfReader  # only a process that binds pays for it

    reader = PdfReader(part)
    marks: Sequence[Any] = reader.outline
    return [
        int(reader.get_destination_page_number(mark) or 0) for mark in marks if not isinstance(mark, list)
    ]


def page_count(part: Path) -> int:
    """Return how many pages a file has."""
    from pypdf import PdfReader

    return len(PdfReader(part).pages)


def bind(parts: Sequence[Path], out: Path, *, title: str) -> int:
    """Put files one behind the other, their bookmarks with them; return the number of pages."""
    from pypdf import PdfWriter

    writer = PdfWriter()
    for part in parts:
        writer.append(part, import_outline=True)
    writer.add_metadata({"/Title": title, "/Author": "山西省精准扶贫建档立卡系统"})
    writer.write(out)
    return len(writer.pages)
