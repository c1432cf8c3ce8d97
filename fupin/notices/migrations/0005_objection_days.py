"""The days of an objection are the days on which things were done: none is dated ahead, none back, no time limit is stretched.

Filed through the web it is of today; what an office records lies within the time for accepting it. Whoever accepts or settles is
whoever acts, on the day he acts. The owner of the tables, who restores what was saved, is not asked.
"""

from django.db import migrations

from fupin.policy.standards import figure

ACCEPT = int(figure("objection_accept_days", 2014))
SETTLE = int(figure("objection_settle_days", 2014))

DAYS = f"""
CREATE FUNCTION notices_objection_days() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    today date := product_today();
    who bigint := coalesce(nullif(current_setting('app.user', true), '')::bigint, 0);
    wrong text;
    said text;
BEGIN
    IF has_table_privilege(session_user, TG_RELID, 'DELETE') THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.filed_on > today OR NEW.filed_on < (CASE NEW.channel WHEN 'WEB' THEN today ELSE today - {ACCEPT} END) THEN
            wrong := 'objection_filed_in_time';
            said := CASE NEW.channel WHEN 'WEB' THEN format('网上提出的异议记当日，应为 %s', today)
                ELSE format('异议须在提出后 {ACCEPT} 日内登记，提出日期应在 %s 至 %s 之间', today - {ACCEPT}, today) END;
        ELSIF NEW.accept_due_on <> NEW.filed_on + {ACCEPT} THEN
            wrong := 'objection_accept_due';
            said := '受理期限应为提出之日起 {ACCEPT} 日';
        END IF;
    ELSIF NEW.status = 'ACCEPTED' THEN
        IF NEW.accepted_on <> today OR NEW.accepted_by_id <> who THEN
            wrong := 'objection_accepted_today';
            said := format('受理记经办人和当日，应为 %s', today);
        ELSIF NEW.settle_due_on <> NEW.accepted_on + {SETTLE} THEN
            wrong := 'objection_settle_due';
            said := '办结期限应为受理之日起 {SETTLE} 日';
        END IF;
    ELSE
        IF NEW.settled_on <> today OR NEW.settled_by_id <> who THEN
            wrong := 'objection_settled_today';
            said := format('办结记经办人和当日，应为 %s', today);
        ELSIF (NEW.accepted_on, NEW.accepted_by_id, NEW.settle_due_on)
            IS DISTINCT FROM (OLD.accepted_on, OLD.accepted_by_id, OLD.settle_due_on) THEN
            wrong := 'objection_acceptance_stands';
            said := '受理的日期、经办人和办结期限不能再改';
        END IF;
    END IF;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = wrong, MESSAGE = said;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER stepped_on_its_day BEFORE INSERT OR UPDATE ON notices_objection
    FOR EACH ROW EXECUTE FUNCTION notices_objection_days();
"""


class Migration(migrations.Migration):
    dependencies = [("notices", "0004_recorded_in_time"), ("accounts", "0003_today")]
    operations = [
        migrations.RunSQL(
            DAYS,
            "DROP TRIGGER stepped_on_its_day ON notices_objection; DROP FUNCTION notices_objection_days();",
        ),
    ]
