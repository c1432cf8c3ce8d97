"""A real browser: Debian's Chromium. Without one the journeys are skipped, each by its name."""

import os
import shutil
from collections.abc import Iterator
from datetime import date
from time import sleep
from typing import Any

import pytest
from django.db import connections
from playwright.sync_api import Browser, expect

from fupin.accounts.scope import whole_province
from registry.services.years import close_year
from tests.conftest import as_owner
from tests.journeys.office import Office

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
# Playwright runs an event loop in the thread of the test, which Django would take for an asynchronous caller.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
expect.set_options(timeout=15_000)  # a machine that runs the whole suite is in no hurry


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what stands in this directory as journeys, and skip them where there is no Chromium."""
    for item in items:
        if item.path.parent.name != "journeys":
            continue
        item.add_marker(pytest.mark.journey)
        if CHROMIUM is None:
            item.add_marker(pytest.mark.skip(reason="no Chromium on this machine"))


@pytest.fixture(scope="session")
def base_url() -> str:
    """Stand in for pytest-base-url's fixture, which pytest warns about: journeys say whole addresses."""
    return ""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start Debian's Chromium, which may say nothing to the outside."""
    quiet = ["quic", "background-networking", "component-update", "sync"]
    args = ["--no-sandbox", "--disable-gpu", "--no-first-run", *(f"--disable-{what}" for what in quiet)]
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": args}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Look through an office screen, in Chinese."""
    return {**browser_context_args, "viewport": {"width": 1366, "height": 768}, "locale": "zh-CN"}


@pytest.fixture
def office(office_of_2013: Office, year_2013_closed: None) -> Office:
    """The office in 2014, when the cards of that year are entered."""
    return office_of_2013


@pytest.fixture
def office_of_2013(
    browser: Browser, browser_context_args: dict[str, Any], live_server: Any, client_for: Any
) -> Iterator[Office]:
    """The product behind its real middlewares, with browsers before it; whatever a browser complains about fails the journey."""
    open_office = Office(browser, live_server.url, browser_context_args, client_for)
    yield open_office
    for context in browser.contexts:
        context.close()
    answered()
    assert open_office.troubles == []


def answered() -> None:
    """Wait until the server has answered what a closed window had still asked for: tables are emptied afterwards."""
    with connections["owner"].cursor() as cursor:
        for _ in range(100):
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND usename = 'fupin_web' AND state <> 'idle'"
            )
            if cursor.fetchone() == (0,):
                return
            sleep(0.05)


@pytest.fixture
def year_2013_closed(transactional_db: None) -> None:
    """2014 is being entered."""
    with as_owner(), whole_province():
        close_year(actor=None, year=2013, on=date(2014, 1, 31), document="晋扶办〔2014〕1号")
