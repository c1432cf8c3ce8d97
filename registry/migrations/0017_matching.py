"""How lists are taken in and matched: set-wise, by the database, whenever a list or a member comes; who may decide what a hit means.

Hits are written by the functions below and by nobody else. They run as the tables' owner: a list of the province finds the members
of every county, and whoever enters a member need not see the lists that he stands on.
"""

from django.db import migrations

from fupin.servers.rls import APPLICATION, AUDIT, history, same_division, scoped
from registry.rules.matching import MEANINGS, decisions

BLOCKING = ", ".join(f"'{kind}'" for kind, meaning in MEANINGS.items() if meaning.blocks)
DECISIONS = " ".join(
    f"WHEN '{kind}' THEN ARRAY[{', '.join(repr(str(one)) for one in decisions(kind))}]" for kind in MEANINGS
)
ABOVE_TOO = "division <= current_setting('app.lo')::bigint AND division_hi(division) > current_setting('app.lo')::bigint"


def says(kind: str, year: str) -> str:
    """Return the condition under which a member's year already says what the list says, or the member no longer counts."""
    return (
        f"(NOT {year}.is_counted OR CASE {kind} WHEN 'DIBAO' THEN {year}.is_dibao IS TRUE"
        f" WHEN 'WUBAO' THEN {year}.is_wubao IS TRUE WHEN 'DISABILITY' THEN '04' = ANY ({year}.health) ELSE false END)"
    )


HIT_COLUMNS = (
    "division, household_id, member_id, list_id, kind, row_number, source, as_of, fact, note, name_given, same_name, blocks,"
    " state, reason, evidence, found_at"
)
HIT_VALUES = f"""m.division, m.household_id, m.id, l.id, l.kind, r.number, l.source, l.as_of, r.fact, r.note, r.name, r.name = m.name,
        l.kind IN ({BLOCKING}), 'OPEN', '', '', now()"""

# Text would be put together from UNLOGGED rows that nobody but the function reads: COPY is refused on tables with a row policy.
STAGING = f"""
CREATE UNLOGGED TABLE registry_outsidestaging (
    list_id bigint NOT NULL, number integer NOT NULL, id_no_index bytea NOT NULL, id_no_masked text NOT NULL,
    name text NOT NULL, note jsonb NOT NULL, fact text NOT NULL, place bigint NOT NULL
);
GRANT INSERT ON registry_outsidestaging TO {", ".join(APPLICATION)};
"""

MATCH = f"""
CREATE FUNCTION registry_match_list(of_list bigint) RETURNS bigint LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    made bigint;
BEGIN
    INSERT INTO registry_matchhit ({HIT_COLUMNS})
    SELECT {HIT_VALUES}
    FROM registry_outsidelist l
    JOIN registry_outsiderow r ON r.list_id = l.id
    JOIN registry_member m ON m.id_no_index = r.id_no_index
        AND m.division >= l.division AND m.division < division_hi(l.division)
    JOIN registry_household h ON h.id = m.household_id AND h.status NOT IN ('K', 'Z')
    JOIN LATERAL (
        SELECT y.is_counted, y.is_dibao, y.is_wubao, y.health FROM registry_memberyear y
        WHERE y.member_id = m.id ORDER BY y.year DESC LIMIT 1
    ) AS latest ON NOT {says("l.kind", "latest")}
    WHERE l.id = of_list AND l.withdrawn_on IS NULL
    ON CONFLICT (member_id, kind, fact) DO NOTHING;
    GET DIAGNOSTICS made = ROW_COUNT;
    RETURN made;
END
$$;
CREATE FUNCTION registry_take_list(of_list bigint) RETURNS TABLE (taken bigint, hits bigint) LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    wanted registry_outsidelist%ROWTYPE;
BEGIN
    SELECT * INTO wanted FROM registry_outsidelist WHERE id = of_list;
    IF wanted.id IS NULL OR wanted.division < current_setting('app.lo')::bigint
        OR wanted.division >= current_setting('app.hi')::bigint THEN
        PERFORM registry_refuse('outsidelist_in_scope', '名册不在您的岗位所属区划之内');
    END IF;
    IF EXISTS (SELECT FROM registry_outsiderow WHERE list_id = of_list) THEN
        PERFORM registry_refuse('outsidelist_taken_once', '名册已装入，不能追加');
    END IF;
    INSERT INTO registry_outsiderow (division, list_id, number, id_no_index, id_no_masked, name, note, fact)
    SELECT CASE WHEN s.place >= wanted.division AND s.place < division_hi(wanted.division) THEN s.place ELSE wanted.division END,
        s.list_id, s.number, s.id_no_index, s.id_no_masked, s.name, s.note, s.fact
    FROM registry_outsidestaging s WHERE s.list_id = of_list;
    GET DIAGNOSTICS taken = ROW_COUNT;
    DELETE FROM registry_outsidestaging WHERE list_id = of_list;
    IF taken <> wanted.row_count THEN
        PERFORM registry_refuse('outsidelist_whole', format('名册 %s 行，只到 %s 行', wanted.row_count, taken));
    END IF;
    hits := registry_match_list(of_list);
    RETURN NEXT;
END
$$;
"""

