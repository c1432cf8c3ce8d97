"""A notice that a step rests on is a posted one, of fupin.notices: the case stands on its list, its days are over, no objection is open.

The procedure is filled in anew: objections are dealt with from the township upwards.
"""

from importlib import import_module

from django.db import migrations

walls = import_module("registry.migrations.0007_case_walls")

# Runs after `take_step`, which has found the step allowed; what is refused here undoes that too.
BY_NOTICES = """
CREATE FUNCTION registry_step_by_notice() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    subject text := (SELECT 'case:' || number FROM registry_case WHERE id = NEW.case_id);
    rule registry_transition%ROWTYPE;
BEGIN
    SELECT * INTO rule FROM registry_transition t
    WHERE t.source = NEW.source AND t.target = NEW.target AND t.name = NEW.name LIMIT 1;
    IF rule.opens_notice AND NOT EXISTS (
        SELECT FROM notices_noticeline l JOIN notices_notice n ON n.id = l.notice_id
        WHERE l.subject_key = subject AND n.kind = 'registry_' || lower(NEW.target)
            AND n.posted_on = NEW.on AND n.taken_down_on IS NULL
    ) THEN
        PERFORM registry_refuse('step_with_notice', format('没有 %s 张贴、列有此户（村）的公示，请先拟稿、张贴并回传照片', NEW.on));
    END IF;
    IF rule.after_notice AND NOT notices_passed(subject, 'registry_' || lower(NEW.source), NEW.on) THEN
        PERFORM registry_refuse('step_after_notice', '公示没有期满，已撤下，或有异议未办结');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER z_step_by_notice BEFORE INSERT ON registry_casestep
    FOR EACH ROW EXECUTE FUNCTION registry_step_by_notice();
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0011_help_guards"), ("notices", "0002_walls")]
    operations = [
        migrations.RunPython(walls.fill, migrations.RunPython.noop),
        migrations.RunSQL(
            BY_NOTICES,
            "DROP TRIGGER z_step_by_notice ON registry_casestep; DROP FUNCTION registry_step_by_notice();",
        ),
    ]
