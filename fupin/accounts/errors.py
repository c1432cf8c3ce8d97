"""What can go wrong with who somebody is and what he may do."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied

from fupin.accounts.roles import Role


class Refused(PermissionDenied):
    """The actor may not do this; the message says so to him and names who may. Answered with 403."""

    def __init__(self, message: str, *, permission: str = "") -> None:
        super().__init__(message)
        self.permission = permission


class ProofTooOld(Refused):
    """The act asks for the password once more: the last proof of who sits here is older than five minutes."""

    def __init__(self) -> None:
        super().__init__("这一步影响较大，请再输一次口令后继续")


class NotPossible(Exception):
    """An act on a user, post or token that the rules of accounts do not allow; the message is for staff."""


def names_of(roles: Iterable[Role]) -> str:
    """Return the roles as people say them, in the order of procedures §10."""
    wanted = set(roles)
    return "、".join(role.label for role in Role if role in wanted)
