"""Open sealed values: first the record who wanted what and why, committed on its own; then the values (security.md row 23)."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from fupin.accounts import audit
from fupin.accounts.errors import NotPossible, Refused
from fupin.accounts.models import AccessRecord, User
from fupin.vault.sealing import open_sealed, row_id

REASON = 4
"""A reason of fewer characters says nothing."""

MANY = 30
"""More accesses than this by one user within an hour are shown to the log administrator."""


def open_for(
    actor: User, *, sealed: Sequence[UUID], object_key: str, purpose: str, reason: str
) -> Mapping[UUID, str]:
    """Return the sealed values by their row, for a reason. The caller has checked the permission and found the rows in scope.

    The record stands on the connection ``record``, so it stays though the request fails later. A whole list may be opened under one
    record. Raise NotPossible without a reason, Refused without a post.
    """
    said = audit.one_line(reason, 500)
    if len(said) < REASON:
        raise NotPossible(f"请写明查看的事由，至少 {REASON} 个字")
    if actor.post is None:
        raise Refused("您现在没有在任的岗位")
    record = AccessRecord(
        id=row_id(),
        user_id=actor.pk,
        post_id=actor.post.pk,
        purpose=audit.one_line(purpose, 40),
        reason=said,
        object_key=audit.one_line(object_key, 120),
        sealed=list(sealed),
    )
    record.save(using="record", force_insert=True)
    audit.note(object_key=object_key, reason=said, detail={"access": str(record.pk), "values": len(sealed)})
    if many(actor):
        audit.note(detail={"many": True})
    return open_sealed(record.pk)


def many(user: User) -> bool:
    """Return whether the user has opened sealed values more than 30 times within the last hour."""
    since = timezone.now() - timedelta(hours=1)
    return AccessRecord.objects.using("record").filter(user=user.pk, at__gt=since).count() > MANY