# A member who comes, or whose number or card changes, is compared with every standing list at once; what the card now says is settled.
MEMBERS = f"""
CREATE FUNCTION registry_match_members() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        UPDATE registry_matchhit hit SET state = 'MENDED', reason = '户卡已按名册改正，或成员已不在户内', decided_by_id = NULL
        FROM fresh f
        WHERE hit.member_id = f.member_id AND hit.state IN ('OPEN', 'CONFIRMED') AND {says("hit.kind", "f")}
            AND NOT EXISTS (SELECT FROM registry_memberyear y WHERE y.member_id = f.member_id AND y.year > f.year);
    END IF;
    INSERT INTO registry_matchhit ({HIT_COLUMNS})
    SELECT {HIT_VALUES}
    FROM fresh f
    JOIN registry_outsiderow r ON r.id_no_index = f.id_no_index
    JOIN registry_outsidelist l ON l.id = r.list_id AND l.withdrawn_on IS NULL
    JOIN registry_member m ON m.id = f.member_id AND m.division >= l.division AND m.division < division_hi(l.division)
    JOIN registry_household h ON h.id = m.household_id AND h.status NOT IN ('K', 'Z')
    WHERE NOT {says("l.kind", "f")}
        AND NOT EXISTS (SELECT FROM registry_memberyear y WHERE y.member_id = f.member_id AND y.year > f.year)
    ON CONFLICT (member_id, kind, fact) DO NOTHING;
    RETURN NULL;
END
$$;
CREATE TRIGGER match_new_members AFTER INSERT ON registry_memberyear REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION registry_match_members();
CREATE TRIGGER match_changed_members AFTER UPDATE ON registry_memberyear REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION registry_match_members();
"""

DECIDE = f"""
CREATE FUNCTION registry_decide_hit() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    today date := registry_today();
BEGIN
    IF NEW.state = OLD.state AND NEW.reason = OLD.reason AND NEW.evidence = OLD.evidence THEN
        RETURN NEW;
    END IF;
    IF NEW.state = 'MENDED' THEN
        IF NOT EXISTS (
            SELECT FROM (SELECT * FROM registry_memberyear y WHERE y.member_id = OLD.member_id ORDER BY y.year DESC LIMIT 1) AS latest
            WHERE {says("OLD.kind", "latest")}
        ) THEN
            PERFORM registry_refuse('hit_mended', '户卡还没有改正');
        END IF;
        NEW.decided_at := now();
        RETURN NEW;
    END IF;
    IF OLD.state <> 'OPEN' THEN
        IF NEW.state <> 'OPEN' THEN
            PERFORM registry_refuse('hit_undone_first', '已有结论，先撤销再重新核实');
        END IF;
        IF OLD.state = 'MENDED' OR EXISTS (
            SELECT FROM registry_casestep s JOIN registry_case c ON c.id = s.case_id
            WHERE c.household_id = OLD.household_id AND s.at >= OLD.decided_at
                AND s.name IN ('pass_county', 'announce', 'clear', 'close', 'confirm_exit')
        ) THEN
            PERFORM registry_refuse('hit_built_upon', '此后已按这一结论办理了档案步骤，不能撤销');
        END IF;
    END IF;
    IF NOT EXISTS (SELECT FROM unnest(ARRAY['TOWNSHIP', 'COUNTY_REVIEW']) AS role
        WHERE registry_holds_post(registry_actor(), role, OLD.division, today)) THEN
        PERFORM registry_refuse('hit_by_its_post', '比对结果由乡镇专干或县扶贫办审核岗核实');
    END IF;
    IF registry_actor() IN (
        SELECT h.entered_by_id FROM registry_household h WHERE h.id = OLD.household_id
        UNION ALL (SELECT y.updated_by_id FROM registry_householdyear y WHERE y.household_id = OLD.household_id ORDER BY y.year DESC LIMIT 1)
        UNION ALL SELECT l.loaded_by_id FROM registry_outsidelist l WHERE l.id = OLD.list_id
    ) THEN
        PERFORM registry_refuse('hit_not_by_its_maker', '录入此卡或装入名册的人不能核实，须由另一人核实');
    END IF;
    IF NEW.state = 'OPEN' THEN
        NEW.reason := ''; NEW.evidence := ''; NEW.decided_by_id := NULL; NEW.decided_at := NULL;
        RETURN NEW;
    END IF;
    IF NEW.state <> ALL (CASE OLD.kind {DECISIONS} END) THEN
        PERFORM registry_refuse('hit_decision', '这类名册的比对结果不能这样处理');
    END IF;
    IF NEW.decided_by_id IS DISTINCT FROM registry_actor() THEN
        PERFORM registry_refuse('hit_by_its_decider', '核实人须是登录的本人');
    END IF;
    NEW.decided_at := now();
    RETURN NEW;
END
$$;
CREATE TRIGGER decide_hit BEFORE UPDATE OF state, reason, evidence, decided_by_id, decided_at ON registry_matchhit
    FOR EACH ROW EXECUTE FUNCTION registry_decide_hit();
"""

