"""The second factor, where real people are on the register."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from fupin.accounts import second_factor
from fupin.accounts.models import User
from fupin.accounts.roles import Role
from fupin.accounts.services.users import reset_second_factor
from tests.conftest import person

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.accounts.urls")]

PASSWORD = "cast-Password-2014"


@pytest.fixture(autouse=True)
def _real(settings: Any) -> None:
    settings.DEMO = False
    settings.OTP_TOTP_THROTTLE_FACTOR = 0


@pytest.fixture
def half(client: Client, bo: User) -> Client:
    """A browser in which the password was given and the code not yet."""
    client.post("/sign-in/", {"username": "bo", "password": PASSWORD})
    return client


def code(key: str, *, ahead: int = 0) -> str:
    totp = TOTP(bytes.fromhex(key))
    totp.time = time.time() + 30 * ahead
    return f"{totp.token():06d}"


def enrolled(browser: Client) -> str:
    browser.get("/sign-in/code/new/")
    key = str(browser.session["new_factor"])
    assert browser.post("/sign-in/code/new/", {"code": code(key)}).status_code == 302
    return key


def again(bo: User) -> Client:
    browser = Client()
    browser.post("/sign-in/", {"username": "bo", "password": PASSWORD})
    return browser


@pytest.mark.parametrize(
    "path", ["/try/anybody/", "/try/guarded/", "/account/password/", "/account/sessions/", "/account/post/"]
)
def test_with_the_password_alone_every_page_leads_to_the_code(half: Client, path: str) -> None:
    assert half.get(path)["Location"].startswith("/sign-in/code/")


def test_a_program_with_half_a_session_is_refused(half: Client) -> None:
    assert half.get("/api/v1/things/").status_code == 403


def test_a_first_device_is_enrolled_by_proving_that_it_is_at_hand(half: Client, bo: User) -> None:
    assert half.get("/sign-in/code/")["Location"].startswith("/sign-in/code/new/")
    page = half.get("/sign-in/code/new/").content.decode()
    key = str(half.session["new_factor"])
    assert second_factor.spoken(key) in page
    assert half.post("/sign-in/code/new/", {"code": "000000"}).status_code == 422
    before = half.session.session_key
    assert half.post("/sign-in/code/new/", {"code": code(key)}).status_code == 302
    assert half.session.session_key != before
    assert half.get("/try/anybody/").status_code == 200
    assert half.get("/sign-in/code/new/").status_code == 302  # nobody enrols a second one by himself


def test_a_code_works_once(half: Client, bo: User) -> None:
    key = enrolled(half)
    first, second = again(bo), again(bo)
    assert first.post("/sign-in/code/", {"code": code(key)}).status_code == 422  # used when it was enrolled
    fresh = code(key, ahead=1)
    assert first.post("/sign-in/code/", {"code": fresh}).status_code == 302
    assert first.get("/try/anybody/").status_code == 200
    assert second.post("/sign-in/code/", {"code": fresh}).status_code == 422
    assert second.get("/try/anybody/").status_code == 302


def test_ten_wrong_codes_lock_until_the_security_administrator_resets(half: Client, bo: User) -> None:
    key = enrolled(half)
    browser = again(bo)
    for _ in range(10):
        assert browser.post("/sign-in/code/", {"code": "000000"}).status_code == 422
    locked = browser.post("/sign-in/code/", {"code": code(key, ahead=1)})
    assert "已锁定" in locked.content.decode()
    admin = person("sec", Role.SECURITY_ADMIN, 140000000000)
    reset_second_factor(actor=admin, user=bo, reason="当面核实本人")
    assert not TOTPDevice.objects.filter(user=bo).exists()
    assert half.get("/try/anybody/").status_code == 302


def test_a_code_of_another_user_is_worth_nothing(half: Client, bo: User, du: User) -> None:
    key = enrolled(half)
    other = Client()
    other.post("/sign-in/", {"username": "du", "password": PASSWORD})
    other.get("/sign-in/code/new/")
    TOTPDevice.objects.create(user=du, name="x", confirmed=True)
    assert other.post("/sign-in/code/", {"code": code(key, ahead=1)}).status_code == 422


def test_the_demonstration_asks_for_none(client: Client, bo: User, settings: Any) -> None:
    settings.DEMO = True
    client.post("/sign-in/", {"username": "bo", "password": PASSWORD})
    assert client.get("/try/anybody/").status_code == 200


def test_a_fully_signed_in_session_passes(bo: User, client_for: Callable[[User], Client]) -> None:
    assert client_for(bo).get("/try/anybody/").status_code == 200
