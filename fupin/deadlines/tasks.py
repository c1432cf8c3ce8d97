"""What the beat calls: at five past midnight, and every hour for whatever was missed."""

from celery import shared_task
from django.utils import timezone

from fupin.deadlines.kinds import KINDS
from fupin.deadlines.rules import day_of
from fupin.deadlines.services.refreshing import REFRESH_ONE, refresh_kind
from fupin.deadlines.services.running import run


@shared_task(name="fupin.deadlines.tasks.work", ignore_result=True)
def work() -> None:
    """Refresh the clocks, remind, mail. May come twice, late or never: the next round makes up for it."""
    run(now=timezone.now())


@shared_task(name=REFRESH_ONE, ignore_result=True)
def refresh_one(kind: str) -> None:
    """Ask one rule again, after something of its kind was done. May run twice."""
    if kind in KINDS:
        refresh_kind(KINDS[kind], today=day_of(timezone.now()))
