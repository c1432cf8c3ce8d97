"""The province closes years in the browser too: in order, by a document, under its own name, when they are over. Never opened again."""

from django.db import migrations

from fupin.servers.rls import APPLICATION, grant
from registry.models.household_year import FIRST_YEAR

CLOSE = f"""
CREATE FUNCTION registry_close_year() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF has_table_privilege(session_user, 'registry_transition', 'INSERT') THEN
        RETURN NEW;
    END IF;
    IF NEW.closed_by_id IS DISTINCT FROM registry_actor()
        OR NOT registry_holds_post(NEW.closed_by_id, 'PROVINCE', 140000000000, registry_today()) THEN
        PERFORM registry_refuse('closing_by_the_province', '年度关账由省扶贫办办理');
    END IF;
    IF btrim(NEW.document) = '' THEN
        PERFORM registry_refuse('closing_by_a_document', '关账须注明依据文号');
    END IF;
    IF NEW.year >= extract(year FROM registry_today()) THEN
        PERFORM registry_refuse('closing_after_the_year', format('%s 年度还没有结束，不能关账', NEW.year));
    END IF;
    IF NEW.year > {FIRST_YEAR} AND NOT EXISTS (SELECT FROM registry_yearclose WHERE year = NEW.year - 1) THEN
        PERFORM registry_refuse('closing_in_order', format('%s 年度还没有关账，须按年度先后关账', NEW.year - 1));
    END IF;
    NEW.closed_on := registry_today();
    RETURN NEW;
END
$$;
CREATE TRIGGER close_year BEFORE INSERT ON registry_yearclose FOR EACH ROW EXECUTE FUNCTION registry_close_year();
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0024_moving_walls")]
    operations = [
        migrations.RunSQL(CLOSE, "DROP FUNCTION registry_close_year() CASCADE;"),
        migrations.RunSQL(
            "REVOKE ALL ON FUNCTION registry_close_year() FROM PUBLIC;", migrations.RunSQL.noop
        ),
        grant("registry_yearclose", "INSERT", APPLICATION),
    ]
