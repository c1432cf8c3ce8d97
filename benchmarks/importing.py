"""`python -m benchmarks.importing`: a county's workbook into the register, against the least work and against the usual way.

One workbook, one run, one machine: the floor reads it and COPies its cells unchecked; ours checks, compares, encrypts, writes and
keeps history; django-import-export does as its documentation shows, on a sample that is scaled up and said to be.
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any

from benchmarks.place import ROOT, Place

COUNTY = 141124000000
SAMPLE = 2_000


class Memory:
    """The most memory that this process and those it starts hold together: proportional set size, looked at ten times a second."""

    def __init__(self) -> None:
        self.most = 0
        self._stop = Event()
        self._thread = Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "Memory":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(0.1):
            self.most = max(self.most, sum(map(_pss, _family(os.getpid()))))

    @property
    def megabytes(self) -> int:
        return self.most // 1024


def _family(pid: int) -> Iterator[int]:
    yield pid
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from _family(int(child))
    except OSError:
        return


def _pss(pid: int) -> int:
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    except OSError:
        return 0
    return 0


def processor_seconds(home: Path) -> float:
    """Return what this process, those it has started and the database server have worked: the same on a busy machine and an idle one."""
    postmaster = int((home / "postgres" / "pgdata" / "postmaster.pid").read_text().split()[0])
    ticks = sum(_ticks(pid, with_ended=pid == postmaster) for pid in _family(postmaster))
    own = os.times()
    return own.user + own.system + own.children_user + own.children_system + ticks / os.sysconf("SC_CLK_TCK")


def _ticks(pid: int, *, with_ended: bool) -> int:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return sum(int(one) for one in fields[11 : 15 if with_ended else 13])


@contextmanager
def timed(said: Callable[[float], None]) -> Iterator[None]:
    """Tell how many seconds a block took."""
    began = time.perf_counter()
    yield
    said(time.perf_counter() - began)


def floor(path: Path) -> float:
    """Read every cell with calamine and COPY it into tables of text; return the seconds."""
    from io import StringIO

    from django.db import connection
    from python_calamine import CalamineWorkbook

    began = time.perf_counter()
    book = CalamineWorkbook.from_path(path)
    with connection.cursor() as cursor:
        for number, name in enumerate(book.sheet_names):
            rows = book.get_sheet_by_name(name).iter_rows()
            width = len(next(rows))
            columns = ", ".join(f"c{place} text" for place in range(width))
            cursor.execute(f"CREATE TEMP TABLE floor{number} ({columns}) ON COMMIT PRESERVE ROWS")
            lines = [
                "\t".join([cell if type(cell) is str else str(cell) for cell in row]).replace("\\", "\\\\")
                for row in rows
            ]
            cursor.cursor.copy_expert(
                f"COPY floor{number} FROM STDIN", StringIO("\n".join([*lines, ""])), 262_144
            )
    return time.perf_counter() - began


def ours(path: Path, told: Callable[[str, float], None]) -> dict[str, int]:
    """Send, check, let another person decide, write; return what was counted."""
    from django.utils import timezone

    from fupin.accounts.models import Post, User
    from fupin.accounts.scope import acting_as
    from fupin.sheets import deciding, receiving
    from fupin.sheets.opening import Sent

    def user(name: str) -> Any:
        found = User.objects.get(username=name)
        found.post = Post.objects.select_related("division").filter(user=found).first()
        return found

    def quiet(_done: int, _total: int | None, _words: str) -> None:
        return

    clerk, reviewer = user("county"), user("reviewer")
    today = timezone.localdate()
    with timed(lambda seconds: told("sent and kept", seconds)), acting_as(clerk):
        batch = receiving.receive(
            kind="households", files=[Sent(path.name, path.read_bytes())], actor=clerk, console=True
        )
    with timed(lambda seconds: told("read, checked, compared", seconds)):
        batch = receiving.stage(batch, on=today, told=quiet)
    with acting_as(reviewer):
        batch = deciding.decide(batch=batch, mode="GOOD", actor=reviewer)
    with timed(lambda seconds: told("written with history", seconds)):
        batch = deciding.apply(batch, actor=reviewer, on=today, told=quiet)
    return {name: getattr(batch, name) for name in ("rows", "new", "wrong", "ambiguous", "applied")}


def usual(path: Path) -> tuple[float, int]:
    """Import a workbook with django-import-export as its documentation shows; return seconds and rows."""
    command = [sys.executable, "-m", "benchmarks.usual_import", str(path)]
    done = subprocess.run(command, check=True, cwd=ROOT, capture_output=True, text=True)
    seconds, rows = done.stdout.split()
    return float(seconds), int(rows)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--households", type=int, default=50_000)
    parser.add_argument(
        "--home", type=Path, default=Path(os.environ.get("FUPIN_HOME", "var")) / "bench-import"
    )
    parser.add_argument("--skip-usual", action="store_true")
    options = parser.parse_args()
    place = Place(options.home.resolve())
    place.begin(login="worker")
    try:
        _measure(options)
    finally:
        place.end()


def _measure(options: argparse.Namespace) -> None:
    from benchmarks import sheets
    from fupin.accounts.scope import whole_province

    path, sample = options.home / "households.xlsx", options.home / "sample.xlsx"
    with whole_province():
        households, members = sheets.write(path, options.households, county=COUNTY)
        few, few_members = sheets.write(sample, min(SAMPLE, options.households), county=COUNTY)
    print(f"{households:,} households, {members:,} members, {path.stat().st_size / 1e6:.1f} MB")
    home = options.home.resolve()
    worked = processor_seconds(home)
    with Memory() as memory:
        least = floor(path)
    least_work = processor_seconds(home) - worked
    print(
        f"floor: read and COPY                {least:8.1f} s  {least_work:8.1f} s worked  {memory.megabytes:6,} MB",
        flush=True,
    )
    began, worked = time.perf_counter(), processor_seconds(home)
    with Memory() as memory:
        counted = ours(path, lambda what, seconds: print(f"  {what:32}  {seconds:8.1f} s", flush=True))
    took, work = time.perf_counter() - began, processor_seconds(home) - worked
    print(
        f"ours: xlsx to committed and audited {took:8.1f} s  {work:8.1f} s worked  {memory.megabytes:6,} MB"
        f"  {took / least:.2f} × the time, {work / least_work:.2f} × the work  {counted}",
        flush=True,
    )
    if options.skip_usual:
        return
    with Memory() as memory:
        seconds, rows = usual(sample)
    scaled = seconds * (households + members) / (few + few_members)
    print(
        f"django-import-export, documented    {scaled:8.1f} s  {scaled / took:6.1f} × ours"
        f"  (measured {seconds:.1f} s on {rows:,} rows, scaled by rows)  {memory.megabytes:,} MB for the sample"
    )


if __name__ == "__main__":
    sys.exit(main())
