"""Files of a card: taken in for what they are, not for what they are called; never overwritten, only withdrawn."""

import hashlib
from collections.abc import Iterator
from datetime import date
from typing import Final, Protocol
from uuid import uuid4

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from fupin.accounts.audit import note
from fupin.accounts.models import User
from fupin.accounts.permissions import require
from registry.errors import AttachmentRefused, HouseholdEnded
from registry.models import Attachment, AttachmentKind, Household
from registry.services.years import require_open

MOST_BYTES: Final = 10 * 1024 * 1024
_MAGIC: Final = (
    (b"\xff\xd8\xff", "image/jpeg", "jpg"),
    (b"\x89PNG\r\n\x1a\n", "image/png", "png"),
    (b"%PDF-", "application/pdf", "pdf"),
)
_PICTURES: Final = frozenset({"image/jpeg", "image/png"})
_KEPT_SEGMENTS: Final = frozenset({0xE0, 0xEE})
"""JPEG application segments that pictures need to be shown: JFIF and Adobe's colours."""


class Upload(Protocol):
    """What was sent: an uploaded file, or one that a test made."""

    @property
    def size(self) -> int | None: ...

    def chunks(self) -> Iterator[bytes]: ...


@transaction.atomic
def add_attachment(
    *,
    actor: User,
    household: Household,
    year: int,
    kind: str,
    upload: Upload,
    title: str = "",
    dated_on: date | None = None,
    on: date,
) -> Attachment:
    """Keep a file with a card of a year: JPEG, PNG or PDF up to 10 MB, pictures without their hidden data.

    Raise AttachmentRefused for any other, YearClosed, HouseholdEnded or Refused.
    """
    require(actor, "registry.change_household", at=household.division_id)
    if not household.is_live:
        raise HouseholdEnded(household.status)
    require_open(year)
    if kind not in AttachmentKind.values:
        raise AttachmentRefused("请选择附件种类")
    if dated_on is not None and dated_on > on:
        raise AttachmentRefused("签字或拍摄日期不能晚于今天")
    content = content_of(upload)
    content_type, suffix = sniffed(content)
    if kind == AttachmentKind.PHOTO and content_type not in _PICTURES:
        raise AttachmentRefused("户主照片应为 JPG 或 PNG 图片")
    if content_type == "image/jpeg":
        content = without_hidden_data(content)
    attachment = Attachment(
        division_id=household.division_id,
        household=household,
        year=year,
        kind=kind,
        title=title.strip()[:100],
        content_type=content_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        dated_on=dated_on,
        uploaded_by=actor,
    )
    attachment.file.save(f"{uuid4().hex}.{suffix}", ContentFile(content), save=False)
    try:
        attachment.save(force_insert=True)
    except BaseException:
        attachment.file.delete(save=False)
        raise
    _note(attachment)
    return attachment


@transaction.atomic
def withdraw_attachment(*, actor: User, attachment: Attachment) -> Attachment:
    """Mark a file as withdrawn; it stays on disk and in the table. Raise AttachmentRefused when it is already."""
    attachment = Attachment.objects.select_for_update(of=("self",)).get(pk=attachment.pk)
    require(actor, "registry.change_household", at=attachment.division_id)
    require_open(attachment.year)
    if attachment.withdrawn_at is not None:
        raise AttachmentRefused("该附件已撤回")
    attachment.withdrawn_at = timezone.now()
    attachment.save(update_fields=["withdrawn_at"])
    _note(attachment)
    return attachment


def sniffed(content: bytes) -> tuple[str, str]:
    """Return the content type and suffix that a file's first bytes tell; raise AttachmentRefused for others."""
    for magic, content_type, suffix in _MAGIC:
        if content.startswith(magic):
            return content_type, suffix
    raise AttachmentRefused("只收 JPG、PNG 图片和 PDF 文件")


def without_hidden_data(jpeg: bytes) -> bytes:
    """Return a JPEG without place, camera, time and comments; raise AttachmentRefused when it is broken."""
    kept = [jpeg[:2]]
    position = 2
    while position + 4 <= len(jpeg) and jpeg[position] == 0xFF:
        marker = jpeg[position + 1]
        if marker == 0xDA:  # the picture itself, to the end
            return b"".join([*kept, jpeg[position:]])
        length = 2 + int.from_bytes(jpeg[position + 2 : position + 4])
        is_hidden = marker == 0xFE or (0xE0 <= marker <= 0xEF and marker not in _KEPT_SEGMENTS)
        if not is_hidden:
            kept.append(jpeg[position : position + length])
        position += length
    raise AttachmentRefused("图片已损坏，请重新拍摄或另存后上传")


def content_of(upload: Upload) -> bytes:
    """Return what was sent; raise AttachmentRefused for nothing, and for more than 10 MB before it is all read."""
    too_large = AttachmentRefused("文件超过 10 MB，请压缩后上传")
    if upload.size is not None and upload.size > MOST_BYTES:
        raise too_large
    content = b""
    for chunk in upload.chunks():
        content += chunk
        if len(content) > MOST_BYTES:
            raise too_large
    if not content:
        raise AttachmentRefused("文件是空的")
    return content


def _note(attachment: Attachment) -> None:
    note(
        object_key=f"{attachment.household.household_no}/{attachment.year}",
        division=attachment.division_id,
        detail={"attachment": attachment.pk, "kind": attachment.kind, "sha256": attachment.sha256},
    )
