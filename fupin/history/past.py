"""The tables as they stood: a schema of views, each called like the table that it shows.

A view gives of every object the last event before the moment in `app.as_of`, unless that event says that the object is gone.
Whoever puts the schema before `public` in his search path reads the past with the queries that read the present
(`fupin.history.looking`). The views look with the reader's own rights, so the row policies of the events hold, and no view can
be written to.
"""

from collections.abc import Iterator
from typing import Any, Final

from django.db import connections

from fupin.history.tables import GONE, Tracked, drawn_otherwise, tracked, written_once
from fupin.servers.rls import AUDIT, BACKUP, WEB, WORKER

SCHEMA: Final = "as_of"
MOMENT: Final = "current_setting('app.as_of')::timestamptz"
READERS: Final = ", ".join((WEB, WORKER, AUDIT, BACKUP))


def before_migrations(*, using: str, plan: Any = (), **_: Any) -> None:
    """Take the views down when tables are about to change: no column under a view can be altered."""
    if plan:
        with connections[using].cursor() as cursor:
            cursor.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")


def after_migrations(*, using: str, plan: Any = (), **_: Any) -> None:
    """Put the views up again, for those tables that are there with all their columns."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT to_regnamespace(%s) IS NOT NULL", [SCHEMA])
        (standing,) = cursor.fetchone()
        if standing and not plan:
            return
        cursor.execute(
            "SELECT table_name, array_agg(column_name::text) FROM information_schema.columns"
            " WHERE table_schema = 'public' GROUP BY table_name"
        )
        there = {table: set(columns) for table, columns in cursor.fetchall()}
        cursor.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE; CREATE SCHEMA {SCHEMA}")
        cursor.execute(f"GRANT USAGE ON SCHEMA {SCHEMA} TO {READERS}")
        for table, query in _views(there):
            cursor.execute(
                f"CREATE VIEW {SCHEMA}.{table} WITH (security_invoker = true) AS {query};"
                f"GRANT SELECT ON {SCHEMA}.{table} TO {READERS}"
            )


def _views(there: dict[str, set[str]]) -> Iterator[tuple[str, str]]:
    """Yield a table and the query of its past."""
    for one in tracked():
        if set(one.columns) <= there.get(one.events, set()):
            yield one.table, last_events(one)
    for model, moment in written_once():
        table = model._meta.db_table
        if moment in there.get(table, set()):
            yield table, f"SELECT * FROM public.{table} WHERE {moment} < {MOMENT}"
    for model, query in drawn_otherwise():
        if model._meta.db_table in there:
            yield model._meta.db_table, query.format(moment=MOMENT)


def last_events(one: Tracked) -> str:
    """Return the query of a table's rows as they stood.

    The last event is the one with the highest key, not the latest moment: keys are drawn while the row is locked, and a
    transaction that began earlier may have had to wait for one that began later.
    """
    columns = ", ".join(f'e."{column}"' for column in one.columns)
    gone = ", ".join(f"'{label}'" for label in GONE)
    return (
        f"SELECT {columns} FROM public.{one.events} e WHERE e.pgh_created_at < {MOMENT} AND e.pgh_label NOT IN ({gone})"
        f" AND NOT EXISTS (SELECT FROM public.{one.events} later WHERE later.pgh_obj_id = e.pgh_obj_id"
        f" AND later.pgh_id > e.pgh_id AND later.pgh_created_at < {MOMENT})"
    )
