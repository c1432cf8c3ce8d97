"""`python -m benchmarks --scale small|county|province`: pages on an almost empty register, then on a full one, in one run."""

import argparse
import json
import os
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.place import ROOT, Place

SCALES = {"small": 3_000, "county": 30_000, "province": 1_200_000}
FLOOR = 20
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
    place.seed(FLOOR, 141124)
    floor = _measure(options)
    (place.home / "floor.json").write_text(json.dumps(floor))
    counties = [141124, 140929] if options.scale == "small" else [141124] if options.scale == "county" else []
    seeded = place.seed(SCALES[options.scale], *counties)
    _print_seed(seeded)
    full = _measure(options)
    _keep_plans(place, options)
    return _report(floor, full, options) | {"seed": seeded, "database": _size()}


def _again(place: Place, options: argparse.Namespace) -> dict[str, Any]:
    place.resume()
    floor = json.loads((place.home / "floor.json").read_text())
    full = _measure(options)
    _keep_plans(place, options)
    return _report(floor, full, options) | {"database": _size()}


def _measure(options: argparse.Namespace) -> dict[str, dict[str, float]]:
    """Return p50, p95 and the number of queries of every page, in milliseconds."""
    from benchmarks.pages import pages
    from benchmarks.timing import WrongAnswer, measure

    found = {}
    for page in pages():
        if options.only in page.name:
            try:
                timed = measure(page.make, times=options.requests, expect=page.expect)
            except WrongAnswer as wrong:
                print(f"{page.name}: {wrong}", flush=True)
                continue
            found[page.name] = {
                "goal": page.goal,
                "p50": timed.at(0.5),
                "p95": timed.at(0.95),
                "queries": timed.queries,
            }
    return found


def _keep_plans(place: Place, options: argparse.Namespace) -> None:
    from benchmarks.pages import LINXIAN, PROVINCE, pages
    from benchmarks.plans import keep_plans

    folder = ROOT / "benchmarks" / "explain" if options.scale == "province" else place.home / "explain"
    chosen = [page for page in pages() if options.only in page.name]
    keep_plans(chosen, folder, {"county": LINXIAN, "province": PROVINCE})


def _report(floor: dict[str, Any], full: dict[str, Any], options: argparse.Namespace) -> dict[str, Any]:
    print(
        f"\n{'页面':<22}{'空 p50':>9}{'空 p95':>9}{'满 p50':>9}{'满 p95':>9}{'倍数':>7}{'查询':>6}{'目标':>6}"
    )
    missed = 0
    for name, now in full.items():
        before = floor.get(name, now)
        ratio = now["p95"] / before["p95"]
        good = now["p95"] <= now["goal"] and (ratio <= 2 or now["p95"] < now["goal"] / 2)
        missed += not good
        print(
            f"{_wide(name, 34)}{before['p50']:9.1f}{before['p95']:9.1f}{now['p50']:9.1f}{now['p95']:9.1f}"
            f"{ratio:8.2f}{now['queries']:6.0f}{now['goal']:7.0f} {'' if good else '未达'}"
        )
    print(
        f"\n时间为服务器内毫秒,每项 {options.requests} 次;未达目标 {missed} 项;{_machine()},{datetime.now(UTC).astimezone():%Y-%m-%d}"
    )
    return {"scale": options.scale, "machine": _machine(), "floor": floor, "full": full}


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
    sys.exit(main())
