"""How PostgreSQL answers the slowest statements of each page: EXPLAIN as the web login, in the clerk's scope."""

import re
from pathlib import Path

from django.db import connection, transaction

from benchmarks.pages import Page
from benchmarks.timing import Query, queries
from fupin.accounts.scope import enter_scope
from fupin.divisions.codes import code_range
from registry.models import Household

SLOWEST = 2

_INDEX = re.compile(r"'\\x[0-9a-f]+'")


def keep_plans(pages: list[Page], folder: Path, divisions: dict[str, int]) -> None:
    """Write the plans of each page's slowest statements into one file a page, replacing those of an earlier run."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.txt"):
        old.unlink()
    with transaction.atomic():
        enter_scope(*code_range(divisions["province"]), user_id=None)
        size = Household.objects.count()
    for page in pages:
        request = page.make(0)
        with queries() as seen:
            request()
        slow = sorted(
            (q for q in seen if q.sql.lstrip().upper().startswith("SELECT")), key=lambda q: -q.seconds
        )
        division = divisions["province" if "省" in page.name else "county"]
        texts = [plan for query in slow[:SLOWEST] if (plan := _plan(query, division))]
        head = f"# {page.name}，{size:,} 户"
        (folder / f"{page.slug}.txt").write_text("\n\n".join([head, *texts]) + "\n")


def _plan(query: Query, division: int) -> str:
    with transaction.atomic(), connection.cursor() as cursor:
        enter_scope(*code_range(division), user_id=1)
        if "set_config" in query.sql or "registry_lock" in query.sql:
            return ""
        statement = cursor.mogrify(query.sql, query.params).decode()
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) {query.sql}", query.params)
        lines = [row[0] for row in cursor.fetchall()]
        transaction.set_rollback(True)
    return _shortened(statement) + "\n\n" + _INDEX.sub("'\\\\x…'", "\n".join(lines))


def _shortened(statement: str) -> str:
    """Shorten the list of columns; a plan needs neither it nor a blind index."""
    head, _, tail = statement.partition(" FROM ")
    columns = head if len(head) < 400 else f"{head[:160]} …"
    return _INDEX.sub("'\\\\x…'", f"{columns} FROM {tail}")
