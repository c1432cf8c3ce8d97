"""`manage.py reidentify --year 2017 --scope 140000000000`: who may leave, who has newly fallen below the line, who has fallen back."""

import json
import time
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from fupin.accounts.scope import whole_province
from fupin.divisions.codes import PROVINCE_CODE
from fupin.divisions.models import Division
from registry.errors import ReidentificationRefused
from registry.models import ReidentificationRun, Round, RoundKind
from registry.services.judging import Counts
from registry.services.reidentification import begin, count_only, finish, undone, work_on


class Command(BaseCommand):
    """Hold a division's register against income, line and conditions; with --apply keep the lists. No status changes either way."""

    help = (
        "动态比对：用上一年度的收入对照该年度标准和退出条件，列出可退出、新低于线、返贫三张清单。"
        "不加 --apply 只显示数字；加了则保存清单，供各级逐户立档。都不改变任何户的状态。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the year, the division, and whether the lists are kept."""
        parser.add_argument("--year", type=int, required=True, help="年度，用上一年度的收入")
        parser.add_argument("--scope", required=True, help="12 位区划代码，或其前几位")
        parser.add_argument("--apply", action="store_true")
        parser.add_argument("--json", action="store_true")

    def handle(self, *, year: int, scope: str, apply: bool, **options: Any) -> None:
        """Count, or keep; exit non-zero where it cannot be."""
        division = _division(scope)
        began = time.perf_counter()
        run: ReidentificationRun | None = None
        try:
            if apply:
                run, counts = _keep(division, year)
            else:
                with whole_province():
                    counts = count_only(division=division, year=year)
        except ReidentificationRefused as refused:
            raise CommandError(str(refused)) from refused
        figures: dict[str, Any] = asdict(counts) | {
            "seconds": round(time.perf_counter() - began, 3),
            "year": year,
            "income_year": year - 1,
            "scope": str(division.pk),
            "run": run.pk if run else None,
        }
        if options["json"]:
            self.stdout.write(json.dumps(figures, ensure_ascii=False))
            return
        self.stdout.write(
            f"{division.path_name or division.name} {year} 年（{year - 1} 年收入）：比对 {counts.households:,} 户，"
            f"可退出 {counts.may_leave:,}，新低于线 {counts.newly_below:,}，返贫 {counts.fallen_back:,}，"
            f"不变 {counts.unchanged:,}；用时 {figures['seconds']:.1f} 秒"
        )
        self.stdout.write(f"已保存为第 {run.pk} 次比对" if run else "没有保存，加 --apply 保存清单")


def _keep(division: Division, year: int) -> tuple[ReidentificationRun, Counts]:
    """Keep the lists, county by county as the workers do; the statutory run where the year has an open round without one."""
    with whole_province():
        waiting = Round.objects.filter(kind=RoundKind.THREE_YEAR, year=year, reidentification__isnull=True)
        in_round = waiting.first() if division.pk == PROVINCE_CODE else None
        run = begin(actor=None, division=division, year=year, in_round=in_round)
    counts = Counts()
    while True:
        with whole_province():
            done = work_on(run)
            if done is None and not undone(run):
                finish(run)
                return run, counts
        counts += done or Counts()


def _division(scope: str) -> Division:
    """Return the division of a code, which may be cut after its last digits that are not zero."""
    code = scope.strip().ljust(12, "0")
    found = Division.objects.filter(pk=int(code)).first() if code.isascii() and code.isdigit() else None
    if found is None:
        raise CommandError(f"没有区划 {scope}")
    return found
