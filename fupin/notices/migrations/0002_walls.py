"""Who reads and writes notices: a draft stays in its division; what is posted everybody reads and nobody changes.

A visitor has no scope, so a policy over the scope would answer him with an error: posted notices have a policy that lets everybody
read, and others that let only the offices of the division write. An objection he files, and an answer he looks up, go through
functions that do nothing else.
"""

from django.db import migrations

from fupin.servers.rls import APPLICATION, AUDIT, IN_SCOPE, grant, same_division, scoped

EVERYBODY = ", ".join(APPLICATION)


def public(table: str, privileges: str) -> list[migrations.RunSQL]:
    """Let everybody read a table, and only those write whose scope its division lies in."""
    return [
        migrations.RunSQL(
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; ALTER TABLE {table} FORCE ROW LEVEL SECURITY;"
            f"CREATE POLICY everybody_reads ON {table} FOR SELECT USING (true);"
            f"CREATE POLICY in_scope_inserts ON {table} FOR INSERT WITH CHECK ({IN_SCOPE});"
            f"CREATE POLICY in_scope_updates ON {table} FOR UPDATE USING ({IN_SCOPE}) WITH CHECK ({IN_SCOPE});",
            f"DROP POLICY in_scope_updates ON {table}; DROP POLICY in_scope_inserts ON {table};"
            f"DROP POLICY everybody_reads ON {table};"
            f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;",
        ),
        grant(table, privileges),
        grant(table, "SELECT", (AUDIT,)),
    ]


PERIOD = """
ALTER TABLE notices_notice ADD CONSTRAINT notice_period_from_the_day_after
    CHECK (first_on = posted_on + 1 AND last_on = posted_on + days AND passes_on = last_on + 1);
"""

NUMBERS = f"""
CREATE SEQUENCE notices_number; CREATE SEQUENCE notices_objection_number;
GRANT USAGE ON SEQUENCE notices_number TO {EVERYBODY};
"""

# A sheet that hangs in the village can't be changed afterwards, so neither can its record.
FIXED = """
CREATE FUNCTION notices_line_is_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.position < 1 OR NEW.position > (SELECT line_count FROM notices_notice WHERE id = NEW.notice_id) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'noticeline_counted',
            MESSAGE = '公示已张贴，名单不能增加';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER counted BEFORE INSERT ON notices_noticeline FOR EACH ROW EXECUTE FUNCTION notices_line_is_counted();

CREATE FUNCTION notices_stays_down() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'notice_stays_down', MESSAGE = '公示已撤下';
END
$$;
CREATE TRIGGER stays_down BEFORE UPDATE ON notices_notice FOR EACH ROW
    WHEN (OLD.taken_down_on IS NOT NULL) EXECUTE FUNCTION notices_stays_down();

CREATE FUNCTION notices_draft_is_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'noticedraft_is_open', MESSAGE = '公示稿已张贴或作废';
END
$$;
CREATE TRIGGER is_open BEFORE UPDATE ON notices_noticedraft FOR EACH ROW
    WHEN (OLD.status <> 'DRAFT') EXECUTE FUNCTION notices_draft_is_open();

CREATE FUNCTION notices_objection_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.status, NEW.status) NOT IN (('FILED', 'ACCEPTED'), ('FILED', 'DECLINED'), ('ACCEPTED', 'SETTLED')) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'objection_steps_in_order',
            MESSAGE = format('异议不能从 %s 改为 %s', OLD.status, NEW.status);
    END IF;
    IF NEW.status IN ('DECLINED', 'SETTLED')
        AND NEW.settled_by_id = (SELECT posted_by_id FROM notices_notice WHERE id = NEW.notice_id) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'objection_settled_by_another',
            MESSAGE = '异议须由张贴人以外的人办结';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER step BEFORE UPDATE ON notices_objection FOR EACH ROW EXECUTE FUNCTION notices_objection_step();
"""

SAME_NOTICE = """
CREATE UNIQUE INDEX notices_noticeline_id_notice ON notices_noticeline (id, notice_id);
ALTER TABLE notices_objection ADD CONSTRAINT objection_line_of_its_notice FOREIGN KEY (line_id, notice_id)
    REFERENCES notices_noticeline (id, notice_id) ON DELETE RESTRICT;
"""

OBJECT = f"""
CREATE FUNCTION notices_object(
    of_notice bigint, of_position integer, on_day date, due date, via text, said text, entry uuid, digest bytea,
    name_row uuid, name_cipher bytea, name_mask text, phone_row uuid, phone_cipher bytea, phone_mask text
) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    about notices_notice;
    of_line notices_noticeline;
    given text;
BEGIN
    SELECT * INTO about FROM notices_notice n WHERE n.id = of_notice;
    IF about.id IS NULL OR NOT about.objectable OR about.taken_down_on IS NOT NULL
        OR on_day < about.posted_on OR on_day > about.last_on THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'objection_in_time',
            MESSAGE = '公示期已过，不能再提异议';
    END IF;
    IF via <> 'WEB' AND NOT (about.division >= current_setting('app.lo')::bigint
        AND about.division < current_setting('app.hi')::bigint) THEN
        RAISE EXCEPTION 'notice % is not in scope', of_notice USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF of_position IS NOT NULL THEN
        SELECT * INTO STRICT of_line FROM notices_noticeline l WHERE l.notice_id = of_notice AND l.position = of_position;
    END IF;
    INSERT INTO notices_objection (
        number, notice_id, line_id, division, subject_key, channel, statement, name_sealed, name_masked, phone_sealed,
        phone_masked, entry_key, code_digest, filed_on, filed_at, recorded_by_id, status, accept_due_on, finding, answer
    ) VALUES (
        'Y' || to_char(on_day, 'YYYY') || lpad(nextval('notices_objection_number')::text, 6, '0'), of_notice, of_line.id,
        about.division, coalesce(of_line.subject_key, ''), via, said, name_row, name_mask, phone_row, phone_mask, entry, digest,
        on_day, now(), CASE WHEN via <> 'WEB' THEN nullif(current_setting('app.user', true), '')::bigint END, 'FILED', due, '', ''
    ) ON CONFLICT (entry_key) DO NOTHING RETURNING number INTO given;
    IF given IS NULL THEN
        SELECT o.number INTO given FROM notices_objection o WHERE o.entry_key = entry AND o.notice_id = of_notice;
        RETURN given;
    END IF;
    INSERT INTO vault_sealed (id, division, kind, ciphertext, sealed_at)
        SELECT s.id, about.division, s.kind, s.ciphertext, now()
        FROM (VALUES (name_row, 'name', name_cipher), (phone_row, 'phone', phone_cipher)) AS s (id, kind, ciphertext)
        WHERE s.id IS NOT NULL;
    RETURN given;
END
$$;
REVOKE ALL ON FUNCTION notices_object FROM PUBLIC;
GRANT EXECUTE ON FUNCTION notices_object TO {EVERYBODY};
"""

