"""Let a checked workbook be written, by somebody else than its sender; take it back; give it up.

What is written is written in transactions of some hundred whole units. Each leaves its mark on the units in the same
transaction, so that whoever goes on after an interruption begins where it ended.
"""

import json
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any, Final

import pghistory
from django.db import DataError, IntegrityError, connection, transaction
from django.db.models import Count, Max, Min, Q, QuerySet
from django.utils import timezone

from fupin.accounts.audit import note
from fupin.accounts.constraints import message_of
from fupin.accounts.models import User
from fupin.accounts.permissions import require
from fupin.accounts.scope import acting_as
from fupin.sheets.crew import by_threads, hands_for
from fupin.sheets.intake import IMPORTS, About, Intake, Written
from fupin.sheets.models import ImportBatch, ImportStatus, StagedUnit, Verdict
from fupin.sheets.models.imports import ImportMode
from fupin.sheets.receiving import ImportRefused, Told, about_of, hold

PERMISSION: Final = "sheets.apply_import"
TOGETHER: Final = 300
"""Units that are written in one transaction, unless one village alone has more."""

MOST_TOGETHER: Final = 1000

Piece = tuple[Sequence[int | None], int, int]
"""Places, first and last ordinal of units that are written together."""


@transaction.atomic
def decide(*, batch: ImportBatch, mode: str, actor: User, console: bool = False) -> ImportBatch:
    """Say that a batch is to be written: all of it, or what is right. Raise ImportRefused, Refused.

    At the console the operator stands as the second person, and it is recorded as such.
    """
    batch = ImportBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if not console:
        require(actor, PERMISSION, at=batch.division_id, not_entered_by=batch.uploaded_by_id)
    if batch.status != ImportStatus.READY and not (batch.status == ImportStatus.APPLYING and batch.is_stuck):
        raise ImportRefused(f"本次导入现为“{batch.get_status_display()}”，不能写入")
    if mode not in ImportMode.values:
        raise ImportRefused("请选择写入全部，还是只写入无误的")
    if mode == ImportMode.ALL and (bad := batch.wrong + batch.ambiguous):
        raise ImportRefused(f"有 {bad:,} 项有误或不能确定：请改正后重新上传，或选择只写入无误的")
    if not batch.writable:
        raise ImportRefused("没有可写入的内容")
    batch.status, batch.mode = ImportStatus.APPLYING, mode
    batch.decided_by, batch.decided_at, batch.at_console = actor, timezone.now(), console
    batch.attempt, batch.message = None, ""
    batch.save(
        update_fields=["status", "mode", "decided_by", "decided_at", "at_console", "attempt", "message"]
    )
    _noted(batch, mode=mode, console=console)
    return batch


@transaction.atomic
def discard(*, batch: ImportBatch, actor: User) -> ImportBatch:
    """Give a batch up that has not been written; whoever sent it, or may decide on it, may do so."""
    batch = ImportBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if batch.uploaded_by_id != actor.pk:
        require(actor, PERMISSION, at=batch.division_id)
    if batch.status not in {ImportStatus.READING, ImportStatus.READY} or batch.applied:
        raise ImportRefused(f"本次导入现为“{batch.get_status_display()}”，不能放弃")
    batch.status, batch.attempt, batch.ended_at = ImportStatus.DISCARDED, None, timezone.now()
    batch.save(update_fields=["status", "attempt", "ended_at"])
    StagedUnit.objects.filter(batch=batch).delete()
    _noted(batch)
    return batch


@transaction.atomic
def ask_to_undo(*, batch: ImportBatch, actor: User, reason: str) -> ImportBatch:
    """Say that a written batch is to be taken back. Raise ImportRefused, Refused."""
    batch = ImportBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    require(actor, PERMISSION, at=batch.division_id, not_entered_by=batch.uploaded_by_id)
    stuck = batch.status == ImportStatus.UNDOING and batch.is_stuck
    if not stuck and (batch.status != ImportStatus.APPLIED or not batch.applied):
        raise ImportRefused(f"本次导入现为“{batch.get_status_display()}”，不能撤销")
    if not reason.strip():
        raise ImportRefused("请填写撤销理由")
    batch.status, batch.undone_by, batch.undo_reason = ImportStatus.UNDOING, actor, reason.strip()[:500]
    batch.attempt = None
    batch.save(update_fields=["status", "undone_by", "undo_reason", "attempt"])
    _noted(batch, reason=batch.undo_reason)
    return batch


