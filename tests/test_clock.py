"""The product's day is the owner's to say and nobody else's: no login of the application moves it, by no setting and no function."""

from datetime import date
from importlib import import_module

import pytest
from django.db import ProgrammingError, connection, connections, transaction
from django.utils import timezone

from tests.clock import Calendar

TODAY = import_module("fupin.accounts.migrations.0003_today").TODAY


def day_by(function: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}()")
        return cursor.fetchone()[0]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sql",
    [
        TODAY.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"),
        "CREATE OR REPLACE FUNCTION product_today() RETURNS date LANGUAGE sql AS $$ SELECT date '2014-01-01' $$",
        "CREATE OR REPLACE FUNCTION registry_today() RETURNS date LANGUAGE sql AS $$ SELECT date '2014-01-01' $$",
        "ALTER FUNCTION product_today() RENAME TO product_yesterday",
        "ALTER FUNCTION product_today() SET timezone = 'Pacific/Honolulu'",
        "DROP FUNCTION product_today() CASCADE",
        "CREATE SCHEMA mine",
        "CREATE FUNCTION public.now() RETURNS timestamptz LANGUAGE sql AS $$ SELECT timestamptz '2014-01-01' $$",
        "INSERT INTO tests_day VALUES ('2014-01-01')",
    ],
)
def test_the_application_cannot_replace_the_day(sql: str) -> None:
    with (
        pytest.raises(ProgrammingError, match=r"must be owner|permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


@pytest.mark.django_db(transaction=True)
def test_the_shipped_day_listens_to_no_setting() -> None:
    """The function as it is shipped, made by the owner under another name, asked by the web's login."""
    owner = connections["owner"]
    with owner.cursor() as cursor:
        cursor.execute(TODAY.replace("product_today", "tests_shipped_today"))
    try:
        today = timezone.localdate()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL timezone = 'Pacific/Honolulu'")
            cursor.execute("SELECT set_config('tests.day', '2014-01-01', true)")
            cursor.execute(
                "CREATE TEMP TABLE tests_day (day date); INSERT INTO tests_day VALUES ('2014-01-01')"
            )
            cursor.execute(
                "CREATE FUNCTION pg_temp.now() RETURNS timestamptz LANGUAGE sql AS $$ SELECT timestamptz '2014-01-01' $$"
            )
            cursor.execute("CREATE DOMAIN pg_temp.date AS text")
            cursor.execute("SET LOCAL search_path = pg_temp, pg_catalog, public")
            cursor.execute("SELECT public.tests_shipped_today()")
            assert cursor.fetchone()[0] in {today, timezone.localdate()}
            transaction.set_rollback(True)
    finally:
        with owner.cursor() as cursor:
            cursor.execute("DROP FUNCTION tests_shipped_today()")


def test_the_calendar_moves_code_and_database_alike(calendar: Calendar) -> None:
    day = calendar.turn_to(date(2014, 2, 28))
    assert (timezone.localdate(), day_by("product_today"), day_by("registry_today")) == (day, day, day)
    calendar.put_away()
    assert day_by("product_today") != day
