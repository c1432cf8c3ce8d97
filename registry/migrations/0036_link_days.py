"""What a provincial leader did for his county lies within the days of his link: from its first day until the day before its end."""

from django.db import migrations

WITHIN = """
CREATE FUNCTION registry_activity_while_linked() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    link registry_threeinonelink;
BEGIN
    SELECT * INTO link FROM registry_threeinonelink WHERE id = NEW.link_id FOR SHARE;
    IF NEW."on" < link.since OR NEW."on" >= link.until THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'linkactivity_while_linked',
            MESSAGE = format('联系活动的日期应在联系期内：%s 起%s', link.since, coalesce('，' || link.until || ' 前', ''));
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER while_linked BEFORE INSERT OR UPDATE OF "on", link_id ON registry_linkactivity
    FOR EACH ROW EXECUTE FUNCTION registry_activity_while_linked();

CREATE FUNCTION registry_link_holds_its_activities() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    last date := (SELECT max("on") FROM registry_linkactivity WHERE link_id = NEW.id);
BEGIN
    IF NEW.until <= last THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'threeinonelink_holds_its_activities',
            MESSAGE = format('%s 还有联系活动，止日应在其后', last);
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER holds_its_activities BEFORE UPDATE OF until ON registry_threeinonelink
    FOR EACH ROW EXECUTE FUNCTION registry_link_holds_its_activities();
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0035_tied_once")]
    operations = [
        migrations.RunSQL(
            WITHIN,
            "DROP TRIGGER while_linked ON registry_linkactivity; DROP FUNCTION registry_activity_while_linked();"
            "DROP TRIGGER holds_its_activities ON registry_threeinonelink;"
            "DROP FUNCTION registry_link_holds_its_activities();",
        ),
    ]