def apply(batch: ImportBatch, *, actor: User, on: date, told: Told) -> ImportBatch:
    """Write what has been decided on, from where an earlier run left off. Opens transactions of its own."""
    return _work(
        batch,
        actor=actor,
        on=on,
        told=told,
        during=ImportStatus.APPLYING,
        waiting=Q(applied_at__isnull=True, verdict__in=(Verdict.NEW, Verdict.CHANGED)),
        act=_apply_some,
        words="已写入",
    )


def undo(batch: ImportBatch, *, actor: User, on: date, told: Told) -> ImportBatch:
    """Take a written batch back, unit by unit as far as nothing was built on it."""
    return _work(
        batch,
        actor=actor,
        on=on,
        told=told,
        during=ImportStatus.UNDOING,
        waiting=Q(applied_at__isnull=False),
        act=_undo_some,
        words="已撤销",
    )


def _work(
    batch: ImportBatch, *, actor: User, on: date, told: Told, during: str, waiting: Q, act: Any, words: str
) -> ImportBatch:
    attempt = uuid.uuid4()
    with _acting(actor, batch):
        if not ImportBatch.objects.filter(pk=batch.pk, status=during).update(attempt=attempt):
            batch.refresh_from_db()
            return batch
        units = StagedUnit.objects.filter(waiting, batch=batch)
        pieces = list(_pieces(units))
        total = units.count()
    about = about_of(batch, on)
    intake = IMPORTS[batch.kind].intake
    done: list[int] = []

    def carry_on(piece: Piece) -> None:
        places, first, last = piece
        with _acting(actor, batch):
            hold(batch.pk, attempt)
            of_piece = Q(place__in=[one for one in places if one is not None]) | (
                Q(place__isnull=True) if None in places else Q(pk__in=[])
            )
            chosen = list(
                StagedUnit.objects.select_for_update(of=("self",))
                .filter(waiting, of_piece, batch=batch, ordinal__range=(first, last))
                .order_by("ordinal")
            )
            act(chosen, intake, about)
        done.append(len(chosen))

    def meanwhile() -> None:
        told(sum(done), total, f"{words} {sum(done):,} / {total:,}")

    by_threads(carry_on, pieces, hands=hands_for(len(pieces)), meanwhile=meanwhile)
    meanwhile()
    with _acting(actor, batch):
        return _ended(batch, attempt, during)


@contextmanager
def _acting(actor: User, batch: ImportBatch) -> Iterator[None]:
    """Run a block in one transaction in the actor's scope; the history names the import."""
    post = actor.post.pk if actor.post else None
    with acting_as(actor), pghistory.context(user=actor.pk, post=post, reason=f"导入 {batch.serial}"):
        yield


def _pieces(units: "QuerySet[StagedUnit]") -> Iterator[Piece]:
    """Yield villages put together until some hundred units are reached: two writers never wait for one village.

    A village with more than fits is written in parts.
    """
    villages = (
        units.order_by()
        .values_list("place")
        .annotate(Count("pk"), Min("ordinal"), Max("ordinal"))
        .order_by("place")
    )
    places: list[int | None] = []
    size, first, last = 0, 0, 0
    for place, count, low, high in villages:
        if count > MOST_TOGETHER:
            ordinals = list(units.filter(place=place).order_by("ordinal").values_list("ordinal", flat=True))
            for at in range(0, count, TOGETHER):
                part = ordinals[at : at + TOGETHER]
                yield [place], part[0], part[-1]
            continue
        if places and size + count > TOGETHER:
            yield places, first, last
            places, size = [], 0
        first, last = (min(first, low), max(last, high)) if places else (low, high)
        places.append(place)
        size += count
    if places:
        yield places, first, last


