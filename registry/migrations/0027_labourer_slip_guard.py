"""An approved slip about a labourer's card of a closed year changes that card, and whether its household is 零就业家庭; nothing else.

A household with cards of closed years may move and be closed: where it lives and whether it stands are no facts of the year.
"""

from django.db import migrations

from fupin.servers.rls import same_division

# What the database computes is not there yet when the trigger looks, and follows from the rest.
GUARD = """
CREATE OR REPLACE FUNCTION registry_year_is_open() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    slip bigint := nullif(current_setting('app.correction_slip', true), '')::bigint;
    besides text[] := ARRAY['division', 'is_live', 'holds_id', 'id_no_index'] || ARRAY(
        SELECT attname::text FROM pg_attribute WHERE attrelid = TG_RELID AND attgenerated <> ''
    );
    present jsonb := to_jsonb(NEW) - besides;
    before jsonb := CASE WHEN TG_OP = 'UPDATE' THEN to_jsonb(OLD) - besides END;
    card bigint;
    village_table bigint;
    labourer bigint;
    employment bigint;
BEGIN
    IF before IS NOT DISTINCT FROM present THEN
        RETURN NEW;
    END IF;
    IF slip IS NOT NULL THEN
        CASE TG_TABLE_NAME
            WHEN 'registry_householdyear' THEN
                card := NEW.id;
                IF before - 'is_zero_employment' IS NOT DISTINCT FROM present - 'is_zero_employment' THEN
                    employment := NEW.id;
                END IF;
            WHEN 'registry_villageyear' THEN village_table := NEW.id;
            WHEN 'registry_laboureryear' THEN
                IF TG_OP = 'UPDATE' THEN
                    labourer := NEW.id;
                END IF;
                SELECT m.household_year_id INTO card FROM registry_memberyear m
                WHERE m.id = (present->>'member_year_id')::bigint;
            ELSE card := (present->>'household_year_id')::bigint;
        END CASE;
        IF EXISTS (
            SELECT FROM registry_correctionslip s
            WHERE s.id = slip AND s.status = 'APPLIED' AND s.decided_by_id <> s.made_by_id
                AND s.decided_at > clock_timestamp() - interval '5 minutes'
                AND (s.household_year_id = card OR s.village_year_id = village_table OR s.labourer_year_id = labourer
                    OR s.labourer_year_id IN (
                        SELECT l.id FROM registry_laboureryear l JOIN registry_memberyear m ON m.id = l.member_year_id
                        WHERE m.household_year_id = employment
                    ))
        ) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'year_is_open',
        MESSAGE = format('%s 年度已关账，只能由更正单改动', NEW.year);
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0026_labourer_slips")]
    operations = [
        same_division("registry_correctionslip", "labourer_year_id", "registry_laboureryear"),
        migrations.RunSQL(GUARD, migrations.RunSQL.noop),
    ]