STEPS = """
CREATE FUNCTION registry_hits_settled() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    open_ones bigint;
    true_ones bigint;
BEGIN
    SELECT count(*) FILTER (WHERE hit.state = 'OPEN'), count(*) FILTER (WHERE hit.state = 'CONFIRMED') INTO open_ones, true_ones
    FROM registry_case c JOIN registry_matchhit hit ON hit.household_id = c.household_id AND hit.blocks
    WHERE c.id = NEW.case_id;
    IF open_ones > 0 THEN
        PERFORM registry_refuse('step_after_matching', format('名册比对还有 %s 条没有核实，核实后再办', open_ones));
    END IF;
    IF true_ones > 0 THEN
        PERFORM registry_refuse('step_after_matching', format('名册比对有 %s 条属实，应退回或改正户卡，不能通过', true_ones));
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER v_hits_settled BEFORE INSERT ON registry_casestep
    FOR EACH ROW WHEN (NEW.name IN ('pass_county', 'announce')) EXECUTE FUNCTION registry_hits_settled();
"""

# What a withdrawn list found falls away unless it was decided; the other lists of its kind may say the same and find it again.
WITHDRAW = """
CREATE FUNCTION registry_withdraw_list() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_WHEN = 'BEFORE' THEN
        IF OLD.withdrawn_on IS NOT NULL OR NEW.withdrawn_on IS NULL THEN
            PERFORM registry_refuse('outsidelist_withdrawn_once', '名册已撤销，不能再改');
        END IF;
        RETURN NEW;
    END IF;
    DELETE FROM registry_matchhit WHERE list_id = NEW.id AND state = 'OPEN';
    PERFORM registry_match_list(l.id) FROM registry_outsidelist l
    WHERE l.kind = NEW.kind AND l.withdrawn_on IS NULL
        AND l.division < division_hi(NEW.division) AND division_hi(l.division) > NEW.division;
    RETURN NULL;
END
$$;
CREATE TRIGGER withdraw_list BEFORE UPDATE ON registry_outsidelist
    FOR EACH ROW EXECUTE FUNCTION registry_withdraw_list();
CREATE TRIGGER withdraw_list_hits AFTER UPDATE ON registry_outsidelist
    FOR EACH ROW EXECUTE FUNCTION registry_withdraw_list();
"""

# Of a place the newest list that covers it counts; it may lie above the scope, so these two answer past the row policies, about one
# blind index at a time.
CURRENT = f"""
CREATE FUNCTION registry_current_list(of_kind text, at bigint) RETURNS bigint LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT id FROM registry_outsidelist
    WHERE kind = of_kind AND withdrawn_on IS NULL AND division <= at AND division_hi(division) > at
    ORDER BY as_of DESC, id DESC LIMIT 1
$$;
CREATE FUNCTION registry_on_list(of_kind text, number_index bytea, at bigint) RETURNS boolean LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM registry_outsiderow r
        WHERE r.id_no_index = number_index AND r.list_id = registry_current_list(of_kind, at))
$$;
REVOKE ALL ON FUNCTION registry_current_list(text, bigint), registry_on_list(text, bytea, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION registry_current_list(text, bigint), registry_on_list(text, bytea, bigint)
    TO {", ".join((*APPLICATION, AUDIT))};
"""

