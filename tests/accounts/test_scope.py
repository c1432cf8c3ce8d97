"""The scope lives as long as its request, and no longer."""

import random
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DataError, OperationalError, connection, connections, transaction
from django.test import Client

from fupin.accounts.models import User
from fupin.accounts.scope import enter_scope, leave_scope, whole_province

Browser = Callable[[User], Client]
urls = pytest.mark.urls("tests.accounts.urls")


def backend_pid() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


@urls
@pytest.mark.django_db
def test_the_answer_is_rendered_and_streamed_within_the_scope(
    bo: User, client_for: Browser, monkeypatch: Any
) -> None:
    browser = client_for(bo)
    assert browser.get("/try/rendered/").content == b"141124000000-141125000000"
    monkeypatch.setattr("tests.accounts.urls.turns", iter([True, False]))
    assert browser.get("/try/streamed/").getvalue() == b"141124000000-141125000000"


@urls
@pytest.mark.django_db(transaction=True)
def test_it_never_leaks_between_requests_over_one_connection(bo: User, du: User, client_for: Browser) -> None:
    browsers = {
        b"141124000000-141125000000": client_for(bo),
        b"140929000000-140930000000": client_for(du),
        b"-": Client(),
    }
    for browser in browsers.values():
        browser.raise_request_exception = False
    pid, chance = backend_pid(), random.Random(2014)
    for _ in range(150):
        scope, browser = chance.choice(list(browsers.items()))
        if scope != b"-" and chance.random() < 0.3:
            browser.post(f"/try/writes/{chance.choice(['raises', 'missing', 'fails', 'does'])}/")
        else:
            assert browser.get("/try/public/" if scope == b"-" else "/try/anybody/").content == scope
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT coalesce(current_setting('app.lo', true), '') || current_setting('app.hi', true)"
            )
            assert cursor.fetchone()[0] in {"", None}
    assert backend_pid() == pid


@pytest.mark.django_db(transaction=True)
def test_a_scope_outside_a_transaction_is_refused() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        enter_scope(0, 1, user_id=None)


@pytest.mark.django_db
def test_without_a_scope_scoped_tables_answer_with_an_error() -> None:
    from registry.models import Household

    with whole_province():
        assert Household.objects.count() == 0
    leave_scope()
    with pytest.raises(DataError, match="bigint"):
        Household.objects.count()


@urls
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "kind"), [("/try/anybody/", "text/html"), ("/api/v1/things/", "application/json")]
)
def test_while_the_database_is_away_it_says_when_to_try_again(
    bo: User, client_for: Browser, monkeypatch: pytest.MonkeyPatch, path: str, kind: str
) -> None:
    browser = client_for(bo)
    browser.raise_request_exception = False

    def away(*args: Any, **kwargs: Any) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr("fupin.accounts.middleware.scope.enter_scope", away)
    answer = browser.get(path)
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert answer["Content-Type"].startswith(kind)
    assert answer["X-Request-ID"]


@urls
@pytest.mark.django_db(transaction=True)
def test_a_connection_that_dies_costs_one_request(bo: User, client_for: Browser) -> None:
    browser = client_for(bo)
    browser.raise_request_exception = False
    assert browser.get("/try/killed/").status_code == 503
    assert browser.get("/try/anybody/").content == b"141124000000-141125000000"


def test_both_connections_are_the_web_role(db: None) -> None:
    for alias in ("default", "record"):
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT current_user")
            assert cursor.fetchone()[0] == "fupin_web"
