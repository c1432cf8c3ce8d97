"""`python -m benchmarks.reidentify [--scale …] [--again]`: the whole re-identification against its floor, and against row by row.

In one run, on the same rows: (a) one aggregate SELECT over the columns that decide, whose answer is one row; (b) the rules applied
row by row through the ORM, on a sample; and the run itself, county by county, its findings stored, in one process.
"""

import argparse
import json
import os
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from benchmarks.__main__ import SCALES, _machine
from benchmarks.place import ROOT, Place

if TYPE_CHECKING:
    from registry.models import ReidentificationRun

YEAR: Final = 2015
"""Goes by the incomes of 2014, which the synthetic register has of every household that stands."""

ROUNDS: Final = 3
FLOOR_GOAL, ROW_GOAL = 5.0, 50.0

FLOOR: Final = """
    SELECT count(*), sum(y.net_income), sum(y.member_count), max(y.danger_level), bool_and(y.water_safe), max(y.id_standard),
        max(h.status), max(h.exit_year), count(*) FILTER (WHERE m.is_counted), bool_and(m.in_ncms), max(m.student), max(p.birth_date)
    FROM registry_householdyear y
    JOIN registry_household h ON h.id = y.household_id
    LEFT JOIN registry_memberyear m ON m.household_year_id = y.id
    LEFT JOIN registry_member p ON p.id = m.member_id
    WHERE y.year = %s
"""


def measure(sample: int) -> dict[str, Any]:
    """Measure floor, run and row by row; return seconds and ratios."""
    floors, wholes, run = [], [], None
    for _ in range(ROUNDS):
        floors.append(_timed(_floor))
        seconds, run = _run()
        wholes.append(seconds)
    assert run is not None
    from django.db.models import Sum

    with _province():
        counted = run.counties.aggregate(
            households=Sum("households"), may_leave=Sum("may_leave"), newly_below=Sum("newly_below"),
            fallen_back=Sum("fallen_back"),
        )  # fmt: skip
    rows, row_seconds = _row_by_row(sample, run)
    floor, whole = statistics.median(floors), statistics.median(wholes)
    per_row, per_row_orm = whole / counted["households"], row_seconds / rows
    return {
        **counted,
        "floor_seconds": floor,
        "run_seconds": whole,
        "times_floor": whole / floor,
        "sample": rows,
        "row_by_row_ms": per_row_orm * 1000,
        "run_ms": per_row * 1000,
        "faster": per_row_orm / per_row,
        "all_floor_seconds": floors,
        "all_run_seconds": wholes,
    }


def _province() -> Any:
    from fupin.accounts.scope import whole_province

    return whole_province()


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _floor() -> None:
    from django.db import connection

    with _province(), connection.cursor() as cursor:
        cursor.execute(FLOOR, [YEAR - 1])
        cursor.fetchone()


def _run() -> "tuple[float, ReidentificationRun]":
    """Work a run of the province through, a county a transaction, as a worker does."""
    from fupin.divisions.codes import PROVINCE_CODE
    from fupin.divisions.models import Division
    from registry.services.reidentification import begin, finish, work_on

    began = time.perf_counter()
    with _province():
        run = begin(actor=None, division=Division.objects.get(pk=PROVINCE_CODE), year=YEAR)
    done: object = True
    while done is not None:
        with _province():
            done = work_on(run)
    with _province():
        finish(run)
    return time.perf_counter() - began, run


