"""The tree of divisions is public: every login reads it, only the owner changes it."""

from django.db import migrations

from fupin.servers.rls import APPLICATION, AUDIT, ENTERPRISE, STATS, grant

EVERYBODY = (*APPLICATION, ENTERPRISE, STATS, AUDIT)


class Migration(migrations.Migration):
    dependencies = [("divisions", "0001_initial")]
    operations = [
        grant("divisions_division", "SELECT", EVERYBODY),
        grant("divisions_countyprofile", "SELECT", EVERYBODY),
        grant("divisions_succession", "SELECT", EVERYBODY),
        migrations.RunSQL(
            """
            CREATE FUNCTION division_hi(code bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
                SELECT code + CASE
                    WHEN code % 10000000000 = 0 THEN 10000000000
                    WHEN code % 100000000 = 0 THEN 100000000
                    WHEN code % 1000000 = 0 THEN 1000000
                    WHEN code % 1000 = 0 THEN 1000
                    ELSE 1 END
            $$;
            COMMENT ON FUNCTION division_hi(bigint) IS '区划代码的半开区间上界，与 fupin.divisions.codes.code_range 一致';
            """,
            "DROP FUNCTION division_hi(bigint);",
        ),
    ]
