"""Sessions end by the server's clock and follow what changes about their user."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from fupin.accounts import sign_ins
from fupin.accounts.models import Post, SignIn, User

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.accounts.urls")]

Browser = Callable[[User], Client]


class Clock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.now = timezone.now()

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    moved = Clock()
    monkeypatch.setattr(timezone, "now", moved)
    return moved


def signed_in(browser: Client, **kwargs: Any) -> bool:
    return browser.get("/try/anybody/", **kwargs).status_code == 200


def test_idle_for_fourteen_minutes_goes_on_for_sixteen_does_not(
    clock: Clock, bo: User, client_for: Browser
) -> None:
    browser = client_for(bo)
    for _ in range(3):
        clock.forward(minutes=14)
        assert signed_in(browser)
    clock.forward(minutes=16)
    answer = browser.get("/try/anybody/")
    assert answer.status_code == 302
    assert "why=15+" in answer["Location"]
    row = SignIn.objects.get(user=bo)
    assert (row.ended_because, row.ended_at) == (sign_ins.IDLE, clock.now)


def test_polling_in_the_background_does_not_keep_a_session_alive(
    clock: Clock, bo: User, client_for: Browser
) -> None:
    browser = client_for(bo)
    for _ in range(2):
        clock.forward(minutes=7)
        assert signed_in(browser, headers={"X-Background": "1"})
    clock.forward(minutes=2)
    assert not signed_in(browser, headers={"X-Background": "1"})


def test_after_eight_hours_it_ends_however_busy(clock: Clock, bo: User, client_for: Browser) -> None:
    browser = client_for(bo)
    for _ in range(47):
        clock.forward(minutes=10)
        assert signed_in(browser)
    clock.forward(minutes=10)
    assert not signed_in(browser)
    assert SignIn.objects.get(user=bo).ended_because == sign_ins.TOO_LONG


def test_an_old_cookie_opens_nothing_after_signing_out(bo: User, client_for: Browser) -> None:
    browser, thief = client_for(bo), Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = browser.cookies[settings.SESSION_COOKIE_NAME].value
    assert signed_in(thief)
    browser.post("/sign-out/")
    assert not signed_in(thief)
    assert SignIn.objects.get(user=bo).ended_because == sign_ins.SIGNED_OUT


def test_disabling_the_user_acts_on_the_next_request(bo: User, client_for: Browser) -> None:
    browser = client_for(bo)
    assert signed_in(browser)
    User.objects.filter(pk=bo.pk).update(is_active=False)
    assert not signed_in(browser)


def test_a_revoked_post_acts_on_the_next_request_of_every_session(bo: User, client_for: Browser) -> None:
    first, second = client_for(bo), client_for(bo)
    assert (
        first.get("/try/anybody/").content
        == second.get("/try/anybody/").content
        == b"141124000000-141125000000"
    )
    Post.objects.filter(user=bo).update(revoked_at=timezone.now())
    assert first.get("/try/anybody/").content == second.get("/try/anybody/").content == b"-"


def test_a_post_whose_term_is_over_holds_no_longer(bo: User, client_for: Browser) -> None:
    browser = client_for(bo)
    Post.objects.filter(user=bo).update(until=timezone.localdate())
    assert browser.get("/try/anybody/").content == b"-"
    Post.objects.filter(user=bo).update(until=timezone.localdate() + timedelta(days=1))
    assert browser.get("/try/anybody/").content == b"141124000000-141125000000"


def test_is_held_on_is_the_twin_of_held_on(bo: User) -> None:
    post = Post.objects.get(user=bo)
    day = timezone.localdate()
    for since, until in [(0, None), (1, None), (0, 1), (-1, 0), (-1, 1)]:
        post.since = day + timedelta(days=since)
        post.until = None if until is None else day + timedelta(days=until)
        for revoked in (None, timezone.now()):
            post.revoked_at = revoked
            post.save()
            assert Post.objects.held_on(day).filter(pk=post.pk).exists() is post.is_held_on(day)


def test_the_row_does_not_hold_the_key_of_the_session(bo: User, client_for: Browser) -> None:
    browser = client_for(bo)
    key = browser.cookies[settings.SESSION_COOKIE_NAME].value
    row = SignIn.objects.get(user=bo)
    assert row.key_digest != key
    assert row.key_digest == sign_ins.digest_of(key)


def test_one_ends_ones_own_sessions_and_nobody_elses(bo: User, du: User, client_for: Browser) -> None:
    here, there, other = client_for(bo), client_for(bo), client_for(du)
    theirs = SignIn.objects.get(user=du)
    assert here.post(f"/account/sessions/{theirs.pk}/end/").status_code == 404
    elsewhere = SignIn.objects.filter(user=bo).latest("pk")
    here.post(f"/account/sessions/{elsewhere.pk}/end/")
    assert (signed_in(here), signed_in(there), signed_in(other)) == (True, False, True)
    third = client_for(bo)
    here.post("/account/sessions/others/end/")
    assert (signed_in(here), signed_in(third)) == (True, False)
    page = here.get("/account/sessions/").content.decode()
    assert "本人在别处结束" in page


def test_a_session_goes_on_under_another_post_only_if_it_is_ones_own(
    bo: User, du: User, client_for: Browser
) -> None:
    second = Post.objects.create(
        user=bo,
        role="CITY",
        division_id=141100000000,
        since="2014-01-01",
        approved_by=bo,
        approved_at=timezone.now(),
    )
    browser = client_for(bo)
    assert browser.post("/account/post/", {"post": du.post.pk}).status_code == 404  # type: ignore[union-attr]
    assert browser.post("/account/post/", {"post": "x"}).status_code == 404
    assert browser.get("/account/post/").status_code == 200
    browser.post("/account/post/", {"post": second.pk})
    assert browser.get("/try/anybody/").content == b"141100000000-141200000000"


def test_whose_post_has_ended_is_led_to_his_others(bo: User, client_for: Browser) -> None:
    browser = client_for(bo)
    second = Post.objects.create(
        user=bo,
        role="CITY",
        division_id=141100000000,
        since="2014-01-01",
        approved_by=bo,
        approved_at=timezone.now(),
    )
    Post.objects.filter(user=bo).exclude(pk=second.pk).update(revoked_at=timezone.now())
    assert browser.get("/try/guarded/")["Location"].startswith("/account/post/")
