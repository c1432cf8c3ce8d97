"""Users, their posts, their sign-ins, and the records of what they did and saw."""

from fupin.accounts.models.audit import AccessRecord, AuditRecord
from fupin.accounts.models.post import Post, PostQuerySet
from fupin.accounts.models.sessions import ApiToken, SignIn
from fupin.accounts.models.user import PasswordRecord, User

__all__ = [
    "AccessRecord",
    "ApiToken",
    "AuditRecord",
    "PasswordRecord",
    "Post",
    "PostQuerySet",
    "SignIn",
    "User",
]
