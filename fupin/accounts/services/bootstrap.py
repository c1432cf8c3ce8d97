"""The first two people of an empty installation: the security administrators, who create all others."""

from django.db import transaction
from django.utils import timezone

from fupin.accounts.errors import NotPossible
from fupin.accounts.models import Post, User
from fupin.accounts.roles import Role
from fupin.accounts.services.users import initial_password
from fupin.divisions.codes import PROVINCE_CODE

PAIR = ("anquan1", "anquan2")


@transaction.atomic
def create_first_pair() -> dict[str, str]:
    """Create two security administrators and return their first passwords by user name; they are nowhere stored.

    Two, because a grant takes two people. Raise NotPossible where users exist already.
    """
    if User.objects.filter(is_demo=False).exists():
        raise NotPossible("已有用户，首批安全管理员只在空库建立一次")
    return {username: _create(username) for username in PAIR}


def _create(username: str) -> str:
    first = initial_password()
    user = User(username=username, full_name="安全管理员", must_change_password=True)
    user.set_password(first)
    user.password_changed_at = timezone.now()
    user.save()
    Post.objects.create(
        user=user,
        role=Role.SECURITY_ADMIN,
        division_id=PROVINCE_CODE,
        since=timezone.localdate(),
        granted_by=None,
        approved_by=user,
        approved_at=timezone.now(),
    )
    return first
