"""Files that prove a case's steps: taken in for what they are, stored once however many cases they prove, never overwritten."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from fupin.accounts.models import User
from fupin.lib.pictures import NoPicture, without_hidden_data
from registry.errors import AttachmentRefused, StepRefused
from registry.models import Case, CasePaper
from registry.rules.procedure import Evidence
from registry.services.attachments import Upload, content_of, sniffed

_PICTURES: Final = frozenset({"image/jpeg", "image/png"})

MOST: Final = 20
"""Files to one paper of one step: a card's application has a page or two, the minutes of a meeting some."""


@dataclass(frozen=True, slots=True)
class KeptPaper:
    """A file that lies in the store, before the steps that it proves are taken."""

    kind: str
    name: str
    content_type: str
    size: int
    sha256: str


def keep(files: Mapping[str, Sequence[Upload]]) -> list[KeptPaper]:
    """Store files by the kind of paper that they are: JPEG, PNG or PDF up to 10 MB, pictures without their hidden data.

    Raise StepRefused naming the paper where one is none of these; nothing stays in the store then.
    """
    kept: list[KeptPaper] = []
    try:
        for kind, uploads in files.items():
            if len(uploads) > MOST:
                raise StepRefused(f"{Evidence(kind).label}：一次最多 {MOST} 个文件，请合成一个 PDF")
            kept.extend(_kept(kind, one) for one in uploads)
    except BaseException:
        discard(kept)
        raise
    return kept


def discard(kept: Iterable[KeptPaper]) -> None:
    """Take files out of the store that prove nothing after all."""
    for one in kept:
        default_storage.delete(one.name)


def attach(actor: User, case: Case, kept: Iterable[KeptPaper]) -> None:
    """Put files with the step of a case that is taken next."""
    for one in kept:
        CasePaper(
            division_id=case.division_id,
            case=case,
            number=0,
            kind=one.kind,
            file=one.name,
            content_type=one.content_type,
            size=one.size,
            sha256=one.sha256,
            uploaded_by=actor,
        ).save(force_insert=True)


def _kept(kind: str, upload: Upload) -> KeptPaper:
    try:
        content = content_of(upload)
        content_type, suffix = sniffed(content)
        if content_type in _PICTURES:
            content = without_hidden_data(content)
        elif kind == Evidence.PHOTO:
            raise AttachmentRefused("应为 JPG 或 PNG 图片")
    except AttachmentRefused as refused:
        raise StepRefused(f"{Evidence(kind).label}：{refused}") from refused
    except NoPicture as wrong:
        raise StepRefused(f"{Evidence(kind).label}：图片已损坏，请重新拍摄或另存后上传") from wrong
    name = default_storage.save(
        f"cases/{timezone.localdate():%Y/%m}/{uuid4().hex}.{suffix}", ContentFile(content)
    )
    return KeptPaper(str(kind), name, content_type, len(content), hashlib.sha256(content).hexdigest())
