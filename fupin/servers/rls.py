"""Migration operations for PostgreSQL's part of the permissions: row policies, grants, composite keys.

Roles are those of the database logins (docs/operations.md). Every table says in its migration who may do what with it; nothing is
granted by default, and nobody but the owner may alter, truncate or delete history.
"""

from collections.abc import Sequence

from django.db.migrations.operations import RunSQL

WEB, WORKER, ENTERPRISE, STATS, AUDIT, BACKUP = (
    "fupin_web",
    "fupin_worker",
    "fupin_ent",
    "fupin_stats",
    "fupin_audit",
    "fupin_backup",
)
APPLICATION = (WEB, WORKER)

# Not wrapped in a sub-select: the planner looks at a stable function's value when it estimates, so it knows how much of a table lies
# in the scope. Behind a sub-select it guesses one row in 40,000 and sorts the whole province to show twenty of its households.
IN_SCOPE = "division >= current_setting('app.lo')::bigint AND division < current_setting('app.hi')::bigint"


def grant(table: str, privileges: str, roles: Sequence[str] = APPLICATION) -> RunSQL:
    """Grant ``privileges`` on a table to ``roles``; the backup may always read."""
    return RunSQL(
        f"GRANT {privileges} ON {table} TO {', '.join(roles)}; GRANT SELECT ON {table} TO {BACKUP};",
        f"REVOKE ALL ON {table} FROM {', '.join(roles)}, {BACKUP};",
    )


def scoped(
    table: str, privileges: str = "SELECT, INSERT, UPDATE", *, readers: Sequence[str] = (AUDIT,)
) -> list[RunSQL]:
    """Put a table under the scope policy, FORCEd on its owner too, and grant it to the application."""
    return [
        RunSQL(
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; ALTER TABLE {table} FORCE ROW LEVEL SECURITY;"
            f"CREATE POLICY in_scope ON {table} USING ({IN_SCOPE}) WITH CHECK ({IN_SCOPE});",
            f"DROP POLICY in_scope ON {table}; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;"
            f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;",
        ),
        grant(table, privileges),
        grant(table, "SELECT", readers),
    ]


def history(table: str) -> list[RunSQL]:
    """Put an event table under the scope policy as append-only: read and inserted, never changed."""
    return scoped(table, "SELECT, INSERT")


def same_division(table: str, column: str, parent: str) -> RunSQL:
    """Tie ``table.column`` to a parent in the same division: a row cannot be attached to another county's parent.

    Moving the parent moves its parts (ON UPDATE CASCADE). Creates the key (id, division) on the parent where it is missing.
    """
    name = f"{table.removeprefix('registry_')}_{column}_same_division"
    key = f"{parent}_id_division"
    return RunSQL(
        f"CREATE UNIQUE INDEX IF NOT EXISTS {key} ON {parent} (id, division);"
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({column}, division)"
        f" REFERENCES {parent} (id, division) ON UPDATE CASCADE ON DELETE RESTRICT DEFERRABLE INITIALLY IMMEDIATE;",
        f"ALTER TABLE {table} DROP CONSTRAINT {name};",
    )


def stays_where_it_happened(table: str) -> list[RunSQL]:
    """Let the events of a table whose rows may move stay in the division where they happened.

    A row that moves leaves an event `leave` behind (``history_leaves``), so that whoever may only look there sees that it went; where
    it lies now, all its events can be read.
    """
    return [
        RunSQL(
            f"CREATE TRIGGER history_leaves AFTER UPDATE OF division ON {table} FOR EACH ROW "
            "WHEN (OLD.division <> NEW.division) EXECUTE FUNCTION history_leaves();",
            f"DROP TRIGGER history_leaves ON {table};",
        ),
        RunSQL(
            f"CREATE POLICY came_here ON {table}event FOR SELECT USING (pgh_obj_id IN ("  # noqa: S608  (identifiers)
            f"SELECT object_id FROM history_whereabouts WHERE table_name = '{table}' AND {IN_SCOPE}));",
            f"DROP POLICY came_here ON {table}event;",
        ),
    ]
