"""Taking a million households out: `python -m benchmarks.exporting [--rows N]`, on the register that `make bench` kept.

In one run, one after the other: the floor of csv (`COPY (same query) TO STDOUT`, thrown away), ours; the floor of xlsx (the bare
writer on the same cells, already in memory, a slice of the rows scaled up), ours. Each of ours in a process of its own, as a worker has
it, from the question to the finished file with digest, sums and note; its peak memory is that process's.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time
import uuid
from pathlib import Path
from typing import Any, Final

from benchmarks.place import ROOT, Place

PROVINCE: Final = 140000000000
SLICE: Final = 50_000
"""Rows of the bare writer that lie in memory at once."""


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.exporting")
    parser.add_argument("--rows", type=int, default=1_000_000, help="户数")
    parser.add_argument(
        "--sheets", choices=("household", "all"), default="household", help="只导户表,或连成员表"
    )
    parser.add_argument("--formats", nargs="+", choices=("csv", "xlsx"), default=["csv", "xlsx"])
    parser.add_argument("--times", type=int, default=1, help="各量几次,取最小")
    parser.add_argument(
        "--part", choices=("floor-csv", "csv", "floor-xlsx", "xlsx", "plain-csv"), help=argparse.SUPPRESS
    )
    options = parser.parse_args()
    home = Path(os.environ.get("FUPIN_HOME") or ROOT / "var").resolve() / "bench"
    if options.part:
        print(json.dumps(_part(home, options)))
        return
    found: dict[str, dict[str, float]] = {}
    for one in options.formats:
        for part in (f"floor-{one}", one):
            runs = [_in_a_process(part, options) for _ in range(options.times)]
            found[part] = min(runs, key=lambda run: run["seconds"])
            print(
                f"{part:<12}{found[part]['seconds']:9.1f} 秒  {found[part]['mb']:6.0f} MB  {found[part]['rows']:,.0f} 行",
                flush=True,
            )
        print(f"{one} 为下限的 {found[one]['seconds'] / found[f'floor-{one}']['seconds']:.2f} 倍", flush=True)


def _in_a_process(part: str, options: argparse.Namespace) -> dict[str, float]:
    command = [
        sys.executable,
        "-m",
        "benchmarks.exporting",
        "--part",
        part,
        "--rows",
        str(options.rows),
        "--sheets",
        options.sheets,
    ]
    done = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _part(home: Path, options: argparse.Namespace) -> dict[str, float]:
    Place(home).resume()
    measured = {
        "floor-csv": _floor_csv,
        "csv": lambda rows, sheets: _ours("csv", rows, sheets),
        "floor-xlsx": _floor_xlsx,
        "xlsx": lambda rows, sheets: _ours("xlsx", rows, sheets),
    }[options.part]
    seconds, rows = measured(options.rows, options.sheets)
    return {"seconds": seconds, "rows": rows, "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def _selection(rows: int, sheets: str) -> Any:
    """Return a province's list of 2014, the first so many households of it."""
    from dataclasses import replace

    from django.http import QueryDict

    from fupin.sheets import exports
    from fupin.sheets.kinds import Request

    selection = exports.select("households", Request(_who(), 2014, QueryDict("")))
    first, *others = selection.tables
    last = list(selection.rows.values_list("division_id", flat=True)[rows - 1 : rows])
    if last:  # whole villages up to the one in which the last of them lies
        first = replace(first, rows=first.rows.filter(division_id__lte=last[0]))
        others = [replace(one, rows=one.rows.filter(division_id__lte=last[0])) for one in others]
    return replace(selection, rows=first.rows, tables=(first, *(others if sheets == "all" else ())))


def _who(username: str = "auditor") -> Any:
    """Return somebody who may look at the whole province; the one answers for what the other takes out."""
    from fupin.accounts.models import Post, User

    user = User.objects.get(username=username)
    user.post = Post.objects.filter(user=user).select_related("division").order_by("pk")[0]
    return user


class _Nowhere:
    """Takes lines and forgets them."""

    rows = 0

    def write(self, _line: bytes) -> None:
        self.rows += 1


