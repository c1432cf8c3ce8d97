"""The procedure as the database enforces it: cases open where their households stand, steps move them, nothing is skipped or back-dated.

The functions run with the rights of the tables' owner, because the application may not write what they write. Each names the rule it
refuses by as a constraint, and says why in words for staff.
"""

from django.db import migrations

from fupin.servers.rls import APPLICATION
from registry.rules.transitions import ON_THE_WAY

SPANS = ", ".join(f"'{state}'" for state in ON_THE_WAY)

HELPERS = f"""
CREATE FUNCTION registry_refuse(rule text, why text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = rule, MESSAGE = why;
END
$$;
CREATE FUNCTION registry_today() RETURNS date LANGUAGE sql STABLE AS $$
    SELECT (now() AT TIME ZONE 'Asia/Shanghai')::date
$$;
CREATE FUNCTION registry_actor() RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT nullif(current_setting('app.user', true), '')::bigint
$$;
CREATE FUNCTION registry_figure(of_key text, of_year integer) RETURNS numeric LANGUAGE sql STABLE AS $$
    SELECT value FROM registry_procedurefigure WHERE key = of_key AND since <= of_year ORDER BY since DESC LIMIT 1
$$;
CREATE FUNCTION registry_suspended_from(of_case bigint) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT source FROM registry_casestep WHERE case_id = of_case AND name = 'suspend' ORDER BY number DESC LIMIT 1
$$;
CREATE FUNCTION registry_place_on_the_way(of_case bigint, of_status text) RETURNS integer LANGUAGE sql STABLE AS $$
    SELECT coalesce(array_position(ARRAY[{SPANS}],
        CASE WHEN of_status = 'S' THEN registry_suspended_from(of_case) ELSE of_status END), 0)
$$;
CREATE FUNCTION registry_holds_post(who bigint, as_role text, at bigint, day date) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM accounts_post p
        WHERE p.user_id = who AND p.role = as_role AND p.approved_by_id IS NOT NULL AND p.revoked_at IS NULL
            AND at >= p.division_id AND at < division_hi(p.division_id)
            AND p.since <= day AND (p.until IS NULL OR p.until > day)
    )
$$;
CREATE FUNCTION registry_listed(of_round bigint, at bigint, span bigint, from_place integer, besides bigint)
RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT coalesce(sum(c.persons), 0) FROM registry_case c JOIN registry_household h ON h.id = c.household_id
    WHERE c.round_id = of_round AND c.track = 'ENTRY' AND c.id <> besides
        AND c.division >= at AND c.division < at + span AND h.status NOT IN ('K', 'Z')
        AND registry_place_on_the_way(c.id, c.status) >= from_place
$$;
"""

OPEN_CASE = """
CREATE FUNCTION registry_open_case() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    today date := registry_today();
    in_round registry_round%ROWTYPE;
BEGIN
    IF NEW.opened_by_id IS DISTINCT FROM registry_actor() THEN
        PERFORM registry_refuse('case_by_its_actor', '立档人须是登录的本人');
    END IF;
    IF NEW.household_id IS NOT NULL THEN
        SELECT status, division INTO NEW.status, NEW.division FROM registry_household WHERE id = NEW.household_id FOR UPDATE;
    ELSE
        SELECT status, division INTO NEW.status, NEW.division FROM registry_village WHERE id = NEW.village_id FOR UPDATE;
    END IF;
    IF NEW.division < current_setting('app.lo')::bigint OR NEW.division >= current_setting('app.hi')::bigint THEN
        PERFORM registry_refuse('case_in_scope', '不在您的岗位所属区划之内');
    END IF;
    IF NOT EXISTS (SELECT FROM registry_transition WHERE track = NEW.track AND source = NEW.status AND NOT system) THEN
        PERFORM registry_refuse('case_from_its_status', '现在的状态不能办理此事项');
    END IF;
    IF NEW.opened_on > today OR EXISTS (
        SELECT FROM registry_case c WHERE c.closed_on > NEW.opened_on
            AND (c.household_id = NEW.household_id OR c.village_id = NEW.village_id)
    ) THEN
        PERFORM registry_refuse('case_in_time', '立档日期不能晚于今天，也不能早于上一份档案的结档日期');
    END IF;
    IF NEW.round_id IS NOT NULL THEN
        SELECT * INTO in_round FROM registry_round WHERE id = NEW.round_id;
        IF NEW.opened_on < in_round.opens_on OR NEW.opened_on > in_round.closes_on THEN
            PERFORM registry_refuse('case_in_window', '立档日期不在本轮的起止日期之内');
        END IF;
    END IF;
    PERFORM pg_advisory_xact_lock(NEW.division);
    NEW.number := NEW.division || '-' || extract(year FROM NEW.opened_on) || '-' || lpad((
        SELECT count(*) + 1 FROM registry_case
        WHERE number LIKE NEW.division || '-' || extract(year FROM NEW.opened_on) || '-%'
    )::text, 4, '0');
    NEW.persons := coalesce((
        SELECT CASE WHEN y.id_standard = '1' THEN y.member_count ELSE 0 END FROM registry_householdyear y
        WHERE y.household_id = NEW.household_id AND y.year = in_round.income_year
    ), 0);
    NEW.closed_on := NULL;
    RETURN NEW;
END
$$;
CREATE TRIGGER open_case BEFORE INSERT ON registry_case FOR EACH ROW EXECUTE FUNCTION registry_open_case();
"""

