"""Who sees and writes help, and what must never be false of it: no gap, no overlap, nothing for those who left, no log off the roster."""

from typing import Any

from django.db import migrations

from fupin.servers.rls import history, same_division, scoped
from registry.rules.help.after_exit import ENDED, ON_REGISTER, POLICIES

WRITTEN_ONCE = "SELECT, INSERT"
PRIVILEGES = {
    "organ": "SELECT, INSERT, UPDATE (code, must_send)",
    "assistperson": "SELECT, INSERT, UPDATE",
    "assistpair": "SELECT, INSERT, UPDATE (end_date, household_left, reason)",
    "visit": WRITTEN_ONCE,
    "assistplan": "SELECT, INSERT, UPDATE (withdrawn_on, withdrawn_because)",
    "assistmeasure": "SELECT, INSERT, UPDATE (withdrawn_on, withdrawn_because)",
    "measurerecipient": "SELECT, INSERT, UPDATE (stop, stopped_on, stopped_because, stopped_by_id)",
    "measuredelivery": WRITTEN_ONCE,
    "assisteffect": "SELECT, INSERT, UPDATE (confirmed_by, confirmed_on)",
    "workteam": WRITTEN_ONCE,
    "teamposting": WRITTEN_ONCE,
    "teamleader": "SELECT, INSERT, UPDATE (until, reason)",
    "rosterentry": "SELECT, INSERT, UPDATE (until, is_young_cadre, incentive, support)",
    "worklog": WRITTEN_ONCE,
    "villagestay": WRITTEN_ONCE,
    "leadervillage": (
        "SELECT, INSERT, UPDATE (reached_year, reached_income, proposed_by_id, proposed_on, approved_by_id, done_on)"
    ),
    "threeinonelink": "SELECT, INSERT, UPDATE (leader_id, enterprise, enterprise_code, village_id, until)",
    "linkactivity": "SELECT, INSERT, UPDATE (progress, due_on, solved_on)",
    "coveragestage": WRITTEN_ONCE,
}
REACHING = (
    "organ",
    "assistperson",
    "workteam",
    "teamleader",
    "threeinonelink",
    "linkactivity",
    "coveragestage",
)
EVENTS = (
    "assistpersonevent",
    "assistpairevent",
    "assistplanevent",
    "assistmeasureevent",
    "measurerecipientevent",
    "teamleaderevent",
    "rosterentryevent",
    "leadervillageevent",
    "threeinonelinkevent",
)
PARENTS = (
    ("assistpair", "household_id", "household"),
    ("visit", "household_id", "household"),
    ("assistplan", "household_id", "household"),
    ("assistplan", "member_id", "member"),
    ("measurerecipient", "household_id", "household"),
    ("measurerecipient", "member_id", "member"),
    ("measuredelivery", "recipient_id", "measurerecipient"),
    ("assisteffect", "recipient_id", "measurerecipient"),
    ("teamleader", "team_id", "workteam"),
    ("villagestay", "entry_id", "rosterentry"),
    ("linkactivity", "link_id", "threeinonelink"),
)
FOLLOWED = ("assistpair", "assistplan", "measurerecipient")

ABOVE_TOO = "division <= current_setting('app.lo')::bigint AND division_hi(division) > current_setting('app.lo')::bigint"


def _seen_from_below(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE POLICY serving ON registry_{table} FOR SELECT USING ({ABOVE_TOO});",
        f"DROP POLICY serving ON registry_{table};",
    )


