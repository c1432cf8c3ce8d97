"""A measure may be corrected, its former values kept in history; what came of it must still fit it."""

from django.db import migrations

from fupin.servers.rls import APPLICATION

FACTS = '"on", kind, content, money_source, amount, project_no, led_by, person_id'

CORRECTED = """
CREATE FUNCTION registry_measure_corrected() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.withdrawn_on IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'measure_still_stands',
            MESSAGE = '该措施已作废，不能更正';
    END IF;
    IF NEW."on" <> OLD."on" THEN
        IF EXISTS (
            SELECT FROM registry_measurerecipient r JOIN registry_household h ON h.id = r.household_id
            WHERE r.measure_id = NEW.id AND h.exited_on IS NOT NULL AND NEW."on" >= registry_help_stops_on(h.exited_on)
        ) THEN
            RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'help_for_the_registered',
                MESSAGE = '受益户中有这一天已退出的，措施日期不能改到这一天';
        END IF;
        IF EXISTS (
            SELECT FROM registry_measurerecipient r WHERE r.measure_id = NEW.id AND (
                EXISTS (SELECT FROM registry_measuredelivery d WHERE d.recipient_id = r.id AND d."on" < NEW."on")
                OR EXISTS (SELECT FROM registry_assisteffect e WHERE e.recipient_id = r.id AND e."on" < NEW."on"))
        ) THEN
            RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'measure_before_what_came_of_it',
                MESSAGE = '措施日期不能晚于已登记的到户、成效日期';
        END IF;
    END IF;
    IF NEW.amount < (SELECT sum(r.amount) FROM registry_measurerecipient r WHERE r.measure_id = NEW.id) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'measure_holds_its_recipients',
            MESSAGE = '措施金额不能少于各户应到金额之和';
    END IF;
    RETURN NEW;
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0033_samples")]
    operations = [
        migrations.RunSQL(
            f"GRANT UPDATE ({FACTS}) ON registry_assistmeasure TO {', '.join(APPLICATION)};",
            f"REVOKE UPDATE ({FACTS}) ON registry_assistmeasure FROM {', '.join(APPLICATION)};",
        ),
        migrations.RunSQL(CORRECTED, "DROP FUNCTION registry_measure_corrected();"),
        migrations.RunSQL(
            f"CREATE TRIGGER corrected BEFORE UPDATE OF {FACTS} ON registry_assistmeasure"
            " FOR EACH ROW EXECUTE FUNCTION registry_measure_corrected();",
            "DROP TRIGGER corrected ON registry_assistmeasure;",
        ),
    ]
