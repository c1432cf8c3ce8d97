"""Who may touch the tables of accounts; records are append-only; incompatible posts are refused by the database."""

from django.db import migrations

from fupin.accounts.roles import INCOMPATIBLE
from fupin.servers.rls import AUDIT, grant


def _incompatible_pairs() -> str:
    rows = sorted({pair for roles in INCOMPATIBLE for pair in [tuple(sorted(roles))] if len(pair) == 2})
    return ", ".join(f"('{first}', '{second}')" for first, second in rows)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("divisions", "0002_grants"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("sessions", "0001_initial"),
        ("axes", "0010_accessattemptexpiration"),
        ("otp_totp", "0003_add_timestamps"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]
    operations = [
        grant("accounts_user", "SELECT, INSERT, UPDATE"),
        grant("accounts_passwordrecord", "SELECT, INSERT, DELETE"),
        grant("accounts_post", "SELECT, INSERT, UPDATE"),
        grant("accounts_signin", "SELECT, INSERT, UPDATE"),
        grant("accounts_apitoken", "SELECT, INSERT, UPDATE"),
        grant("accounts_auditrecord", "SELECT, INSERT"),
        grant("accounts_accessrecord", "SELECT, INSERT"),
        grant("accounts_auditrecord", "SELECT", (AUDIT,)),
        grant("accounts_accessrecord", "SELECT", (AUDIT,)),
        grant("accounts_user_groups", "SELECT"),
        grant("accounts_user_user_permissions", "SELECT"),
        grant("auth_group", "SELECT"),
        grant("auth_group_permissions", "SELECT"),
        grant("auth_permission", "SELECT"),
        grant("django_content_type", "SELECT"),
        grant("django_migrations", "SELECT"),
        grant("django_session", "SELECT, INSERT, UPDATE, DELETE"),
        grant("axes_accessattempt", "SELECT, INSERT, UPDATE, DELETE"),
        grant("axes_accessattemptexpiration", "SELECT, INSERT, UPDATE, DELETE"),
        grant("axes_accessfailurelog", "SELECT, INSERT"),
        grant("axes_accesslog", "SELECT, INSERT, UPDATE"),
        grant("otp_totp_totpdevice", "SELECT, INSERT, UPDATE, DELETE"),
        grant("pghistory_context", "SELECT, INSERT"),
        grant("pghistory_context", "SELECT", (AUDIT,)),
        migrations.RunSQL(
            # pghistory's own function upserts, which would let the application rewrite who did something and why.
            """
            CREATE OR REPLACE FUNCTION _pgh_attach_context() RETURNS pghistory_context.id%TYPE
            LANGUAGE plpgsql AS $$
            DECLARE
                context_id UUID := nullif(current_setting('pghistory.context_id', true), '')::uuid;
                metadata JSONB := nullif(current_setting('pghistory.context_metadata', true), '')::jsonb;
            BEGIN
                IF context_id IS NULL OR metadata IS NULL THEN
                    RETURN NULL;
                END IF;
                INSERT INTO pghistory_context (id, metadata, created_at, updated_at)
                VALUES (context_id, metadata, now(), now())
                ON CONFLICT (id) DO NOTHING;
                RETURN context_id;
            END
            $$;
            """,
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            f"""
            CREATE FUNCTION post_refuse_incompatible() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                PERFORM 1 FROM accounts_user WHERE id = NEW.user_id FOR NO KEY UPDATE;
                IF NEW.revoked_at IS NULL AND EXISTS (
                    SELECT FROM accounts_post p
                    JOIN (VALUES {_incompatible_pairs()}) AS pair (first, second)
                        ON (p.role, NEW.role) IN ((pair.first, pair.second), (pair.second, pair.first))
                    WHERE p.user_id = NEW.user_id AND p.id <> NEW.id AND p.revoked_at IS NULL
                        AND daterange(p.since, p.until) && daterange(NEW.since, NEW.until)
                        AND p.division_id < division_hi(NEW.division_id) AND NEW.division_id < division_hi(p.division_id)
                ) THEN
                    RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'post_compatible_roles',
                        MESSAGE = '该用户已任与此不相容的岗位';
                END IF;
                RETURN NEW;
            END
            $$;
            CREATE TRIGGER post_compatible_roles BEFORE INSERT OR UPDATE ON accounts_post
                FOR EACH ROW EXECUTE FUNCTION post_refuse_incompatible();
            """,
            "DROP TRIGGER post_compatible_roles ON accounts_post; DROP FUNCTION post_refuse_incompatible();",
        ),
    ]
