"""Files are taken in for what they are."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from fupin.accounts.errors import Refused
from fupin.accounts.models import User
from registry.errors import AttachmentRefused
from registry.models import Attachment
from registry.services.attachments import MOST_BYTES, add_attachment, withdraw_attachment
from tests.registry.factories import TODAY, saved

pytestmark = pytest.mark.django_db

Scope = Callable[[User], AbstractContextManager[User]]

PLACE = b"\xff\xe1\x00\x10Exif\x00\x00GPS37.95N"[:18]
JFIF = b"\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
PICTURE = b"\xff\xda\x00\x02picture\xff\xd9"
JPEG = b"\xff\xd8" + JFIF + PLACE + PICTURE
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20
PDF = b"%PDF-1.4\n"


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def add(actor: User, content: bytes, *, kind: str = "PHOTO", name: str = "户主.jpg") -> Attachment:
    household = saved(actor).household
    upload = SimpleUploadedFile(name, content)
    return add_attachment(actor=actor, household=household, year=2014, kind=kind, upload=upload, on=TODAY)


def test_a_picture_is_kept_without_its_place(ai: User, in_scope: Scope) -> None:
    with in_scope(ai):
        kept = add(ai, JPEG, name="../../evil.php")
        content = Path(kept.file.path).read_bytes()
        assert content == b"\xff\xd8" + JFIF + PICTURE
        assert (kept.content_type, kept.size) == ("image/jpeg", len(content))
        assert kept.file.name.startswith("attachments/")
        assert kept.file.name.endswith(".jpg")


@pytest.mark.parametrize(
    ("content", "kind", "says"),
    [
        (b"", "PHOTO", "空的"),
        (b"MZ\x90", "PHOTO", "只收"),
        (b"<svg onload=alert(1)>", "OTHER", "只收"),
        (PDF, "PHOTO", "应为 JPG"),
        (PNG, "WHAT", "种类"),
        (JPEG[:30], "PHOTO", "已损坏"),
        (PNG + b"\x00" * MOST_BYTES, "PHOTO", "10 MB"),
    ],
)
def test_anything_else_is_refused(ai: User, in_scope: Scope, content: bytes, kind: str, says: str) -> None:
    with in_scope(ai):
        with pytest.raises(AttachmentRefused, match=says):
            add(ai, content, kind=kind)
        assert not Attachment.objects.exists()


def test_a_withdrawn_file_stays(ai: User, chen: User, in_scope: Scope) -> None:
    with in_scope(ai):
        kept = add(ai, PDF, kind="SIGNED_SHEET")
        withdraw_attachment(actor=ai, attachment=kept)
        assert Attachment.objects.get().withdrawn_at is not None
        assert Path(kept.file.path).read_bytes() == PDF
        with pytest.raises(AttachmentRefused, match="已撤回"):
            withdraw_attachment(actor=ai, attachment=kept)
    with in_scope(chen), pytest.raises(Refused):
        withdraw_attachment(actor=chen, attachment=kept)
