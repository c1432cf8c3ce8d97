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
"""


def put(thing: Any, status: str, **more: Any) -> None:
    """Let a household or village stand at a status, with the years and dates that go with it."""
    values = {"status": str(status), **more}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT tests_put(%s, %s, %s)", [thing._meta.db_table, thing.pk, json.dumps(values, default=str)]
        )
    thing.refresh_from_db()
