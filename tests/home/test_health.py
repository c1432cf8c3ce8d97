"""The two addresses that machines ask: no sign-in, no secrets, and right while something is away."""

import pytest
import redis
from django.db import OperationalError
from django.db.migrations.executor import MigrationExecutor
from django.test import Client

from fupin.home import readiness

WELL = {"database": "ok", "queue": "ok", "migrations": "ok"}


def test_alive_asks_nobody(client: Client) -> None:
    """No database is open to this test: a query would fail it."""
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok")


@pytest.mark.django_db
def test_ready_when_all_is_well(client: Client) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, WELL)
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_not_ready_without_the_queue(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "unix:///nowhere/valkey.sock")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {**WELL, "queue": "failed"})


@pytest.mark.parametrize("error", [OperationalError("secret"), redis.ConnectionError("secret")])
def test_not_ready_says_no_more(client: Client, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail() -> bool:
        raise error

    for name in ("_database", "_queue", "_migrations"):
        monkeypatch.setattr(readiness, name, fail)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert set(answer.json().values()) == {"failed"}
    assert b"secret" not in answer.content


@pytest.mark.django_db
def test_not_ready_before_the_migrations(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def pending(*args: object) -> list[object]:
        return [object()]

    monkeypatch.setattr(readiness, "_seen_migrated", [])
    with monkeypatch.context() as patch:
        patch.setattr(MigrationExecutor, "migration_plan", pending)
        assert client.get("/readyz").json() == {**WELL, "migrations": "failed"}
    assert client.get("/readyz").json() == WELL