def _floor_csv(rows: int, sheets: str) -> tuple[float, int]:
    """Copy the same query to nowhere."""
    from django.db import connection

    from fupin.accounts.scope import acting_as
    from fupin.sheets.streaming import copy_statement

    nowhere = _Nowhere()
    with acting_as(_who()):
        selection = _selection(rows, sheets)
        statements = [copy_statement(table.rows, table.resource.columns) for table in selection.tables]
        began = time.perf_counter()
        with connection.cursor() as cursor:
            for statement, params in statements:
                cursor.copy_expert(cursor.mogrify(statement, params), nowhere)
        return time.perf_counter() - began, nowhere.rows


class _BareWriter:
    """Rows of values that lie in memory, written with nothing but the writer; only the writing is timed."""

    def __init__(self, path: Path) -> None:
        import xlsxwriter

        self.seconds, self.rows = 0.0, 0
        self._book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "tmpdir": str(path.parent)})
        self._waiting: list[list[Any]] = []

    def begin(self, kinds: list[str]) -> None:
        """Begin a sheet."""
        self._kinds, self._sheet, self._number = kinds, self._book.add_worksheet(), 0

    def take(self, batch: Any, _done: int) -> None:
        """Keep the cells of a batch as values; write when there are many."""
        values = {"text": str, "number": float, "day": lambda _day: 40000.0}
        self._waiting += [
            [values[kind](text) if text else None for kind, text in zip(self._kinds, row, strict=True)]
            for row in batch.cells
        ]
        if len(self._waiting) >= SLICE:
            self.write()

    def write(self) -> None:
        """Write what waits."""
        began = time.perf_counter()
        for cells in self._waiting:
            if self._number >= 1_048_576:
                self._sheet, self._number = self._book.add_worksheet(), 0
            for place, cell in enumerate(cells):
                if cell is None:
                    continue
                if isinstance(cell, float):
                    self._sheet.write_number(self._number, place, cell)
                else:
                    self._sheet.write_string(self._number, place, cell)
            self._number += 1
        self.seconds += time.perf_counter() - began
        self.rows += len(self._waiting)
        self._waiting.clear()

    def close(self) -> None:
        """Put the file together."""
        began = time.perf_counter()
        self._book.close()
        self.seconds += time.perf_counter() - began


def _floor_xlsx(rows: int, sheets: str) -> tuple[float, int]:
    """Write the same cells with the bare writer, slice by slice."""
    from fupin.accounts.scope import acting_as
    from fupin.sheets.streaming import copy_rows

    path = Path(os.environ["FUPIN_HOME"]) / "floor.xlsx"
    writer = _BareWriter(path)
    with acting_as(_who()):
        for table in _selection(rows, sheets).tables:
            writer.begin([column.shape.kind for column in table.resource.columns])
            copy_rows(table.rows, table.resource.columns, writer.take, counts={}, using="default")
            writer.write()
    writer.close()
    path.unlink()
    return writer.seconds, writer.rows


def _approved(form: Any, rows: int, sheets: str) -> Any:
    """Return the approval that a file about so many people needs, by a second person."""
    from fupin.accounts.scope import acting_as
    from fupin.sheets import approvals

    asked = {"kind": "households", "year": 2014, "query": "", "format": form, "measured": uuid.uuid4().hex}
    with acting_as(_who()):
        selection = _selection(rows, sheets)
        approval = approvals.ask_for_approval(
            actor=_who(), asked=asked, selection=selection, reason="测量导出的速度"
        )
    with acting_as(_who("province")):
        approvals.decide_approval(
            actor=_who("province"), approval=approval, approve=True, said="测量导出的速度"
        )
    return approval


def _ours(form: Any, rows: int, sheets: str) -> tuple[float, int]:
    """Take the list out as the command does."""
    import shutil

    from django.utils import timezone

    from fupin.accounts.scope import acting_as
    from fupin.sheets import exports

    approval = _approved(form, rows, sheets)
    key = uuid.uuid4()
    loose = Path(os.environ["FUPIN_HOME"]) / f"loose-{key.hex}" if form == "csv" else None
    with acting_as(_who()):
        selection = _selection(rows, sheets)
        began = time.perf_counter()
        log = exports.export(
            kind="households",
            selection=selection,
            actor=_who(),
            format=form,
            at=timezone.now(),
            key=key,
            loose=loose,
            approval=approval,
        )
        seconds = time.perf_counter() - began
    if loose:
        shutil.rmtree(loose)
    else:
        exports.path_of(log).unlink()
    return seconds, log.rows


if __name__ == "__main__":
    main()
