"""Sealed values are written by the application and read by nobody; one function opens them for a committed access record."""

from django.db import migrations

from fupin.servers.rls import APPLICATION, IN_SCOPE, grant


class Migration(migrations.Migration):
    dependencies = [("vault", "0001_initial"), ("accounts", "0002_grants")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE vault_sealed ENABLE ROW LEVEL SECURITY; ALTER TABLE vault_sealed FORCE ROW LEVEL SECURITY;"
            f"CREATE POLICY in_scope ON vault_sealed USING ({IN_SCOPE}) WITH CHECK ({IN_SCOPE});",
            "DROP POLICY in_scope ON vault_sealed; ALTER TABLE vault_sealed DISABLE ROW LEVEL SECURITY;",
        ),
        grant("vault_sealed", "INSERT"),
        migrations.RunSQL(
            f"""
            CREATE FUNCTION vault_reveal(access uuid) RETURNS TABLE (id uuid, kind text, ciphertext bytea)
            LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
            DECLARE
                record accounts_accessrecord;
            BEGIN
                SELECT * INTO record FROM accounts_accessrecord a WHERE a.id = access;
                IF record.id IS NULL THEN
                    RAISE EXCEPTION 'no access record %', access USING ERRCODE = 'insufficient_privilege';
                END IF;
                IF record.user_id IS DISTINCT FROM nullif(current_setting('app.user'), '')::bigint THEN
                    RAISE EXCEPTION 'access record % is another user''s', access USING ERRCODE = 'insufficient_privilege';
                END IF;
                IF record.at < clock_timestamp() - interval '5 minutes' THEN
                    RAISE EXCEPTION 'access record % is too old', access USING ERRCODE = 'insufficient_privilege';
                END IF;
                RETURN QUERY SELECT s.id, s.kind::text, s.ciphertext FROM vault_sealed s
                    WHERE s.id = ANY (record.sealed)
                        AND s.division >= (SELECT current_setting('app.lo')::bigint)
                        AND s.division < (SELECT current_setting('app.hi')::bigint);
            END
            $$;
            REVOKE ALL ON FUNCTION vault_reveal(uuid) FROM PUBLIC;
            GRANT EXECUTE ON FUNCTION vault_reveal(uuid) TO {", ".join(APPLICATION)};
            """,
            "DROP FUNCTION vault_reveal(uuid);",
        ),
    ]
