"""A file about more than 500 people has no log row, and so no address, without the word of a second person (security.md row 24)."""

from django.db import migrations

from fupin.servers.rls import scoped
from fupin.sheets.models import MOST_UNAPPROVED
from fupin.sheets.permissions import APPROVERS

ROLES = ", ".join(f"'{role.value}'" for role in sorted(APPROVERS))

REFUSE = """
CREATE FUNCTION sheets_refuse(rule text, why text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = rule, MESSAGE = why;
END
$$;
"""

GUARD = f"""
CREATE FUNCTION sheets_guard_approval() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    me bigint := nullif(current_setting('app.user', true), '')::bigint;
    today date := product_today();
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.requested_by_id IS DISTINCT FROM me THEN
            PERFORM sheets_refuse('approval_asked_by_himself', '申请人须是登录的本人');
        END IF;
        NEW.status := 'WAITING';
        NEW.decided_by_id := NULL;
        NEW.decided_at := NULL;
        NEW.note := '';
        NEW.asked_at := now();
        NEW.expires_at := now() + interval '7 days';
        RETURN NEW;
    END IF;
    IF OLD.status <> 'WAITING' THEN
        PERFORM sheets_refuse('approval_decided_once', '该申请已办理');
    END IF;
    IF now() >= OLD.expires_at THEN
        PERFORM sheets_refuse('approval_in_time', '申请已过有效期，请申请人重新提出');
    END IF;
    IF NEW.decided_by_id IS DISTINCT FROM me OR me = OLD.requested_by_id OR NOT EXISTS (
        SELECT FROM accounts_post p
        WHERE p.user_id = me AND p.role IN ({ROLES}) AND p.approved_by_id IS NOT NULL AND p.revoked_at IS NULL
            AND OLD.division >= p.division_id AND OLD.division < division_hi(p.division_id)
            AND p.since <= today AND (p.until IS NULL OR p.until > today)
    ) THEN
        PERFORM sheets_refuse('approval_by_another', '须由本级或上级有审批岗位的另一人审批');
    END IF;
    IF NEW.status = 'REFUSED' AND btrim(NEW.note) = '' THEN
        PERFORM sheets_refuse('approval_refused_with_a_reason', '退回须写明意见');
    END IF;
    NEW.decided_at := now();
    RETURN NEW;
END
$$;
CREATE TRIGGER guard_approval BEFORE INSERT OR UPDATE ON sheets_exportapproval
    FOR EACH ROW EXECUTE FUNCTION sheets_guard_approval();
"""

FILES = f"""
CREATE FUNCTION sheets_file_is_approved() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.persons > {MOST_UNAPPROVED} AND NOT EXISTS (
        SELECT FROM sheets_exportapproval a
        WHERE a.id = NEW.approval_id AND a.status = 'APPROVED' AND a.requested_by_id = NEW.user_id AND a.kind = NEW.kind
            AND a.division = NEW.division AND a.asked->>'format' = NEW.format AND a.persons >= NEW.persons
            AND a.expires_at > now()
    ) THEN
        PERFORM sheets_refuse('export_is_approved', format('涉及 %s 人，须先由另一人审批', NEW.persons));
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER file_is_approved BEFORE INSERT ON sheets_exportlog FOR EACH ROW EXECUTE FUNCTION sheets_file_is_approved();
"""


class Migration(migrations.Migration):
    dependencies = [("sheets", "0003_approval"), ("divisions", "0002_grants"), ("accounts", "0003_today")]
    operations = [
        *scoped("sheets_exportapproval", "SELECT, INSERT, UPDATE (status, decided_by_id, decided_at, note)"),
        migrations.RunSQL(REFUSE, "DROP FUNCTION sheets_refuse(text, text);"),
        migrations.RunSQL(GUARD, "DROP FUNCTION sheets_guard_approval() CASCADE;"),
        migrations.RunSQL(FILES, "DROP FUNCTION sheets_file_is_approved() CASCADE;"),
        migrations.RunSQL(
            "REVOKE ALL ON FUNCTION sheets_guard_approval() FROM PUBLIC;"
            "REVOKE ALL ON FUNCTION sheets_file_is_approved() FROM PUBLIC;",
            migrations.RunSQL.noop,
        ),
    ]
