"""A session ends by the clock of the server, and follows on its next request what has changed about its user and post."""

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from fupin.accounts import sign_ins
from fupin.accounts.models import User

TOUCH_EVERY = timedelta(seconds=20)
"""How far behind the last activity may lag: not every click is a write."""


class SessionLimits:
    """Put the session's post on ``request.user``, or sign the session out when it is over.

    ``request.sign_in`` is the session's row; ``request.ended`` why it was signed out just now. Idle for 15 minutes, 8 hours in all,
    ended elsewhere, post revoked: all act on the very next request. A page's own polling (``X-Background``) is no activity.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Check the session, if the browser brought one."""
        request.sign_in = None  # type: ignore[attr-defined]
        request.ended = ""  # type: ignore[attr-defined]
        if settings.SESSION_COOKIE_NAME in request.COOKIES and isinstance(request.user, User):
            self._check(request, request.user)
        answer = self.get_response(request)
        if isinstance(request.user, User) and not answer.has_header("Cache-Control"):
            # What somebody has seen must not be read off the browser's disk by whoever sits down after him.
            answer["Cache-Control"] = "no-store, private"
        return answer

    def _check(self, request: HttpRequest, user: User) -> None:
        now = timezone.now()
        sign_in = sign_ins.find(request.session.session_key or "")
        if sign_in is None or sign_in.user_id != user.pk or sign_in.ended_at is not None:
            request.ended = sign_in.ended_because if sign_in else ""  # type: ignore[attr-defined]
            logout(request)
            return
        if because := sign_ins.overdue(sign_in, now):
            sign_ins.end(sign_in, because, now)
            request.ended = because  # type: ignore[attr-defined]
            logout(request)
            return
        if "X-Background" not in request.headers and now - sign_in.last_seen_at >= TOUCH_EVERY:
            type(sign_in).objects.filter(pk=sign_in.pk).update(last_seen_at=now)
        request.sign_in = sign_in  # type: ignore[attr-defined]
        post = sign_in.post
        user.post = post if post and post.is_held_on(timezone.localdate(now)) else None
