"""The address of one's calendar: drawn, drawn anew, closed."""

import hashlib
import secrets
from datetime import datetime

from fupin.accounts import audit
from fupin.accounts.models import User
from fupin.accounts.permissions import require
from fupin.deadlines.models import CalendarAddress


def renew_address(*, actor: User, at: datetime) -> str:
    """Return a new secret for the address of the actor's calendar; the one before no longer holds."""
    require(actor, "deadlines.be_reminded")
    secret = secrets.token_urlsafe(32)
    CalendarAddress.objects.update_or_create(
        user=actor, defaults={"digest": digest_of(secret), "made_at": at, "closed_at": None}
    )
    audit.note(object_key=f"calendar:{actor.pk}")
    return secret


def close_address(*, actor: User, at: datetime) -> None:
    """Let the address answer no more."""
    CalendarAddress.objects.filter(user=actor, closed_at__isnull=True).update(closed_at=at)
    audit.note(object_key=f"calendar:{actor.pk}")


def owner_of(secret: str) -> User | None:
    """Return whose calendar stands at a secret address, if it is open and its owner's account too."""
    found = CalendarAddress.objects.filter(
        digest=digest_of(secret), closed_at__isnull=True, user__is_active=True
    )
    address = found.select_related("user").first()
    return address.user if address else None


def digest_of(secret: str) -> str:
    """Return what is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()
