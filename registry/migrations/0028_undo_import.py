"""An import is taken back by the database: it alone closes a household, and only one that is as the import left it."""

from django.db import migrations

from fupin.servers.rls import APPLICATION

# What was built on a household is whatever points at it from a table of any app, its card and members of the import excepted.
UNDO = """
CREATE FUNCTION registry_undo_import(of_batch uuid, households bigint[])
RETURNS TABLE (household bigint, refusal text) LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    lo bigint := current_setting('app.lo')::bigint;
    hi bigint := current_setting('app.hi')::bigint;
    batch sheets_importbatch%ROWTYPE;
    pointing record;
    found boolean;
    one registry_household%ROWTYPE;
BEGIN
    SELECT * INTO batch FROM sheets_importbatch WHERE id = of_batch FOR SHARE;
    IF batch.id IS NULL OR batch.division < lo OR batch.division >= hi OR batch.status <> 'UNDOING' THEN
        RAISE EXCEPTION 'import % is not being undone', of_batch USING ERRCODE = 'insufficient_privilege';
    END IF;
    FOR one IN SELECT h.* FROM registry_household h WHERE h.id = ANY (households) ORDER BY h.id FOR UPDATE LOOP
        household := one.id;
        refusal := NULL;
        IF one.division < lo OR one.division >= hi OR NOT EXISTS (
            SELECT FROM sheets_stagedunit u
            WHERE u.batch_id = of_batch AND u.object_id = one.id AND u.entry_key = one.entry_key
                AND u.verdict = 'NEW' AND u.applied_at IS NOT NULL
        ) THEN
            refusal := '该户不是本次导入所建';
        ELSIF one.status <> 'D' THEN
            refusal := '该户已不是草稿，不能撤销';
        ELSIF EXISTS (SELECT FROM registry_householdyear y WHERE y.household_id = one.id
                AND (y.version > 1 OR y.year <> batch.year)) THEN
            refusal := '户卡其后又有改动，没有撤销';
        ELSE
            FOR pointing IN
                SELECT c.conrelid::regclass AS tab, a.attname AS col, c.confrelid::regclass::text AS at
                FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
                WHERE c.contype = 'f'
                    AND c.confrelid IN ('registry_household'::regclass, 'registry_householdyear'::regclass,
                        'registry_member'::regclass, 'registry_memberyear'::regclass)
                    AND c.conrelid NOT IN ('registry_householdyear'::regclass, 'registry_member'::regclass,
                        'registry_memberyear'::regclass)
                    AND a.attname <> 'division'
            LOOP
                EXECUTE format('SELECT EXISTS (SELECT FROM %s t WHERE t.%I IN (%s))', pointing.tab, pointing.col,
                    CASE pointing.at
                        WHEN 'registry_household' THEN 'SELECT $1'
                        WHEN 'registry_householdyear' THEN 'SELECT id FROM registry_householdyear WHERE household_id = $1'
                        WHEN 'registry_member' THEN 'SELECT id FROM registry_member WHERE household_id = $1'
                        ELSE 'SELECT m.id FROM registry_memberyear m JOIN registry_householdyear y'
                            ' ON y.id = m.household_year_id WHERE y.household_id = $1'
                    END) INTO found USING one.id;
                IF found THEN
                    refusal := '该户已有附件、档案、帮扶或其他登记，没有撤销';
                    EXIT;
                END IF;
            END LOOP;
        END IF;
        IF refusal IS NULL THEN
            UPDATE registry_household SET status = 'Z' WHERE id = one.id;
            refusal := '';
        END IF;
        RETURN NEXT;
    END LOOP;
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0027_labourer_slip_guard"), ("sheets", "0006_import_walls")]
    operations = [
        migrations.RunSQL(UNDO, "DROP FUNCTION registry_undo_import(uuid, bigint[]);"),
        migrations.RunSQL(
            "REVOKE ALL ON FUNCTION registry_undo_import(uuid, bigint[]) FROM PUBLIC;"
            f"GRANT EXECUTE ON FUNCTION registry_undo_import(uuid, bigint[]) TO {', '.join(APPLICATION)};",
            migrations.RunSQL.noop,
        ),
    ]
