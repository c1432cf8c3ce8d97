"""API tokens: issued per post, shown once, revoked at once."""

import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from fupin.accounts import audit
from fupin.accounts.errors import NotPossible
from fupin.accounts.models import ApiToken, Post, User
from fupin.accounts.permissions import require
from fupin.accounts.roles import ADMINISTRATORS
from fupin.accounts.sign_ins import digest_of

LONGEST = timedelta(days=366)
BY_PASSWORD = timedelta(days=1)
"""How long a token holds that a program has drawn with a password."""


@transaction.atomic
def issue_token(*, actor: User, post: Post, days: int) -> tuple[ApiToken, str]:
    """Issue a token for a department's post as security administrator; return it with its text, which is nowhere stored."""
    require(actor, "accounts.issue_token", at=post.division_id)
    if post.user_id == actor.pk:
        raise NotPossible("不能给自己的岗位签发令牌")
    return _issue(post, by=actor, length=timedelta(days=days))


@transaction.atomic
def draw_token(*, user: User, post: Post) -> tuple[ApiToken, str]:
    """Issue a short-lived token to whoever has just given the user's password (and code)."""
    if post.user_id != user.pk:
        raise NotPossible("您现在不任这个岗位")
    return _issue(post, by=user, length=BY_PASSWORD)


@transaction.atomic
def revoke_token(*, actor: User, token: ApiToken) -> None:
    """Revoke a token: its next call is refused."""
    require(actor, "accounts.issue_token")
    ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now())
    audit.note(object_key=f"token:{token.pk}")


def _issue(post: Post, *, by: User, length: timedelta) -> tuple[ApiToken, str]:
    now = timezone.now()
    if not post.is_held_on(timezone.localdate(now)):
        raise NotPossible("这个岗位现在无人在任，不能签发令牌")
    if post.role in ADMINISTRATORS:
        raise NotPossible("管理员岗位不发接口令牌")
    if not timedelta(0) < length <= LONGEST:
        raise NotPossible(f"令牌有效期最长 {LONGEST.days} 天")
    key = secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        post=post, digest=digest_of(key), hint=key[-4:], issued_by=by, expires_at=now + length
    )
    audit.note(object_key=f"token:{token.pk}", division=post.division_id, detail={"post": post.pk})
    return token, key
