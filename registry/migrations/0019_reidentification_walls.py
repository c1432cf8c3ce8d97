"""Who sees and writes runs and findings; the register's ledger, which the database keeps by itself."""

from django.db import migrations

from fupin.policy.standards import figure
from fupin.servers.rls import AUDIT, IN_SCOPE, grant, same_division, scoped
from registry.rules.help.after_exit import ON_REGISTER

STANDING = ", ".join(f"'{status}'" for status in sorted(ON_REGISTER))

# What was found for a county is read by its townships too; it is written only from the division itself or above.
OVERLAPS = "division < current_setting('app.hi')::bigint AND division_hi(division) > current_setting('app.lo')::bigint"


def overlapping(table: str, updated: str) -> list[migrations.RunSQL]:
    """Put a table under a policy that lets a row be read wherever its division reaches, and written in its division or above."""
    return [
        migrations.RunSQL(
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; ALTER TABLE {table} FORCE ROW LEVEL SECURITY;"
            f"CREATE POLICY seen ON {table} FOR SELECT USING ({OVERLAPS});"
            f"CREATE POLICY begun ON {table} FOR INSERT WITH CHECK ({IN_SCOPE});"
            f"CREATE POLICY worked ON {table} FOR UPDATE USING ({IN_SCOPE}) WITH CHECK ({IN_SCOPE});",
            f"DROP POLICY seen ON {table}; DROP POLICY begun ON {table}; DROP POLICY worked ON {table};"
            f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY; ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;",
        ),
        grant(table, f"SELECT, INSERT, UPDATE ({updated})"),
        grant(table, "SELECT", (AUDIT,)),
    ]


# The reader's own rights and row policies hold beneath (security_invoker). Ages are those of the figures compulsory_from and _to.
STANDING_VIEW = f"""
CREATE VIEW registry_householdstanding WITH (security_invoker = true) AS
SELECT y.id, y.division, y.household_id, y.year, h.status, h.exit_year, y.id_standard, y.net_income, y.member_count, y.danger_level,
    y.water_safe,
    (count(m.id) FILTER (WHERE m.is_counted AND m.student = '01'
        AND y.year - extract(year FROM p.birth_date) BETWEEN {int(figure("compulsory_from", 2014))}
            AND {int(figure("compulsory_to", 2014))}))::integer AS dropouts,
    (count(m.id) FILTER (WHERE m.is_counted AND NOT m.in_ncms))::integer AS uninsured,
    (count(m.id) FILTER (WHERE m.is_counted AND m.in_ncms IS NULL))::integer AS unasked
FROM registry_householdyear y
JOIN registry_household h ON h.id = y.household_id
LEFT JOIN registry_memberyear m ON m.household_year_id = y.id AND m.year = y.year
LEFT JOIN registry_member p ON p.id = m.member_id
GROUP BY y.id, h.id;
"""

# A county that is done stays as it is: its findings were written with it.
DONE_ONCE = """
CREATE FUNCTION registry_reidentified_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = TG_TABLE_NAME || '_done_once',
        MESSAGE = '已比对完成，不能再改；请重新发起一次';
END
$$;
CREATE TRIGGER done_once BEFORE UPDATE ON registry_reidentificationcounty FOR EACH ROW
    WHEN (OLD.done_at IS NOT NULL) EXECUTE FUNCTION registry_reidentified_once();
CREATE TRIGGER done_once BEFORE UPDATE ON registry_reidentificationrun FOR EACH ROW
    WHEN (OLD.finished_at IS NOT NULL) EXECUTE FUNCTION registry_reidentified_once();
CREATE FUNCTION registry_reidentified_whole() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM registry_reidentificationcounty WHERE run_id = NEW.id AND done_at IS NULL) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'reidentificationrun_whole',
            MESSAGE = '还有县没有比对完';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER finished_whole BEFORE UPDATE OF finished_at ON registry_reidentificationrun FOR EACH ROW
    WHEN (NEW.finished_at IS NOT NULL) EXECUTE FUNCTION registry_reidentified_whole();
CREATE FUNCTION registry_finding_led_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.case_id IS NOT NULL OR NOT EXISTS (
        SELECT FROM registry_case c WHERE c.id = NEW.case_id AND c.household_id = NEW.household_id
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'reidentificationfinding_its_own_case',
            MESSAGE = '只能关联该户自己的一份档案';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER its_own_case BEFORE UPDATE OF case_id ON registry_reidentificationfinding FOR EACH ROW
    EXECUTE FUNCTION registry_finding_led_once();
"""

