"""A finished document (a bound print) kept like an export: a serial, a row in the log, a day to fetch it in."""

import hashlib
import os
import uuid
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from fupin.accounts.models import User
from fupin.sheets.exports import NotApproved, path_of, serial_of
from fupin.sheets.models import MOST_UNAPPROVED, ExportApproval, ExportLog


def keep_document(
    making: Path,
    *,
    kind: str,
    title: str,
    division: int,
    filters: Mapping[str, str],
    rows: int,
    persons: int,
    figures: Mapping[str, Any],
    rows_sha256: str,
    actor: User,
    at: datetime,
    key: uuid.UUID,
    job_id: uuid.UUID | None = None,
    approval: ExportApproval | None = None,
) -> ExportLog:
    """Move a PDF to where exports lie and write it into their log, in the caller's transaction; return the log row.

    `rows_sha256` is the digest of what its sheets say of themselves; `key` makes the serial, so that a job run twice keeps one.
    Raise NotApproved where it is about more than 500 people and no approval covers it; the database refuses its log row too.
    """
    if persons > MOST_UNAPPROVED and not (approval and approval.covers(persons, at)):
        raise NotApproved(persons, approval)
    with making.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    log = ExportLog(
        serial=serial_of(at, key),
        user=actor,
        post=actor.post,
        kind=kind,
        title=title[:120],
        format="pdf",
        division=division,
        filters=dict(filters),
        as_of=at,
        rows=rows,
        persons=persons,
        sums=dict(figures),
        rows_sha256=rows_sha256,
        file_sha256=digest,
        file_size=making.stat().st_size,
        job_id=job_id,
        approval=approval if persons > MOST_UNAPPROVED else None,
    )
    os.chmod(making, 0o600)  # noqa: PTH101  (one call)
    making.replace(path_of(log))
    log.save(force_insert=True)
    return log
