"""The rows that stand for browser sessions: begun at sign-in, looked at on each request, ended for a reason."""

import hashlib
from datetime import date, datetime

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from fupin.accounts.audit import address_of, one_line
from fupin.accounts.models import Post, SignIn, User

SIGNED_OUT = "本人退出"
IDLE = "15 分钟没有操作"
TOO_LONG = "登录已满 8 小时"
ENDED_BY_SELF = "本人在别处结束"
PASSWORD_CHANGED = "口令已修改"  # noqa: S105  (a reason, no password)
DISABLED = "账号已停用"
RESET = "安全管理员重置"
REASONS = frozenset({SIGNED_OUT, IDLE, TOO_LONG, ENDED_BY_SELF, PASSWORD_CHANGED, DISABLED, RESET})


def digest_of(key: str) -> str:
    """Return what is kept of a session key or API token."""
    return hashlib.sha256(key.encode()).hexdigest()


def begin(request: HttpRequest, user: User) -> SignIn:
    """Open the row of a session that has just signed in, under the post that the user last worked in if he still holds it."""
    if request.session.session_key is None:
        request.session.save()
    now = timezone.now()
    return SignIn.objects.create(
        user=user,
        post=first_post(user, timezone.localdate(now)),
        key_digest=digest_of(request.session.session_key or ""),
        address=address_of(request),
        agent=one_line(request.headers.get("User-Agent", ""), 200),
        last_seen_at=now,
    )


def first_post(user: User, day: date) -> Post | None:
    """Return the post that a new session of the user starts under, if he holds any on that day."""
    held = list(Post.objects.held_on(day).filter(user=user).select_related("division").order_by("id"))
    last = SignIn.objects.filter(user=user, post__isnull=False).order_by("-started_at", "-id").first()
    return next((post for post in held if last and post.pk == last.post_id), held[0] if held else None)


def find(key: str) -> SignIn | None:
    """Return the row of a session by its key, with its post and division."""
    return SignIn.objects.select_related("post__division").filter(key_digest=digest_of(key)).first()


def overdue(sign_in: SignIn, now: datetime) -> str:
    """Return why the session is over by the clock, or nothing while it isn't (security.md row 4)."""
    if now - sign_in.started_at >= settings.SESSION_LENGTH:
        return TOO_LONG
    if now - sign_in.last_seen_at >= settings.SESSION_IDLE:
        return IDLE
    return ""


def end(sign_in: SignIn, because: str, now: datetime) -> None:
    """End one session; its cookie opens nothing from the next request on."""
    SignIn.objects.filter(pk=sign_in.pk, ended_at=None).update(ended_at=now, ended_because=because)


def end_all(user: User, because: str, now: datetime, *, but: SignIn | None = None) -> int:
    """End every open session of the user, save perhaps the present one; return how many."""
    others = ~Q(pk=but.pk) if but else Q()
    return SignIn.objects.filter(others, user=user, ended_at=None).update(ended_at=now, ended_because=because)
