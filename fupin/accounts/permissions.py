"""Which role may do what. Each app declares its acts in ``<app>/permissions.py``; what is declared nowhere is allowed to nobody."""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.contrib.auth.models import AnonymousUser

from fupin.accounts.errors import Refused, names_of
from fupin.accounts.models import User
from fupin.accounts.roles import Role
from fupin.divisions.codes import contains

__all__ = ["PERMISSIONS", "Refused", "declared", "may", "require", "roles_for"]

PERMISSIONS: Mapping[str, frozenset[Role]] = {
    "accounts.manage_users": frozenset({Role.SECURITY_ADMIN}),
    "accounts.grant_post": frozenset({Role.SECURITY_ADMIN}),
    "accounts.approve_post": frozenset({Role.SECURITY_ADMIN, Role.PROVINCE}),
    "accounts.issue_token": frozenset({Role.SECURITY_ADMIN}),
    "accounts.view_audit": frozenset({Role.LOG_ADMIN}),
}


@cache
def declared() -> Mapping[str, frozenset[Role]]:
    """Return every permission of the installed apps with the roles that hold it."""
    found: dict[str, frozenset[Role]] = {}
    for config in apps.get_app_configs():
        name = f"{config.name}.permissions"
        if config.name.startswith("django.") or find_spec(name) is None:
            continue
        for permission, roles in getattr(import_module(name), "PERMISSIONS", {}).items():
            if permission in found:
                raise ValueError(f"{permission} is declared twice")
            found[permission] = frozenset(roles)
    return found


def roles_for(permission: str) -> frozenset[Role]:
    """Return the roles that hold the permission: none when no app declares it."""
    return declared().get(permission, frozenset())


def may(user: User | AnonymousUser, permission: str) -> bool:
    """Return whether the user's active post holds the permission; where it holds is asked by ``require``."""
    if isinstance(user, AnonymousUser) or not user.is_active or user.post is None:
        return False
    return user.post.role in roles_for(permission)


def require(
    actor: User, permission: str, *, at: int | None = None, not_entered_by: int | None = None
) -> None:
    """Let the actor pass or raise Refused with the reason.

    ``at`` is the division of what he acts on; ``not_entered_by`` the id of whoever entered it, who must be somebody else.
    """
    if actor.post is None or not may(actor, permission):
        raise Refused(refusal(actor, permission), permission=permission)
    if at is not None and not contains(actor.post.division_id, at):
        raise Refused("所办理的对象不在您的岗位所属区划之内", permission=permission)
    if not_entered_by is not None and not_entered_by == actor.pk:
        raise Refused("自己录入的须由另一人办理", permission=permission)


def refusal(user: User | AnonymousUser, permission: str) -> str:
    """Return the sentence that tells the user why the permission is not his, and whose it is."""
    if isinstance(user, AnonymousUser) or user.post is None:
        return "您现在没有在任的岗位，请找本级安全管理员授予"
    holders = names_of(roles_for(permission))
    whose = f"此项须由{holders}办理" if holders else "此项未授予任何岗位"
    return f"{whose}；您现在的岗位是{user.post.get_role_display()}（{user.post.division.name}）"
