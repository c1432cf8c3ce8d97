"""What the clock does for accounts."""

from celery import shared_task
from django.core.management import call_command
from django.utils import timezone

from fupin.accounts.services.users import disable_unused


@shared_task(name="fupin.accounts.tasks.tidy", ignore_result=True)
def tidy() -> None:
    """Disable accounts that nobody has used for 90 days, and drop the sessions that are over. May run twice."""
    disable_unused(today=timezone.localdate())
    call_command("clearsessions", verbosity=0)
