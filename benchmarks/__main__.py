"""`python -m benchmarks --scale small|county|province`: pages on an almost empty register, then on a full one, in one run."""

import argparse
import json
import os
import platform
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.place import FLOOR, FULL, ROOT, Place

if TYPE_CHECKING:
    from benchmarks.pages import Page

SCALES = {"small": 3_000, "county": 30_000, "province": 1_200_000}
FEWEST = 20
"""Households of the almost empty register that the same pages are measured on first."""


def main() -> None:
    """Measure, print the table, keep the figures and the plans."""
    parser = argparse.ArgumentParser(prog="make bench", description="测量 docs/performance.md 所列的各项")
    parser.add_argument("--scale", choices=SCALES, default="small")
    parser.add_argument("--requests", type=int, default=100, help="每种请求的次数")
    parser.add_argument("--only", default="", help="只测名称含此字样的页面")
    parser.add_argument("--keep", action="store_true", help="量完不停服务器、不删数据")
    parser.add_argument("--again", action="store_true", help="用上次 --keep 留下的数据再量一次")
    options = parser.parse_args()
    home = Path(os.environ.get("FUPIN_HOME") or ROOT / "var").resolve() / "bench"
    place = Place(home)
    try:
        figures = _again(place, options) if options.again else _run(place, options)
    finally:
        if not (options.keep or options.again):
            place.end()
    (home / f"report-{options.scale}.json").write_text(json.dumps(figures, ensure_ascii=False, indent=2))


def _run(place: Place, options: argparse.Namespace) -> dict[str, Any]:
    print(f"规模 {options.scale}:{SCALES[options.scale]:,} 户;{_machine()}", flush=True)
    place.begin()
    place.seed(FEWEST, 141124)
    place.keep_floor()
    counties = [141124, 140929] if options.scale == "small" else [141124] if options.scale == "county" else []
    seeded = place.seed(SCALES[options.scale], *counties)
    _print_seed(seeded)
    return _compare(place, options) | {"seed": seeded}


def _again(place: Place, options: argparse.Namespace) -> dict[str, Any]:
    place.resume()
    return _compare(place, options)


def _compare(place: Place, options: argparse.Namespace) -> dict[str, Any]:
    """Measure each page on the almost empty register and at once on the full one; print a line for it."""
    from benchmarks.pages import pages

    with place.database(FLOOR):
        almost_empty = pages()
    with place.database(FULL):
        full = pages()
    print(
        f"\n{'页面':<32}{'空 p50':>9}{'空 p95':>9}{'满 p50':>9}{'满 p95':>9}{'倍数':>6}{'查询':>6}{'目标':>5}"
    )
    found: dict[str, Any] = {}
    for before, after in zip(almost_empty, full, strict=True):
        if options.only not in after.name:
            continue
        with place.database(FLOOR):
            floor = _measure(before, options)
        with place.database(FULL):
            now = _measure(after, options)
        found[after.name] = {"goal": after.goal, "floor": floor, "full": now}
        _print_page(after.name, found[after.name])
    with place.database(FULL):
        _keep_plans(place, options)
        size = _size()
    missed = sum(not _reached(figures) for figures in found.values())
    day = datetime.now(UTC).astimezone()
    print(
        f"\n时间为服务器内毫秒,每项 {options.requests} 次;未达目标 {missed} 项;库 {size};{_machine()},{day:%Y-%m-%d}"
    )
    return {
        "scale": options.scale,
        "machine": _machine(),
        "day": f"{day:%Y-%m-%d}",
        "pages": found,
        "size": size,
    }


def _measure(page: "Page", options: argparse.Namespace) -> dict[str, float] | None:
    """Return p50, p95 in milliseconds and the number of queries; None for a page that fails."""
    from benchmarks.timing import WrongAnswer, measure

    try:
        timed = measure(page.make, times=options.requests, expect=page.expect)
    except WrongAnswer as wrong:
        print(f"{page.name}: {wrong}", flush=True)
        return None
    return {"p50": timed.at(0.5), "p95": timed.at(0.95), "queries": timed.queries}


def _reached(figures: dict[str, Any]) -> bool:
    """Tell whether a page keeps its goal, and costs at most twice what it costs on an almost empty register."""
    floor, full = figures["floor"], figures["full"]
    return bool(floor and full and full["p95"] <= figures["goal"] and full["p50"] <= 2 * floor["p50"])


def _print_page(name: str, figures: dict[str, Any]) -> None:
    floor, full = figures["floor"], figures["full"]
    if floor and full:
        print(
            f"{_wide(name, 34)}{floor['p50']:9.1f}{floor['p95']:10.1f}{full['p50']:10.1f}{full['p95']:10.1f}"
            f"{full['p50'] / floor['p50']:7.2f}{full['queries']:6.0f}{figures['goal']:7.0f} {'' if _reached(figures) else '未达'}",
            flush=True,
        )


def _keep_plans(place: Place, options: argparse.Namespace) -> None:
    from benchmarks.pages import LINXIAN, PROVINCE, pages
    from benchmarks.plans import keep_plans

    folder = ROOT / "benchmarks" / "explain" if options.scale == "province" else place.home / "explain"
    chosen = [page for page in pages() if options.only in page.name]
    keep_plans(chosen, folder, {"county": LINXIAN, "province": PROVINCE})


def _print_seed(seeded: dict[str, Any]) -> None:
    rate = seeded["households"] / seeded["seconds"]
    print(
        f"\n装入 {seeded['households']:,} 户、{seeded['rows']['registry_member']:,} 人,"
        f"共 {sum(seeded['rows'].values()):,} 行(另有同数历史),{seeded['seconds']:.0f} 秒,每秒 {rate:,.0f} 户",
        flush=True,
    )


def _size() -> str:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_size_pretty(pg_database_size(current_database()))")
        return str(cursor.fetchone()[0])


def _machine() -> str:
    return f"{os.cpu_count()} 核 {platform.machine()},Python {platform.python_version()}"


def _wide(text: str, width: int) -> str:
    """Fill a name up to a width, Chinese characters counting twice."""
    return text + " " * max(width - sum(2 if ord(char) > 0x2E80 else 1 for char in text), 1)


if __name__ == "__main__":
    main()
