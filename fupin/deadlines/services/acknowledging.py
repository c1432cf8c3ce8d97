"""Take note of what one was told."""

from collections.abc import Iterable
from datetime import datetime

from fupin.accounts import audit
from fupin.accounts.models import User
from fupin.accounts.permissions import require
from fupin.deadlines.models import Reminder


def acknowledge(*, actor: User, reminders: Iterable[int], at: datetime) -> int:
    """Mark the actor's own reminders as known; return how many were not yet. Others' are left alone: they don't exist for him.

    To know of a deadline isn't to meet it: the clock runs on, and its next stage reminds again.
    """
    require(actor, "deadlines.be_reminded")
    mine = Reminder.objects.of(actor).filter(pk__in=list(reminders), acknowledged_at__isnull=True)
    count = mine.update(acknowledged_at=at)
    audit.note(object_key=f"reminders:{actor.pk}", detail={"count": count})
    return count
