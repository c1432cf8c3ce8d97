"""The second wall: PostgreSQL itself keeps a county's rows from everybody else, whatever the application forgets."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DataError, connection
from django.db.utils import ProgrammingError

from fupin.accounts.models import User

pytestmark = pytest.mark.django_db


def test_the_tests_enter_as_the_web_role() -> None:
    """Otherwise every test of a policy would pass for nothing."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == ("fupin_web", False, False)


def test_trigrams_of_chinese_are_not_empty() -> None:
    """A cluster with the wrong LC_CTYPE would let searches find nothing, silently (docs/operations.md)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT datctype FROM pg_database WHERE datname = current_database()")
        assert cursor.fetchone() == ("C.UTF-8",)


def test_without_a_scope_scoped_tables_answer_with_an_error() -> None:
    with connection.cursor() as cursor, pytest.raises((DataError, ProgrammingError)):
        cursor.execute("SELECT count(*) FROM registry_household")


def test_every_table_with_a_division_is_walled() -> None:
    """A table with a column `division` and no policy is a leak, unless it is named here with its reason."""
    open_tables = {
        "accounts_auditrecord",  # the object's division of an act; read by the log administrator only
        "sheets_exportlog",  # the exporter's own log
        "registry_formdraft",  # walled by its author instead
    }
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity, a.attnotnull,
                EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid)
            FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'division'
            WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
            """
        )
        rows = cursor.fetchall()
    assert len(rows) > 20
    for table, forced, not_null, policy in rows:
        if table not in open_tables:
            assert (forced, not_null, policy) == (True, True, True), table


def test_history_and_records_cannot_be_changed_by_the_application(
    bo: User, in_scope: Callable[[User], Any]
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT table_name, privilege_type FROM information_schema.role_table_grants
            WHERE grantee IN ('fupin_web', 'fupin_worker') AND privilege_type IN ('UPDATE', 'DELETE', 'TRUNCATE')
                AND (table_name LIKE '%%event' OR table_name IN (
                    'accounts_auditrecord', 'accounts_accessrecord', 'sheets_exportlog', 'vault_sealed', 'pghistory_context'))
            """
        )
        assert cursor.fetchall() == []