# The guard runs with the asker's own rights: within a function of the owner that is the owner, else the application.
SYSTEM_STEPS = """
CREATE FUNCTION registry_refuse_system_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.name IN (SELECT name FROM registry_transition WHERE system)
        AND NOT has_table_privilege('registry_transition', 'INSERT') THEN
        PERFORM registry_refuse('step_by_people', '此步骤由系统办理');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER a_refuse_system_step BEFORE INSERT ON registry_casestep
    FOR EACH ROW EXECUTE FUNCTION registry_refuse_system_step();
"""

TAKE_STEP = """
CREATE FUNCTION registry_take_step() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    today date := registry_today();
    of_case registry_case%ROWTYPE;
    in_round registry_round%ROWTYPE;
    rule registry_transition%ROWTYPE;
    before registry_casestep%ROWTYPE;
    card registry_householdyear%ROWTYPE;
    given text[];
    stood_in text;
    posted date;
    days integer;
    makers bigint[];
BEGIN
    SELECT * INTO of_case FROM registry_case WHERE id = NEW.case_id FOR UPDATE;
    IF of_case.id IS NULL OR of_case.division < current_setting('app.lo')::bigint
        OR of_case.division >= current_setting('app.hi')::bigint THEN
        PERFORM registry_refuse('step_in_scope', '档案不在您的岗位所属区划之内');
    END IF;
    IF of_case.closed_on IS NOT NULL AND NEW.name <> 'unmerge' THEN
        PERFORM registry_refuse('step_of_open_case', '档案已结，不能再办');
    END IF;
    SELECT * INTO rule FROM registry_transition t
    WHERE t.track IN (of_case.track, 'CLEARANCE', 'CLOSURE') AND t.source = of_case.status
        AND t.name = NEW.name AND t.target = NEW.target;
    IF rule.id IS NULL OR NEW.source <> of_case.status THEN
        PERFORM registry_refuse('step_allowed', '现在的状态不能办这一步：程序不得跳级或倒退');
    END IF;
    IF of_case.status = 'S' AND rule.track = of_case.track THEN
        stood_in := registry_suspended_from(of_case.id);
        IF NOT (NEW.name = 'resume' AND NEW.target = stood_in OR NEW.name = 'void' AND stood_in = 'P2'
            OR NEW.name = 'uphold' AND EXISTS (
                SELECT FROM registry_transition t WHERE t.track = of_case.track AND t.source = stood_in
                    AND t.name = 'send_back' AND t.target = NEW.target)) THEN
            PERFORM registry_refuse('step_allowed', '异议办结后只能回到挂起前的一步，或由该步退回');
        END IF;
    END IF;

    IF NOT rule.system THEN
        IF NEW.actor_id IS DISTINCT FROM registry_actor() THEN
            PERFORM registry_refuse('step_by_its_actor', '经办人须是登录的本人');
        END IF;
        IF NEW.role <> ALL (rule.actors) THEN
            PERFORM registry_refuse('step_by_its_role', '您的岗位不办这一步');
        END IF;
        IF NOT registry_holds_post(NEW.actor_id, NEW.role, of_case.division, NEW.on)
            OR NOT registry_holds_post(NEW.actor_id, NEW.role, of_case.division, today) THEN
            PERFORM registry_refuse('step_by_its_post', '经办人当日和今天都须在该区划任此岗');
        END IF;
    END IF;

    SELECT * INTO before FROM registry_casestep WHERE case_id = of_case.id ORDER BY number DESC LIMIT 1;
    IF NEW.on > today OR NEW.on < of_case.opened_on OR NEW.on < before.on THEN
        PERFORM registry_refuse('step_in_time', format('日期须在 %s 至 %s 之间：不得倒签，也不得晚于今天',
            greatest(of_case.opened_on, before.on), today));
    END IF;

    SELECT coalesce(array_agg(item->>'kind'), '{}') INTO given FROM jsonb_array_elements(NEW.evidence) AS item
    WHERE coalesce(trim(item->>'note'), '') <> '';
    IF NOT rule.evidence::text[] <@ given THEN
        PERFORM registry_refuse('step_with_evidence', '须附的材料不齐');
    END IF;
    IF rule.opinion AND trim(NEW.opinion) = '' THEN
        PERFORM registry_refuse('step_with_opinion', '请写明理由');
    END IF;
    IF NEW.name = 'report_relapse' AND NEW.cause = '' THEN
        PERFORM registry_refuse('step_with_cause', '请选返贫原因');
    END IF;
    IF rule.votes THEN
        PERFORM registry_count_votes(NEW);
    ELSIF NEW.representatives IS NOT NULL THEN
        PERFORM registry_refuse('step_votes', '这一步不票决');
    END IF;

    IF of_case.round_id IS NOT NULL THEN
        SELECT * INTO in_round FROM registry_round WHERE id = of_case.round_id;
    END IF;
    IF of_case.household_id IS NOT NULL THEN
        SELECT * INTO card FROM registry_householdyear WHERE household_id = of_case.household_id
            AND (in_round.id IS NULL OR year = in_round.income_year) ORDER BY year DESC LIMIT 1;
        IF card.id IS NULL AND NOT rule.system AND rule.track NOT IN ('CLEARANCE', 'CLOSURE') THEN
            PERFORM registry_refuse('step_on_a_card', format('没有 %s 年度户卡', in_round.income_year));
        END IF;
    END IF;

    IF rule.level THEN
        IF of_case.household_id IS NOT NULL THEN
            SELECT ARRAY[h.entered_by_id, card.updated_by_id] INTO makers FROM registry_household h WHERE h.id = of_case.household_id;
        ELSE
            SELECT ARRAY[v.entered_by_id, (SELECT y.updated_by_id FROM registry_villageyear y
                WHERE y.village_id = v.id ORDER BY y.year DESC LIMIT 1)]
            INTO makers FROM registry_village v WHERE v.id = of_case.village_id;
        END IF;
        IF NEW.actor_id = ANY (makers) THEN
            PERFORM registry_refuse('step_not_by_its_maker', '录入或修改过此卡的人不能审核');
        END IF;
        IF EXISTS (
            SELECT FROM (
                SELECT s.actor_id, s.name FROM registry_casestep s
                WHERE s.case_id = of_case.id AND s.is_level ORDER BY s.number DESC LIMIT 1
            ) AS level WHERE level.actor_id = NEW.actor_id AND level.name <> NEW.name
        ) THEN
            PERFORM registry_refuse('step_not_two_levels', '同一人不得连续办理两级审批');
        END IF;
    END IF;

    IF rule.after_notice THEN
        SELECT s.on INTO posted FROM registry_casestep s
        WHERE s.case_id = of_case.id AND s.target = of_case.status AND s.name LIKE 'post\\_%'
        ORDER BY s.number DESC LIMIT 1;
        days := registry_figure('notice_days_' || of_case.status, extract(year FROM posted)::integer);
        IF posted IS NULL OR NEW.on <= posted + days THEN
            PERFORM registry_refuse('step_after_notice', coalesce(
                format('公示自 %s 起满 %s 日，%s 起可办', posted + 1, days, posted + days + 1), '还没有公示'));
        END IF;
    END IF;

    IF of_case.household_id IS NOT NULL THEN
        of_case.persons := CASE WHEN card.id_standard = '1' AND in_round.id IS NOT NULL THEN card.member_count ELSE 0 END;
        PERFORM registry_hold_conditions(of_case, in_round, rule, card);
    END IF;

    NEW.number := coalesce(before.number, 0) + 1;
    NEW.division := of_case.division;
    NEW.is_level := rule.level;
    NEW.card_version := card.version;
    UPDATE registry_case SET status = NEW.target, persons = of_case.persons,
        closed_on = CASE WHEN rule.ends AND NEW.name <> 'unmerge' THEN NEW.on END
    WHERE id = of_case.id;
    IF of_case.household_id IS NOT NULL THEN
        UPDATE registry_household SET
            status = NEW.target,
            first_identified_year = CASE WHEN NEW.name = 'announce' THEN coalesce(first_identified_year, in_round.year)
                ELSE first_identified_year END,
            exit_year = CASE WHEN NEW.name = 'confirm_exit' THEN extract(year FROM NEW.on) ELSE exit_year END,
            exited_on = CASE WHEN NEW.target = 'O' THEN NEW.on END,
            relapse_year = CASE WHEN NEW.name = 'announce' AND exit_year IS NOT NULL THEN in_round.year ELSE relapse_year END,
            relapse_cause = CASE WHEN NEW.name = 'announce' AND exit_year IS NOT NULL THEN coalesce((
                SELECT s.cause FROM registry_casestep s WHERE s.case_id = of_case.id AND s.cause <> ''
                ORDER BY s.number DESC LIMIT 1), '12') ELSE relapse_cause END
        WHERE id = of_case.household_id;
    ELSE
        UPDATE registry_village SET
            status = NEW.target,
            first_identified_year = CASE WHEN NEW.target = 'VN' AND NEW.name = 'announce_village'
                THEN coalesce(first_identified_year, in_round.year) ELSE first_identified_year END,
            exited_on = CASE WHEN NEW.target = 'VO' THEN NEW.on END
        WHERE id = of_case.village_id;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER take_step BEFORE INSERT ON registry_casestep FOR EACH ROW EXECUTE FUNCTION registry_take_step();
"""

