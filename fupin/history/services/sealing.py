"""Seal what has been written: block by block, each chained to the one before, long after the writers are gone.

No writer waits for the chain. A mark notes how far each table has grown and which transactions were open; once all of those are over,
no row below the mark can appear any more, and everything up to it is sealed.
"""

import json
import logging
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.mail import send_mail
from django.db import connection
from django.utils import timezone

from fupin.accounts.scope import whole_province
from fupin.history.digests import Block, block_of, chained, reading, sealed_columns
from fupin.history.models import Mark, Seal
from fupin.history.tables import Sealed, sealed

BLOCK: Final = 5_000
"""Rows under one seal."""

FIRST: Final = bytes(32)
"""What the first seal is chained to."""

_LOCK: Final = 0x5EA1

log = logging.getLogger("fupin.history")


def seal_all() -> int:
    """Seal up to the last mark, if its transactions are over, and set the next; return how many seals were put on.

    Run as often as is handy, by a role that may read everything; two at once do not disturb one another.
    """
    made = _seal_marked()
    if not Mark.objects.exists():
        _set_mark()
        made += _seal_marked()  # where nobody else is writing, the mark is good at once
    return made


def _set_mark() -> None:
    with whole_province(), connection.cursor() as cursor:
        tops = " UNION ALL ".join(
            f"SELECT '{table.table}', coalesce(max({table.key}), 0) FROM {table.table}" for table in sealed()
        )
        cursor.execute(tops)
        reached = dict(cursor.fetchall())
        cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        (transaction,) = cursor.fetchone()
        Mark.objects.create(transaction=transaction, reached=reached)


def _seal_marked() -> int:
    with whole_province(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        (oldest,) = cursor.fetchone()
        mark = Mark.objects.order_by("pk").first()
        if mark is None or oldest < mark.transaction:
            return 0
        made = 0
        with reading("default") as rows:
            for table in sealed():
                made += _seal_table(rows, table, mark)
        mark.delete()
        return made


def _seal_table(cursor: Any, table: Sealed, mark: Mark) -> int:
    """Put on the seals of one table, up to the mark."""
    upto = mark.reached.get(table.table, 0)
    last = (
        Seal.objects.filter(table_name=table.table).order_by("-after").values_list("upto", flat=True).first()
    )
    after, made = last or 0, 0
    columns = sealed_columns(table)
    while after < upto:
        block = block_of(cursor, table, columns, after=after, upto=upto, most=BLOCK)
        if block.rows < BLOCK:
            block = Block(upto, block.rows, block.keys, block.digests, block.rows_sha256)
        if not block.rows:
            break
        put_on(table.table, columns, after, block, marked_at=mark.at, at=timezone.now())
        after, made = block.upto, made + 1
    return made


def put_on(
    table: str, columns: Sequence[str], after: int, block: Block, *, marked_at: datetime, at: datetime
) -> Seal:
    """Chain one seal to the last."""
    before = last_seal()
    seal = Seal(
        number=(before.number if before else 0) + 1,
        at=at,
        marked_at=marked_at,
        table_name=table,
        after=after,
        upto=block.upto,
        rows=block.rows,
        columns=list(columns),
        keys=block.keys,
        digests=block.digests,
        rows_sha256=block.rows_sha256,
        previous=bytes(before.head) if before else FIRST,
    )
    seal.head = head_of(seal)
    seal.save(force_insert=True)
    return seal


def head_of(seal: Seal) -> bytes:
    """Return the head that a seal must have by what it says and by the head before it."""
    return chained(
        bytes(seal.previous),
        seal.number,
        f"{seal.at.timestamp():.6f}",
        f"{seal.marked_at.timestamp():.6f}",
        seal.table_name,
        seal.after,
        seal.upto,
        seal.rows,
        json.dumps(list(seal.columns)),
        seal.keys,
        bytes(seal.digests),
        bytes(seal.rows_sha256),
    )


def last_seal() -> Seal | None:
    """Return the seal that the next one will be chained to."""
    return Seal.objects.defer("digests", "keys").order_by("-number").first()


def heads_file() -> Path:
    """Return where the heads lie outside the database; not among what a superuser of the database can reach."""
    place = Path(settings.HOME) / "seals"
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place / "heads.txt"


def send_head(now: datetime) -> str:
    """Let the head leave the database, once a day: to a file, to the log, and by mail where addresses are set."""
    seal = last_seal()
    day = f"{timezone.localtime(now):%Y-%m-%d}"
    file = heads_file()
    sent = file.read_text().splitlines() if file.exists() else []
    if seal is None or (sent and sent[-1].startswith(day)):
        return ""
    line = f"{day} {seal.number} {bytes(seal.head).hex()}"
    with file.open("a") as heads:
        heads.write(line + "\n")
    log.info("history sealed up to no. %d, head %s", seal.number, bytes(seal.head).hex())
    if settings.SEAL_MAIL:
        send_mail(
            f"历史封条 {day}", f"第 {seal.number} 号：{bytes(seal.head).hex()}\n", None, settings.SEAL_MAIL
        )
    return line
