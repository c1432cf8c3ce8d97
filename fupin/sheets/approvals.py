"""Files about more than 500 people: asked for with a reason, answered for by a second person, made within a week (security.md row 24)."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet, Sum
from django.utils import timezone

from fupin.accounts.audit import note
from fupin.accounts.constraints import message_of, name_of, said_by_database
from fupin.accounts.models import User
from fupin.accounts.permissions import may, require
from fupin.history.looking import as_of
from fupin.jobs.models import Job
from fupin.jobs.services.asking import ask_for
from fupin.sheets.exports import EXPORT, kind_of
from fupin.sheets.kinds import Selection
from fupin.sheets.models import MOST_UNAPPROVED, ApprovalStatus, ExportApproval

APPROVE = "sheets.approve_export"


class ApprovalRefused(Exception):
    """What the approval of an export does not allow; the text says why and what to do."""


def needs_approval(selection: Selection) -> bool:
    """Tell whether a list is about more people than one person may take out alone; counts no further than it must."""
    if not selection.about_people:
        return False
    some = selection.rows.order_by()[: MOST_UNAPPROVED + 1]
    column = selection.persons_column
    with as_of(selection.day):
        if column:
            return int(some.aggregate(people=Sum(column))["people"] or 0) > MOST_UNAPPROVED
        return some.count() > MOST_UNAPPROVED


def people_in(selection: Selection) -> int:
    """Return how many people a list is about."""
    rows = selection.rows.order_by()
    column = selection.persons_column
    with as_of(selection.day):
        return int(rows.aggregate(people=Sum(column))["people"] or 0) if column else rows.count()


@transaction.atomic
def ask_for_approval(
    *, actor: User, asked: Mapping[str, Any], selection: Selection, reason: str
) -> ExportApproval:
    """Write down what somebody wants to take out and what for; the same again while it waits is the same one."""
    kind_of(asked["kind"], actor)
    now = timezone.now()
    waiting = mine(actor).filter(status=ApprovalStatus.WAITING, asked=dict(asked), expires_at__gt=now).first()
    if waiting is not None:
        return waiting
    assert actor.post is not None  # noqa: S101  (`kind_of` asks for one)
    approval = ExportApproval(
        division_id=selection.division,
        requested_by=actor,
        post=actor.post,
        kind=asked["kind"],
        title=selection.title[:120],
        asked=dict(asked),
        filters={"年度": str(selection.year), **dict(selection.filters)},
        persons=people_in(selection),
        reason=reason.strip(),
    )
    with _told():
        approval.save(force_insert=True)
    approval.refresh_from_db()
    _noted(approval, reason)
    return approval


@transaction.atomic
def ask_for_document(
    *,
    actor: User,
    permission: str,
    asked: Mapping[str, Any],
    division: int,
    title: str,
    filters: Mapping[str, str],
    persons: int,
    reason: str,
) -> ExportApproval:
    """Write down that somebody wants a bound document about many people; `asked` are its job's arguments and name the job's kind."""
    require(actor, permission, at=division)
    waiting = mine(actor).filter(
        status=ApprovalStatus.WAITING, asked=dict(asked), expires_at__gt=timezone.now()
    )
    if (same := waiting.first()) is not None:
        return same
    assert actor.post is not None  # noqa: S101  (`require` asks for one)
    approval = ExportApproval(
        division_id=division,
        requested_by=actor,
        post=actor.post,
        kind=asked["kind"],
        title=title[:120],
        asked=dict(asked),
        filters=dict(filters),
        persons=persons,
        reason=reason.strip(),
    )
    with _told():
        approval.save(force_insert=True)
    approval.refresh_from_db()
    _noted(approval, reason)
    return approval


@transaction.atomic
def decide_approval(*, actor: User, approval: ExportApproval, approve: bool, said: str) -> None:
    """Answer for a file or send the asking back with a reason; raise ApprovalRefused, Refused."""
    require(actor, APPROVE, at=approval.division_id, not_entered_by=approval.requested_by_id)
    approval.status = ApprovalStatus.APPROVED if approve else ApprovalStatus.REFUSED
    approval.decided_by, approval.decided_at, approval.note = actor, timezone.now(), said.strip()
    with _told():
        approval.save(update_fields=["status", "decided_by", "decided_at", "note"])
    _noted(approval, said)


def start_approved(*, actor: User, approval: ExportApproval) -> Job:
    """Have an approved file made; raise ApprovalRefused where it was not approved, was made, or the week is over."""
    if approval.requested_by_id != actor.pk or approval.status != ApprovalStatus.APPROVED:
        raise ApprovalRefused("还没有批准，文件不能生成")
    if approval.made is not None:
        raise ApprovalRefused("这次审批的文件已经生成过，再导出须重新申请")
    if approval.is_expired(timezone.now()):
        raise ApprovalRefused("审批已过有效期，请重新申请")
    _noted(approval, approval.reason)
    # A bound document is made by a job of its own kind, a list by the one that exports.
    kind = approval.kind if approval.asked["format"] == "pdf" else EXPORT
    return ask_for(
        kind=kind,
        key=f"{kind}/approval/{approval.pk}",
        title=f"导出 {approval.asked['format']}：{approval.title}"[:120],
        arguments={**approval.asked, "approval": approval.pk},
        actor=actor,
    )


def mine(user: User) -> "QuerySet[ExportApproval]":
    """Return what a user has asked for under whatever post, where his present one reaches."""
    return ExportApproval.objects.visible_to(user).filter(requested_by=user)


def to_decide(user: User, now: datetime) -> "QuerySet[ExportApproval]":
    """Return what waits for a user as the second person."""
    found = ExportApproval.objects.visible_to(user) if may(user, APPROVE) else ExportApproval.objects.none()
    return found.filter(status=ApprovalStatus.WAITING, expires_at__gt=now).exclude(requested_by=user)


def to_start(user: User, now: datetime) -> "QuerySet[ExportApproval]":
    """Return what was approved for a user and is not made yet."""
    return mine(user).filter(status=ApprovalStatus.APPROVED, expires_at__gt=now, log__isnull=True)


def _noted(approval: ExportApproval, reason: str) -> None:
    note(
        object_key=f"approval:{approval.pk}",
        division=approval.division_id,
        reason=reason,
        detail={"kind": approval.kind, "persons": approval.persons, "status": approval.status},
    )


@contextmanager
def _told() -> Iterator[None]:
    """Turn what the database refuses into what it says of it."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as violation:
        said = said_by_database(violation) if name_of(violation).startswith("approval_") else ""
        message = message_of(violation) or said
        if not message:
            raise
        raise ApprovalRefused(message) from violation
