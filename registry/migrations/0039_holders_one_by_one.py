"""Holders of ID numbers are looked up number by number, whatever the planner believes of a register that has just grown."""

from django.db import migrations

# Through a unique index that holds one row at most: LIMIT keeps the look-up from being flattened into a walk over the whole year,
# which a planner without statistics takes for cheap, and compares every row with every number.
ONE_BY_ONE = """
CREATE OR REPLACE FUNCTION registry_id_no_holders(indexes bytea[], of_year integer)
RETURNS TABLE (id_no_index bytea, household_no text, status text, county bigint, in_scope boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT m.id_no_index,
        CASE WHEN seen.it THEN h.household_no::text END,
        CASE WHEN seen.it THEN h.status::text END,
        m.division - m.division % 1000000, seen.it
    FROM (SELECT DISTINCT unnest(indexes) AS index) AS wanted
    CROSS JOIN LATERAL (
        SELECT y.* FROM registry_memberyear y
        WHERE y.year = of_year AND y.holds_id AND y.id_no_index = wanted.index LIMIT 1
    ) AS m
    JOIN registry_householdyear y ON y.id = m.household_year_id
    JOIN registry_household h ON h.id = y.household_id
    CROSS JOIN LATERAL (SELECT m.division >= (SELECT current_setting('app.lo')::bigint)
        AND m.division < (SELECT current_setting('app.hi')::bigint) AS it) AS seen
$$;
"""
TOGETHER = """
CREATE OR REPLACE FUNCTION registry_id_no_holders(indexes bytea[], of_year integer)
RETURNS TABLE (id_no_index bytea, household_no text, status text, county bigint, in_scope boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT m.id_no_index,
        CASE WHEN seen.it THEN h.household_no::text END,
        CASE WHEN seen.it THEN h.status::text END,
        m.division - m.division % 1000000, seen.it
    FROM registry_memberyear m
    JOIN registry_householdyear y ON y.id = m.household_year_id
    JOIN registry_household h ON h.id = y.household_id
    CROSS JOIN LATERAL (SELECT m.division >= (SELECT current_setting('app.lo')::bigint)
        AND m.division < (SELECT current_setting('app.hi')::bigint) AS it) AS seen
    WHERE m.year = of_year AND m.holds_id AND m.id_no_index = ANY (indexes)
$$;
"""

# AlterField took the key of the one head for the index of the column that it was told to drop.
ONE_HEAD = """
CREATE UNIQUE INDEX IF NOT EXISTS memberyear_one_head ON registry_memberyear (household_year_id)
    WHERE is_counted AND relation = '01';
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0038_history_stays")]
    operations = [
        migrations.RunSQL(ONE_HEAD, migrations.RunSQL.noop),
        migrations.RunSQL(ONE_BY_ONE, TOGETHER),
    ]
