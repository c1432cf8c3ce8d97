"""History is added to, and never changed, by the roles that the application works with: for every table that is sealed, in raw SQL."""

import pytest
from django.db import DatabaseError, connection, transaction

from fupin.history.tables import sealed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("see_all")]

TABLES = [table.table for table in sealed()]
FORBIDDEN = (
    "UPDATE {table} SET {key} = {key}",
    "DELETE FROM {table}",
    "TRUNCATE {table}",
    "ALTER TABLE {table} DISABLE TRIGGER ALL",
    "ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY",
    "DROP TABLE {table} CASCADE",
    "CREATE RULE r AS ON INSERT TO {table} DO INSTEAD NOTHING",
)


def refused(statement: str) -> None:
    with (
        pytest.raises(DatabaseError, match=r"permission denied|must be owner"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_every_event_is_sealed_and_the_records_too() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.columns WHERE column_name = 'pgh_obj_id' AND table_schema = 'public'"
        )
        events = {name for (name,) in cursor.fetchall()}
    assert len(events) > 20
    records = {
        "accounts_auditrecord",
        "sheets_exportlog",
        "registry_casestep",
        "ledgers_entry",
        "ledgers_posting",
    }
    assert events | records == set(TABLES)


@pytest.mark.parametrize("table", TABLES)
def test_the_application_may_only_add(table: str) -> None:
    key = next(one.key for one in sealed() if one.table == table)
    for statement in FORBIDDEN:
        refused(statement.format(table=table, key=key))
    for role in ("fupin_web", "fupin_worker"):
        with connection.cursor() as cursor:
            for privilege in ("UPDATE", "DELETE", "TRUNCATE", "TRIGGER", "REFERENCES"):
                cursor.execute(
                    "SELECT has_any_column_privilege(%s, %s, %s)"
                    if privilege in {"UPDATE", "REFERENCES"}
                    else "SELECT has_table_privilege(%s, %s, %s)",
                    [role, table, privilege],
                )
                assert cursor.fetchone() == (False,), (role, table, privilege)


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO history_seal (number) VALUES (1)",
        "UPDATE history_seal SET head = ''",
        "DELETE FROM history_seal",
        "DELETE FROM history_mark",
        "INSERT INTO history_whereabouts (table_name, object_id, division) VALUES ('x', 1, 141124101200)",
        "UPDATE history_whereabouts SET division = 140929100200",
        "CREATE VIEW as_of.registry_household AS SELECT 1",
        "DROP VIEW as_of.registry_household",
        "CREATE OR REPLACE FUNCTION history_leaves() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$",
    ],
)
def test_nor_may_it_touch_the_seals(statement: str) -> None:
    refused(statement)
