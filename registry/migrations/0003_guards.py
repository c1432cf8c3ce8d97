"""What must never be false of a card: income adds up, closed years stand, ID numbers are held by whoever stands."""

from django.db import migrations

from fupin.servers.rls import APPLICATION

AMOUNTS = (
    "wage_income",
    "business_income",
    "property_income",
    "tr_family_planning",
    "tr_dibao",
    "tr_wubao",
    "tr_pension",
    "tr_eco",
    "tr_other",
    "business_expense",
)

INCOME_LINES_AGREE = f"""
CREATE FUNCTION income_lines_agree(lines jsonb, {", ".join(f"{name} numeric" for name in AMOUNTS)})
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT NOT EXISTS (
        SELECT FROM (VALUES {", ".join(f"('{name}', {name})" for name in AMOUNTS)}) AS stated (kind, amount)
        FULL JOIN (
            SELECT line->>'kind' AS kind, sum((line->>'amount')::numeric) AS amount
            FROM jsonb_array_elements(lines) AS line GROUP BY 1
        ) AS listed USING (kind)
        WHERE coalesce(stated.amount, 0) <> coalesce(listed.amount, 0)
    )
$$;
ALTER TABLE registry_householdyear ADD CONSTRAINT householdyear_income_lines_agree
    CHECK (income_lines_agree(income_lines, {", ".join(AMOUNTS)}));
"""

# A closed year is written only by the correction slip that the transaction names and that another person has approved.
# Where a household lives now, whether it stands, and who a member is are no facts of the year.
CLOSED_YEARS = """
CREATE FUNCTION registry_year_is_open() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    slip bigint := nullif(current_setting('app.correction_slip', true), '')::bigint;
    present jsonb := to_jsonb(NEW) - ARRAY['division', 'is_live', 'holds_id', 'id_no_index'];
    before jsonb := CASE WHEN TG_OP = 'UPDATE' THEN to_jsonb(OLD) - ARRAY['division', 'is_live', 'holds_id', 'id_no_index'] END;
    card bigint;
    village_table bigint;
BEGIN
    IF before IS NOT DISTINCT FROM present THEN
        RETURN NEW;
    END IF;
    IF slip IS NOT NULL THEN
        CASE TG_TABLE_NAME
            WHEN 'registry_householdyear' THEN card := NEW.id;
            WHEN 'registry_villageyear' THEN village_table := NEW.id;
            WHEN 'registry_laboureryear' THEN
                SELECT m.household_year_id INTO card FROM registry_memberyear m
                WHERE m.id = (present->>'member_year_id')::bigint;
            ELSE card := (present->>'household_year_id')::bigint;
        END CASE;
        IF EXISTS (
            SELECT FROM registry_correctionslip s
            WHERE s.id = slip AND s.status = 'APPLIED' AND s.decided_by_id <> s.made_by_id
                AND s.decided_at > clock_timestamp() - interval '5 minutes'
                AND (s.household_year_id = card OR s.village_year_id = village_table)
        ) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'year_is_open',
        MESSAGE = format('%s 年度已关账，只能由更正单改动', NEW.year);
END
$$;
"""

YEARLY = ("householdyear", "memberyear", "villageyear", "laboureryear")


def _guard(table: str) -> str:
    return (
        f"CREATE TRIGGER year_is_open BEFORE INSERT OR UPDATE ON registry_{table} FOR EACH ROW "
        "WHEN (year_closed(NEW.year)) EXECUTE FUNCTION registry_year_is_open();"
    )


