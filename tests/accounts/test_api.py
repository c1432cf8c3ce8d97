"""How programs come in."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from redis.exceptions import ConnectionError as RedisAway
from rest_framework import exceptions, serializers
from rest_framework.throttling import UserRateThrottle

from fupin.accounts.api.errors import Conflict, Refusals, handle
from fupin.accounts.api.throttling import CallerThrottle
from fupin.accounts.errors import NotPossible
from fupin.accounts.models import ApiToken, AuditRecord, Post, User
from fupin.accounts.roles import Role
from fupin.accounts.services.tokens import issue_token, revoke_token
from tests.conftest import person

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.accounts.urls")]

PASSWORD = "cast-Password-2014"
PROVINCE = 140000000000
TOKEN = "/api/v1/auth/token/"
Browser = Callable[[User], Client]


@pytest.fixture
def sec(db: None) -> User:
    return person("sec", Role.SECURITY_ADMIN, PROVINCE)


def draw(client: Client, **said: Any) -> Any:
    return client.post(TOKEN, said, content_type="application/json")


def call(client: Client, key: str) -> Any:
    return client.get(
        "/try/anybody/" if not key else "/api/v1/things/", headers={"Authorization": f"Token {key}"}
    )


def test_a_token_is_drawn_with_name_and_password_and_acts_in_its_scope(client: Client, bo: User) -> None:
    answer = draw(client, username="bo", password=PASSWORD)
    assert answer.status_code == 200
    assert answer.json()["division"] == "141124000000"
    refused = call(client, answer.json()["token"])
    assert refused.status_code == 403
    assert "县扶贫办录入（临县）" in refused.json()["errors"][0]["message"]
    assert ApiToken.objects.get().last_used_at is not None
    record = AuditRecord.objects.get(action="accounts.draw_token")
    assert (record.user, record.outcome) == (bo, "DONE")


def test_a_token_opens_no_pages(client: Client, bo: User) -> None:
    key = draw(client, username="bo", password=PASSWORD).json()["token"]
    assert client.get("/try/anybody/", headers={"Authorization": f"Token {key}"}).status_code == 302


def test_wrong_and_invented_tokens_are_refused(client: Client, bo: User, client_for: Browser) -> None:
    assert call(client, "x" * 43).status_code == 401
    assert call(client_for(bo), "x" * 43).status_code == 401  # a session beside it does not help


@pytest.mark.parametrize("how", ["revoked", "expired", "post", "user"])
def test_a_token_holds_no_longer_than_what_it_stands_on(client: Client, bo: User, how: str) -> None:
    key = draw(client, username="bo", password=PASSWORD).json()["token"]
    now = timezone.now()
    match how:
        case "revoked":
            ApiToken.objects.update(revoked_at=now)
        case "expired":
            ApiToken.objects.update(expires_at=now - timedelta(seconds=1))
        case "post":
            Post.objects.update(revoked_at=now)
        case "user":
            User.objects.update(is_active=False)
    assert call(client, key).status_code == 401


def test_wrong_passwords_lock_here_too(client: Client, bo: User) -> None:
    for _ in range(4):
        answer = draw(client, username="bo", password="wrong")
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["message"] == "用户名、口令或动态口令不对"
    draw(client, username="bo", password="wrong")
    locked = draw(client, username="bo", password=PASSWORD)
    assert (locked.status_code, locked["Retry-After"]) == (429, "1800")


def test_where_real_people_are_on_the_register_it_takes_the_code_too(
    client: Client, bo: User, settings: Any
) -> None:
    settings.DEMO = False
    assert draw(client, username="bo", password=PASSWORD).status_code == 400
    assert draw(client, username="bo", password=PASSWORD, otp="000000").status_code == 400


def test_what_is_missing_is_said_by_field(client: Client) -> None:
    answer = draw(client, username="bo")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "password"


def test_the_security_administrator_issues_tokens_shown_once(
    sec: User, bo: User, client_for: Browser, client: Client
) -> None:
    assert bo.post is not None
    browser = client_for(sec)
    answer = browser.post("/accounts/tokens/new/?user=bo", {"post": bo.post.pk, "days": 180})
    assert "只显示这一次" in answer.content.decode()
    token = ApiToken.objects.get()
    assert token.digest not in answer.content.decode()
    assert browser.post(f"/accounts/tokens/{token.pk}/revoke/").status_code == 302
    assert ApiToken.objects.get().revoked_at is not None


def test_tokens_are_issued_for_posts_of_business_only(sec: User, bo: User) -> None:
    admin = person("admin2", Role.SYSTEM_ADMIN, PROVINCE)
    assert admin.post is not None and bo.post is not None and sec.post is not None  # noqa: PT018
    for post, days in ((admin.post, 10), (sec.post, 10), (bo.post, 367)):
        with pytest.raises(NotPossible):
            issue_token(actor=sec, post=post, days=days)
    token, key = issue_token(actor=sec, post=bo.post, days=10)
    assert key.endswith(token.hint)
    revoke_token(actor=sec, token=token)


class _Nested(serializers.Serializer[Any]):
    id_no = serializers.CharField()


@pytest.mark.parametrize(
    ("error", "status", "errors"),
    [
        (exceptions.NotFound(), 404, [("", "", "未找到。")]),
        (
            exceptions.ValidationError({"members": [{}, {"id_no": ["号码不对"]}]}),
            400,
            [("members.1.id_no", "", "号码不对")],
        ),
        (
            exceptions.ValidationError({"id_no": [exceptions.ErrorDetail("校验位不对", code="R-02")]}),
            400,
            [("id_no", "R-02", "校验位不对")],
        ),
        (
            Refusals([{"field": "sex", "rule": "R-03", "message": "性别不符"}]),
            400,
            [("sex", "R-03", "性别不符")],
        ),
    ],
)
def test_errors_have_one_shape(error: Exception, status: int, errors: list[tuple[str, str, str]]) -> None:
    answer = handle(error, {})
    assert answer is not None
    assert answer.status_code == status
    assert [(line["field"], line["rule"], line["message"]) for line in answer.data["errors"]] == errors


def test_a_conflict_carries_both_versions() -> None:
    answer = handle(Conflict("内容已被他人改动", {"yours": 1, "current": 2}), {})
    assert answer is not None
    assert answer.status_code == 409
    assert (answer.data["yours"], answer.data["current"]) == (1, 2)
    assert answer.data["errors"][0]["message"] == "内容已被他人改动"


def test_a_fault_of_ours_stays_one() -> None:
    assert handle(RuntimeError(), {}) is None


def test_throttled_callers_are_told_when(bo: User) -> None:
    answer = handle(exceptions.Throttled(wait=17), {})
    assert answer is not None
    assert (answer.status_code, answer["Retry-After"]) == (429, "17")


def test_callers_pass_while_redis_is_away(bo: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*args: Any) -> None:
        raise RedisAway

    monkeypatch.setattr(UserRateThrottle, "allow_request", away)
    assert CallerThrottle().allow_request(Any, Any)  # type: ignore[arg-type]  # neither is looked at
