"""The record of an act: gathered while the request runs, written once when it ends.

Views and services say what the act is about with ``note``; the scope middleware writes the record: what was done together with the
act, in its transaction (no record, no act); what was refused or failed over the connection ``record``, which nothing rolls back.
"""

import re
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any

import pghistory
from django.conf import settings
from django.http import HttpRequest

from fupin.accounts.models import AuditRecord, Post, User
from fupin.accounts.models.audit import Outcome

__all__ = ["Note", "Outcome", "address_of", "gathering", "note", "one_line", "write"]

_CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")


@dataclass
class Note:
    """What is known of the act so far."""

    request_id: uuid.UUID
    action: str = ""
    user: User | None = None
    post: Post | None = None
    division: int | None = None
    object_key: str = ""
    reason: str = ""
    outcome: Outcome | None = None
    address: str | None = None
    detail: dict[str, Any] = field(default_factory=dict)


_current: ContextVar[Note | None] = ContextVar("audit_note", default=None)


@contextmanager
def gathering(first: Note) -> Iterator[Note]:
    """Gather what views and services say about the act of one request or job."""
    token = _current.set(first)
    try:
        yield first
    finally:
        _current.reset(token)


def note(
    *,
    action: str | None = None,
    object_key: str | None = None,
    division: int | None = None,
    reason: str | None = None,
    outcome: Outcome | None = None,
    user: User | None = None,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Say something about the act that is going on; outside a request or job it goes nowhere.

    ``outcome`` is needed only where the answer does not tell it: a form shown again with its errors was refused. Never put an ID
    number, account or phone into ``detail`` or ``reason``.
    """
    current = _current.get()
    if current is None:
        return
    said = {
        "action": action,
        "object_key": object_key,
        "division": division,
        "reason": reason,
        "outcome": outcome,
        "user": user,
    }
    for name, value in said.items():
        if value is not None:
            setattr(current, name, value)
    current.detail |= detail or {}
    if reason:
        pghistory.context(
            reason=one_line(reason, 500)
        )  # what is written from here on carries it in its history


def write(about: Note, outcome: Outcome, *, using: str = "default") -> AuditRecord:
    """Append the record; ``using="record"`` for what must stay though the transaction rolls back."""
    return AuditRecord.objects.using(using).create(
        user_id=about.user.pk if about.user else None,
        post_id=about.post.pk if about.post else None,
        division=about.division or (about.post.division_id if about.post else None),
        action=one_line(about.action, 60),
        object_key=one_line(about.object_key, 120),
        outcome=outcome,
        reason=one_line(about.reason, 500),
        detail=about.detail,
        address=about.address,
        request_id=about.request_id,
    )


def one_line(text: str, length: int) -> str:
    """Return the text on one line, cut to ``length``: what somebody typed must not look like a second record."""
    return _CONTROL.sub(" ", text).strip()[:length]


def address_of(request: HttpRequest) -> str | None:
    """Return the caller's address; behind our own proxy the last one that it has added."""
    claimed = str(request.META.get("REMOTE_ADDR", ""))
    if settings.BEHIND_PROXY:
        claimed = str(request.META.get("HTTP_X_FORWARDED_FOR", claimed)).rpartition(",")[2].strip()
    try:
        return str(ip_address(claimed))
    except ValueError:
        return None