# Civil affairs answer what was sent; nobody answers his own slip, and an answer stands.
TRANSFERS = """
CREATE FUNCTION registry_answer_transfer() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    slip registry_transferslip%ROWTYPE;
BEGIN
    SELECT * INTO slip FROM registry_transferslip WHERE id = OLD.slip_id FOR UPDATE;
    IF OLD.result <> '' THEN
        PERFORM registry_refuse('transfer_answered_once', '该户已有回执，不能改写');
    END IF;
    IF slip.sent_on IS NULL OR NEW.result_on < slip.sent_on OR NEW.result_on > registry_today() THEN
        PERFORM registry_refuse('transfer_in_time', '回执日期须在送达之后，不晚于今天');
    END IF;
    IF NEW.answered_by_id IS DISTINCT FROM registry_actor()
        OR NOT registry_holds_post(registry_actor(), 'CIVIL_AFFAIRS', OLD.division, registry_today()) THEN
        PERFORM registry_refuse('transfer_by_civil_affairs', '回执由当地民政填写');
    END IF;
    UPDATE registry_transferslip SET answered_on = NEW.result_on WHERE id = slip.id
        AND NOT EXISTS (SELECT FROM registry_transferline l WHERE l.slip_id = slip.id AND l.result = '' AND l.id <> OLD.id);
    RETURN NEW;
END
$$;
CREATE TRIGGER answer_transfer BEFORE UPDATE OF result, result_on, result_note, answered_by_id ON registry_transferline
    FOR EACH ROW EXECUTE FUNCTION registry_answer_transfer();
"""


def _sql(forwards: str, backwards: str) -> migrations.RunSQL:
    return migrations.RunSQL(forwards, backwards)


class Migration(migrations.Migration):
    dependencies = [("registry", "0016_outside_lists")]
    operations = [
        *scoped("registry_outsidelist", "SELECT, INSERT, UPDATE (withdrawn_on, withdrawn_because)"),
        _sql(
            f"CREATE POLICY from_below ON registry_outsidelist FOR SELECT USING ({ABOVE_TOO});",
            "DROP POLICY from_below ON registry_outsidelist;",
        ),
        *scoped("registry_outsiderow", "SELECT"),
        *scoped("registry_matchhit", "SELECT, UPDATE (state, reason, evidence, decided_by_id, decided_at)"),
        *history("registry_matchhitevent"),
        *scoped("registry_transferslip", "SELECT, INSERT, UPDATE (sent_on, reply_due_on)"),
        _sql(
            f"CREATE POLICY from_below ON registry_transferslip FOR SELECT USING ({ABOVE_TOO});",
            "DROP POLICY from_below ON registry_transferslip;",
        ),
        *scoped(
            "registry_transferline", "SELECT, INSERT, UPDATE (result, result_on, result_note, answered_by_id)"
        ),
        same_division("registry_matchhit", "household_id", "registry_household"),
        same_division("registry_matchhit", "member_id", "registry_member"),
        same_division("registry_transferline", "household_id", "registry_household"),
        _sql(STAGING, "DROP TABLE registry_outsidestaging;"),
        _sql(
            MATCH,
            "DROP FUNCTION registry_take_list(bigint); DROP FUNCTION registry_match_list(bigint);",
        ),
        _sql(
            MEMBERS,
            "DROP TRIGGER match_new_members ON registry_memberyear; DROP TRIGGER match_changed_members ON registry_memberyear;"
            "DROP FUNCTION registry_match_members();",
        ),
        _sql(DECIDE, "DROP TRIGGER decide_hit ON registry_matchhit; DROP FUNCTION registry_decide_hit();"),
        _sql(
            STEPS, "DROP TRIGGER v_hits_settled ON registry_casestep; DROP FUNCTION registry_hits_settled();"
        ),
        _sql(
            WITHDRAW,
            "DROP TRIGGER withdraw_list ON registry_outsidelist; DROP TRIGGER withdraw_list_hits ON registry_outsidelist;"
            "DROP FUNCTION registry_withdraw_list();",
        ),
        _sql(
            CURRENT,
            "DROP FUNCTION registry_on_list(text, bytea, bigint); DROP FUNCTION registry_current_list(text, bigint);",
        ),
        _sql(
            TRANSFERS,
            "DROP TRIGGER answer_transfer ON registry_transferline; DROP FUNCTION registry_answer_transfer();",
        ),
        _sql(
            "REVOKE ALL ON FUNCTION registry_match_list(bigint) FROM PUBLIC;"
            "REVOKE ALL ON FUNCTION registry_take_list(bigint) FROM PUBLIC;"
            f"GRANT EXECUTE ON FUNCTION registry_take_list(bigint) TO {', '.join(APPLICATION)};",
            migrations.RunSQL.noop,
        ),
    ]
