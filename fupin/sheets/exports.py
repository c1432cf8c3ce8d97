"""The one way by which a list leaves the system as a file.

Rows come out of the database as lines (`fupin.sheets.streaming`) and go to disk batch by batch. The log row is written in the caller's
transaction, so that a file without its log row never gets an address.
"""

import hashlib
import shutil
import uuid
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final, Literal

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS
from django.utils import timezone

from fupin.accounts.models import User
from fupin.accounts.permissions import require
from fupin.history.looking import as_of, end_of
from fupin.history.services.sealing import last_seal
from fupin.sheets.cells import csv_line
from fupin.sheets.kinds import KINDS, Kind, NotAsked, Request, Selection
from fupin.sheets.models import MOST_UNAPPROVED, ExportApproval, ExportLog
from fupin.sheets.provenance import Counted, Provenance, Tally
from fupin.sheets.resources import Cell
from fupin.sheets.streaming import Batch, copy_rows
from fupin.sheets.writers import CsvFiles, Workbook, Writer

Format = Literal["xlsx", "csv"]
FORMATS: Final[Sequence[str]] = ("xlsx", "csv")
KEPT: Final = timedelta(hours=24)
"""How long a file can be fetched; its log row stays."""

PERMISSION: Final = "sheets.export"
EXPORT: Final = "sheets.export"
"""The kind of job that makes a file."""


class NotApproved(Exception):
    """A file about so many people that a second person has to answer for it."""

    def __init__(self, persons: int, approval: ExportApproval | None) -> None:
        if approval is None:
            why = f"涉及 {persons:,} 人，超过 {MOST_UNAPPROVED} 人的须先由另一人审批；请回到列表重新提出"
        else:
            why = f"现涉及 {persons:,} 人，审批的是 {approval.persons:,} 人，或审批已过有效期；请重新申请"
        super().__init__(f"{why}，文件没有生成")


def _nobody_looks(_done: int) -> None:
    """Take note of nothing."""


def folder() -> Path:
    """Return where the files lie until they are fetched; not among what is backed up."""
    place = Path(settings.HOME) / "exports"
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


def path_of(log: ExportLog) -> Path:
    """Return where the file of an export lies."""
    return folder() / f"{log.serial}.{'zip' if log.format == 'csv' else log.format}"


def is_there(log: ExportLog, now: datetime) -> bool:
    """Tell whether the file may still be fetched."""
    return now - log.at < KEPT and path_of(log).is_file()


def kind_of(name: str, actor: User) -> Kind:
    """Return a list that the actor may take out; raise NotAsked for none of ours, Refused."""
    kind = KINDS.get(name)
    if kind is None:
        raise NotAsked("没有这种导出")
    require(actor, PERMISSION)
    require(actor, kind.permission)
    return kind


def select(name: str, asked: Request) -> Selection:
    """Return what a request takes out, as it stood on the day asked for; raise NotAsked, Refused."""
    kind = kind_of(name, asked.actor)
    with as_of(asked.day):
        return replace(kind.select(asked), day=asked.day)


def serial_of(day: datetime, key: uuid.UUID) -> str:
    """Return the serial of an export; a job that runs twice gives the same."""
    return f"DC{timezone.localtime(day):%Y%m%d}-{key.hex[:10].upper()}"


