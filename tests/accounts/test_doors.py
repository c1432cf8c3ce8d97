"""Default deny: who comes in where, and what is recorded of it."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import get_resolver

from fupin.accounts.doors import Door, addresses, door, door_of
from fupin.accounts.models import AuditRecord, PasswordRecord, User
from fupin.accounts.permissions import declared, words_of
from fupin.accounts.roles import Role
from tests.conftest import person

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.accounts.urls")]

SignIn = Callable[[User], Client]
LOG = 140000000000


@pytest.fixture
def log_admin(db: None) -> User:
    return person("logan", Role.LOG_ADMIN, LOG, full_name="罗志")


def test_a_door_is_hung_on_the_view_itself() -> None:
    @door("registry.view_household", audit="x")
    def view(request: object) -> None: ...

    assert door_of(view, "GET") == Door("registry.view_household", audit="x")


def test_nobody_comes_in_where_no_door_was_hung(client: Client, bo: User, client_for: SignIn) -> None:
    assert client.get("/try/doorless/").status_code == 403
    assert client_for(bo).get("/try/doorless/").status_code == 403


def test_whoever_has_not_signed_in_is_led_to_the_sign_in_page_and_back(client: Client) -> None:
    answer = client.get("/try/anybody/?a=1")
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/?next=%2Ftry%2Fanybody%2F%3Fa%3D1")


def test_htmx_moves_the_whole_window_to_the_sign_in_page(client: Client) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/registry/?page=2"}
    answer = client.get("/try/anybody/", headers=headers)
    assert answer["HX-Redirect"] == "/sign-in/?next=%2Fregistry%2F%3Fpage%3D2"


def test_a_program_without_token_is_told_so(client: Client) -> None:
    answer = client.get("/api/v1/things/")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Token"
    assert answer.json()["errors"][0]["message"]


def test_open_doors_let_everybody_in_without_a_scope(client: Client) -> None:
    answer = client.get("/try/public/")
    assert (answer.status_code, answer.content) == (200, b"-")


def test_a_refusal_names_who_may_and_is_recorded_once(bo: User, client_for: SignIn) -> None:
    answer = client_for(bo).get("/try/guarded/")
    assert answer.status_code == 403
    assert "此项须由审计管理员办理" in answer.content.decode()
    record = AuditRecord.objects.get()
    assert (record.action, record.outcome, record.user, record.post) == ("test.act", "REFUSED", bo, bo.post)


def test_the_role_comes_in(log_admin: User, client_for: SignIn) -> None:
    assert client_for(log_admin).get("/try/guarded/").status_code == 200
    assert not AuditRecord.objects.exists()


def test_viewsets_declare_their_doors_by_action(bo: User, log_admin: User, client_for: SignIn) -> None:
    answer = client_for(bo).get("/api/v1/things/")
    assert answer.status_code == 403
    assert "审计管理员" in answer.json()["errors"][0]["message"]
    assert client_for(log_admin).get("/api/v1/things/").json()["user"] == "logan"
    assert client_for(log_admin).get("/api/v1/things/1/").status_code == 403  # retrieve declares none
    assert client_for(log_admin).delete("/api/v1/things/").status_code == 405


@pytest.mark.parametrize(
    ("how", "status", "outcome", "written"),
    [
        ("does", 200, "DONE", True),
        ("refuses", 200, "REFUSED", True),
        ("missing", 404, "REFUSED", False),
        ("raises", 500, "FAILED", False),
        ("fails", 500, "FAILED", False),
    ],
)
def test_every_act_leaves_one_record_and_what_failed_leaves_nothing_else(
    bo: User, client_for: SignIn, how: str, status: int, outcome: str, written: bool
) -> None:
    browser = client_for(bo)
    browser.raise_request_exception = False
    assert browser.post(f"/try/writes/{how}/", {"reason": "核实\r\n2014-01-01 forged"}).status_code == status
    record = AuditRecord.objects.get()
    assert (record.action, record.outcome) == ("test.write", outcome)
    assert PasswordRecord.objects.filter(user=bo).exists() is written
    assert record.object_key == "thing forged: line"
    assert record.reason == "核实 2014-01-01 forged"
    assert record.address == "127.0.0.1"


def test_what_an_api_view_wrote_before_it_raised_is_rolled_back(log_admin: User, client_for: SignIn) -> None:
    assert client_for(log_admin).post("/api/v1/things/").status_code == 404
    assert not PasswordRecord.objects.exists()
    assert AuditRecord.objects.get().outcome == "REFUSED"


def test_an_anonymous_act_is_recorded_as_refused(client: Client) -> None:
    client.post("/try/writes/does/")
    record = AuditRecord.objects.get()
    assert (record.user, record.outcome) == (None, "REFUSED")


def test_without_csrf_token_nothing_happens_and_it_is_recorded(bo: User, client_for: SignIn) -> None:
    browser = client_for(bo)
    browser.handler.enforce_csrf_checks = True
    assert browser.post("/try/writes/does/").status_code == 403
    assert not PasswordRecord.objects.exists()
    assert AuditRecord.objects.get().outcome == "REFUSED"


def test_an_act_of_weight_asks_for_the_password_again(bo: User, client_for: SignIn) -> None:
    browser = client_for(bo)
    assert browser.post("/try/weighty/").status_code == 200
    session = browser.session
    session["proved_at"] -= 301
    session.save()
    answer = browser.post("/try/weighty/", headers={"Referer": "http://testserver/try/weighty/"})
    assert answer["Location"] == "/sign-in/again/?next=%2Ftry%2Fweighty%2F"
    assert browser.get("/try/weighty/").status_code == 200
    assert (
        browser.post(
            "/sign-in/again/", {"password": "cast-Password-2014", "next": "/try/weighty/"}
        ).status_code
        == 302
    )
    assert browser.post("/try/weighty/").status_code == 200


@pytest.mark.urls("fupin.urls")
def test_every_address_of_the_product_has_a_door_whose_permission_is_declared() -> None:
    doorless, undeclared = [], []
    for address in addresses(get_resolver()):
        actions = getattr(address.view, "actions", None)
        cls = getattr(address.view, "cls", None)
        methods = list(actions or ()) or list(getattr(cls, "doors", ()) or ["get"])
        for method in methods:
            hung = door_of(address.view, method)
            if hung is None:
                doorless.append(f"{method} {address.route}")
            elif hung.permission is not None and hung.permission not in declared():
                undeclared.append(f"{address.route}: {hung.permission}")
    assert doorless == []
    assert undeclared == []


@pytest.mark.urls("fupin.urls")
def test_only_these_addresses_are_open_to_everybody() -> None:
    opened = {
        address.name
        for address in addresses(get_resolver())
        if (hung := door_of(address.view, "GET")) and hung.open
    }
    reading = {"public_notice_list", "public_notice", "public_sheet", "public_photo", "public_check"}
    objecting = {"public_objection", "public_answer"}
    assert (
        opened
        <= {
            "sign_in",
            "healthz",
            "readyz",
            "auth_token",
            "schema",
            "docs",
            "calendar_file",
            "public_donation",
        }
        | reading
        | objecting
    )


def _example(route: str) -> str:
    """A route with something in each of its gaps."""
    gaps = {"int": "141124000000", "uuid": "0190f2a4-0000-7000-8000-000000000000"}
    plain = re.sub(
        r"\(\?P<\w+>(?:[^()]|\([^()]*\))*\)", "1", route.replace("^", "").replace("\\Z", "").replace("$", "")
    )
    return "/" + re.sub(r"<(?:(\w+):)?\w+>", lambda gap: gaps.get(gap[1] or "", "2014"), plain)


@pytest.mark.urls("fupin.urls")
def test_whoever_has_not_signed_in_gets_nowhere_else(client: Client) -> None:
    wrong = []
    for address in addresses(get_resolver()):
        hung = door_of(address.view, "GET")
        if hung is None or hung.open:
            continue
        answer = client.get(_example(address.route))
        led = answer.status_code == 302 and answer["Location"].startswith("/sign-in/?next=")
        if not led and answer.status_code not in {401, 404}:
            wrong.append(f"{address.route}: {answer.status_code}")
    assert wrong == []


def test_every_act_of_accounts_has_its_words() -> None:
    acts = {
        hung.action
        for address in addresses(get_resolver("fupin.accounts.urls"))
        if (hung := door_of(address.view, "POST")) and hung.action
    }
    assert {act for act in acts if words_of(act) == act} == set()


@pytest.mark.django_db(transaction=True)
def test_a_record_of_failure_stays_though_the_transaction_rolls_back(bo: User, client_for: SignIn) -> None:
    browser = client_for(bo)
    browser.raise_request_exception = False
    assert browser.post("/try/writes/raises/").status_code == 500
    assert AuditRecord.objects.get().outcome == "FAILED"
    assert not PasswordRecord.objects.exists()


def test_acts_of_weight_ask_for_proof() -> None:
    asked = {
        address.name
        for address in addresses(get_resolver("fupin.urls"))
        if (hung := door_of(address.view, "POST")) and hung.proof
    }
    assert asked >= {
        "user_new", "user_disable", "user_enable", "user_reset_password", "user_reset_factor", "post_grant", "post_approve",
        "post_revoke", "token_new", "token_revoke",
    }  # fmt: skip
    named = {address.name for address in addresses(get_resolver("fupin.urls"))}
    assert {"household_reveal"} & named <= asked