def _apply_some(units: Sequence[StagedUnit], intake: Intake, about: About) -> None:
    """Write units and mark them. A unit that a constraint refuses is found by halves and marked; the others stand."""
    well = []
    for written in _each_that_can(units, intake, about):
        unit = written.unit
        if written.refused:
            unit.verdict = Verdict.WRONG
            unit.findings = [*unit.findings, _refusal(unit, written.refused)]
            unit.save(update_fields=["verdict", "findings"])
        elif written.there:
            unit.verdict, unit.key, unit.object_id = Verdict.UNCHANGED, written.key, written.object_id
            unit.save(update_fields=["verdict", "key", "object_id"])
        else:
            well.append(written)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE sheets_stagedunit u SET applied_at = now(), key = w.key, object_id = w.object, version = w.version,"
            " before = w.before::jsonb FROM unnest(%s::bigint[], %s::text[], %s::bigint[], %s::integer[], %s::text[])"
            " AS w (id, key, object, version, before) WHERE u.id = w.id",
            [
                [one.unit.pk for one in well],
                [one.key for one in well],
                [one.object_id for one in well],
                [one.version for one in well],
                [None if one.before is None else json.dumps(one.before) for one in well],
            ],
        )


def _each_that_can(units: Sequence[StagedUnit], intake: Intake, about: About) -> list[Written]:
    if not units:
        return []
    try:
        with transaction.atomic():
            return list(intake.write(units, about))
    except (IntegrityError, DataError) as violation:
        if len(units) == 1:
            said = message_of(violation) if isinstance(violation, IntegrityError) else ""
            return [Written(units[0], refused=said or "数据不合登记表的约束，没有写入")]
    middle = len(units) // 2
    return [
        *_each_that_can(units[:middle], intake, about),
        *_each_that_can(units[middle:], intake, about),
    ]


def _undo_some(units: Sequence[StagedUnit], intake: Intake, about: About) -> None:
    for written in intake.undo(units, about):
        unit = written.unit
        if written.refused:
            unit.findings = [*unit.findings, _refusal(unit, written.refused)]
        else:
            unit.applied_at = None
        unit.save(update_fields=["applied_at", "findings"])


def _refusal(unit: StagedUnit, text: str) -> dict[str, object]:
    return {
        "level": "E",
        "sheet": "",
        "row": unit.row,
        "column": "",
        "value": "",
        "rule": "R-20",
        "message": text[:500],
    }


def _ended(batch: ImportBatch, attempt: uuid.UUID, during: str) -> ImportBatch:
    """Count what stands now and end the batch."""
    counted: dict[str, int] = dict(
        StagedUnit.objects.filter(batch=batch).order_by().values_list("verdict").annotate(Count("pk"))
    )
    applied = StagedUnit.objects.filter(batch=batch, applied_at__isnull=False).count()
    changes: dict[str, Any] = {
        "applied": applied,
        "attempt": None,
        "status": ImportStatus.APPLIED,
        **{verdict.name.lower(): counted.get(verdict, 0) for verdict in Verdict},
    }
    if during == ImportStatus.UNDOING and applied:
        changes["message"] = f"有 {applied:,} 项其后又有改动或已进入程序，没有撤销"
    elif during == ImportStatus.UNDOING:
        changes["status"], changes["message"] = ImportStatus.UNDONE, ""
    elif late := changes["wrong"] - batch.wrong:
        changes["message"] = f"有 {late:,} 项在核对之后情况有变，没有写入，见“有误”"
    changes["ended_at"] = timezone.now()
    ImportBatch.objects.filter(pk=batch.pk, attempt=attempt).update(**changes)
    batch.refresh_from_db()
    _noted(batch, applied=batch.applied)
    return batch


def _noted(batch: ImportBatch, *, reason: str | None = None, **detail: Any) -> None:
    note(
        object_key=batch.serial,
        division=batch.division_id,
        reason=reason,
        detail={"kind": batch.kind, **detail},
    )


def units_of(batch: ImportBatch, verdicts: Iterable[str]) -> "QuerySet[StagedUnit]":
    """Return a batch's units of some verdicts, in the order of the file."""
    return StagedUnit.objects.filter(batch=batch, verdict__in=list(verdicts)).order_by("ordinal")
