"""A meeting deliberates on everybody who had applied by its day: until then nobody's list is posted (procedures §4.2)."""

from django.conf import settings
from django.db import migrations, models

EVERYBODY = """
CREATE FUNCTION registry_everybody_deliberated() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    met_on date := (SELECT max(s.on) FROM registry_casestep s WHERE s.case_id = NEW.case_id AND s.name = 'deliberate');
    waiting bigint;
BEGIN
    SELECT count(*) INTO waiting FROM registry_case mine
    JOIN registry_case c ON c.round_id = mine.round_id AND c.division = mine.division AND c.id <> mine.id
    WHERE mine.id = NEW.case_id AND c.track = 'ENTRY' AND c.status = 'A' AND c.closed_on IS NULL
        AND (SELECT max(s.on) FROM registry_casestep s WHERE s.case_id = c.id AND s.target = 'A') <= met_on;
    IF waiting > 0 THEN
        PERFORM registry_refuse('step_after_everybody', format('本村还有 %s 户申请在先、没有评议，评议须包括全部申请户', waiting));
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER u_everybody_deliberated BEFORE INSERT ON registry_casestep
    FOR EACH ROW WHEN (NEW.name = 'post_first') EXECUTE FUNCTION registry_everybody_deliberated();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("divisions", "0002_grants"),
        ("registry", "0012_steps_by_notices"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["round", "division"], name="case_round"),
        ),
        migrations.RunSQL(
            EVERYBODY,
            "DROP TRIGGER u_everybody_deliberated ON registry_casestep; DROP FUNCTION registry_everybody_deliberated();",
        ),
    ]
