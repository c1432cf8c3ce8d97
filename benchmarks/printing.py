"""`python -m benchmarks.printing`: household cards as one PDF, against the typesetter alone on prepared records, in one run."""

import argparse
import os
import platform
import resource
import shutil
import time
from collections import deque
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from benchmarks.place import ROOT, Place
from benchmarks.timing import queries

COUNTY = 141124
YEAR = 2014


def main() -> None:
    """Seed a county, measure both in turn, and print the seconds and their ratio."""
    parser = argparse.ArgumentParser(description="测量户卡成批打印")
    parser.add_argument("--cards", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    place = Place(Path(os.environ.get("FUPIN_HOME") or ROOT / "var").resolve() / "bench-printing")
    try:
        place.begin()
        place.seed(options.cards * 2, COUNTY)
        _measure(place, options.cards, options.rounds)
    finally:
        place.end()


def _measure(place: Place, count: int, rounds: int) -> None:
    from fupin.accounts.scope import whole_province
    from fupin.prints.typesetter import typeset_batch
    from registry.prints.batches import household_manuscripts
    from registry.prints.imprint import Imprint, check_key
    from registry.services.printing import bind_cards, cards_to_print

    imprint = Imprint(printed_on=date(2014, 12, 31), printed_by="量时", demo=True, key=check_key())
    with whole_province():
        ids = cards_to_print(COUNTY * 10**6, YEAR)[:count]
        prepared = list(household_manuscripts(ids, imprint))
        desk = place.home / "desk"

        def alone() -> None:
            deque(typeset_batch(prepared, folder=desk), maxlen=0)

        def whole() -> None:
            bind_cards(ids, imprint, desk=desk, title="户卡", place_path="临县")

        floor, ours = [], []
        for _ in range(rounds):
            floor.append(_seconds(alone, desk))
            ours.append(_seconds(whole, desk))
        with queries() as seen:
            deque(household_manuscripts(ids, imprint), maxlen=0)
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{len(ids):,} 张户卡，{rounds} 轮取最快；{os.cpu_count()} 核 {platform.machine()}，{datetime.now(UTC):%Y-%m-%d}"
    )
    print(f"排版器，已备好的数据：{min(floor):.1f} 秒")
    print(
        f"从库到一个 PDF（取数、校验码、二维码、排版、目录、装订）：{min(ours):.1f} 秒，{min(ours) / min(floor):.2f} 倍"
    )
    print(f"查询 {len(seen)} 条；内存 主进程 {own} MB，排版进程 {children} MB")


def _seconds(act: Callable[[], None], desk: Path) -> float:
    shutil.rmtree(desk, ignore_errors=True)
    desk.mkdir()
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
