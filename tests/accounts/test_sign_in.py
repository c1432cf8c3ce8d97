"""Signing in: the lock after five failures, one answer for known and unknown names."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from redis.exceptions import ConnectionError as RedisAway

from fupin.accounts.models import AuditRecord, SignIn, User

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.accounts.urls")]

PASSWORD = "cast-Password-2014"


def enter(browser: Client, username: str, password: str, **more: str) -> Any:
    return browser.post("/sign-in/", {"username": username, "password": password, **more})


def test_one_signs_in_under_a_new_key_and_goes_where_one_wanted(client: Client, bo: User) -> None:
    client.get("/sign-in/")
    client.cookies[settings.SESSION_COOKIE_NAME] = "planted"
    answer = enter(client, "bo", PASSWORD, next="/try/anybody/")
    assert (answer.status_code, answer["Location"]) == (302, "/try/anybody/")
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    assert cookie.value != "planted"
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert SignIn.objects.get().post == bo.post
    record = AuditRecord.objects.get()
    assert (record.action, record.outcome, record.user, record.object_key) == (
        "accounts.sign_in", "DONE", bo, f"user:{bo.pk}",
    )  # fmt: skip


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"]
)
def test_it_leads_nowhere_else(client: Client, bo: User, wanted: str) -> None:
    assert enter(client, "bo", PASSWORD, next=wanted)["Location"] == "/"


def test_known_and_unknown_names_are_told_the_same(client: Client, bo: User) -> None:
    known, unknown = enter(client, "bo", "wrong"), enter(client, "nobody", "wrong")
    assert known.status_code == unknown.status_code == 422
    text = known.content.decode()
    assert "用户名或口令不对" in text
    strip = lambda page, name: page.content.decode().replace(name, "")  # noqa: E731
    import re

    token = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')
    assert token.sub("", strip(known, '"bo"')) == token.sub("", strip(unknown, '"nobody"'))
    assert list(AuditRecord.objects.values_list("outcome", flat=True)) == ["REFUSED", "REFUSED"]


def test_an_unknown_name_costs_as_much_work_as_a_wrong_password(
    client: Client, bo: User, monkeypatch: Any
) -> None:
    from django.contrib.auth.hashers import MD5PasswordHasher

    work: list[str] = []
    encode = MD5PasswordHasher.encode

    def counted(self: Any, password: str, salt: str) -> str:
        work.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    enter(client, "bo", "wrong")
    known, work[:] = list(work), []
    enter(client, "nobody", "wrong")
    assert known == work == ["wrong"]


def test_an_address_puts_no_words_into_our_mouth(client: Client) -> None:
    assert "诈骗" not in client.get("/sign-in/", {"why": "诈骗电话"}).content.decode()
    assert "15 分钟没有操作" in client.get("/sign-in/", {"why": "15 分钟没有操作"}).content.decode().replace(
        "15 分钟没有操作自动退出", ""
    )


@pytest.mark.parametrize("name", ["bo", "nobody"])
def test_five_failures_lock_the_account_for_thirty_minutes(
    client: Client, bo: User, du: User, name: str, monkeypatch: Any
) -> None:
    for _ in range(4):
        assert enter(client, name, "wrong").status_code == 422
    assert enter(client, name, "wrong").status_code == 429
    sixth = enter(client, name, PASSWORD)
    assert sixth.status_code == 429
    assert "账号暂停" in sixth.content.decode()
    assert enter(Client(), "du", PASSWORD).status_code == 302  # behind the same address
    later = timezone.now() + timedelta(minutes=31)
    monkeypatch.setattr("axes.attempts.now", lambda: later)
    monkeypatch.setattr("axes.handlers.proxy.now", lambda: later)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert enter(client, name, PASSWORD).status_code == (302 if name == "bo" else 422)


def test_whoever_is_disabled_is_told_nothing_more(client: Client, bo: User) -> None:
    User.objects.filter(pk=bo.pk).update(is_active=False)
    answer = enter(client, "bo", PASSWORD)
    assert answer.status_code == 422
    assert "用户名或口令不对" in answer.content.decode()


def test_accounts_of_the_demonstration_open_nothing_elsewhere(
    client: Client, bo: User, settings: Any
) -> None:
    User.objects.filter(pk=bo.pk).update(is_demo=True)
    settings.DEMO = False
    assert enter(client, "bo", PASSWORD).status_code == 422
    settings.DEMO = True
    assert enter(client, "bo", PASSWORD).status_code == 302


def test_hundreds_of_tries_from_one_address_are_slowed(client: Client, bo: User, monkeypatch: Any) -> None:
    monkeypatch.setattr("fupin.accounts.views.sign_in.TRIES_AN_ADDRESS", 2)
    monkeypatch.setattr("fupin.accounts.audit.address_of", lambda request: "192.0.2.7")
    for _ in range(2):
        assert enter(client, "nobody", "wrong").status_code == 422
    answer = enter(client, "bo", PASSWORD)
    assert (answer.status_code, answer["Retry-After"]) == (429, "600")


def test_one_signs_in_while_redis_is_away(client: Client, bo: User, monkeypatch: Any) -> None:
    def away(*args: Any, **kwargs: Any) -> None:
        raise RedisAway

    monkeypatch.setattr("fupin.accounts.limits.cache.add", away)
    assert enter(client, "bo", PASSWORD).status_code == 302


def test_signing_in_is_a_fixed_number_of_queries(
    client: Client, bo: User, django_assert_max_num_queries: Any
) -> None:
    enter(client, "bo", PASSWORD)
    with django_assert_max_num_queries(10):
        assert client.get("/try/anybody/").status_code == 200
