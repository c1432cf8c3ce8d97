"""What Celery calls.

The truth about a job stands in its row; a message that comes twice, late or never changes nothing.
"""

import uuid

from celery import shared_task
from django.utils import timezone

from fupin.jobs.services import running, sweeping


@shared_task(name="fupin.jobs.tasks.run", ignore_result=True)
def run(job_id: str) -> None:
    """Carry out one job."""
    running.carry_out(uuid.UUID(job_id), on=timezone.localdate())


@shared_task(name="fupin.jobs.tasks.sweep", ignore_result=True)
def sweep() -> None:
    """Hand out again what got stuck; every 15 seconds (settings)."""
    sweeping.sweep()