# Who helps must be allowed to serve where he helps: his division holds the row's. The owner looks, past the row policies.
REACHES = """
CREATE FUNCTION registry_help_reaches() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    asked bigint := (to_jsonb(NEW)->>TG_ARGV[0])::bigint;
    place bigint;
BEGIN
    IF asked IS NULL THEN
        RETURN NEW;
    END IF;
    EXECUTE format('SELECT division FROM %I WHERE id = $1', TG_ARGV[1]) INTO place USING asked;
    IF NEW.division >= place AND NEW.division < division_hi(place) THEN
        RETURN NEW;
    END IF;
    IF TG_ARGV[2] = 'either' AND place >= NEW.division AND place < division_hi(NEW.division) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'help_within_reach',
        MESSAGE = '该人员或单位的服务区划不含此地';
END
$$;
"""
REACHED = (
    ("assistperson", "organ_id", "organ", "either"),
    ("workteam", "organ_id", "organ", "either"),
    ("assistpair", "person_id", "assistperson", ""),
    ("visit", "person_id", "assistperson", ""),
    ("assistplan", "person_id", "assistperson", ""),
    ("assistmeasure", "person_id", "assistperson", ""),
    ("teamposting", "team_id", "workteam", ""),
    ("teamleader", "person_id", "assistperson", "either"),
    ("rosterentry", "person_id", "assistperson", ""),
    ("rosterentry", "team_id", "workteam", ""),
    ("leadervillage", "person_id", "assistperson", ""),
    ("threeinonelink", "leader_id", "assistperson", ""),
)


def _reaches(table: str, column: str, parent: str, mode: str) -> migrations.RunSQL:
    name = f"{column.removesuffix('_id')}_within_reach"
    return migrations.RunSQL(
        f"CREATE TRIGGER {name} BEFORE INSERT OR UPDATE OF {column} ON registry_{table} FOR EACH ROW "
        f"EXECUTE FUNCTION registry_help_reaches('{column}', 'registry_{parent}', '{mode}');",
        f"DROP TRIGGER {name} ON registry_{table};",
    )


def _listed(statuses: frozenset[Any]) -> str:
    return ", ".join(f"'{one}'" for one in sorted(str(one.value) for one in statuses))


NOT_POOR = f"""
CREATE FUNCTION registry_helper_is_not_poor() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    number bytea;
BEGIN
    IF TG_TABLE_NAME = 'registry_assistperson' THEN
        number := NEW.id_no_index;
    ELSE
        SELECT p.id_no_index INTO number FROM registry_assistperson p WHERE p.id = NEW.person_id;
    END IF;
    IF EXISTS (
        SELECT FROM registry_member m JOIN registry_household h ON h.id = m.household_id
        CROSS JOIN LATERAL (
            SELECT y.is_counted FROM registry_memberyear y WHERE y.member_id = m.id ORDER BY y.year DESC LIMIT 1
        ) AS latest
        WHERE m.id_no_index = number AND latest.is_counted AND h.status IN ({_listed(ON_REGISTER)})
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'helper_is_not_poor',
            MESSAGE = '帮扶责任人不得同时是在册贫困人口';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER helper_is_not_poor BEFORE INSERT OR UPDATE OF id_no_index ON registry_assistperson
    FOR EACH ROW EXECUTE FUNCTION registry_helper_is_not_poor();
CREATE TRIGGER helper_is_not_poor BEFORE INSERT ON registry_assistpair
    FOR EACH ROW EXECUTE FUNCTION registry_helper_is_not_poor();
"""

# Looked at when the transaction ends: ending the former and naming the successor are two statements of one act.
NO_GAP = f"""
CREATE FUNCTION registry_pair_has_successor() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    pair registry_assistpair;
    former registry_assistpair;
BEGIN
    SELECT * INTO pair FROM registry_assistpair WHERE id = NEW.id;
    IF pair.household_left AND NOT EXISTS (
        SELECT FROM registry_household h WHERE h.id = pair.household_id AND h.status IN ({_listed(ENDED)})
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'assistpair_household_left',
            MESSAGE = '该户仍在册，须先指派继任再结束结对';
    END IF;
    IF pair.end_date IS NOT NULL AND NOT pair.household_left AND NOT EXISTS (
        SELECT FROM registry_assistpair s WHERE s.household_id = pair.household_id AND s.start_date = pair.end_date
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'assistpair_no_gap',
            MESSAGE = '离任须先指派继任：继任从前任止日起，中间不能空档';
    END IF;
    SELECT * INTO former FROM registry_assistpair f
    WHERE f.household_id = pair.household_id AND f.start_date < pair.start_date ORDER BY f.start_date DESC LIMIT 1;
    IF FOUND AND NOT former.household_left AND former.end_date IS DISTINCT FROM pair.start_date THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'assistpair_no_gap',
            MESSAGE = '继任须从前任止日起，中间不能空档';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER pair_has_successor AFTER INSERT OR UPDATE ON registry_assistpair
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION registry_pair_has_successor();
"""


