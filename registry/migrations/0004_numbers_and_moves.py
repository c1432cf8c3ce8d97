"""Numbers that are never given twice, also when their households have moved out of sight; moves that take everything along."""

from django.db import migrations

from fupin.servers.rls import APPLICATION

# The database looks where row policies keep the asker from looking: a household that moved to another county keeps its number.
# The lock on the village lasts until the transaction ends, so that two clerks never get the same number.
NEXT_NUMBERS = """
CREATE FUNCTION registry_lock_village(village bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF village < current_setting('app.lo')::bigint OR village >= current_setting('app.hi')::bigint THEN
        RAISE EXCEPTION 'village % is out of scope', village USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM pg_advisory_xact_lock(village);
END
$$;
CREATE FUNCTION registry_last_household_serial(village bigint) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM registry_lock_village(village);
    RETURN (
        SELECT coalesce(max(right(household_no, 4)::integer), 0) FROM registry_household
        WHERE household_no BETWEEN village || '0000' AND village || '9999'
    );
END
$$;
CREATE FUNCTION registry_last_temporary_serial(village bigint) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM registry_lock_village(village);
    RETURN (
        SELECT coalesce(max(right(given.no, 4)::integer), 0) FROM (
            SELECT id_no_masked AS no FROM registry_member WHERE id_type = '90'
                AND id_no_masked BETWEEN 'LS' || village || '0000' AND 'LS' || village || '9999'
            UNION ALL
            SELECT id_no_masked FROM registry_memberevent WHERE id_type = '90'
                AND id_no_masked BETWEEN 'LS' || village || '0000' AND 'LS' || village || '9999'
        ) AS given
    );
END
$$;
"""

OF_HOUSEHOLD = "household_id = moved"
OF_CARDS = "household_year_id IN (SELECT id FROM registry_householdyear WHERE household_id = moved)"
OF_MEMBERS = "member_id IN (SELECT id FROM registry_member WHERE household_id = moved)"

# Living rows follow their household by ON UPDATE CASCADE. What has no such key follows here: history and sealed numbers, so that
# the new place can read what the old one could.
MOVE = f"""
CREATE FUNCTION registry_move_household(moved bigint, to_village bigint) RETURNS void
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
    UPDATE registry_householdevent SET division = to_village WHERE pgh_obj_id = moved;
    UPDATE registry_householdyearevent SET division = to_village WHERE {OF_HOUSEHOLD};
    UPDATE registry_memberevent SET division = to_village WHERE {OF_HOUSEHOLD};
    UPDATE registry_memberyearevent SET division = to_village WHERE {OF_CARDS};
    UPDATE registry_relocationevent SET division = to_village WHERE {OF_CARDS};
    UPDATE registry_laboureryearevent SET division = to_village WHERE {OF_MEMBERS};
    UPDATE registry_trainingevent SET division = to_village WHERE {OF_MEMBERS};
    UPDATE registry_certificateevent SET division = to_village WHERE {OF_MEMBERS};
    SET CONSTRAINTS ALL DEFERRED;
    UPDATE registry_household SET division = to_village WHERE id = moved;
    SET CONSTRAINTS ALL IMMEDIATE;
END
$$;
"""

FUNCTIONS = (
    "registry_last_household_serial(bigint)",
    "registry_last_temporary_serial(bigint)",
    "registry_move_household(bigint, bigint)",
)

INDEXES = {
    "registry_householdyearevent_household": "registry_householdyearevent (household_id)",
    "registry_memberevent_household": "registry_memberevent (household_id)",
    "registry_memberyearevent_card": "registry_memberyearevent (household_year_id)",
    "registry_relocationevent_card": "registry_relocationevent (household_year_id)",
    "registry_laboureryearevent_member": "registry_laboureryearevent (member_id)",
    "registry_trainingevent_member": "registry_trainingevent (member_id)",
    "registry_certificateevent_member": "registry_certificateevent (member_id)",
    "registry_member_temporary": "registry_member (id_no_masked) WHERE id_type = '90'",
    "registry_memberevent_temporary": "registry_memberevent (id_no_masked) WHERE id_type = '90'",
}


class Migration(migrations.Migration):
    dependencies = [("registry", "0003_guards"), ("vault", "0002_grants")]
    operations = [
        *(
            migrations.RunSQL(f"CREATE INDEX {name} ON {columns};", f"DROP INDEX {name};")
            for name, columns in INDEXES.items()
        ),
        migrations.RunSQL(
            NEXT_NUMBERS,
            "DROP FUNCTION registry_last_household_serial(bigint); DROP FUNCTION registry_last_temporary_serial(bigint);"
            "DROP FUNCTION registry_lock_village(bigint);",
        ),
        migrations.RunSQL(MOVE, "DROP FUNCTION registry_move_household(bigint, bigint);"),
        *(
            migrations.RunSQL(
                f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC;"
                f"GRANT EXECUTE ON FUNCTION {function} TO {', '.join(APPLICATION)};",
                migrations.RunSQL.noop,
            )
            for function in FUNCTIONS
        ),
    ]
