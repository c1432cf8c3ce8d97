"""Files of a project: taken in for what they are, not for what they are called; never overwritten, only withdrawn."""

import hashlib
from typing import Final
from uuid import uuid4

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from fupin.accounts.audit import note
from fupin.accounts.models import User
from fupin.accounts.permissions import require
from fupin.lib.pictures import NoPicture, without_hidden_data
from projects.codes import FileKind
from projects.errors import FileRefused
from projects.models import Project, ProjectFile
from projects.services.refusing import told
from registry.errors import AttachmentRefused
from registry.services.attachments import Upload, content_of, sniffed

_PICTURES: Final = frozenset({"image/jpeg", "image/png"})


@transaction.atomic
def add_file(*, actor: User, project: Project, kind: str, upload: Upload, title: str = "") -> ProjectFile:
    """Keep a file with a project: JPEG, PNG or PDF up to 10 MB, pictures without their hidden data. Raise FileRefused, Refused."""
    require(actor, "projects.add_file", at=project.division_id)
    if kind not in FileKind.values:
        raise FileRefused("请选择材料种类")
    try:
        content = content_of(upload)
        content_type, suffix = sniffed(content)
        if content_type in _PICTURES:
            content = without_hidden_data(content)
        elif kind == FileKind.PHOTO:
            raise FileRefused("照片应为 JPG 或 PNG 图片")
    except AttachmentRefused as refused:
        raise FileRefused(str(refused)) from refused
    except NoPicture as wrong:
        raise FileRefused("图片已损坏，请重新拍摄或另存后上传") from wrong
    kept = ProjectFile(
        division_id=project.division_id,
        project=project,
        kind=kind,
        title=title.strip()[:100],
        content_type=content_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        uploaded_by=actor,
    )
    kept.file.save(f"{uuid4().hex}.{suffix}", ContentFile(content), save=False)
    try:
        kept.save(force_insert=True)
    except BaseException:
        kept.file.delete(save=False)
        raise
    note(
        object_key=project.number,
        division=project.division_id,
        detail={"file": kept.pk, "kind": kind, "sha256": kept.sha256},
    )
    return kept


@transaction.atomic
def withdraw_file(*, actor: User, file: ProjectFile) -> ProjectFile:
    """Mark a file as withdrawn; it stays on disk and in the table. Raise FileRefused for one that proves a step, Refused."""
    file = ProjectFile.objects.select_for_update(of=("self",)).get(pk=file.pk)
    require(actor, "projects.add_file", at=file.division_id)
    file.withdrawn_at = timezone.now()
    with told(FileRefused):
        file.save(update_fields=["withdrawn_at"])
    note(
        action="projects.withdraw_file",
        object_key=file.project.number,
        division=file.division_id,
        detail={"file": file.pk},
    )
    return file