VOTES = """
CREATE FUNCTION registry_count_votes(step registry_casestep) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    of_year integer := extract(year FROM step.on);
    agreed boolean;
BEGIN
    IF step.representatives IS NULL OR step.attending IS NULL OR step.in_favour IS NULL THEN
        PERFORM registry_refuse('step_votes', '请填应到、实到和同意人数');
    END IF;
    IF step.attending * registry_figure('quorum_of', of_year)
        < step.representatives * registry_figure('quorum_part', of_year) THEN
        PERFORM registry_refuse('step_votes', '到会代表不足法定比例，会议无效');
    END IF;
    agreed := step.attending > 0 AND step.in_favour * registry_figure('majority_of', of_year)
        >= step.attending * registry_figure('majority_part', of_year);
    IF agreed = (step.name = 'vote_down') THEN
        PERFORM registry_refuse('step_votes', CASE WHEN agreed
            THEN '同意票已过半，不能记为未通过' ELSE '同意票不足，不能记为通过' END);
    END IF;
END
$$;
"""

# Exactly on the line nobody enters and nobody leaves (procedures §6); who falls back may do so for want of school, doctor or house.
CONDITIONS = """
CREATE FUNCTION registry_hold_conditions(
    of_case registry_case, in_round registry_round, rule registry_transition, card registry_householdyear
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    mode numeric := registry_figure('quota_mode', in_round.year);
    line numeric := (SELECT value FROM registry_procedurefigure WHERE key = 'poverty_line' AND since = in_round.income_year);
    place bigint := of_case.division - of_case.division % nullif(rule.quota, 0);
    allowed bigint;
    listed bigint;
BEGIN
    IF rule.quota > 0 AND card.id_standard = '1' THEN
        IF line IS NOT NULL AND card.net_income >= line * card.member_count
            AND NOT EXISTS (SELECT FROM registry_household WHERE id = of_case.household_id AND exit_year IS NOT NULL) THEN
            PERFORM registry_refuse('step_below_line', format('人均纯收入不低于 %s 年度标准 %s 元，不得列入', in_round.income_year, line));
        END IF;
        IF mode >= 2 THEN
            SELECT persons INTO allowed FROM registry_quota WHERE round_id = in_round.id AND division = place FOR UPDATE;
            IF allowed IS NULL THEN
                PERFORM registry_refuse('step_within_quota', '本级规模还没有下达');
            END IF;
            listed := registry_listed(in_round.id, place, rule.quota, registry_place_on_the_way(of_case.id, rule.target), of_case.id);
            IF listed + of_case.persons > allowed THEN
                PERFORM registry_refuse('step_within_quota', format('规模 %s 人，已列 %s 人，本户 %s 人列不下（一户不可拆）',
                    allowed, listed, of_case.persons));
            END IF;
        END IF;
    END IF;
    IF rule.name = 'confirm_exit' THEN
        IF line IS NULL OR card.net_income <= line * card.member_count THEN
            PERFORM registry_refuse('step_exit_conditions', format('人均纯收入未超过 %s 年度标准，不得退出', in_round.income_year));
        END IF;
        IF card.danger_level IN ('3', '4') OR card.water_safe IS NOT TRUE OR EXISTS (
            SELECT FROM registry_memberyear m JOIN registry_member p ON p.id = m.member_id
            WHERE m.household_year_id = card.id AND m.is_counted AND (m.in_ncms IS NOT TRUE OR (m.student = '01'
                AND card.year - extract(year FROM p.birth_date) BETWEEN 6 AND 15))
        ) THEN
            PERFORM registry_refuse('step_exit_conditions', '住房、饮水、义务教育或参合还没有保障，不得退出（R-93）');
        END IF;
    END IF;
END
$$;
"""