class Migration(migrations.Migration):
    dependencies = [("registry", "0002_walls")]
    operations = [
        migrations.RunSQL(
            INCOME_LINES_AGREE,
            "ALTER TABLE registry_householdyear DROP CONSTRAINT householdyear_income_lines_agree;"
            f"DROP FUNCTION income_lines_agree(jsonb, {', '.join(['numeric'] * len(AMOUNTS))});",
        ),
        migrations.RunSQL(
            """
            CREATE FUNCTION year_closed(of_year integer) RETURNS boolean LANGUAGE sql STABLE AS $$
                SELECT EXISTS (SELECT FROM registry_yearclose WHERE year = of_year)
            $$;
            """,
            "DROP FUNCTION year_closed(integer);",
        ),
        migrations.RunSQL(CLOSED_YEARS, "DROP FUNCTION registry_year_is_open();"),
        *(
            migrations.RunSQL(_guard(table), f"DROP TRIGGER year_is_open ON registry_{table};")
            for table in YEARLY
        ),
        migrations.RunSQL(
            """
            CREATE FUNCTION registry_release_id_numbers() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                UPDATE registry_memberyear SET is_live = NEW.status NOT IN ('K', 'Z')
                WHERE household_year_id IN (SELECT id FROM registry_householdyear WHERE household_id = NEW.id)
                    AND is_live <> (NEW.status NOT IN ('K', 'Z'));
                RETURN NEW;
            END
            $$;
            CREATE TRIGGER release_id_numbers AFTER UPDATE OF status ON registry_household FOR EACH ROW
                WHEN ((OLD.status IN ('K', 'Z')) <> (NEW.status IN ('K', 'Z')))
                EXECUTE FUNCTION registry_release_id_numbers();
            """,
            "DROP TRIGGER release_id_numbers ON registry_household; DROP FUNCTION registry_release_id_numbers();",
        ),
        migrations.RunSQL(
            # Only a draft's member, mistyped, may be taken off without a trace on the card; history keeps him all the same.
            """
            CREATE FUNCTION registry_only_drafts_lose_members() RETURNS trigger LANGUAGE plpgsql AS $$
            DECLARE
                status_now text;
            BEGIN
                IF TG_TABLE_NAME = 'registry_member' THEN
                    SELECT h.status INTO status_now FROM registry_household h WHERE h.id = OLD.household_id;
                ELSE
                    SELECT h.status INTO status_now FROM registry_household h
                    JOIN registry_member m ON m.household_id = h.id WHERE m.id = OLD.member_id;
                END IF;
                IF status_now IS DISTINCT FROM 'D' THEN
                    RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'member_of_draft_only',
                        MESSAGE = '户卡已申请，成员只能填变动类型减少，不能删除';
                END IF;
                IF TG_TABLE_NAME = 'registry_memberyear' THEN
                    IF year_closed(OLD.year) THEN
                        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'year_is_open',
                            MESSAGE = format('%s 年度已关账，只能由更正单改动', OLD.year);
                    END IF;
                END IF;
                RETURN OLD;
            END
            $$;
            CREATE TRIGGER member_of_draft_only BEFORE DELETE ON registry_member
                FOR EACH ROW EXECUTE FUNCTION registry_only_drafts_lose_members();
            CREATE TRIGGER member_of_draft_only BEFORE DELETE ON registry_memberyear
                FOR EACH ROW EXECUTE FUNCTION registry_only_drafts_lose_members();
            """,
            "DROP TRIGGER member_of_draft_only ON registry_member; DROP TRIGGER member_of_draft_only ON registry_memberyear;"
            "DROP FUNCTION registry_only_drafts_lose_members();",
        ),
        migrations.RunSQL(
            # The one place where a card outside the scope may be known to exist: who holds an ID number. The caller logs it.
            f"""
            CREATE FUNCTION registry_id_no_holders(indexes bytea[], of_year integer)
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
            REVOKE ALL ON FUNCTION registry_id_no_holders(bytea[], integer) FROM PUBLIC;
            GRANT EXECUTE ON FUNCTION registry_id_no_holders(bytea[], integer) TO {", ".join(APPLICATION)};
            """,
            "DROP FUNCTION registry_id_no_holders(bytea[], integer);",
        ),
    ]