def _row_by_row(sample: int, run: "ReidentificationRun") -> tuple[int, float]:
    """Apply the same rules to a sample spread over the province, one household after another, and hold each against what the run found."""
    from django.db import transaction

    from fupin.policy.standards import figure
    from registry.models import HouseholdYear, ReidentificationFinding
    from registry.models.household import LIVE
    from registry.rules.reidentify import Standing, judge

    first, last = (int(figure(name, YEAR - 1)) for name in ("compulsory_from", "compulsory_to"))
    with _province():
        cards = HouseholdYear.objects.filter(year=YEAR - 1, household__status__in=LIVE).order_by("pk")
        keys = list(cards.values_list("pk", flat=True))[:: max(cards.count() // sample, 1)][:sample]
        began = time.perf_counter()
        for key in keys:
            card = HouseholdYear.objects.select_related("household").get(pk=key)
            counted = [one for one in card.members.select_related("member") if one.is_counted]
            ages = {one.pk: YEAR - 1 - one.member.birth_date.year for one in counted if one.member.birth_date}
            dropouts = sum(one.student == "01" and first <= ages.get(one.pk, 0) <= last for one in counted)
            uninsured = sum(one.in_ncms is False for one in counted)
            verdict = judge(
                Standing(
                    card.household.status, card.net_income, card.member_count, card.danger_level, card.water_safe,
                    dropouts=dropouts, uninsured=uninsured, unasked=sum(one.in_ncms is None for one in counted),
                    exit_year=card.household.exit_year, id_standard=card.id_standard,
                ),
                line=run.line,
                income_year=run.income_year,
            )  # fmt: skip
            stored = ReidentificationFinding.objects.filter(run=run, household=card.household).first()
            if (stored.listed if stored else None) != verdict.listed:
                raise SystemExit(f"{card.household} is judged otherwise row by row")
        checked = time.perf_counter() - began
        transaction.set_rollback(True)
    return len(keys), checked


def _keep_plan(folder: Path) -> None:
    """Keep the plan of one county's statement, without writing its findings."""
    from django.db import connection

    from fupin.divisions.codes import code_range
    from fupin.policy.standards import poverty_line
    from registry.services.judging import WORK_MEM, judged, narrowed

    low, high = code_range(141124000000)
    line = poverty_line(YEAR - 1).amount
    rows = judged(low=low, high=high, income_year=YEAR - 1, line=line).values(
        "division_id", "household_id", "listed", "broken"
    )
    query, parameters = rows.query.sql_with_params()
    with _province(), narrowed(low, high), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('work_mem', %s, true)", [WORK_MEM])
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) {query}", parameters)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "reidentify_county.txt").write_text(f"# 动态比对，一县\n\n{plan}\n")


def main() -> None:
    """Measure, print, keep the figures and the plan."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reidentify", description=__doc__)
    parser.add_argument("--scale", choices=SCALES, default="small")
    parser.add_argument("--sample", type=int, default=2_000, help="逐户比对的户数")
    parser.add_argument("--keep", action="store_true", help="量完不停服务器、不删数据")
    parser.add_argument("--again", action="store_true", help="用上次 --keep 留下的数据再量一次")
    options = parser.parse_args()
    home = Path(os.environ.get("FUPIN_HOME") or ROOT / "var").resolve() / "bench"
    place = Place(home)
    try:
        if options.again:
            place.resume()
        else:
            place.begin()
            counties = {"small": [141124, 140929], "county": [141124]}.get(options.scale, [])
            place.seed(SCALES[options.scale], *counties)
        figures = measure(options.sample)
        _keep_plan(ROOT / "benchmarks" / "explain" if options.scale == "province" else home / "explain")
    finally:
        if not (options.keep or options.again):
            place.end()
    reached = figures["times_floor"] <= FLOOR_GOAL and figures["faster"] >= ROW_GOAL
    print(
        f"{figures['households']:,} 户:比对并存清单 {figures['run_seconds']:.1f} 秒"
        f"(可退出 {figures['may_leave']:,},新低于线 {figures['newly_below']:,},返贫 {figures['fallen_back']:,})\n"
        f"一条汇总 SELECT {figures['floor_seconds']:.1f} 秒,{figures['times_floor']:.2f} 倍(目标 ≤ {FLOOR_GOAL:.0f})\n"
        f"逐户 {figures['row_by_row_ms']:.2f} 毫秒/户({figures['sample']:,} 户),成批 {figures['run_ms']:.4f} 毫秒/户,"
        f"快 {figures['faster']:.0f} 倍(目标 ≥ {ROW_GOAL:.0f}){'' if reached else ' 未达'}\n"
        f"{_machine()},{datetime.now(UTC).astimezone():%Y-%m-%d}"
    )
    (home / f"reidentify-{options.scale}.json").write_text(json.dumps(figures, ensure_ascii=False, indent=2))


if __name__ == "__main__":
    main()