CARD_CHANGED = """
CREATE FUNCTION registry_card_changed() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    of_case registry_case%ROWTYPE;
BEGIN
    SELECT c.* INTO of_case FROM registry_case c JOIN registry_round r ON r.id = c.round_id
    WHERE c.household_id = NEW.household_id AND c.closed_on IS NULL AND c.track = 'ENTRY' AND r.income_year = NEW.year;
    IF of_case.id IS NULL THEN
        RETURN NULL;
    END IF;
    UPDATE registry_case SET persons = CASE WHEN NEW.id_standard = '1' THEN NEW.member_count ELSE 0 END WHERE id = of_case.id;
    IF of_case.status IN ('T', 'P2', 'C') OR of_case.status = 'S' AND registry_suspended_from(of_case.id) = 'P2' THEN
        INSERT INTO registry_casestep (division, case_id, number, name, source, target, "on", actor_id, role, is_level,
            opinion, cause, evidence, at)
        VALUES (of_case.division, of_case.id, 0, 'void', of_case.status, 'V', registry_today(),
            coalesce(registry_actor(), NEW.updated_by_id), '', false, '户卡已修改', '', '[]', now());
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER card_changed AFTER UPDATE OF version ON registry_householdyear FOR EACH ROW
    WHEN (OLD.version <> NEW.version) EXECUTE FUNCTION registry_card_changed();
"""

