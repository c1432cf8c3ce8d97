"""Who reads and writes seals; what moves leaves an event behind where it was."""

from django.db import migrations

from fupin.servers.rls import AUDIT, WEB, WORKER, grant, scoped

LEAVES = """
CREATE FUNCTION history_leaves() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    events text := TG_TABLE_NAME || 'event';
    columns text;
BEGIN
    SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) INTO columns FROM pg_attribute
    WHERE attrelid = events::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
        AND attname NOT IN ('pgh_id', 'pgh_label', 'pgh_created_at', 'pgh_context_id');
    EXECUTE format(
        'INSERT INTO %1$I (%2$s, pgh_label, pgh_created_at, pgh_context_id)'
        ' SELECT %2$s, ''leave'', now(), _pgh_attach_context() FROM %1$I WHERE pgh_obj_id = $1 ORDER BY pgh_id DESC LIMIT 1',
        events, columns
    ) USING NEW.id;
    INSERT INTO history_whereabouts (table_name, object_id, division) VALUES (TG_TABLE_NAME, NEW.id, NEW.division)
    ON CONFLICT (table_name, object_id) DO UPDATE SET division = EXCLUDED.division;
    RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION history_leaves() FROM PUBLIC;
"""


class Migration(migrations.Migration):
    dependencies = [("history", "0001_initial"), ("accounts", "0002_grants")]
    operations = [
        *scoped("history_whereabouts", "SELECT"),
        grant("history_mark", "SELECT, INSERT, DELETE", (WORKER,)),
        grant("history_seal", "SELECT, INSERT", (WORKER,)),
        grant("history_seal", "SELECT", (WEB, AUDIT)),
        migrations.RunSQL(LEAVES, "DROP FUNCTION history_leaves() CASCADE;"),
    ]
