"""Users and posts: who grants what to whom, and who has to agree."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from fupin.accounts.errors import NotPossible, Refused
from fupin.accounts.models import AuditRecord, Post, User
from fupin.accounts.roles import INCOMPATIBLE, LEVELS, Role
from fupin.accounts.services.posts import approve_post, grant_post, may_approve, revoke_post
from fupin.accounts.services.users import create_user, disable_unused, disable_user, enable_user
from fupin.accounts.tasks import tidy
from fupin.divisions.codes import cut, level_of
from fupin.divisions.models import Division
from tests.conftest import LINXIAN, VILLAGE, person

pytestmark = pytest.mark.django_db

TODAY = date(2014, 5, 4)
PROVINCE = 140000000000
Browser = Callable[[User], Client]


@pytest.fixture
def sec(db: None) -> User:
    """A security administrator."""
    return person("sec", Role.SECURITY_ADMIN, PROVINCE, full_name="申安")


@pytest.fixture
def sec2(db: None) -> User:
    """A second one."""
    return person("sec2", Role.SECURITY_ADMIN, PROVINCE, full_name="沈全")


@pytest.fixture
def newcomer(db: None) -> User:
    return User.objects.create_user("newcomer", password="cast-Password-2014", full_name="新来")


def grant(actor: User, user: User, role: Role, division: int = LINXIAN, **more: Any) -> Post:
    values: dict[str, Any] = {"since": TODAY, "until": None, "today": TODAY, **more}
    return grant_post(actor=actor, user=user, role=role, division=Division.objects.get(pk=division), **values)


def test_a_granted_post_holds_once_another_person_has_approved(sec: User, sec2: User, newcomer: User) -> None:
    post = grant(sec, newcomer, Role.COUNTY_ENTRY)
    assert not Post.objects.held_on(TODAY).filter(pk=post.pk).exists()
    with pytest.raises(Refused, match="另一人"):
        approve_post(actor=sec, post=post)
    approve_post(actor=sec2, post=post)
    assert Post.objects.held_on(TODAY).filter(pk=post.pk).exists()
    with pytest.raises(NotPossible, match="已批准"):
        approve_post(actor=sec2, post=post)
    revoke_post(actor=sec, post=post)
    assert not Post.objects.held_on(TODAY).filter(pk=post.pk).exists()


def test_nobody_grants_to_himself(sec: User) -> None:
    with pytest.raises(NotPossible, match="自己"):
        grant(sec, sec, Role.LOG_ADMIN, PROVINCE)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SECURITY_ADMIN])
def test_only_the_security_administrator_grants(role: Role, newcomer: User) -> None:
    level = min(LEVELS[role])
    other = person("other", role, cut(VILLAGE, level))
    with pytest.raises(Refused):
        grant(other, newcomer, Role.VILLAGE, VILLAGE)


@pytest.mark.parametrize("role", list(Role))
def test_a_role_stands_only_at_its_levels(sec: User, newcomer: User, role: Role) -> None:
    for code in (PROVINCE, 141100000000, LINXIAN, 141124101000, VILLAGE):
        more = {"enterprise_code": "DEMO00012"} if role is Role.ENTERPRISE else {}
        if level_of(code) in LEVELS[role]:
            if role is Role.ENTERPRISE:
                from fupin.lib.orgcode import org_check_digit

                more = {"enterprise_code": "DEMO0001" + org_check_digit("DEMO0001")}
            revoke_post(actor=sec, post=grant(sec, newcomer, role, code, **more))
        else:
            with pytest.raises(NotPossible, match="级"):
                grant(sec, newcomer, role, code, **more)


@pytest.mark.parametrize("pair", sorted(tuple(sorted(pair)) for pair in INCOMPATIBLE))
def test_incompatible_roles_are_refused_by_the_database(newcomer: User, pair: tuple[str, str]) -> None:
    first, second = (Role(role) for role in pair)
    for role in (first, second):
        code = cut(VILLAGE, min(LEVELS[role]))
        values = {"user": newcomer, "role": role, "division_id": code, "since": TODAY}
        if role is first:
            Post.objects.create(**values)
        else:
            with pytest.raises(IntegrityError, match="不相容"), transaction.atomic():
                Post.objects.create(**values)


def test_an_incompatible_grant_is_said_in_words(sec: User, chen: User) -> None:
    with pytest.raises(NotPossible, match="不相容"):
        grant(sec, chen, Role.COUNTY_ENTRY, since=timezone.localdate(), today=timezone.localdate())


def test_the_province_confirms_posts_of_business_only(
    sec: User, gao: User, sec2: User, newcomer: User
) -> None:
    business = grant(sec, newcomer, Role.COUNTY_ENTRY)
    other = User.objects.create_user("other", password="x", full_name="另")
    administrator = grant(sec, other, Role.SYSTEM_ADMIN, PROVINCE)
    assert (may_approve(gao, business), may_approve(gao, administrator)) == (True, False)
    assert may_approve(sec2, administrator)
    with pytest.raises(NotPossible):
        approve_post(actor=gao, post=administrator)
    approve_post(actor=gao, post=business)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"since": TODAY - timedelta(days=1)}, "不能早于今天"),
        ({"until": TODAY}, "止日应晚于起日"),
        ({"role": Role.ENTERPRISE}, "企业岗位须填"),
    ],
)
def test_what_is_wrong_with_a_grant_is_said(
    sec: User, newcomer: User, more: dict[str, Any], said: str
) -> None:
    with pytest.raises(NotPossible, match=said):
        grant(sec, newcomer, more.pop("role", Role.COUNTY_ENTRY), **more)


def test_the_same_post_twice_at_a_time_is_refused(sec: User, newcomer: User) -> None:
    grant(sec, newcomer, Role.COUNTY_ENTRY)
    with pytest.raises(NotPossible, match="已任此岗"):
        grant(sec, newcomer, Role.COUNTY_ENTRY)


def test_a_user_begins_with_a_password_that_must_be_changed(sec: User) -> None:
    user, first = create_user(actor=sec, username="kaishi", full_name="开始", unit="临县扶贫办")
    assert user.check_password(first)
    assert user.must_change_password
    with pytest.raises(NotPossible, match="已有人用"):
        create_user(actor=sec, username="kaishi", full_name="开始", unit="临县扶贫办")
    disable_user(actor=sec, user=user, reason="调离原单位")
    user.refresh_from_db()
    assert not user.is_active
    second = enable_user(actor=sec, user=user)
    user.refresh_from_db()
    assert user.is_active
    assert user.check_password(second)


def test_whoever_has_not_come_for_ninety_days_is_disabled(bo: User, du: User) -> None:
    today = timezone.localdate()
    long_ago = timezone.now() - timedelta(days=91)
    User.objects.update(date_joined=long_ago, last_login=long_ago, password_changed_at=None)
    User.objects.filter(pk=du.pk).update(last_login=timezone.now() - timedelta(days=89))
    assert disable_unused(today=today) == 1
    assert list(User.objects.filter(is_active=False)) == [bo]


def test_the_daily_tidying_may_run_twice(bo: User) -> None:
    User.objects.update(
        date_joined=timezone.now() - timedelta(days=91), last_login=None, password_changed_at=None
    )
    for _ in range(2):
        tidy()
    assert not User.objects.get().is_active


# Pages


@pytest.mark.urls("tests.accounts.urls")
def test_a_post_goes_from_proposal_to_work(sec: User, gao: User, client_for: Browser) -> None:
    browser = client_for(sec)
    answer = browser.post(
        "/accounts/users/new/", {"username": "wang", "full_name": "王新", "unit": "临县扶贫办"}
    )
    assert "只显示这一次" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    user = User.objects.get(username="wang")
    today = timezone.localdate()
    asked = {
        "user": "wang",
        "role": "COUNTY_REVIEW",
        "division": str(LINXIAN),
        "since": today.isoformat(),
        "until": "",
    }
    assert browser.post("/accounts/posts/new/", {**asked, "division": "999"}).status_code == 422
    assert browser.post("/accounts/posts/new/", asked).status_code == 302
    post = Post.objects.get(user=user)
    assert "待批准" in browser.get("/accounts/posts/").content.decode()
    assert browser.post(f"/accounts/posts/{post.pk}/approve/").status_code == 403
    assert client_for(gao).post(f"/accounts/posts/{post.pk}/approve/").status_code == 302
    post.refresh_from_db()
    assert post.approved_by == gao
    assert browser.post(f"/accounts/posts/{post.pk}/revoke/").status_code == 302
    acts = AuditRecord.objects.order_by("pk").values_list("action", "outcome")
    assert list(acts) == [
        ("accounts.create_user", "DONE"),
        ("accounts.grant_post", "REFUSED"),
        ("accounts.grant_post", "DONE"),
        ("accounts.approve_post", "REFUSED"),
        ("accounts.approve_post", "DONE"),
        ("accounts.revoke_post", "DONE"),
    ]


@pytest.mark.urls("tests.accounts.urls")
@pytest.mark.parametrize(
    "path",
    ["users/", "users/?q=薄&state=on", "users/new/", "users/{bo}/", "users/{bo}/disable/", "posts/?state=held", "posts/new/",
     "posts/?state=waiting", "posts/?state=over", "tokens/", "tokens/?q=bo", "tokens/new/", "tokens/new/?user=bo"],
)  # fmt: skip
def test_pages_of_the_security_administrator(sec: User, bo: User, client_for: Browser, path: str) -> None:
    url = "/accounts/" + path.format(bo=bo.pk)
    assert client_for(sec).get(url).status_code == 200
    assert client_for(bo).get(url).status_code == 403


@pytest.mark.urls("tests.accounts.urls")
def test_the_log_administrator_reads_what_was_done(sec: User, bo: User, client_for: Browser) -> None:
    logan = person("logan", Role.LOG_ADMIN, PROVINCE)
    client_for(bo).get("/accounts/users/")
    browser = client_for(logan)
    page = browser.get(
        "/accounts/audit/?who=bo&outcome=REFUSED&action=accounts.manage_users"
    ).content.decode()
    assert "管理用户" in page
    assert browser.get("/accounts/access/?many=1").status_code == 200
    assert client_for(sec).get("/accounts/audit/").status_code == 403


@pytest.mark.urls("tests.accounts.urls")
def test_acts_on_a_user(sec: User, sec2: User, bo: User, client_for: Browser) -> None:
    browser, his = client_for(sec), client_for(bo)
    assert browser.post(f"/accounts/users/{bo.pk}/disable/", {"reason": ""}).status_code == 422
    assert browser.post(f"/accounts/users/{sec.pk}/disable/", {"reason": "不想干了"}).status_code == 422
    assert browser.post(f"/accounts/users/{sec.pk}/password/").status_code == 302
    assert browser.post(f"/accounts/users/{bo.pk}/second-factor/", {"reason": "手机丢失"}).status_code == 302
    assert his.get("/account/sessions/").status_code == 302
    assert browser.post(f"/accounts/users/{bo.pk}/password/").status_code == 302  # not both by one person
    assert "只显示这一次" in client_for(sec2).post(f"/accounts/users/{bo.pk}/password/").content.decode()
    assert browser.post(f"/accounts/users/{bo.pk}/disable/", {"reason": "调离原单位"}).status_code == 302
    assert browser.post(f"/accounts/users/{bo.pk}/enable/").status_code == 200
    assert AuditRecord.objects.filter(reason="调离原单位", object_key=f"user:{bo.pk}").exists()