# A merger closes the household that everybody has left, and its undoing brings status and case back; a split taken back closes the
# household that it had made. The link says what was done, and nothing but the link is asked.
LINEAGE = """
CREATE FUNCTION registry_follow_link(of_link bigint) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    link registry_householdlink%ROWTYPE;
    household registry_household%ROWTYPE;
    of_case registry_case%ROWTYPE;
    ended registry_mergerend%ROWTYPE;
    gone bigint;
BEGIN
    SELECT * INTO link FROM registry_householdlink WHERE id = of_link;
    IF link.id IS NULL OR link.division < current_setting('app.lo')::bigint
        OR link.division >= current_setting('app.hi')::bigint THEN
        PERFORM registry_refuse('link_in_scope', '不在您的岗位所属区划之内');
    END IF;
    gone := CASE WHEN link.kind = 'MERGE' THEN link.household_id WHEN link.kind = 'SPLIT' THEN link.other_id END;
    SELECT * INTO household FROM registry_household WHERE id = gone FOR UPDATE;
    SELECT * INTO ended FROM registry_mergerend WHERE link_id = link.id;
    IF link.kind = 'MERGE' AND link.undone_at IS NULL AND ended.link_id IS NULL AND household.status NOT IN ('K', 'Z') THEN
        IF EXISTS (SELECT FROM registry_memberyear m JOIN registry_householdyear y ON y.id = m.household_year_id
            WHERE y.household_id = gone AND m.is_counted
                AND y.year = (SELECT max(year) FROM registry_householdyear WHERE household_id = gone)) THEN
            PERFORM registry_refuse('link_empties_household', '户内还有成员，不能并户注销');
        END IF;
        SELECT * INTO of_case FROM registry_case WHERE household_id = gone AND closed_on IS NULL;
        INSERT INTO registry_mergerend (link_id, status_before, exited_on_before, case_id)
        VALUES (link.id, household.status, household.exited_on, of_case.id);
        PERFORM registry_system_step(of_case, 'merge', household.status, 'Z', link.done_by_id, '并入他户');
        UPDATE registry_household SET status = 'Z', exited_on = NULL WHERE id = gone;
    ELSIF link.kind = 'MERGE' AND link.undone_at IS NOT NULL AND ended.link_id IS NOT NULL AND household.status = 'Z' THEN
        SELECT * INTO of_case FROM registry_case WHERE id = ended.case_id;
        PERFORM registry_system_step(of_case, 'unmerge', 'Z', ended.status_before, registry_actor(), '并户已撤销');
        UPDATE registry_household SET status = ended.status_before, exited_on = ended.exited_on_before WHERE id = gone;
        DELETE FROM registry_mergerend WHERE link_id = link.id;
    ELSIF link.kind = 'SPLIT' AND link.undone_at IS NOT NULL AND household.status = 'D' THEN
        UPDATE registry_household SET status = 'Z' WHERE id = gone;
    ELSE
        PERFORM registry_refuse('link_moves_status', '此项分并不改变户的状态');
    END IF;
END
$$;
CREATE FUNCTION registry_system_step(of_case registry_case, act text, was text, is_now text, who bigint, why text)
RETURNS void LANGUAGE sql AS $$
    INSERT INTO registry_casestep (division, case_id, number, name, source, target, "on", actor_id, role, is_level,
        opinion, cause, evidence, at)
    SELECT of_case.division, of_case.id, 0, act, was, is_now, registry_today(), who, '', false, why, '', '[]', now()
    WHERE of_case.id IS NOT NULL
$$;
"""

