"""Is the history what it was? Every seal is computed anew, row by row where one does not fit; and the present must follow from it.

Memory does not grow with the history: one block of rows at a time.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.db import connection

from fupin.history.digests import SHORT, block_of, digests_of, reading
from fupin.history.looking import at_moment
from fupin.history.models import Seal
from fupin.history.past import SCHEMA
from fupin.history.services.sealing import FIRST, head_of, heads_file
from fupin.history.tables import Sealed, Tracked, sealed, tracked

LONGEST_TRANSACTION: Final = timedelta(days=1)
MOST_NAMED: Final = 1000
"""Differences of one kind in one table that are named; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that is not as it should be: in which table, which row, which object it is about, and what is wrong."""

    check: str
    table: str
    row: int | None
    object: int | None
    said: str

    def __str__(self) -> str:
        row = "" if self.row is None else f" 第 {self.row} 行"
        about = "" if self.object is None else f"（对象 {self.object}）"
        return f"{self.table}{row}{about}：{self.said}"


Check = Callable[[], Iterator[Difference]]
CHECKS: dict[str, Check] = {}
"""What `manage.py verify` goes through, by name; each app adds its own."""


def check(name: str) -> Callable[[Check], Check]:
    """Register a function that yields what is wrong."""

    def register(function: Check) -> Check:
        CHECKS[name] = function
        return function

    return register


@check("seals")
def seals() -> Iterator[Difference]:
    """Yield what was changed, put in or taken away behind a seal, and seals that do not hang together."""
    by_name = {table.table: table for table in sealed()}
    previous, number = FIRST, 0
    reached: dict[str, int] = {}
    heads = _sent_heads()
    numbers = list(Seal.objects.order_by("number").values_list("number", flat=True))
    earlier: dict[str, Seal] = {}
    for key in numbers:
        seal = Seal.objects.get(pk=key)
        if seal.number != number + 1 or bytes(seal.previous) != previous:
            yield Difference(
                "seals", "history_seal", seal.number, None, "与前一封条不相连：此前有封条被删或被改"
            )
        if head_of(seal) != bytes(seal.head):
            yield Difference("seals", "history_seal", seal.number, None, "封条的内容被改过")
        if seal.number in heads and heads.pop(seal.number) != bytes(seal.head).hex():
            yield Difference(
                "seals", "history_seal", seal.number, None, "与库外留存的封条不符：整条链被重做过"
            )
        table = by_name.get(seal.table_name)
        if table is None or seal.after != reached.get(seal.table_name, 0):
            yield Difference(
                "seals", seal.table_name, None, None, f"第 {seal.number} 号封条与此表前一封条不相接"
            )
        if table is not None:
            yield from _behind(seal, table, earlier.get(seal.table_name))
        reached[seal.table_name] = seal.upto
        earlier[seal.table_name] = seal
        previous, number = bytes(seal.head), seal.number
    for missing in sorted(heads):
        yield Difference("seals", "history_seal", missing, None, "库外留存的封条在库中没有：链尾被删")


def _sent_heads() -> dict[int, str]:
    file = heads_file()
    lines = file.read_text().split("\n") if file.exists() else []
    return {int(number): head for line in lines if line for _, number, head in [line.split(" ")]}


def _behind(seal: Seal, table: Sealed, before: Seal | None) -> Iterator[Difference]:
    """Compare the rows behind one seal with what it says of them."""
    with reading("default") as cursor:
        now = block_of(cursor, table, seal.columns, after=seal.after, upto=seal.upto, most=2**31)
        if (now.rows_sha256, now.keys) != (bytes(seal.rows_sha256), seal.keys):
            yield from _named(cursor, seal, table)
        elif before is not None:
            yield from _written_late(cursor, seal, table, before)


def _named(cursor: Any, seal: Seal, table: Sealed) -> Iterator[Difference]:
    have = digests_of(cursor, table, seal.columns, after=seal.after, upto=seal.upto)
    cursor.execute(
        "SELECT key FROM unnest(%s::int8multirange) AS part, generate_series(lower(part), upper(part) - 1) AS key ORDER BY key",
        [seal.keys],
    )
    sealed_then = bytes(seal.digests)
    then = {key: sealed_then[at * SHORT : (at + 1) * SHORT] for at, (key,) in enumerate(cursor.fetchall())}
    wrong = [
        *((key, "被删除") for key in then.keys() - have.keys()),
        *((key, "是后来补进去的") for key in have.keys() - then.keys()),
        *((key, "被改过") for key in then.keys() & have.keys() if then[key] != have[key]),
    ]
    objects = _objects(cursor, table, [key for key, _ in wrong])
    for key, said in sorted(wrong)[:MOST_NAMED]:
        yield Difference("seals", table.table, key, objects.get(key), f"封存（{seal.at:%Y-%m-%d}）之后{said}")
    if len(wrong) > MOST_NAMED or not wrong:
        yield Difference(
            "seals", table.table, None, None, f"第 {seal.number} 号封条所封 {seal.rows} 行与封条不符"
        )


def _objects(cursor: Any, table: Sealed, keys: list[int]) -> dict[int, int]:
    if table.object == table.key:
        return {}
    cursor.execute(
        f"SELECT {table.key}, {table.object} FROM {table.table} WHERE {table.key} = ANY (%s)", [keys]
    )
    return dict(cursor.fetchall())


def _written_late(cursor: Any, seal: Seal, table: Sealed, before: Seal) -> Iterator[Difference]:
    """Yield rows that claim to be older than the seal before theirs: no transaction is open for a day."""
    cursor.execute(
        f"SELECT {table.key}, {table.object}, {table.moment} FROM {table.table}"
        f" WHERE {table.key} > %s AND {table.key} <= %s AND {table.moment} < %s ORDER BY 1 LIMIT %s",
        [seal.after, seal.upto, before.marked_at - LONGEST_TRANSACTION, MOST_NAMED],
    )
    for key, about, moment in cursor.fetchall():
        yield Difference(
            "seals", table.table, key, about, f"自称写于 {moment:%Y-%m-%d %H:%M}，实际晚于上一封条"
        )


@check("present")
def present() -> Iterator[Difference]:
    """Yield the rows of the register that do not follow from their history."""
    for table in tracked():
        yield from present_of(table)


def present_of(table: Tracked) -> Iterator[Difference]:
    """Yield the rows of one table that its history gives otherwise, or does not give."""
    columns = ", ".join(f'{{0}}."{column}"' for column in table.columns)
    key = table.key
    with at_moment("infinity"), connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT coalesce(here."{key}", past."{key}"), here."{key}" IS NULL, past."{key}" IS NULL
            FROM public.{table.table} here FULL JOIN {SCHEMA}.{table.table} past ON past."{key}" = here."{key}"
            WHERE ROW({columns.format("here")}) IS DISTINCT FROM ROW({columns.format("past")})
            ORDER BY 1 LIMIT %s
            """,
            [MOST_NAMED],
        )
        found = cursor.fetchall()
    for row, is_missing, has_none in found:
        said = "历史中有，表中没有" if is_missing else "没有历史" if has_none else "与历史的最后一条不同"
        yield Difference("present", table.table, row, row, said)
