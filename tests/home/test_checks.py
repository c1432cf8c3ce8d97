"""Settings that would let the wrong people in are named before the start."""

from collections.abc import Sequence
from typing import Any

import pytest
from django.conf import settings as real
from django.core.checks import CheckMessage
from django.db import connections
from pytest_django.fixtures import Settings

from fupin import checks


def ids(messages: Sequence[CheckMessage]) -> list[str | None]:
    return [message.id for message in messages]


def test_these_settings_are_well() -> None:
    for check in (checks.keys, checks.logins, checks.demonstration, checks.walls):
        assert check(None) == []


@pytest.mark.parametrize("key", ["short", "a" * 60, "abc" * 20])
def test_a_weak_secret_key(settings: Settings, key: str) -> None:
    settings.SECRET_KEY = key
    assert ids(checks.keys(None)) == ["fupin.E001"]


def test_one_key_for_two_purposes(settings: Settings) -> None:
    settings.VAULT_KEYS = {"1": b"k" * 32, "2": b"k" * 32}
    assert ids(checks.keys(None)) == ["fupin.E002"]
    settings.VAULT_KEYS = {"1": real.VAULT_INDEX_KEY}
    assert ids(checks.keys(None)) == ["fupin.E002"]


@pytest.mark.parametrize(("user", "level"), [("fupin_owner", 40), ("somebody", 30)])
def test_the_web_enters_as_somebody_else(monkeypatch: pytest.MonkeyPatch, user: str, level: int) -> None:
    for alias in ("default", "record"):
        monkeypatch.setitem(connections[alias].settings_dict, "USER", user)
    (message,) = checks.logins(None)
    assert (message.id, message.level) == ("fupin.E003", level)
    assert "DATABASE_URL_WEB" in (message.hint or "")


def test_the_two_connections_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connections["record"].settings_dict, "USER", "fupin_owner")
    assert ids(checks.logins(None)) == ["fupin.E004"]


@pytest.mark.parametrize(
    ("demo", "secure", "found"), [(True, True, ["fupin.E005"]), (True, False, []), (False, True, [])]
)
def test_no_demonstration_to_the_world(
    settings: Settings, demo: bool, secure: bool, found: list[str]
) -> None:
    settings.DEMO, settings.SECURE = demo, secure
    assert ids(checks.demonstration(None)) == found


@pytest.mark.parametrize(
    ("demo", "allowed", "found"),
    [
        (True, ["*"], []),
        (False, ["*"], ["fupin.E010"]),
        (False, ["fupin.example", "*"], ["fupin.E010"]),
        (False, ["fupin.example"], []),
    ],
)
def test_only_a_demonstration_answers_to_any_name(
    settings: Settings, demo: bool, allowed: list[str], found: list[str]
) -> None:
    settings.DEMO, settings.ALLOWED_HOSTS = demo, allowed
    assert ids(checks.hosts(None)) == found


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, []),
        ({"ALLOWED_HOSTS": ["*"]}, ["fupin.W006"]),
        ({"SECURE": False}, ["fupin.W007"]),
        ({"CSRF_TRUSTED_ORIGINS": ["http://fupin.example"]}, ["fupin.W008"]),
        ({"CSRF_TRUSTED_ORIGINS": ["http://localhost:8000", "https://fupin.example"]}, []),
    ],
)
def test_what_a_province_needs(settings: Settings, changes: dict[str, Any], found: list[str]) -> None:
    well = {"ALLOWED_HOSTS": ["fupin.example"], "SECURE": True, "CSRF_TRUSTED_ORIGINS": []}
    for name, value in {**well, **changes}.items():
        setattr(settings, name, value)
    assert ids(checks.deployment(None)) == found


def test_a_wall_that_is_missing_or_misplaced(settings: Settings) -> None:
    walls = list(settings.MIDDLEWARE)
    settings.MIDDLEWARE = [name for name in walls if not name.endswith(".Doors")]
    assert ids(checks.walls(None)) == ["fupin.E009"]
    settings.MIDDLEWARE = walls[::-1]
    assert ids(checks.walls(None)) == ["fupin.E009"]
    settings.MIDDLEWARE = ["other.Middleware", *walls]
    assert checks.walls(None) == []