# Whoever knows number and code learns how his objection stands, and nothing of who wrote what.
ANSWER = f"""
CREATE FUNCTION notices_answer(of_number text, digest bytea)
RETURNS TABLE (number text, notice text, title text, status text, filed_on date, accept_due_on date, accepted_on date,
    settle_due_on date, settled_on date, upheld boolean, answer text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT o.number::text, n.number::text, n.title::text, o.status::text, o.filed_on, o.accept_due_on, o.accepted_on,
        o.settle_due_on, o.settled_on, o.upheld, o.answer
    FROM notices_objection o JOIN notices_notice n ON n.id = o.notice_id
    WHERE o.number = of_number AND o.code_digest = digest
$$;
REVOKE ALL ON FUNCTION notices_answer FROM PUBLIC;
GRANT EXECUTE ON FUNCTION notices_answer TO {EVERYBODY};
"""

# The one place that says whether something may go on: the apps' own triggers ask it.
PASSED = f"""
CREATE FUNCTION notices_passed(of_subject text, of_kind text, on_day date) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce((
        SELECT n.passes_on <= on_day
            AND (n.taken_down_on IS NULL OR n.taken_down_on > n.last_on)
            AND NOT EXISTS (
                SELECT FROM notices_objection o WHERE o.notice_id = n.id AND (
                    (o.status IN ('FILED', 'ACCEPTED') AND (o.line_id IS NULL OR o.line_id = l.id))
                    OR (o.upheld AND o.line_id = l.id)))
        FROM notices_noticeline l JOIN notices_notice n ON n.id = l.notice_id
        WHERE l.subject_key = of_subject AND n.kind = of_kind
        ORDER BY n.posted_on DESC, n.id DESC LIMIT 1
    ), false)
$$;
COMMENT ON FUNCTION notices_passed(text, text, date) IS '所指事项最近一次该类公示是否期满且无未办结或成立的异议';
REVOKE ALL ON FUNCTION notices_passed FROM PUBLIC;
GRANT EXECUTE ON FUNCTION notices_passed TO {EVERYBODY};
"""


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_initial"), ("accounts", "0002_grants"), ("vault", "0002_grants")]
    operations = [
        *scoped("notices_noticedraft", "SELECT, INSERT, UPDATE (posted_on, text, status)"),
        *public(
            "notices_notice", "SELECT, INSERT, UPDATE (taken_down_on, taken_down_by_id, taken_down_because)"
        ),
        *public("notices_noticeline", "SELECT, INSERT"),
        *public("notices_noticephoto", "SELECT, INSERT"),
        *scoped(
            "notices_objection",
            "SELECT, UPDATE (status, accepted_on, accepted_by_id, settle_due_on, settled_on, settled_by_id, upheld, finding, answer)",
        ),
        same_division("notices_notice", "draft_id", "notices_noticedraft"),
        same_division("notices_noticeline", "notice_id", "notices_notice"),
        same_division("notices_noticephoto", "notice_id", "notices_notice"),
        same_division("notices_objection", "notice_id", "notices_notice"),
        migrations.RunSQL(
            PERIOD, "ALTER TABLE notices_notice DROP CONSTRAINT notice_period_from_the_day_after;"
        ),
        migrations.RunSQL(NUMBERS, "DROP SEQUENCE notices_number; DROP SEQUENCE notices_objection_number;"),
        migrations.RunSQL(
            FIXED,
            "DROP TRIGGER counted ON notices_noticeline; DROP FUNCTION notices_line_is_counted();"
            "DROP TRIGGER stays_down ON notices_notice; DROP FUNCTION notices_stays_down();"
            "DROP TRIGGER is_open ON notices_noticedraft; DROP FUNCTION notices_draft_is_open();"
            "DROP TRIGGER step ON notices_objection; DROP FUNCTION notices_objection_step();",
        ),
        migrations.RunSQL(
            SAME_NOTICE,
            "ALTER TABLE notices_objection DROP CONSTRAINT objection_line_of_its_notice; DROP INDEX notices_noticeline_id_notice;",
        ),
        migrations.RunSQL(OBJECT, "DROP FUNCTION notices_object;"),
        migrations.RunSQL(ANSWER, "DROP FUNCTION notices_answer;"),
        migrations.RunSQL(PASSED, "DROP FUNCTION notices_passed;"),
    ]
