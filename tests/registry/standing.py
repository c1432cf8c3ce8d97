"""Households and villages put at a status without the procedure: for tests of something else.

The application's role may not write a status, so a function of the owner does it, which exists in test databases only.
"""

import json
from typing import Any

from django.db import connection, transaction

FUNCTION = """
CREATE OR REPLACE FUNCTION tests_put(of_table text, id bigint, standing jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    given text := (SELECT string_agg(format('%I = (now_is).%1$I', key), ', ') FROM jsonb_object_keys(standing) AS key);
BEGIN
    EXECUTE format('UPDATE %1$I SET %2$s FROM (SELECT jsonb_populate_record(NULL::%1$I, $2) AS now_is) AS given WHERE %1$I.id = $1',
        of_table, given) USING id, standing;
END
$$;
GRANT EXECUTE ON FUNCTION tests_put(text, bigint, jsonb) TO fupin_web, fupin_worker;
CREATE OR REPLACE FUNCTION tests_days_pass(days integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    events text;
BEGIN
    FOR events IN SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'pgh_created_at' LOOP
        EXECUTE format('UPDATE %I SET pgh_created_at = pgh_created_at - make_interval(days => $1)', events) USING days;
    END LOOP;
END
$$;
GRANT EXECUTE ON FUNCTION tests_days_pass(integer) TO fupin_web, fupin_worker;
"""


def put(thing: Any, status: str, **more: Any) -> None:
    """Let a household or village stand at a status, with the years and dates that go with it."""
    values = {"status": str(status), **more}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT tests_put(%s, %s, %s)", [thing._meta.db_table, thing.pk, json.dumps(values, default=str)]
        )
    thing.refresh_from_db()


def days_pass(days: int) -> None:
    """Let everything that has happened lie so many days further back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tests_days_pass(%s)", [days])
