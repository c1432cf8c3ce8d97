"""The history keeps of a request what it had said by then: a reason given after its first write is not lost."""

from django.db import migrations

# The table is written once (0002_grants), so a context that has since learnt something is another row. All rows of a request name its
# `request_id`; the id is made of the request's own and of what was said, so the same words are stored once.
ATTACH = """
CREATE OR REPLACE FUNCTION _pgh_attach_context() RETURNS pghistory_context.id%TYPE
LANGUAGE plpgsql AS $$
DECLARE
    request TEXT := nullif(current_setting('pghistory.context_id', true), '');
    said JSONB := nullif(current_setting('pghistory.context_metadata', true), '')::jsonb;
    said_by_then UUID;
BEGIN
    IF request IS NULL OR said IS NULL THEN
        RETURN NULL;
    END IF;
    said_by_then := md5(request || said::text)::uuid;
    INSERT INTO pghistory_context (id, metadata, created_at, updated_at)
    VALUES (said_by_then, said, now(), now())
    ON CONFLICT (id) DO NOTHING;
    RETURN said_by_then;
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_today")]
    operations = [migrations.RunSQL(ATTACH, migrations.RunSQL.noop)]
