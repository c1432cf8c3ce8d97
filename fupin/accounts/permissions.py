"""Which role may do what. Each app declares its acts in ``<app>/permissions.py``; what is declared nowhere is allowed to nobody."""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from django.apps import apps
from django.contrib.auth.models import AnonymousUser

from fupin.accounts.errors import Refused, names_of
from fupin.accounts.models import User
from fupin.accounts.roles import Role
from fupin.divisions.codes import contains

__all__ = ["ACTIONS", "PERMISSIONS", "Refused", "declared", "may", "require", "roles_for", "words_of"]

PERMISSIONS: Mapping[str, frozenset[Role]] = {
    "accounts.manage_users": frozenset({Role.SECURITY_ADMIN}),
    "accounts.grant_post": frozenset({Role.SECURITY_ADMIN}),
    "accounts.approve_post": frozenset({Role.SECURITY_ADMIN, Role.PROVINCE}),
    "accounts.issue_token": frozenset({Role.SECURITY_ADMIN}),
    "accounts.view_audit": frozenset({Role.LOG_ADMIN}),
}


ACTIONS: Mapping[str, str] = {
    "accounts.sign_in": "登录",
    "accounts.sign_out": "退出",
    "accounts.prove": "再次验证",
    "accounts.second_factor": "输入动态口令",
    "accounts.enrol_second_factor": "登记动态口令",
    "accounts.change_password": "修改口令",
    "accounts.end_session": "结束会话",
    "accounts.switch_post": "换岗位",
    "accounts.manage_users": "管理用户",
    "accounts.create_user": "新建用户",
    "accounts.disable_user": "停用用户",
    "accounts.enable_user": "启用用户",
    "accounts.reset_password": "重置口令",
    "accounts.reset_second_factor": "重置动态口令",
    "accounts.grant_post": "授予岗位",
    "accounts.approve_post": "批准岗位",
    "accounts.revoke_post": "撤销岗位",
    "accounts.issue_token": "签发令牌",
    "accounts.revoke_token": "撤销令牌",
    "accounts.draw_token": "取令牌",
    "accounts.view_audit": "查记录",
    "auditor.look": "审计查阅",
}
"""The acts of this room in words, by the name under which they are recorded. Each app may declare its own."""


@cache
def declared() -> Mapping[str, frozenset[Role]]:
    """Return every permission of the installed apps with the roles that hold it."""
    found: dict[str, frozenset[Role]] = {}
    for module in _modules():
        for permission, roles in getattr(module, "PERMISSIONS", {}).items():
            if permission in found:
                raise ValueError(f"{permission} is declared twice")
            found[permission] = frozenset(roles)
    return found


@cache
def actions() -> Mapping[str, str]:
    """Return the acts of the installed apps in words, by the name under which they are recorded."""
    return {name: words for module in _modules() for name, words in getattr(module, "ACTIONS", {}).items()}


def words_of(action: str) -> str:
    """Return an act as people say it, else the name under which it is recorded."""
    return actions().get(action, action)


def _modules() -> Iterator[ModuleType]:
    """The modules ``permissions`` of the installed apps."""
    for config in apps.get_app_configs():
        name = f"{config.name}.permissions"
        if not config.name.startswith("django.") and find_spec(name) is not None:
            yield import_module(name)


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
