"""Events stay where they happened; each object's last event before a moment is found by an index."""

from django.db import migrations

from fupin.servers.rls import history, stays_where_it_happened

TRACKED_NOW = {
    "case": "opened_on::timestamptz",
    "householdlink": "done_at",
    "correctionslip": "made_at",
    "attachment": "uploaded_at",
    "assisteffect": "now()",
    "linkactivity": "now()",
}
"""Tables that get a history only now, with the moment from which on it knows the rows that are there."""

MOVING = (
    "household",
    "householdyear",
    "member",
    "memberyear",
    "relocation",
    "laboureryear",
    "training",
    "certificate",
    "assistpair",
    "assistplan",
    "measurerecipient",
    "assisteffect",
    "case",
    "householdlink",
    "correctionslip",
    "attachment",
    "matchhit",
)
"""What lies in a household's village and goes with it."""

SEEN_FROM_BELOW = ("assistperson", "teamleader", "threeinonelink", "linkactivity")
"""What serves a place is seen from there, and so is its history."""

ABOVE_TOO = "division <= current_setting('app.lo')::bigint AND division_hi(division) > current_setting('app.lo')::bigint"

INDEXED_BEFORE = (
    "householdevent",
    "householdyearevent",
    "memberevent",
    "laboureryearevent",
    "trainingevent",
    "certificateevent",
    "villageevent",
    "villageyearevent",
)
TWICE = ("memberyearevent_household_year", "relocationevent_household_year")
"""Indexes of the same columns under another name."""

EVENTS = (
    *INDEXED_BEFORE,
    "memberyearevent",
    "relocationevent",
    "quotaevent",
    "matchhitevent",
    "assistpersonevent",
    "assistpairevent",
    "assistplanevent",
    "assistmeasureevent",
    "measurerecipientevent",
    "teamleaderevent",
    "rosterentryevent",
    "leadervillageevent",
    "threeinonelinkevent",
    *(f"{table}event" for table in TRACKED_NOW),
)
LISTED = {
    "householdyearevent_list": "registry_householdyearevent (year, division, household_id)",
    "memberyearevent_labourers": "registry_memberyearevent (year, division) WHERE is_labourer",
    "villageyearevent_list": "registry_villageyearevent (year, division)",
}

OF_HOUSEHOLD = "household_id = moved"
OF_CARDS = "household_year_id IN (SELECT id FROM registry_householdyear WHERE household_id = moved)"

MOVE = f"""
CREATE OR REPLACE FUNCTION registry_move_household(moved bigint, to_village bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    lo bigint := current_setting('app.lo')::bigint;
    hi bigint := current_setting('app.hi')::bigint;
    from_village bigint;
BEGIN
    SELECT division INTO from_village FROM registry_household WHERE id = moved FOR UPDATE;
    IF from_village IS NULL OR from_village < lo OR from_village >= hi OR to_village < lo OR to_village >= hi THEN
        RAISE EXCEPTION 'household % cannot be moved to %', moved, to_village USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE vault_sealed SET division = to_village WHERE id IN (
        SELECT unnest(ARRAY[phone_sealed, bank_account_sealed]) FROM registry_householdyearevent WHERE {OF_HOUSEHOLD}
        UNION SELECT id_no_sealed FROM registry_memberevent WHERE {OF_HOUSEHOLD}
        UNION SELECT unnest(ARRAY[disability_no_sealed, phone_sealed]) FROM registry_memberyearevent WHERE {OF_CARDS}
    );
    SET CONSTRAINTS ALL DEFERRED;
    UPDATE registry_household SET division = to_village WHERE id = moved;
    SET CONSTRAINTS ALL IMMEDIATE;
END
$$;
"""


def _begin(table: str, moment: str) -> migrations.RunSQL:
    """Let the history of a table begin with the rows that are there."""
    return migrations.RunSQL(
        f"""
        DO $$
        DECLARE
            columns text;
        BEGIN
            SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) INTO columns FROM pg_attribute
            WHERE attrelid = 'registry_{table}'::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '';
            EXECUTE format('INSERT INTO registry_{table}event (%1$s, pgh_obj_id, pgh_label, pgh_created_at)'
                ' SELECT %1$s, id, ''insert'', {moment} FROM registry_{table} it WHERE NOT EXISTS (SELECT FROM registry_{table}event e WHERE e.pgh_obj_id = it.id) ORDER BY id', columns);
        END
        $$;
        """,
        migrations.RunSQL.noop,
    )


# Members who were taken off a draft before deletions were tracked.
GONE_BEFORE = """
DO $$
DECLARE
    columns text;
BEGIN
    SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) INTO columns FROM pg_attribute
    WHERE attrelid = 'registry_memberevent'::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
        AND attname NOT IN ('pgh_id', 'pgh_label', 'pgh_created_at', 'pgh_context_id');
    EXECUTE format('INSERT INTO registry_memberevent (%1$s, pgh_label, pgh_created_at) SELECT %1$s, ''delete'', now()'
        ' FROM (SELECT DISTINCT ON (pgh_obj_id) * FROM registry_memberevent e'
        ' WHERE NOT EXISTS (SELECT FROM registry_member m WHERE m.id = e.pgh_obj_id) ORDER BY pgh_obj_id, pgh_id DESC) gone', columns);
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0037_more_history"), ("history", "0002_walls")]
    operations = [
        *(operation for table in TRACKED_NOW for operation in history(f"registry_{table}event")),
        *(_begin(table, moment) for table, moment in TRACKED_NOW.items()),
        _begin("matchhit", "found_at"),
        migrations.RunSQL(GONE_BEFORE, migrations.RunSQL.noop),
        *(
            migrations.RunSQL(f"DROP INDEX {name};", migrations.RunSQL.noop)
            for name in (*(f"{table}_pgh_obj" for table in INDEXED_BEFORE), *TWICE)
        ),
        *(
            migrations.RunSQL(
                f"CREATE INDEX {table}_of_object ON registry_{table} (pgh_obj_id, pgh_id);",
                f"DROP INDEX {table}_of_object;",
            )
            for table in EVENTS
        ),
        *(
            migrations.RunSQL(f"CREATE INDEX {name} ON {columns};", f"DROP INDEX {name};")
            for name, columns in LISTED.items()
        ),
        migrations.RunSQL(MOVE, migrations.RunSQL.noop),
        migrations.RunSQL(
            "DROP FUNCTION registry_help_history_follows() CASCADE;",
            migrations.RunSQL.noop,
        ),
        *(
            migrations.RunSQL(
                f"CREATE POLICY serving ON registry_{table}event FOR SELECT USING ({ABOVE_TOO});",
                f"DROP POLICY serving ON registry_{table}event;",
            )
            for table in SEEN_FROM_BELOW
        ),
        *(operation for table in MOVING for operation in stays_where_it_happened(f"registry_{table}")),
    ]
