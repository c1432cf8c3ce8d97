"""Villages of which something lies on file, kept by triggers; drafts of a village found without its other households."""

from django.db import migrations, models
from django.db.models import Q
from django.db.models.constraints import UniqueConstraint

import fupin.accounts.scoped
from fupin.servers.rls import scoped

# Cards and tables come by the statement (a save, a COPY of thousands), and move by the row.
KEEP = """
CREATE FUNCTION registry_put_on_file() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_LEVEL = 'ROW' THEN
        INSERT INTO registry_villageonfile (division, year) VALUES (NEW.division, NEW.year) ON CONFLICT DO NOTHING;
    ELSE
        INSERT INTO registry_villageonfile (division, year)
        SELECT DISTINCT division, year FROM entered ORDER BY year, division ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END
$$;
"""
TABLES = ("registry_householdyear", "registry_villageyear")


def _triggers(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE TRIGGER put_on_file AFTER INSERT ON {table} REFERENCING NEW TABLE AS entered"
        " FOR EACH STATEMENT EXECUTE FUNCTION registry_put_on_file();"
        f"CREATE TRIGGER put_on_file_by_move AFTER UPDATE OF division ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION registry_put_on_file();"
        "INSERT INTO registry_villageonfile (division, year)"
        f" SELECT DISTINCT division, year FROM {table} ON CONFLICT DO NOTHING;",
        f"DROP TRIGGER put_on_file ON {table}; DROP TRIGGER put_on_file_by_move ON {table};",
    )


class Migration(migrations.Migration):
    dependencies = [("registry", "0013_everybody_deliberated")]
    operations = [
        migrations.AddIndex(
            "household",
            models.Index(name="household_drafts", fields=["division"], condition=Q(status="D")),
        ),
        migrations.CreateModel(
            name="VillageOnFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                (
                    "division",
                    fupin.accounts.scoped.DivisionKey(
                        db_column="division",
                        db_constraint=False,
                        db_index=False,
                        on_delete=models.RESTRICT,
                        related_name="+",
                        to="divisions.division",
                        verbose_name="村",
                    ),
                ),
            ],
            options={
                "verbose_name": "在册村年度",
                "verbose_name_plural": "在册村年度",
                "constraints": [UniqueConstraint(name="villageonfile_once", fields=["year", "division"])],
            },
        ),
        *scoped("registry_villageonfile", "SELECT"),
        migrations.RunSQL(KEEP, "DROP FUNCTION registry_put_on_file();"),
        *map(_triggers, TABLES),
    ]
