"""What the beat calls for money: each night what is stranded by rule is recognised."""

from celery import shared_task
from django.utils import timezone

from funds.services.stranding import recognise_due
from fupin.accounts.scope import whole_province
from fupin.deadlines.rules import day_of


@shared_task(name="funds.tasks.recognise_stranded", ignore_result=True)
def recognise_stranded() -> None:
    """Recognise what is stranded by rule today. May run twice: what was recognised has no balance left."""
    with whole_province():
        recognise_due(on=day_of(timezone.now()))
