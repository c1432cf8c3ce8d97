"""``manage.py deadlines --today DATE [--json]``: the clocks as they stand on a day; with ``--remind`` the day's round is done."""

import json
from argparse import ArgumentParser
from datetime import date, datetime, time
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from fupin.accounts.scope import whole_province
from fupin.deadlines.models import Clock
from fupin.deadlines.rules import SHANXI, colour_on, day_of, days_left, stage_on
from fupin.deadlines.services.refreshing import Refreshment, refresh
from fupin.deadlines.services.running import run


class Command(BaseCommand):
    help = "列出某日各项时限的情形；--remind 则办当日的提醒"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the day, the form of the answer, and whether to remind."""
        parser.add_argument(
            "--today", type=_day, default=None, metavar="DATE", help="日期，如 2014-12-31；缺省今天"
        )
        parser.add_argument("--json", action="store_true", help="以 JSON 输出")
        parser.add_argument("--remind", action="store_true", help="写入时限并发出当日提醒；不加则只看不写")

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask the rules as of the day and print every running clock; nothing stays of it without ``--remind``."""
        today: date = options["today"] or day_of(timezone.now())
        with transaction.atomic():
            if options["remind"]:
                done = run(now=datetime.combine(today, time(8), tzinfo=SHANXI))
                refreshed, worked = done.refreshed, {"reminders": done.reminders, "mails": done.mails}
            else:
                refreshed, worked = refresh(today=today), {}
            clocks = _standing(today)
            transaction.set_rollback(not options["remind"])
        if options["json"]:
            answer = {
                "today": today.isoformat(),
                "failed": list(refreshed.failed),
                "clocks": clocks,
                **worked,
            }
            self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2))
        else:
            self._print(today, clocks, worked)
        _complain(refreshed)

    def _print(self, today: date, clocks: list[dict[str, Any]], worked: dict[str, int]) -> None:
        self.stdout.write(f"{today} 未办结时限 {len(clocks)} 项")
        for clock in clocks:
            days = f"{clock['days_left']:>5} 天"
            self.stdout.write(
                f"{clock['due_on']}  {days}  {clock['stage_label']}  {clock['division']}  {clock['title']}"
            )
        if worked:
            self.stdout.write(f"新提醒 {worked['reminders']} 条，邮件 {worked['mails']} 封")


def _standing(today: date) -> list[dict[str, Any]]:
    """Return the running clocks of the whole province as of a day, the first to run out on top."""
    with whole_province():
        clocks = Clock.objects.running().order_by("due_on", "kind", "subject_key")
        return [
            {
                "kind": clock.kind,
                "subject": clock.subject_key,
                "title": clock.title,
                "basis": clock.basis,
                "division": str(clock.division_id),
                "starts_on": clock.starts_on.isoformat(),
                "due_on": clock.due_on.isoformat(),
                "days_left": days_left(clock, today),
                "stage": stage_on(clock, today).value,
                "stage_label": stage_on(clock, today).label,
                "colour": colour_on(clock, today).value,
                "role": clock.role,
                "at": str(clock.at_id),
                "user": clock.user_id,
            }
            for clock in clocks.iterator()
        ]


def _complain(refreshed: Refreshment) -> None:
    if refreshed.failed:
        raise CommandError(f"规则出错：{'、'.join(refreshed.failed)}；其余照常")


def _day(text: str) -> date:
    """Return the day that was written."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"日期应如 2014-12-31，不是 {text!r}") from error
