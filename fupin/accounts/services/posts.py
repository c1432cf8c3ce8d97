"""Posts: granted by a security administrator, in force once a second person has approved, revoked at once."""

from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from fupin.accounts import audit
from fupin.accounts.constraints import message_of
from fupin.accounts.errors import NotPossible
from fupin.accounts.models import Post, SignIn, User
from fupin.accounts.permissions import may, require
from fupin.accounts.roles import ADMINISTRATORS, LEVELS, Role
from fupin.divisions.codes import contains
from fupin.divisions.models import Division
from fupin.lib.orgcode import is_org_code, is_uscc, normal


@transaction.atomic
def grant_post(
    *,
    actor: User,
    user: User,
    role: Role,
    division: Division,
    since: date,
    until: date | None,
    today: date,
    enterprise_code: str = "",
) -> Post:
    """Propose a post for a user; it holds only once another person has approved it. Raise NotPossible with the reason."""
    require(actor, "accounts.grant_post", at=division.pk)
    if user.pk == actor.pk:
        raise NotPossible("不能给自己授予岗位")
    if not user.is_active:
        raise NotPossible("该账号已停用")
    if division.level not in LEVELS[role]:
        levels = "、".join(level.label for level in sorted(LEVELS[role]))
        raise NotPossible(f"{role.label}的岗位应设在{levels}级，{division.name}不是")
    if since < today:
        raise NotPossible("任职起日不能早于今天")
    enterprise_code = normal(enterprise_code) if role is Role.ENTERPRISE else ""
    if role is Role.ENTERPRISE and not (is_uscc(enterprise_code) or is_org_code(enterprise_code)):
        raise NotPossible("企业岗位须填有效的统一社会信用代码或组织机构代码")
    post = Post(
        user=user,
        role=role,
        division=division,
        since=since,
        until=until,
        enterprise_code=enterprise_code,
        granted_by=actor,
    )
    _save(post)
    audit.note(
        object_key=f"post:{post.pk}", division=division.pk, detail={"user": user.pk, "role": role.value}
    )
    return post


def may_approve(actor: User, post: Post) -> bool:
    """Return whether the actor can be the second person for this grant.

    A post of business may be approved by the provincial office, whose people it serves, or by another security administrator; an
    administrator's post by another security administrator only. Nobody approves his own grant or his own post.
    """
    if (
        actor.pk in {post.granted_by_id, post.user_id}
        or actor.post is None
        or not may(actor, "accounts.approve_post")
    ):
        return False
    if actor.post.role == Role.SECURITY_ADMIN:
        return True
    return post.role not in ADMINISTRATORS and contains(actor.post.division_id, post.division_id)


@transaction.atomic
def approve_post(*, actor: User, post: Post) -> None:
    """Approve a proposed post as the second person; raise NotPossible with the reason."""
    require(actor, "accounts.approve_post", at=post.division_id, not_entered_by=post.granted_by_id)
    post = Post.objects.select_for_update(of=("self",)).get(pk=post.pk)
    if post.revoked_at is not None or post.approved_at is not None:
        raise NotPossible("这个岗位已批准或已撤销")
    if not may_approve(actor, post):
        raise NotPossible("您不能批准这个岗位：不能批准自己的岗位，管理员的岗位须由另一位安全管理员批准")
    post.approved_by, post.approved_at = actor, timezone.now()
    _save(post)
    audit.note(
        object_key=f"post:{post.pk}",
        division=post.division_id,
        detail={"user": post.user_id, "role": post.role},
    )


@transaction.atomic
def revoke_post(*, actor: User, post: Post) -> None:
    """Revoke a post; sessions, tokens and jobs under it stop at their next step."""
    require(actor, "accounts.grant_post", at=post.division_id)
    post = Post.objects.select_for_update(of=("self",)).get(pk=post.pk)
    if post.revoked_at is not None:
        raise NotPossible("这个岗位已撤销")
    if post.user_id == actor.pk:
        raise NotPossible("不能撤销自己的岗位")
    post.revoked_by, post.revoked_at = actor, timezone.now()
    post.save(update_fields=["revoked_by", "revoked_at"])
    audit.note(
        object_key=f"post:{post.pk}",
        division=post.division_id,
        detail={"user": post.user_id, "role": post.role},
    )


@transaction.atomic
def switch_post(*, user: User, sign_in: SignIn, post: Post, today: date) -> None:
    """Let a session go on under another post that the user holds today."""
    if post.user_id != user.pk or not post.is_held_on(today):
        raise NotPossible("您现在不任这个岗位")
    SignIn.objects.filter(pk=sign_in.pk).update(post=post)
    audit.note(object_key=f"post:{post.pk}", detail={"from": sign_in.post_id, "to": post.pk})


def _save(post: Post) -> None:
    """Save, turning a constraint of the database into its words."""
    try:
        with transaction.atomic():
            post.save()
    except IntegrityError as error:
        if message := message_of(error):
            raise NotPossible(message) from error
        raise