INNER = (
    "registry_listed(bigint, bigint, bigint, integer, bigint)",
    "registry_holds_post(bigint, text, bigint, date)",
    "registry_system_step(registry_case, text, text, text, bigint, text)",
    "registry_count_votes(registry_casestep)",
    "registry_hold_conditions(registry_case, registry_round, registry_transition, registry_householdyear)",
)


def _sql(forwards: str, backwards: str) -> migrations.RunSQL:
    return migrations.RunSQL(forwards, backwards)


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0007_case_walls"),
        ("accounts", "0002_grants"),
        ("divisions", "0002_grants"),
    ]
    operations = [
        _sql(
            HELPERS,
            "DROP FUNCTION registry_listed(bigint, bigint, bigint, integer, bigint);"
            "DROP FUNCTION registry_holds_post(bigint, text, bigint, date);"
            "DROP FUNCTION registry_place_on_the_way(bigint, text); DROP FUNCTION registry_suspended_from(bigint);"
            "DROP FUNCTION registry_figure(text, integer); DROP FUNCTION registry_actor();"
            "DROP FUNCTION registry_today(); DROP FUNCTION registry_refuse(text, text);",
        ),
        _sql(OPEN_CASE, "DROP TRIGGER open_case ON registry_case; DROP FUNCTION registry_open_case();"),
        _sql(
            SYSTEM_STEPS,
            "DROP TRIGGER a_refuse_system_step ON registry_casestep; DROP FUNCTION registry_refuse_system_step();",
        ),
        _sql(VOTES, "DROP FUNCTION registry_count_votes(registry_casestep);"),
        _sql(
            CONDITIONS,
            "DROP FUNCTION registry_hold_conditions(registry_case, registry_round, registry_transition, registry_householdyear);",
        ),
        _sql(TAKE_STEP, "DROP TRIGGER take_step ON registry_casestep; DROP FUNCTION registry_take_step();"),
        _sql(
            CARD_CHANGED,
            "DROP TRIGGER card_changed ON registry_householdyear; DROP FUNCTION registry_card_changed();",
        ),
        _sql(
            LINEAGE,
            "DROP FUNCTION registry_follow_link(bigint);"
            "DROP FUNCTION registry_system_step(registry_case, text, text, text, bigint, text);",
        ),
        *(
            _sql(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC;", migrations.RunSQL.noop)
            for function in INNER
        ),
        _sql(
            "REVOKE ALL ON FUNCTION registry_follow_link(bigint) FROM PUBLIC;"
            f"GRANT EXECUTE ON FUNCTION registry_follow_link(bigint) TO {', '.join(APPLICATION)};",
            migrations.RunSQL.noop,
        ),
    ]
