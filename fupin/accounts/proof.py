"""How sure it is who sits here: the second factor, the age of the password, and when it was last given."""

from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from fupin.accounts.errors import ProofTooOld
from fupin.accounts.models import User

RECENT = timedelta(minutes=5)
_PROVED_AT = "proved_at"


def give(request: HttpRequest) -> None:
    """Remember in the session that the user has just proved who he is."""
    request.session[_PROVED_AT] = timezone.now().timestamp()


def is_recent(request: HttpRequest) -> bool:
    """Return whether the password was given within the last five minutes (security.md row 7)."""
    proved_at = request.session.get(_PROVED_AT)
    return (
        isinstance(proved_at, float) and 0 <= timezone.now().timestamp() - proved_at <= RECENT.total_seconds()
    )


def recent_proof_required(request: HttpRequest) -> None:
    """Raise ProofTooOld unless the password was given within the last five minutes, for views that ask only in some cases."""
    if getattr(request, "api_token", None) is None and not is_recent(request):
        raise ProofTooOld


def second_factor_due(user: User) -> bool:
    """Return whether the one-time code is still missing; every role needs one, a demonstration none."""
    return not settings.DEMO and not getattr(user, "is_verified", bool)()


def password_due(user: User, now: datetime) -> bool:
    """Return whether the password has to be changed before anything else: a first one, or one older than 90 days."""
    if user.is_demo and settings.DEMO:
        return False
    changed = user.password_changed_at or user.date_joined
    return user.must_change_password or now - changed >= timedelta(days=settings.PASSWORD_DAYS)
