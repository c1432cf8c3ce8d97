"""The round: ask the rules, give the reminders of today and of every day that was missed, send the mails."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from fupin.accounts.scope import whole_province
from fupin.deadlines.models import WorkedDay
from fupin.deadlines.rules import SHANXI, day_of
from fupin.deadlines.services.digests import send_digests
from fupin.deadlines.services.refreshing import Refreshment, refresh
from fupin.deadlines.services.reminding import remind

MAIL_FROM: Final = time(7, 0)
"""Mails go out from the first round of the working day on, not at midnight."""


@dataclass(frozen=True, slots=True)
class Round:
    """What a round came to."""

    refreshed: Refreshment
    days: tuple[date, ...]
    """The days worked through: today, and before it those that were missed."""
    reminders: int
    mails: int


def run(*, now: datetime) -> Round:
    """Do all that is due at a moment. Started twice, late, early or after days of standstill, each reminder is given once.

    A missed day is worked through as of that day, so that no stage is passed over; what was done meanwhile reminds nobody. A
    day counts as worked only when every rule could be asked.
    """
    today = day_of(now)
    refreshed = refresh(today=today)
    days = days_to_work(today)
    reminders = sum(remind(today=day) for day in days)
    if not refreshed.failed:
        with whole_province():
            WorkedDay.objects.bulk_create([WorkedDay(day=day) for day in days], ignore_conflicts=True)
    mails = send_digests(day=today, now=now) if now.astimezone(SHANXI).time() >= MAIL_FROM else 0
    return Round(refreshed, days, reminders, mails)


def days_to_work(today: date) -> tuple[date, ...]:
    """Return today after the days that were missed since the last one worked before it, the earliest first.

    Days after today are not looked at: a clock that once ran ahead doesn't silence the days until then.
    """
    last = WorkedDay.objects.filter(day__lt=today).order_by("-day").values_list("day", flat=True).first()
    first = last + timedelta(days=1) if last else today
    return tuple(first + timedelta(days=one) for one in range((today - first).days + 1))