def _last_day() -> str:
    """The switch as it stands in the rules, the latest first; a later document makes the function anew in a migration of its own."""
    return " ".join(
        f"WHEN exited >= '{one.since}' THEN greatest(exited, '{one.until}'::date)"
        if one.keeps
        else f"WHEN exited >= '{one.since}' THEN exited"
        for one in sorted(POLICIES, key=lambda one: one.since, reverse=True)
    )


AFTER_EXIT = f"""
CREATE FUNCTION registry_help_stops_on(exited date) RETURNS date LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE {_last_day()} ELSE exited END + 1
$$;
CREATE FUNCTION registry_help_for_the_registered() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    of_household registry_household;
    on_day date;
    place bigint;
BEGIN
    IF NEW.household_id IS NULL THEN
        RETURN NEW;
    END IF;
    SELECT * INTO of_household FROM registry_household WHERE id = NEW.household_id FOR SHARE;
    IF TG_TABLE_NAME = 'registry_measurerecipient' THEN
        SELECT m."on", m.division INTO on_day, place FROM registry_assistmeasure m WHERE m.id = NEW.measure_id;
        IF place <> NEW.division THEN
            RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'measurerecipient_in_its_village',
                MESSAGE = '受益户应在措施所在的村';
        END IF;
    ELSE
        on_day := NEW.due_on;
    END IF;
    IF NEW.member_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM registry_member m WHERE m.id = NEW.member_id AND m.household_id = NEW.household_id
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'help_member_of_household',
            MESSAGE = '该成员不属于此户';
    END IF;
    IF of_household.status IN ({_listed(ON_REGISTER)}) THEN
        RETURN NEW;
    END IF;
    IF of_household.status = 'O' AND on_day < registry_help_stops_on(of_household.exited_on) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'help_for_the_registered',
        MESSAGE = CASE WHEN of_household.status IN ({_listed(ENDED)})
            THEN '该户已退出，不再享受扶贫政策，不能新增帮扶'
            ELSE '该户还没有公告在册，不能安排帮扶' END;
END
$$;
CREATE TRIGGER help_for_the_registered BEFORE INSERT ON registry_measurerecipient
    FOR EACH ROW EXECUTE FUNCTION registry_help_for_the_registered();
CREATE TRIGGER help_for_the_registered BEFORE INSERT ON registry_assistplan
    FOR EACH ROW EXECUTE FUNCTION registry_help_for_the_registered();
CREATE FUNCTION registry_nothing_after_the_stop() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM registry_measurerecipient r
        WHERE r.id = NEW.recipient_id AND r.stop = 'STOPPED' AND NEW."on" >= r.stopped_on
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'delivery_before_the_stop',
            MESSAGE = '该项已停付，停止之日起不能再到户';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER nothing_after_the_stop BEFORE INSERT ON registry_measuredelivery
    FOR EACH ROW EXECUTE FUNCTION registry_nothing_after_the_stop();
"""

