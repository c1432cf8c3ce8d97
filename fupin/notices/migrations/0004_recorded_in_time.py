"""A posting is recorded on its day or within three days after it, its photograph is of these days: a notice cannot be back-dated.

Else its days would be over as soon as it was written down, and what rests on them would follow at once.
"""

from django.db import migrations

from fupin.policy.standards import figure

LATE = int(figure("posting_record_days", 2014))

IN_TIME = f"""
CREATE FUNCTION notices_recorded_in_time() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    today date := product_today();
BEGIN
    IF NOT has_table_privilege(TG_RELID, 'DELETE') AND NEW.posted_on NOT BETWEEN today - {LATE} AND today THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'notice_recorded_in_time',
            MESSAGE = format('张贴须在当日或其后 {LATE} 天内登记，张贴日期应在 %s 至 %s 之间', today - {LATE}, today);
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER recorded_in_time BEFORE INSERT ON notices_notice FOR EACH ROW EXECUTE FUNCTION notices_recorded_in_time();

CREATE FUNCTION notices_photo_of_these_days() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT has_table_privilege(TG_RELID, 'DELETE') AND (NEW.taken_on > product_today()
        OR NEW.taken_on < (SELECT posted_on FROM notices_notice WHERE id = NEW.notice_id)) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'noticephoto_of_these_days',
            MESSAGE = '拍摄日期应在张贴之日至今天之间';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER of_these_days BEFORE INSERT ON notices_noticephoto FOR EACH ROW EXECUTE FUNCTION notices_photo_of_these_days();
"""


class Migration(migrations.Migration):
    dependencies = [("notices", "0003_unit"), ("accounts", "0003_today")]
    operations = [
        migrations.RunSQL(
            IN_TIME,
            "DROP TRIGGER recorded_in_time ON notices_notice; DROP FUNCTION notices_recorded_in_time();"
            "DROP TRIGGER of_these_days ON notices_noticephoto; DROP FUNCTION notices_photo_of_these_days();",
        ),
    ]
