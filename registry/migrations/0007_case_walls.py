"""Who sees and writes rounds, quotas and cases; the database's own copy of the procedure; statuses that only steps move."""

from typing import Any

from django.db import migrations

from fupin.policy.standards import FIGURES, NATIONAL, POVERTY_LINES
from fupin.servers.rls import APPLICATION, AUDIT, BACKUP, grant, history, same_division, scoped
from registry.rules.transitions import ENDS, NOTICE_DAYS, TRANSITIONS

FIGURE_KEYS = ("quota_mode", "quorum_part", "quorum_of", "majority_part", "majority_of")

HOUSEHOLD_STANDING = (
    "status",
    "first_identified_year",
    "exit_year",
    "exited_on",
    "relapse_year",
    "relapse_cause",
)
VILLAGE_STANDING = ("status", "first_identified_year", "exited_on")


def figures() -> list[tuple[str, int, Any]]:
    """Return what decides steps: key, year since which, value. A notice's days are kept by the state in which it hangs."""
    plain = [(one.key, one.since, one.value) for one in FIGURES if one.key in FIGURE_KEYS]
    days = [
        (f"notice_days_{state}", one.since, one.value)
        for state, key in NOTICE_DAYS.items()
        for one in FIGURES
        if one.key == key
    ]
    lines = [("poverty_line", one.year, one.amount) for one in POVERTY_LINES if one.standard == NATIONAL]
    return [*plain, *days, *lines]


def fill(apps: Any, schema: Any) -> None:
    """Copy the procedure and its figures as they stand in the code; a later change of them runs this again in a migration of its own."""
    step, number = apps.get_model("registry", "AllowedStep"), apps.get_model("registry", "ProcedureFigure")
    alias = schema.connection.alias
    step.objects.using(alias).all().delete()
    step.objects.using(alias).bulk_create(
        step(
            track=one.track,
            source=one.source,
            target=one.target,
            name=one.name,
            label=one.label,
            actors=sorted(one.actors),
            evidence=sorted(one.evidence),
            level=one.level,
            after_notice=one.after_notice,
            opens_notice=one.opens_notice,
            votes=one.votes,
            quota=one.quota,
            opinion=one.opinion,
            system=one.system,
            ends=one.target in ENDS,
        )
        for one in TRANSITIONS
    )
    number.objects.using(alias).all().delete()
    number.objects.using(alias).bulk_create(
        number(key=key, since=since, value=value) for key, since, value in figures()
    )


def _columns(table: str, kept: tuple[str, ...]) -> migrations.RunSQL:
    """Take the right to update some columns from the application and leave it the others."""
    grants = f"""
        DO $$
        DECLARE
            others text;
        BEGIN
            SELECT string_agg(quote_ident(attname), ', ') INTO others FROM pg_attribute
            WHERE attrelid = '{table}'::regclass AND attnum > 0 AND NOT attisdropped
                AND attname <> ALL ('{{{",".join(kept)}}}');
            EXECUTE format('GRANT UPDATE (%s) ON {table} TO {", ".join(APPLICATION)}', others);
        END
        $$;
    """
    return migrations.RunSQL(
        f"REVOKE UPDATE ON {table} FROM {', '.join(APPLICATION)};{grants}",
        f"GRANT UPDATE ON {table} TO {', '.join(APPLICATION)};",
    )


# A trigger of the invoker: whoever may write the standing himself, the owner, may also enter a household that has one.
BEGINNINGS = """
CREATE FUNCTION registry_begins_as_draft() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF has_column_privilege(TG_RELID, 'status', 'UPDATE') THEN
        RETURN NEW;
    END IF;
    IF NEW.status <> TG_ARGV[0] OR NEW.first_identified_year IS NOT NULL OR NEW.exited_on IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'begins_as_draft',
            MESSAGE = '新录入的户和村从草稿开始，状态只能由识别程序逐步改变';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER begins_as_draft BEFORE INSERT ON registry_household
    FOR EACH ROW EXECUTE FUNCTION registry_begins_as_draft('D');
CREATE TRIGGER begins_as_draft BEFORE INSERT ON registry_village
    FOR EACH ROW EXECUTE FUNCTION registry_begins_as_draft('VD');
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0006_rounds_and_cases")]
    operations = [
        grant("registry_round", "SELECT, INSERT", APPLICATION),
        grant("registry_round", "SELECT", (AUDIT,)),
        grant("registry_transition", "SELECT", (*APPLICATION, AUDIT)),
        grant("registry_procedurefigure", "SELECT", (*APPLICATION, AUDIT)),
        migrations.RunSQL(
            f"GRANT SELECT ON registry_mergerend TO {BACKUP};",
            f"REVOKE ALL ON registry_mergerend FROM {BACKUP};",
        ),
        *scoped("registry_quota"),
        *history("registry_quotaevent"),
        *scoped("registry_case", "SELECT, INSERT"),
        *scoped("registry_casestep", "SELECT, INSERT"),
        same_division("registry_case", "household_id", "registry_household"),
        same_division("registry_case", "village_id", "registry_village"),
        same_division("registry_casestep", "case_id", "registry_case"),
        migrations.RunPython(fill, migrations.RunPython.noop),
        _columns("registry_household", HOUSEHOLD_STANDING),
        _columns("registry_village", VILLAGE_STANDING),
        migrations.RunSQL(
            BEGINNINGS,
            "DROP TRIGGER begins_as_draft ON registry_household; DROP TRIGGER begins_as_draft ON registry_village;"
            "DROP FUNCTION registry_begins_as_draft();",
        ),
    ]
