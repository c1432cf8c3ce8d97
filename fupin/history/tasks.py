"""What the beat calls: seal every few minutes; the head leaves once a day."""

from celery import shared_task
from django.utils import timezone

from fupin.history.services.sealing import seal_all, send_head


@shared_task(name="fupin.history.tasks.seal", ignore_result=True)
def seal() -> None:
    """Seal what has been written. May come twice, late or never: the next round makes up for it."""
    seal_all()
    send_head(timezone.now())