# Days are Shanxi's, whatever zone the server keeps.
ON_DUTY = """
CREATE FUNCTION registry_help_today() RETURNS date LANGUAGE sql STABLE AS $$
    SELECT (now() AT TIME ZONE 'Asia/Shanghai')::date
$$;
CREATE FUNCTION registry_on_the_roster() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    entry registry_rosterentry;
    first_day date;
    last_day date;
BEGIN
    SELECT * INTO entry FROM registry_rosterentry WHERE id = NEW.entry_id;
    IF TG_TABLE_NAME = 'registry_worklog' THEN
        first_day := NEW."on";
        last_day := NEW."on";
    ELSE
        first_day := NEW.first_day;
        last_day := NEW.last_day;
    END IF;
    IF entry.division <> NEW.division THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'log_in_its_village',
            MESSAGE = '日志应记在名册所在的村';
    END IF;
    IF first_day < entry.since OR last_day >= coalesce(entry.until, 'infinity'::date) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'log_on_a_day_of_the_roster',
            MESSAGE = '这一天不在名册的任期内，不能登记';
    END IF;
    IF last_day > registry_help_today() THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'log_not_of_the_future',
            MESSAGE = '不能登记今天以后的日子';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER on_the_roster BEFORE INSERT ON registry_worklog
    FOR EACH ROW EXECUTE FUNCTION registry_on_the_roster();
CREATE TRIGGER on_the_roster BEFORE INSERT ON registry_villagestay
    FOR EACH ROW EXECUTE FUNCTION registry_on_the_roster();
CREATE FUNCTION registry_visit_by_who_answers() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM registry_assistpair p
        WHERE p.household_id = NEW.household_id AND p.person_id = NEW.person_id
            AND daterange(p.start_date, p.end_date) @> NEW."on"
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'visit_by_who_answers',
            MESSAGE = '这一天该人员不是此户的帮扶责任人';
    END IF;
    IF NEW."on" > registry_help_today() THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'log_not_of_the_future',
            MESSAGE = '不能登记今天以后的日子';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER visit_by_who_answers BEFORE INSERT ON registry_visit
    FOR EACH ROW EXECUTE FUNCTION registry_visit_by_who_answers();
"""

# History moves with its household, so that the new place can read what the old one could.
FOLLOWS = """
CREATE FUNCTION registry_help_history_follows() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    EXECUTE format('UPDATE %I SET division = $1 WHERE pgh_obj_id = $2', TG_TABLE_NAME || 'event') USING NEW.division, NEW.id;
    RETURN NULL;
END
$$;
"""

FUNCTIONS = (
    "registry_help_reaches()",
    "registry_helper_is_not_poor()",
    "registry_pair_has_successor()",
    "registry_help_for_the_registered()",
    "registry_nothing_after_the_stop()",
    "registry_on_the_roster()",
    "registry_visit_by_who_answers()",
    "registry_help_history_follows()",
)


class Migration(migrations.Migration):
    dependencies = [("registry", "0010_help")]
    operations = [
        *(
            operation
            for table, privileges in PRIVILEGES.items()
            for operation in scoped(f"registry_{table}", privileges)
        ),
        *(operation for table in EVENTS for operation in history(f"registry_{table}")),
        *(_seen_from_below(table) for table in REACHING),
        *(
            same_division(f"registry_{table}", column, f"registry_{parent}")
            for table, column, parent in PARENTS
        ),
        migrations.RunSQL(REACHES, "DROP FUNCTION registry_help_reaches();"),
        *(_reaches(*one) for one in REACHED),
        migrations.RunSQL(NOT_POOR, "DROP FUNCTION registry_helper_is_not_poor() CASCADE;"),
        migrations.RunSQL(NO_GAP, "DROP FUNCTION registry_pair_has_successor() CASCADE;"),
        migrations.RunSQL(
            AFTER_EXIT,
            "DROP FUNCTION registry_nothing_after_the_stop() CASCADE;"
            "DROP FUNCTION registry_help_for_the_registered() CASCADE; DROP FUNCTION registry_help_stops_on(date);",
        ),
        migrations.RunSQL(
            ON_DUTY,
            "DROP FUNCTION registry_visit_by_who_answers() CASCADE; DROP FUNCTION registry_on_the_roster() CASCADE;"
            "DROP FUNCTION registry_help_today();",
        ),
        migrations.RunSQL(FOLLOWS, "DROP FUNCTION registry_help_history_follows() CASCADE;"),
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER history_follows AFTER UPDATE OF division ON registry_{table} FOR EACH ROW "
                "WHEN (OLD.division <> NEW.division) EXECUTE FUNCTION registry_help_history_follows();",
                f"DROP TRIGGER history_follows ON registry_{table};",
            )
            for table in FOLLOWED
        ),
        *(
            migrations.RunSQL(f"REVOKE ALL ON FUNCTION {one} FROM PUBLIC;", migrations.RunSQL.noop)
            for one in FUNCTIONS
        ),
    ]
