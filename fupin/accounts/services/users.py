"""Users: created, disabled and reset by the security administrator; passwords changed by themselves."""

import secrets
import string
from datetime import date, timedelta
from typing import Protocol

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from fupin.accounts import audit, passwords, second_factor, sign_ins
from fupin.accounts.errors import NotPossible
from fupin.accounts.models import ApiToken, AuditRecord, SignIn, User
from fupin.accounts.permissions import require


class ForAReason(Protocol):
    """An act on a user that asks for a reason."""

    def __call__(self, *, actor: User, user: User, reason: str) -> None: ...


UNUSED_DAYS = 90
"""An account nobody has used for so long is disabled (GB/T 22239 8.1.4.2c)."""

TWO_PEOPLE_WITHIN = timedelta(days=7)
"""Within so many days one person does not reset both factors of a user."""

_ALPHABET = "".join(set(string.ascii_letters + string.digits) - set("0O1lI")) + "-+=%#"


def initial_password() -> str:
    """Return a random first password of 16 characters, without any that are easily mistaken for one another."""
    while True:
        drawn = "".join(secrets.choice(_ALPHABET) for _ in range(16))
        try:
            validate_password(drawn)
        except ValidationError:
            continue
        return drawn


@transaction.atomic
def create_user(*, actor: User, username: str, full_name: str, unit: str) -> tuple[User, str]:
    """Create an account for one person and return it with its first password, which is shown once and must be changed."""
    require(actor, "accounts.manage_users")
    first = initial_password()
    user = User(username=username, full_name=full_name, unit=unit, must_change_password=True)
    user.set_password(first)
    user.password_changed_at = timezone.now()
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:
        raise NotPossible(f"用户名 {username} 已有人用") from error
    audit.note(object_key=f"user:{user.pk}")
    return user, first


@transaction.atomic
def disable_user(*, actor: User, user: User, reason: str) -> None:
    """Disable an account: its sessions and tokens open nothing from the next request on."""
    require(actor, "accounts.manage_users")
    if user.pk == actor.pk:
        raise NotPossible("不能停用自己的账号")
    User.objects.filter(pk=user.pk).update(is_active=False)
    sign_ins.end_all(user, sign_ins.DISABLED, timezone.now())
    audit.note(object_key=f"user:{user.pk}", reason=reason)


@transaction.atomic
def enable_user(*, actor: User, user: User) -> str:
    """Take a disabled account into use again; return its new first password."""
    require(actor, "accounts.manage_users")
    first = initial_password()
    _replace(user, first, must_change=True)
    User.objects.filter(pk=user.pk).update(is_active=True)
    audit.note(object_key=f"user:{user.pk}")
    return first


@transaction.atomic
def reset_password(*, actor: User, user: User) -> str:
    """Give a user who has forgotten his password a first one again; his sessions end."""
    require(actor, "accounts.manage_users")
    if user.pk == actor.pk:
        raise NotPossible("自己的口令请在“修改口令”里改，忘记的由另一位安全管理员重置")
    _not_both(actor, user, other="accounts.reset_second_factor")
    first = initial_password()
    _replace(user, first, must_change=True)
    sign_ins.end_all(user, sign_ins.RESET, timezone.now())
    audit.note(object_key=f"user:{user.pk}")
    return first


@transaction.atomic
def reset_second_factor(*, actor: User, user: User, reason: str) -> None:
    """Forget a user's lost device; never done by the user alone. His sessions end."""
    require(actor, "accounts.manage_users")
    if user.pk == actor.pk:
        raise NotPossible("自己的动态口令须由另一位安全管理员重置")
    _not_both(actor, user, other="accounts.reset_password")
    second_factor.reset(user)
    sign_ins.end_all(user, sign_ins.RESET, timezone.now())
    audit.note(object_key=f"user:{user.pk}", reason=reason)


@transaction.atomic
def change_password(*, user: User, password: str, keep: SignIn | None) -> None:
    """Change one's own password, already validated; every other session of the user ends."""
    _replace(user, password, must_change=False)
    sign_ins.end_all(user, sign_ins.PASSWORD_CHANGED, timezone.now(), but=keep)
    audit.note(object_key=f"user:{user.pk}")


@transaction.atomic
def disable_unused(*, today: date) -> int:
    """Disable the accounts that nobody has signed in to for 90 days; return how many. The demonstration's stay."""
    since = today - timedelta(days=UNUSED_DAYS)
    by_token = ApiToken.objects.filter(last_used_at__date__gte=since).values("post__user")
    unused = User.objects.filter(is_active=True, is_demo=False, date_joined__date__lt=since)
    for sign_of_life in ("last_login", "password_changed_at"):
        unused = unused.filter(Q(**{sign_of_life: None}) | Q(**{f"{sign_of_life}__date__lt": since}))
    return unused.exclude(pk__in=by_token).update(is_active=False)


def _not_both(actor: User, user: User, *, other: str) -> None:
    """Refuse when the actor has just reset the user's other factor: with both in hand he could sign in as him."""
    since = timezone.now() - TWO_PEOPLE_WITHIN
    done = AuditRecord.objects.filter(
        object_key=f"user:{user.pk}", action=other, user=actor, outcome=audit.Outcome.DONE, at__gt=since
    )
    if done.exists():
        raise NotPossible("同一用户的口令和动态口令须由两位安全管理员分别重置")


def _replace(user: User, password: str, *, must_change: bool) -> None:
    """Set the password of the row as it stands now, keeping the old one's hash among the former."""
    locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    passwords.remember(locked)
    user.set_password(password)
    user.must_change_password = must_change
    user.password_changed_at = timezone.now()
    user.save(update_fields=["password", "must_change_password", "password_changed_at"])
