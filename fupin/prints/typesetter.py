"""From a Typst template and a record to a PDF: same record, same bytes."""

import base64
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from fupin.prints.checkcode import plain

if TYPE_CHECKING:
    from typst import Fonts

SHEETS_A_FILE: Final = 200
"""Sheets in one file of a batch: memory grows with the pages of a file, not with those of a batch."""

_SHARED: Final = Path(__file__).resolve().parent
_PROJECT: Final = _SHARED.parents[1]


class TypesettingFailed(Exception):
    """A template refused its record; the message says where."""


@dataclass(frozen=True, slots=True)
class Manuscript:
    """What the typesetter gets: a template, its record, and the files that the record names (photos)."""

    template: Path
    data: Mapping[str, Any]
    files: Mapping[str, bytes] = field(default_factory=dict)

    def typeset(self, *, out: Path | None = None) -> bytes:
        """Return the PDF; see `typeset`."""
        return typeset(self.template, self.data, files=self.files, out=out)


def typeset(
    template: Path,
    data: Mapping[str, Any],
    *,
    files: Mapping[str, bytes] | None = None,
    out: Path | None = None,
) -> bytes:
    """Return the PDF of a record, and write it to `out` if given; raise TypesettingFailed if refused.

    `data["printed_on"]`, an ISO date, becomes the date of the file, so that the same record gives the same
    bytes. The template finds the record as `/data.json`, the files by their names, its neighbours by theirs,
    and what all forms share as `/prints/*.typ`. It sees nothing else of the disk, no fonts of the system
    and no network.
    """
    import typst  # 80 MB of shared object: only a process that prints pays for it

    printed_on = datetime.fromisoformat(data["printed_on"]).replace(tzinfo=UTC)
    with TemporaryDirectory(prefix="typeset-") as folder:
        desk = Path(folder)
        _lay_out(desk, template, data, files or {})
        try:
            pdf = typst.compile(
                desk / "main.typ",
                root=desk,
                font_paths=_fonts(),
                ignore_system_fonts=True,
                timestamp=printed_on,
                pdf_tags=False,
            )
        except typst.TypstError as error:
            raise TypesettingFailed(f"{template.name}: {error.diagnostic or error.message}") from error
    if out is not None:
        out.write_bytes(pdf)
    return pdf


def _lay_out(desk: Path, template: Path, data: Mapping[str, Any], files: Mapping[str, bytes]) -> None:
    """Put all that the engine may see into a folder of its own."""
    for name, content in files.items():
        (desk / name).write_bytes(content)
    (desk / "prints").mkdir()
    for shared in _SHARED.glob("*.typ"):
        copyfile(shared, desk / "prints" / shared.name)
    for neighbour in template.parent.glob("*.typ"):
        copyfile(neighbour, desk / neighbour.name)
    copyfile(template, desk / "main.typ")
    (desk / "data.json").write_text(json.dumps(data, ensure_ascii=False, default=plain), "utf-8")


def typeset_batch(manuscripts: Iterable[Manuscript], *, folder: Path) -> Iterator[Path]:
    """Write one PDF a manuscript into the folder, `0001.pdf` and so on, and yield each path once written.

    Each file has a process of its own, one after another: the engine keeps what it has set until its
    process ends, and one already uses every core.
    """
    for number, manuscript in enumerate(manuscripts, start=1):
        out = folder / f"{number:04}.pdf"
        order = {
            "template": str(manuscript.template),
            "data": manuscript.data,
            "files": {name: base64.b64encode(content).decode() for name, content in manuscript.files.items()},
            "out": str(out),
        }
        done = subprocess.run(
            [sys.executable, "-m", "fupin.prints.typesetter"],
            input=json.dumps(order, ensure_ascii=False, default=plain).encode(),
            capture_output=True,
            cwd=_PROJECT,
            check=False,
        )
        if done.returncode != 0:
            raise TypesettingFailed(done.stderr.decode(errors="replace").strip()[-2000:])
        yield out


@cache
def _fonts() -> "Fonts":
    """Return Noto Sans SC and Noto Serif SC, which hold the rare characters of names and places, too."""
    import typst

    package = find_spec("pylopdf_fonts_zh_cn")
    if package is None or package.origin is None:
        raise TypesettingFailed("the fonts are missing: install pylopdf-fonts-zh-cn")
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[Path(package.origin).parent]
    )


def _take_order() -> None:
    """Typeset the one order on standard input: what the child process of a batch does."""
    order = json.load(sys.stdin)
    files = {name: base64.b64decode(content) for name, content in order["files"].items()}
    try:
        typeset(Path(order["template"]), order["data"], files=files, out=Path(order["out"]))
    except TypesettingFailed as failure:
        sys.exit(str(failure))


if __name__ == "__main__":
    _take_order()
