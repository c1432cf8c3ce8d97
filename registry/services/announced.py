"""Bring the households of an already announced list onto the register: the announcement attached, two persons of the county agreeing."""

import hashlib
from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction

from fupin.accounts.audit import note
from fupin.accounts.constraints import message_of, said_by_database
from fupin.accounts.models import User
from fupin.accounts.permissions import require
from fupin.divisions.codes import Level, cut
from fupin.policy.cites import cites
from fupin.sheets.models import ImportBatch
from registry.errors import StepRefused
from registry.models import AnnouncedApproval, AnnouncedList
from registry.services.attachments import Upload, content_of, sniffed


@dataclass(frozen=True, slots=True)
class Announcement:
    """What is known of a list that was announced before."""

    identified_year: int
    old_standard: str
    source: str
    document: str
    announced_on: date


@transaction.atomic
@cites("§1", "在现有工作基础上")
def propose_list(*, actor: User, batch: ImportBatch, about: Announcement, upload: Upload) -> AnnouncedList:
    """Ask that the households which a workbook made be registered as announced before; none is, until two persons agree.

    Raise StepRefused, AttachmentRefused, Refused.
    """
    require(actor, "registry.propose_announced", at=batch.division_id)
    missing = [
        label
        for label, text in (
            ("原标准", about.old_standard),
            ("来源", about.source),
            ("公告文号", about.document),
        )
        if not text.strip()
    ]
    if missing:
        raise StepRefused(f"{'、'.join(missing)}未填")
    content = content_of(upload)
    content_type, suffix = sniffed(content)
    proposed = AnnouncedList(
        division_id=cut(batch.division_id, Level.COUNTY),
        batch=batch,
        identified_year=about.identified_year,
        old_standard=about.old_standard.strip()[:200],
        source=about.source.strip()[:200],
        document=about.document.strip()[:100],
        announced_on=about.announced_on,
        content_type=content_type,
        sha256=hashlib.sha256(content).hexdigest(),
        proposed_by=actor,
    )
    proposed.announcement.save(f"{uuid4().hex}.{suffix}", ContentFile(content), save=False)
    try:
        with transaction.atomic():
            proposed.save(force_insert=True)
    except IntegrityError as violation:
        proposed.announcement.delete(save=False)
        raise _told(violation) from violation
    note(object_key=batch.serial, division=proposed.division_id, detail={"document": proposed.document})
    return proposed


@transaction.atomic
def approve_list(*, actor: User, proposed: AnnouncedList, opinion: str) -> AnnouncedApproval:
    """Sign under a list; with the second signature the database registers its households.

    Raise StepRefused where the database refuses the signature, Refused.
    """
    require(actor, "registry.approve_announced", at=proposed.division_id)
    if not opinion.strip():
        raise StepRefused("请填写批准意见")
    assert actor.post is not None  # noqa: S101  (`require` saw it)
    approval = AnnouncedApproval(
        division_id=proposed.division_id,
        of_list=proposed,
        by=actor,
        role=actor.post.role,
        opinion=opinion.strip()[:500],
    )
    try:
        with transaction.atomic():
            approval.save(force_insert=True)
    except IntegrityError as violation:
        raise _told(violation) from violation
    note(
        object_key=proposed.batch.serial,
        division=proposed.division_id,
        reason=approval.opinion,
        detail={"registered": proposed.households.count()},
    )
    return approval


def _told(violation: IntegrityError) -> Exception:
    message = message_of(violation) or said_by_database(violation)
    return StepRefused(message) if message else violation
