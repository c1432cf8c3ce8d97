"""Take a workbook in: keep it, read it once, check and compare every row. Nothing of it is in the register afterwards."""

import hashlib
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime
from typing import Final

from django.db import connection, transaction
from django.utils import timezone

from fupin.accounts.audit import note
from fupin.accounts.models import Post, User
from fupin.accounts.permissions import require
from fupin.accounts.scope import enter_scope, whole_province
from fupin.sheets.copying import CopyBuffer
from fupin.sheets.crew import by_processes, hands_for
from fupin.sheets.exports import serial_of
from fupin.sheets.intake import IMPORTS, About, ImportKind, Judged, Packed
from fupin.sheets.keeping import KEPT, forget_strays, keep, kept
from fupin.sheets.models import ImportBatch, ImportStatus, StagedUnit, Verdict
from fupin.sheets.models.imports import OPEN
from fupin.sheets.opening import FileRefused, Sent, format_of, open_files

PERMISSION: Final = "sheets.import"

A_PIECE: Final = 250
"""Units that are checked together."""

MOST_FAULTS: Final = 200
"""Faults kept of one unit."""

Told = Callable[[int, int | None, str], None]


class ImportRefused(Exception):
    """What was asked of an import cannot be done now; the text says why."""


def kind_of(name: str, actor: User) -> ImportKind:
    """Return a kind that the actor may send; raise ImportRefused for none of ours, Refused."""
    kind = IMPORTS.get(name)
    if kind is None:
        raise ImportRefused("没有这种导入")
    require(actor, kind.permission)
    return kind


@transaction.atomic
def receive(
    *,
    kind: str,
    files: Sequence[Sent],
    actor: User,
    options: Mapping[str, str] | None = None,
    console: bool = False,
) -> ImportBatch:
    """Keep the files and open a batch for them; the same files that still wait are the batch that they are in.

    Raise FileRefused for what is not read at all, ImportRefused, Refused.
    """
    found = kind_of(kind, actor)
    if not files:
        raise FileRefused("请选择文件")
    for one in files:
        format_of(one)
    digest = _digest(kind, files, options or {})
    waiting = ImportBatch.objects.filter(uploaded_by=actor, sha256=digest, kind=kind, status__in=OPEN)
    if not console and (there := waiting.order_by("-uploaded_at").first()) is not None:
        return there
    key = uuid.uuid4()
    batch = ImportBatch(
        id=key,
        serial=serial_of(timezone.now(), key).replace("DC", "DR"),
        kind=kind,
        title=f"{found.label}：{files[0].name}"[:120],
        options=dict(options or {}),
        files=[
            {
                "name": one.name[:200],
                "size": len(one.content),
                "sha256": hashlib.sha256(one.content).hexdigest(),
            }
            for one in files
        ],
        sha256=digest,
        at_console=console,
    )
    assert actor.post is not None  # noqa: S101  (`require` saw it)
    batch.uploaded_by, batch.post, batch.division_id = actor, actor.post, actor.post.division_id
    batch.save(force_insert=True)
    keep(key, files)
    note(
        object_key=batch.serial,
        division=batch.division_id,
        detail={"kind": kind, "files": [one["sha256"] for one in batch.files]},
    )
    return batch


def _digest(kind: str, files: Sequence[Sent], options: Mapping[str, str]) -> str:
    """Return what makes a sending the same one."""
    if len(files) == 1 and not options:
        return hashlib.sha256(files[0].content).hexdigest()
    together = hashlib.sha256(repr((kind, sorted(options.items()))).encode())
    for one in sorted(files, key=lambda one: one.name):
        together.update(hashlib.sha256(one.content).digest())
    return together.hexdigest()


def about_of(batch: ImportBatch, on: date, missing: Sequence[frozenset[str]] = ()) -> About:
    """Return what a kind is told of a batch."""
    uploader = batch.uploaded_by
    uploader.post = batch.post
    return About(
        batch=batch.pk,
        serial=batch.serial,
        year=batch.year,
        division=batch.division_id,
        uploader=uploader,
        on=on,
        options=batch.options,
        missing=missing,
    )