def export(
    *,
    kind: str,
    selection: Selection,
    actor: User,
    format: Format,  # noqa: A002  (what it is called everywhere)
    at: datetime,
    key: uuid.UUID,
    loose: Path | None = None,
    job_id: uuid.UUID | None = None,
    approval: ExportApproval | None = None,
    progress: Callable[[int], None] = _nobody_looks,
) -> ExportLog:
    """Write a selection to a file and to the log; return the log row. Runs in a transaction in the actor's scope.

    `key` makes the serial; `progress` is told how many rows of the list are done. CSV files are packed into one, unless `loose` names
    the folder that they shall lie in.
    Raise NotApproved where it is about more than 500 people and no approval covers it; the database refuses its log row too.
    """
    serial = serial_of(at, key)
    log = ExportLog(
        serial=serial,
        user=actor,
        post=actor.post,
        kind=kind,
        format=format,
        as_of=end_of(selection.day) if selection.day else at,
        job_id=job_id,
        approval=approval,
    )
    making = folder() / f".{serial}.{key.hex}.making"
    files = CsvFiles(making, selection.tables, loose=loose is not None) if format == "csv" else None
    writer: Writer = files or Workbook(making, selection.tables)
    try:
        with as_of(selection.day):
            about = _write(writer, selection, actor=actor, serial=serial, at=at, progress=progress)
        if about.persons > MOST_UNAPPROVED and not (approval and approval.covers(about.persons, at)):
            raise NotApproved(about.persons, approval)
        if files and loose:
            files.folder.rename(loose)
            digest, size = _digest_of(loose / files.names[0])
        else:
            making.chmod(0o600)
            digest, size = _digest_of(making)
            making.replace(path_of(log))
    except BaseException:
        with suppress(Exception):
            writer.discard()
        raise
    log.title, log.division = selection.title[:120], selection.division
    log.filters = {**({"年度": str(selection.year)} if selection.year else {}), **dict(selection.filters)}
    log.rows, log.persons, log.sums = about.tallies[0].rows, about.persons, about.figures()
    log.rows_sha256, log.file_sha256, log.file_size = about.rows_sha256, digest, size
    log.save(force_insert=True)
    return log


def _write(
    writer: Writer,
    selection: Selection,
    *,
    actor: User,
    serial: str,
    at: datetime,
    progress: Callable[[int], None],
) -> Provenance:
    copied = selection.tables[0].rows is not None
    tallies, counts = (_copied if copied else _row_by_row)(writer, selection, progress)
    together = hashlib.sha256("".join(tally.sha256 for tally in tallies).encode()).hexdigest()
    about = Provenance(
        serial=serial,
        selection=selection,
        actor=actor,
        at=at,
        day=selection.day,
        sealed=_sealed(),
        demo=settings.DEMO,
        tallies=tallies,
        counts=counts,
        rows_sha256=together if len(tallies) > 1 else tallies[0].sha256,
    )
    writer.close(about)
    return about


def _take(writer: Writer, table: int, progress: Callable[[int], None], batch: Batch, done: int) -> None:
    """Write a batch and say how many rows are done."""
    writer.batch(table, batch)
    progress(done)


def _copied(
    writer: Writer, selection: Selection, progress: Callable[[int], None]
) -> tuple[Sequence[Counted], dict[str, int]]:
    """Let the database write the lines of all tables, one after the other."""
    tallies = []
    for number, table in enumerate(selection.tables):
        if table.rows is None:
            raise TypeError(f"{table.name}: either all tables of a file are copied, or none")
        tallies.append(
            copy_rows(
                table.rows,
                table.resource.columns,
                partial(_take, writer, number, _nobody_looks if number else progress),
                counts={} if number else selection.questions,
                using=DEFAULT_DB_ALIAS,
            )
        )
    return tallies, dict(tallies[0].counts)


def _row_by_row(
    writer: Writer, selection: Selection, progress: Callable[[int], None]
) -> tuple[Sequence[Counted], dict[str, int]]:
    """Write the rows of a list whose columns no query can express."""
    tallies = [Tally(table.resource.columns) for table in selection.tables]
    counts = dict.fromkeys(selection.counts, 0)

    def put(table: int, row: object) -> None:
        cells: Sequence[Cell] = selection.tables[table].resource.export_resource(row)
        line = csv_line(cells).encode()
        tallies[table].add(cells, line)
        writer.row(table, cells, line)

    for done, row in enumerate(selection.read(selection.rows.iterator(chunk_size=selection.chunk)), start=1):
        put(0, row)
        for part in selection.parts(row):
            for belonging in part.rows:
                put(part.table, belonging)
        for label, holds in selection.counts.items():
            counts[label] += holds(row)
        progress(done)
    return tallies, counts


def _sealed() -> str:
    """Return up to where the history is sealed, with the head of the chain."""
    seal = last_seal()
    return f"第 {seal.number} 号 {bytes(seal.head).hex()}" if seal else "尚无封条"


def _digest_of(path: Path) -> tuple[str, int]:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest(), path.stat().st_size


def remove_old(now: datetime) -> int:
    """Remove the files that nobody may fetch any more, half-made ones of runs that died too; return how many."""
    removed = 0
    for path in folder().iterdir():
        if now.timestamp() - path.stat().st_mtime < KEPT.total_seconds():
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
        removed += 1
    return removed
