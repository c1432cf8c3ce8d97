"""What every test stands on: a database entered as the web role, Shanxi's divisions, and the cast.

Tests run with row-level security on, as `fupin_web`. The owner creates, migrates and empties the test database.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from itertools import count
from typing import Any

import pytest
from django.db import OperationalError, connections, transaction
from django.test import Client, TransactionTestCase
from django.utils import timezone
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.plugins.otp_totp.models import TOTPDevice

from fupin.accounts.models import Post, User
from fupin.accounts.roles import Role
from fupin.accounts.scope import enter_scope
from fupin.divisions.codes import PROVINCE_CODE, code_range
from tests.clock import Calendar
from tests.registry import factories
from tests.template import copied
from tests.tripwires import (  # noqa: F401  (autouse: they watch every test)
    pages_have_an_order,
    reading_writes_nothing,
    undefined_variables_are_errors,
)

LINXIAN = 141124000000
BAIWEN = 141124101000
VILLAGE = 141124101200
"""A village of 白文镇, where Ai works."""
KELAN = 140929000000
LVLIANG = 141100000000

_BOTH = ["default", "record"]
_TRIES = 3
_REFERENCE = (
    "divisions_",
    "django_migrations",
    "django_content_type",
    "auth_permission",
    "registry_transition",
    "registry_procedurefigure",
    "funds_factorkind",
    "projects_transition",
)


@contextmanager
def as_owner() -> Iterator[None]:
    """Let a block's ORM work as the owner of the tables, on the owner's own connection."""
    mine = connections["default"]
    connections["default"] = connections["owner"]
    try:
        yield
    finally:
        connections["default"] = mine


def _empty_tables(_case: TransactionTestCase) -> None:
    """Empty all but the reference tables, as the owner: the web role may not TRUNCATE."""
    for alias in _BOTH:
        connections[alias].close()
    owner = connections["owner"]
    tables = [
        name
        for name in owner.introspection.django_table_names(only_existing=True, include_views=False)
        if not name.startswith(_REFERENCE)
    ]
    for left in reversed(range(_TRIES)):
        try:
            with owner.cursor() as cursor:
                cursor.execute(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY CASCADE")
        except OperationalError:  # a deadlock with a session that has not ended yet
            if not left:
                raise
        else:
            return


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Open the second connection (`record`) to every test that may use the first."""
    for item in items:
        marker = item.get_closest_marker("django_db")
        options = dict(marker.kwargs) if marker else {}
        fixtures = set(getattr(item, "fixturenames", ()))
        committing = options.get("transaction") or {"transactional_db", "live_server"} & fixtures
        if marker or committing or "db" in fixtures:
            databases = [*_BOTH, "owner"] if committing else _BOTH  # the owner empties the tables afterwards
            item.add_marker(pytest.mark.django_db(**{**options, "databases": databases}), append=False)
    return (yield)


@pytest.fixture(scope="session")
def django_db_setup(django_db_modify_db_settings: None, django_db_blocker: Any) -> Iterator[None]:
    """Copy the test database, made and filled with divisions by the owner, and point the application's connections at it."""
    with django_db_blocker.unblock():
        owner = connections["owner"]
        name = owner.creation._get_test_db_name()
        copied(owner, name)
        owner.settings_dict["NAME"] = name
        for alias in _BOTH:
            connections[alias].close()
            connections[alias].settings_dict["NAME"] = name
        TransactionTestCase._fixture_teardown = _empty_tables  # type: ignore[method-assign]
    yield
    with django_db_blocker.unblock():
        for alias in _BOTH:
            connections[
                alias
            ].close()  # the database goes with its cluster: a live server's thread may still look at it


@pytest.fixture(autouse=True)
def _same_numbers() -> None:
    """Let no test's ID numbers depend on how many persons others have made."""
    factories._serial = count(1)


