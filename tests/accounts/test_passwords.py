"""The rules of passwords, each with those it refuses."""

import random
import string
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client, override_settings
from django.utils import timezone

from fupin.accounts.models import PasswordRecord, SignIn, User
from fupin.accounts.services.users import change_password, initial_password

WORDS = (
    "Taiyuan", "Lvliang", "Linxian", "Kelan", "Xinzhou", "Datong", "Changzhi", "Hongtong", "Fupin", "Fupinban",
    "Jingzhun", "Password", "Admin", "Welcome", "Zhongguo", "Woaini", "Shanxi", "Qwerty", "Zhangwei", "Jiandanglika",
)  # fmt: skip
TAILS = (
    "@2014!",
    "2014@12",
    "123456!",
    "!!!!2015",
    "#19990101",
    "_888888",
    "@12345678",
    "$2014aaa",
    ".2014.06",
    "-abc123",
)
GUESSABLE = [word + tail for word in WORDS for tail in TAILS]

USER = User(username="xuewenhui", full_name="薛文慧", unit="临县扶贫办")


@pytest.mark.parametrize("password", GUESSABLE)
def test_two_hundred_guessable_passwords_are_refused(password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password, USER)


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("Kx7#mQ2vLp9", "至少 12 位"),
        ("kxmqvlpwztrhgd", "四类中的三类"),
        ("KXMQVLPWZ83920", "四类中的三类"),
        ("P@ssw0rd!2014", "容易被猜中"),
        ("Xuewenhui#83kQz", "不能含用户名"),
        ("薛文慧Kx7#mQ2vLp", "不能含用户名、姓名"),
        ("Linxianfupinban#K7q", "单位名称"),
        ("Abababababab1!Ab", "容易被猜中"),
        ("1qaz@WSX3edc", "容易被猜中"),
    ],
)
def test_what_is_wrong_is_said(password: str, said: str) -> None:
    with pytest.raises(ValidationError) as refused:
        validate_password(password, USER)
    assert any(said in message for message in refused.value.messages)


@pytest.mark.parametrize(
    "password", ["Kx7#mQ2vLp9w", "三口井Kx7#mQ2v东沟", "correct7Horse-battery", "Zq8!" * 0 + "vR4t&Hn0xWc6"]
)
def test_good_passwords_are_accepted(password: str) -> None:
    validate_password(password, USER)


@pytest.mark.django_db
def test_sixty_four_characters_are_taken_whole() -> None:
    chance = random.Random(64)
    password = "".join(chance.choices(string.ascii_letters + string.digits + "!#%", k=64))
    user = User(username="long", full_name="龙")
    user.set_password(password)
    assert user.check_password(password)
    assert not user.check_password(password[:63])


def test_real_passwords_are_hashed_with_argon2() -> None:
    from fupin.settings import base

    with override_settings(PASSWORD_HASHERS=base.PASSWORD_HASHERS):
        assert make_password("Kx7#mQ2vLp9w").startswith("argon2$argon2id$")


def test_first_passwords_keep_the_rules_and_differ() -> None:
    drawn = {initial_password() for _ in range(50)}
    assert len(drawn) == 50
    for password in drawn:
        validate_password(password, USER)


@pytest.mark.django_db
def test_the_last_five_are_refused_and_the_sixth_is_free(bo: User) -> None:
    used = [f"Kx7#mQ2vLp9w{letter}" for letter in "abcdefg"]
    for password in used:
        change_password(user=bo, password=password, keep=None)
    assert PasswordRecord.objects.filter(user=bo).count() == 5
    for password in used[1:]:
        with pytest.raises(ValidationError, match="相同"):
            validate_password(password, bo)
    validate_password(used[0], bo)


@pytest.mark.django_db
@pytest.mark.urls("tests.accounts.urls")
def test_on_day_91_nothing_opens_before_the_password_is_changed(bo: User, client_for: object) -> None:
    browser: Client = client_for(bo)  # type: ignore[operator]
    elsewhere: Client = client_for(bo)  # type: ignore[operator]
    User.objects.filter(pk=bo.pk).update(password_changed_at=timezone.now() - timedelta(days=89))
    assert browser.get("/try/anybody/").status_code == 200
    User.objects.filter(pk=bo.pk).update(password_changed_at=timezone.now() - timedelta(days=90))
    assert browser.get("/try/anybody/")["Location"].startswith("/account/password/?next=")
    assert browser.get("/account/sessions/").status_code == 302
    assert "已用满 90 天" in browser.get("/account/password/").content.decode()
    wrong = {"present": "cast-Password-2014", "new": "Kx7#mQ2vLp9w", "again": "Kx7#mQ2vLp9x"}
    assert browser.post("/account/password/", wrong).status_code == 422
    assert (
        browser.post("/account/password/", {**wrong, "again": wrong["new"], "present": "no"}).status_code
        == 422
    )
    assert browser.post("/account/password/", {**wrong, "again": wrong["new"]}).status_code == 302
    assert browser.get("/try/anybody/").status_code == 200
    assert elsewhere.get("/try/anybody/").status_code == 302
    assert set(SignIn.objects.filter(user=bo).values_list("ended_because", flat=True)) == {"", "口令已修改"}
