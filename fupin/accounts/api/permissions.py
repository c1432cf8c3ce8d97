"""The doors of the API, asked once more inside DRF: a view that declares none refuses everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from fupin.accounts.doors import Door, as_door, door_of
from fupin.accounts.models import User
from fupin.accounts.permissions import may, refusal

if TYPE_CHECKING:  # DRF imports this module while its own views are still being loaded
    from rest_framework.views import APIView


class DoorPermission(BasePermission):
    """Let in whom the view's door names: ``doors = {"list": "registry.view_household", …}``, an APIView's by method."""

    message = "这个接口没有登记权限，不对任何人开放"

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Return whether the caller may come in."""
        hung = _door(request, view)
        if hung is None:
            return False
        if hung.open:
            return True
        user = request.user
        if not isinstance(user, User):
            return False
        if hung.permission is None or may(user, hung.permission):
            return True
        self.message = refusal(user, hung.permission)
        return False


def _door(request: Request, view: APIView) -> Door | None:
    """The door of the view by its action, or the one hung on the resolved view."""
    declared = getattr(view, "doors", None)
    if declared:
        action = getattr(view, "action", None)
        if action in declared:
            return as_door(declared[action])
    match = request.resolver_match
    return door_of(match.func, request.method) if match else None