@pytest.fixture(autouse=True)
def _one_connection(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let the `record` connection share the test's transaction where the test is rolled back; else it would not see its users."""
    marker = request.node.get_closest_marker("django_db")
    transactional = (marker and marker.kwargs.get("transaction")) or {
        "transactional_db",
        "live_server",
    } & set(request.fixturenames)
    if marker is None or transactional:
        yield
        return
    own = connections["record"]
    connections["record"] = connections["default"]
    yield
    connections["record"] = own


@pytest.fixture
def see_all(db: None) -> Callable[[], None]:
    """Return a function that opens the whole province to the rest of the test's transaction (each request narrows it again)."""

    def see() -> None:
        enter_scope(*code_range(PROVINCE_CODE), user_id=None)

    see()
    return see


@pytest.fixture
def in_scope() -> Callable[[User], Any]:
    """Return a context manager: one transaction in the scope of a user's post."""

    @contextmanager
    def enter(user: User) -> Iterator[User]:
        assert user.post is not None
        with transaction.atomic():
            enter_scope(*user.post.code_range, user_id=user.pk)
            yield user

    return enter


@pytest.fixture
def calendar(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Calendar]:
    """The product's day, for tests that commit: turned to any day, for the code and the database alike."""
    calendar = Calendar(monkeypatch)
    yield calendar
    calendar.put_away()


def person(username: str, role: Role, division: int, *, full_name: str = "") -> User:
    """Return a user who holds one post, since the beginning of 2014."""
    user = User.objects.create_user(
        username=username,
        password="cast-Password-2014",
        full_name=full_name or username,
        must_change_password=False,
    )
    user.post = Post.objects.create(
        user=user,
        role=role,
        division_id=division,
        since=date(2014, 1, 1),
        granted_by=None,
        approved_by=user,
        approved_at="2014-01-01T00:00:00+08:00",
    )
    return user


def browser_of(user: User) -> Client:
    """Return a browser signed in as a user, second factor and all, a moment ago."""
    client = Client()
    client.force_login(user, backend="fupin.accounts.backends.PasswordBackend")
    device, _ = TOTPDevice.objects.get_or_create(user=user, name="动态口令", confirmed=True)
    session = client.session
    session[DEVICE_ID_SESSION_KEY] = device.persistent_id
    session["proved_at"] = timezone.now().timestamp()
    session.save()
    return client


@pytest.fixture
def client_for() -> Callable[[User], Client]:
    """Return a function that gives a browser signed in as a user, second factor and all, a moment ago."""
    return browser_of


@pytest.fixture
def ai(db: None) -> User:
    """Village worker of one village of 白文镇, 临县."""
    return person("ai", Role.VILLAGE, VILLAGE, full_name="艾村")


@pytest.fixture
def tong(db: None) -> User:
    """Township clerk of 白文镇, 临县."""
    return person("tong", Role.TOWNSHIP, BAIWEN, full_name="佟镇")


@pytest.fixture
def bo(db: None) -> User:
    """Entry clerk of the poverty office of 临县."""
    return person("bo", Role.COUNTY_ENTRY, LINXIAN, full_name="薄录")


@pytest.fixture
def chen(db: None) -> User:
    """Reviewer of the poverty office of 临县."""
    return person("chen", Role.COUNTY_REVIEW, LINXIAN, full_name="陈审")


@pytest.fixture
def du(db: None) -> User:
    """Entry clerk of 岢岚县: must see nothing of 临县."""
    return person("du", Role.COUNTY_ENTRY, KELAN, full_name="杜录")


@pytest.fixture
def fan(db: None) -> User:
    """City official of 吕梁市."""
    return person("fan", Role.CITY, LVLIANG, full_name="范市")


@pytest.fixture
def gao(db: None) -> User:
    """Provincial official."""
    return person("gao", Role.PROVINCE, PROVINCE_CODE, full_name="高省")


@pytest.fixture
def he(db: None) -> User:
    """Finance office of 临县."""
    return person("he", Role.FINANCE, LINXIAN, full_name="何财")


@pytest.fixture
def jin(db: None) -> User:
    """Auditor of the province."""
    return person("jin", Role.AUDITOR, PROVINCE_CODE, full_name="金审")


@pytest.fixture
def kang(db: None) -> User:
    """An enterprise's user in 临县."""
    return person("kang", Role.ENTERPRISE, LINXIAN, full_name="康企")
