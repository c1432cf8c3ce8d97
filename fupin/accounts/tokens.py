"""API tokens of departments: found by their digest, held only while the post behind them is."""

from datetime import timedelta

from django.http import HttpRequest
from django.utils import timezone

from fupin.accounts.models import ApiToken
from fupin.accounts.sign_ins import digest_of

USED_EVERY = timedelta(minutes=10)
"""How far behind the time of last use may lag."""


def presented(request: HttpRequest) -> str | None:
    """Return the token in the header ``Authorization: Token …``, or None where there is none."""
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    return key.strip() if scheme.lower() == "token" else None


def find(key: str) -> ApiToken | None:
    """Return the token if it, its post and its user hold at this moment."""
    now = timezone.now()
    token = (
        ApiToken.objects.select_related("post__division", "post__user")
        .filter(digest=digest_of(key), revoked_at=None, expires_at__gt=now, post__user__is_active=True)
        .first()
    )
    if token is None or not token.post.is_held_on(timezone.localdate(now)):
        return None
    if token.last_used_at is None or now - token.last_used_at >= USED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return token
