"""Who does what in the demonstration: its accounts, and in each other village of the township somebody nobody can sign in as."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from fupin.accounts.models import Post, User
from fupin.accounts.roles import Role
from fupin.accounts.scope import enter_scope
from fupin.accounts.services.demo import BAIWEN, KELAN, SINCE
from fupin.divisions.codes import PROVINCE_CODE, code_range
from registry.seeding.chance import repeatable
from registry.seeding.load import SEED_USER
from registry.seeding.names import Clans, given_name


@dataclass(slots=True)
class Offices:
    """The people of the demonstration, each under the post that he acts in."""

    by_name: Mapping[str, User]
    in_village: dict[int, User] = field(default_factory=dict)

    def __getitem__(self, name: str) -> User:
        return self.by_name[name]

    def village(self, code: int) -> User:
        """Return who acts for a village's committee."""
        return self.in_village[code]


def open_offices(villages: Iterable[int]) -> Offices:
    """Return the demonstration's accounts and, made where they are missing, the committees of the villages named."""
    posts = Post.objects.filter(user__is_demo=True, revoked_at=None).select_related("user", "division")
    offices = Offices({post.user.username: _under(post) for post in posts})
    for user in offices.by_name.values():
        if user.post is not None and user.post.role == Role.VILLAGE:
            offices.in_village[user.post.division_id] = user
    for code in villages:
        if code not in offices.in_village:
            offices.in_village[code] = _committee(code)
    return offices


def _under(post: Post) -> User:
    post.user.post = post
    return post.user


def _committee(code: int) -> User:
    rng = repeatable("committee", code)
    sex = "1" if rng.random() < 0.7 else "2"
    user = User(
        username=f"demo-{code}",
        full_name=Clans(rng).first + given_name(rng, sex, 1968),
        unit="村委会",
        is_demo=True,
    )
    user.set_unusable_password()
    user.save(force_insert=True)
    post = Post.objects.create(
        user=user,
        role=Role.VILLAGE,
        division_id=code,
        since=SINCE,
        granted_by=None,
        approved_by=user,
        approved_at=timezone.now(),
    )
    user.post = post
    return user


def leave_posts_waiting(offices: Offices) -> None:
    """Let two posts wait for their approval: one granted by the security administrator, one by another."""
    nobody = User.objects.get(username=SEED_USER)
    for number, (name, division, by) in enumerate(
        (("白建平", BAIWEN, offices["secadmin"]), ("康志远", KELAN, nobody)), start=1
    ):
        user = User(username=f"demo-new-{number}", full_name=name, unit="演示，待批准", is_demo=True)
        user.set_unusable_password()
        user.save(force_insert=True)
        role = Role.TOWNSHIP if division == BAIWEN else Role.COUNTY_REVIEW
        Post.objects.create(user=user, role=role, division_id=division, since=SINCE, granted_by=by)


@contextmanager
def acting(user: User) -> Iterator[User]:
    """Let what follows be done by a user: the database asks who acts, and the owner of the tables sees all."""
    with transaction.atomic():
        enter_scope(*code_range(PROVINCE_CODE), user_id=user.pk)
        yield user