def stage(batch: ImportBatch, *, on: date, told: Told) -> ImportBatch:
    """Read, check and compare a batch; begun anew where an earlier run was cut off. Opens transactions of its own.

    A file that cannot be read ends it as REFUSED with the reason.
    """
    attempt = uuid.uuid4()
    kind = IMPORTS[batch.kind]
    with in_scope(batch.post):
        mine = ImportBatch.objects.filter(pk=batch.pk, status=ImportStatus.READING)
        if not mine.update(attempt=attempt):
            batch.refresh_from_db()
            return batch
        StagedUnit.objects.filter(batch=batch).delete()
    try:
        layout = kind.intake.layout(None)
        files = kept(batch.pk, [one["name"] for one in batch.files])
        opened = open_files(
            files,
            layout,
            apart=kind.intake.apart(layout),
            told=lambda rows: told(0, None, f"已读 {rows:,} 行"),
        )
        rows = sum(map(len, opened.sheets))
        batch.year, units = kind.intake.gather(opened)
        about = about_of(batch, on, opened.missing)
        del opened
    except FileRefused as refused:
        with in_scope(batch.post):
            mine = ImportBatch.objects.filter(pk=batch.pk, attempt=attempt)
            mine.update(status=ImportStatus.REFUSED, message=str(refused)[:1000], ended_at=timezone.now())
            batch.refresh_from_db()
        return batch
    counts: Counter[str] = Counter()
    done = 0
    pieces = [units[at : at + A_PIECE] for at in range(0, len(units), A_PIECE)]

    def check(piece: Sequence[Packed]) -> Counter[str]:
        return _check(piece, kind, about, batch.post, attempt)

    for found in by_processes(check, pieces, hands=hands_for(len(pieces))):
        counts += found
        done += found.total()
        told(done, len(units), f"已核对 {done:,} / {len(units):,}")
    with in_scope(batch.post):
        ImportBatch.objects.filter(pk=batch.pk, attempt=attempt).update(
            status=ImportStatus.READY,
            year=batch.year,
            rows=rows,
            **{verdict.name.lower(): counts[verdict] for verdict in Verdict},
        )
        batch.refresh_from_db()
    return batch


def _check(
    piece: Sequence[Packed], kind: ImportKind, about: About, post: Post, attempt: uuid.UUID
) -> Counter[str]:
    """Check some units and keep what they would do, in a transaction of their own."""
    buffer = CopyBuffer(StagedUnit, numbered=False)
    counts: Counter[str] = Counter()
    with in_scope(post):
        hold(about.batch, attempt)
        for judged in kind.intake.judge(piece, about):
            buffer.add(_row(judged, about))
            counts[judged.verdict] += 1
        with connection.cursor() as cursor:
            buffer.insert(cursor)
    return counts


def _row(judged: Judged, about: About) -> dict[str, object]:
    return {
        "division_id": about.division,
        "batch_id": about.batch,
        "ordinal": judged.ordinal,
        "row": judged.row,
        "key": judged.key,
        "label": judged.label,
        "place": judged.place,
        "verdict": judged.verdict.value,
        "object_id": judged.object_id,
        "base_version": judged.base_version,
        "entry_key": judged.entry_key,
        "changes": list(judged.changes),
        "findings": [asdict(one) for one in judged.faults[:MOST_FAULTS]],
        "payload": judged.payload,
    }


def hold(batch: uuid.UUID, attempt: uuid.UUID) -> None:
    """Hold the batch until the transaction ends, if this run is still the one that works on it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT FROM sheets_importbatch WHERE id = %s AND attempt = %s FOR SHARE", [batch, attempt]
        )
        if cursor.fetchone() is None:
            raise ImportRefused("另一次执行已经接手")


@contextmanager
def in_scope(post: Post) -> Iterator[None]:
    """Run a block in a transaction in the scope of a post."""
    with transaction.atomic():
        enter_scope(*post.code_range, user_id=post.user_id)
        yield


def forget_old(now: datetime) -> int:
    """Let go of what was sent and said once its time is over; which household came from which row stays. Return how many."""
    with whole_province():
        old = ImportBatch.objects.filter(ended_at__lt=now - KEPT)
        emptied = StagedUnit.objects.filter(batch__in=old).exclude(
            payload="", findings=[], changes=[], before=None
        )
        count = emptied.update(payload="", findings=[], changes=[], before=None)
        known = {str(key) for key in ImportBatch.objects.exclude(pk__in=old).values_list("pk", flat=True)}
    forget_strays(now, known)
    return count


def faults_of(batch: ImportBatch) -> Iterator[dict[str, object]]:
    """Yield everything wrong with a batch, in the order of its rows."""
    wrong = StagedUnit.objects.filter(batch=batch, verdict__in=(Verdict.WRONG, Verdict.AMBIGUOUS))
    for findings in wrong.order_by("ordinal").values_list("findings", flat=True).iterator():
        yield from (one for one in findings if one["level"] == "E")
