"""What is recorded stays as it is, also for the application's own role."""

from typing import Any

import pghistory
import pytest
from django.db import DatabaseError, connection, connections, transaction
from pghistory.models import Context

from fupin.accounts.models import AuditRecord, User

pytestmark = pytest.mark.django_db

TABLES = ("accounts_auditrecord", "accounts_accessrecord", "pghistory_context")
FORBIDDEN = (
    "UPDATE {} SET id = id",
    "DELETE FROM {}",
    "TRUNCATE {}",
    "ALTER TABLE {} ADD COLUMN x int",
    "ALTER TABLE {} DISABLE TRIGGER ALL",
    "DROP TABLE {}",
)


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_web_role_may_only_add(table: str, statement: str) -> None:
    with (
        pytest.raises(DatabaseError, match=r"permission denied|must be owner"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table))


def test_the_web_role_may_not_switch_triggers_off() -> None:
    with pytest.raises(DatabaseError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")


def test_nor_step_around_the_row_policies() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL row_security = off")
        with pytest.raises(DatabaseError, match="row-level security"):
            cursor.execute("SELECT * FROM registry_household")


def test_the_history_keeps_what_a_request_had_said_by_then() -> None:
    def attached() -> Any:
        with connection.cursor() as cursor:
            cursor.execute("WITH row AS (SELECT _pgh_attach_context() AS context) SELECT context FROM row")
            return cursor.fetchone()[0]

    with pghistory.context(user=7):
        first = attached()
        pghistory.context(reason="门牌录错")
        later = [attached(), attached()]
    assert later == [later[0]] * 2
    said = dict(Context.objects.filter(pk__in=[first, *later]).values_list("pk", "metadata"))
    assert said == {first: {"user": 7}, later[0]: {"user": 7, "reason": "门牌录错"}}


@pytest.mark.urls("tests.accounts.urls")
@pytest.mark.django_db(transaction=True)
def test_what_cannot_be_recorded_is_not_done(bo: User, client_for: Any) -> None:
    browser = client_for(bo)
    browser.raise_request_exception = False
    owner = connections["owner"]
    with owner.cursor() as cursor:
        cursor.execute("REVOKE INSERT ON accounts_auditrecord FROM fupin_web")
    try:
        assert browser.post("/try/writes/does/").status_code == 500
    finally:
        with owner.cursor() as cursor:
            cursor.execute("GRANT INSERT ON accounts_auditrecord TO fupin_web")
    assert not bo.password_records.exists()
    assert not AuditRecord.objects.exists()
    assert browser.post("/try/writes/does/").status_code == 200