# What stands is asked of the ledger itself, so that it can't lose count: a household suspended by an objection (S) stands as it stood.
LEDGER = f"""
CREATE FUNCTION registry_keep_ledger() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    before registry_registerentry%ROWTYPE;
    stood boolean;
    stands boolean;
    day date;
    reason text;
BEGIN
    SELECT * INTO before FROM registry_registerentry WHERE household_id = OLD.id ORDER BY id DESC LIMIT 1;
    stood := coalesce(before.direction = 1, false);
    stands := NEW.status IN ({STANDING})
        OR NEW.status = 'S' AND (stood OR OLD.status = 'Z' AND before.why = 'CLOSED');
    IF stood AND stands AND OLD.division <> NEW.division THEN
        day := greatest(registry_today(), before.on);
        INSERT INTO registry_registerentry (division, household_id, "on", direction, why)
        VALUES (OLD.division, NEW.id, day, -1, 'MOVED'), (NEW.division, NEW.id, day, 1, 'MOVED');
    ELSIF stood <> stands THEN
        -- A step has just moved the household's case, which carries the step's day.
        day := coalesce(NEW.exited_on, CASE WHEN OLD.status <> 'Z' THEN (
            SELECT closed_on FROM registry_case WHERE household_id = NEW.id AND status = NEW.status
            ORDER BY id DESC LIMIT 1) END, registry_today());
        reason := CASE
            WHEN stands AND OLD.status = 'Z' THEN 'RESTORED'
            WHEN stands AND before.why = 'LEFT' THEN 'RELAPSED'
            WHEN stands AND OLD.status IN ('C', 'R') THEN 'IDENTIFIED'
            WHEN NOT stands AND NEW.status = 'O' THEN 'LEFT'
            WHEN NOT stands AND NEW.status = 'K' THEN 'CLEARED'
            WHEN NOT stands AND NEW.status = 'Z' THEN 'CLOSED'
            ELSE 'CORRECTED' END;
        INSERT INTO registry_registerentry (division, household_id, "on", direction, why)
        VALUES (CASE WHEN stands THEN NEW.division ELSE OLD.division END, NEW.id, greatest(day, before.on),
            CASE WHEN stands THEN 1 ELSE -1 END, reason);
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER keep_ledger AFTER UPDATE OF status, division ON registry_household FOR EACH ROW
    WHEN (OLD.status <> NEW.status OR OLD.division <> NEW.division) EXECUTE FUNCTION registry_keep_ledger();
CREATE FUNCTION registry_carry_into_ledger() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    {{carried}}
    RETURN NULL;
END
$$;
CREATE TRIGGER carry_into_ledger AFTER INSERT ON registry_household REFERENCING NEW TABLE AS entered FOR EACH STATEMENT
    EXECUTE FUNCTION registry_carry_into_ledger();
"""

CARRIED = f"""
    INSERT INTO registry_registerentry (division, household_id, "on", direction, why)
    SELECT h.division, h.id, least(coalesce(make_date(h.first_identified_year, 12, 31),
        (h.entered_at AT TIME ZONE 'Asia/Shanghai')::date), h.exited_on), 1, 'CARRIED'
    FROM {{source}} h WHERE h.status IN ({STANDING}, 'O');
    INSERT INTO registry_registerentry (division, household_id, "on", direction, why)
    SELECT h.division, h.id, h.exited_on, -1, 'LEFT' FROM {{source}} h WHERE h.status = 'O';
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0018_reidentification"), ("jobs", "0002_grants")]
    operations = [
        migrations.RunSQL(STANDING_VIEW, "DROP VIEW registry_householdstanding;"),
        grant("registry_householdstanding", "SELECT"),
        grant("registry_householdstanding", "SELECT", (AUDIT,)),
        *overlapping("registry_reidentificationrun", "job_id, finished_at"),
        *overlapping(
            "registry_reidentificationcounty",
            "households, may_leave, newly_below, fallen_back, unchanged, held_back, other_standard, without_card, done_at",
        ),
        *scoped("registry_reidentificationfinding", "SELECT, INSERT, UPDATE (case_id)"),
        same_division("registry_reidentificationfinding", "household_id", "registry_household"),
        *scoped("registry_registerentry", "SELECT"),
        migrations.RunSQL(
            DONE_ONCE,
            "DROP TRIGGER its_own_case ON registry_reidentificationfinding; DROP FUNCTION registry_finding_led_once();"
            "DROP TRIGGER finished_whole ON registry_reidentificationrun; DROP FUNCTION registry_reidentified_whole();"
            "DROP TRIGGER done_once ON registry_reidentificationrun; DROP TRIGGER done_once ON registry_reidentificationcounty;"
            "DROP FUNCTION registry_reidentified_once();",
        ),
        migrations.RunSQL(
            LEDGER.format(carried=CARRIED.format(source="entered")),
            "DROP TRIGGER carry_into_ledger ON registry_household; DROP FUNCTION registry_carry_into_ledger();"
            "DROP TRIGGER keep_ledger ON registry_household; DROP FUNCTION registry_keep_ledger();",
        ),
        migrations.RunSQL(CARRIED.format(source="registry_household"), migrations.RunSQL.noop),
    ]
