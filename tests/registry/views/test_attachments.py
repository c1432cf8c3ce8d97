"""Files of a card: added for what they are, seen in one's division only, withdrawn with a reason."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from fupin.accounts.models import AuditRecord, User
from registry.models import Attachment
from registry.services.cards import SavedCard
from tests.conftest import VILLAGE
from tests.registry.views.conftest import Scope

pytestmark = pytest.mark.django_db

ClientFor = Callable[[User], Client]
CARD = f"/registry/households/{VILLAGE}0001/2014/"
PDF = b"%PDF-1.4\n%%EOF\n"


@pytest.fixture(autouse=True)
def _own_media(tmp_path: Path, settings: object) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]


def add(client: Client, content: bytes = PDF, name: str = "x.pdf", **more: str) -> int:
    sent = {"kind": "SIGNED_SHEET", "title": "签字表", "dated_on": "2014-05-01", **more}
    return client.post(
        f"{CARD}attachments/add/", {**sent, "file": SimpleUploadedFile(name, content)}
    ).status_code


def test_a_file_is_added_shown_and_withdrawn(
    zhang: SavedCard, ai: User, client_for: ClientFor, in_scope: Scope
) -> None:
    client = client_for(ai)
    assert client.get(f"{CARD}attachments/add/").status_code == 200
    assert add(client) == 302
    with in_scope(ai):
        kept = Attachment.objects.get()
    shown = client.get(f"/registry/attachments/{kept.pk}/")
    assert b"".join(shown.streaming_content) == PDF
    assert shown["Content-Type"] == "application/pdf"
    assert (shown["X-Content-Type-Options"], shown["Cache-Control"]) == ("nosniff", "no-store")
    assert shown["Content-Disposition"].startswith("inline")
    address = f"/registry/attachments/{kept.pk}/withdraw/"
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "传错了人"}).status_code == 302
    assert AuditRecord.objects.get(action="attachment.withdraw", outcome="DONE").reason == "传错了人"
    assert client.get(address).status_code == 404


def test_what_is_no_picture_or_pdf_is_refused(zhang: SavedCard, ai: User, client_for: ClientFor) -> None:
    client = client_for(ai)
    assert add(client, b"<html>", "x.pdf") == 422
    assert add(client, b"", "x.pdf") == 422
    assert add(client, PDF, "x.jpg", kind="PHOTO") == 422
    assert add(client, dated_on="昨天") == 422


def test_another_county_sees_no_file_and_the_auditor_adds_none(
    zhang: SavedCard, ai: User, du: User, jin: User, client_for: ClientFor, in_scope: Scope
) -> None:
    add(client_for(ai))
    with in_scope(ai):
        kept = Attachment.objects.get()
    assert client_for(du).get(f"/registry/attachments/{kept.pk}/").status_code == 404
    assert add(client_for(du)) == 404
    shown = client_for(jin).get(f"/registry/attachments/{kept.pk}/")
    assert b"".join(shown.streaming_content) == PDF
    assert add(client_for(jin)) == 403
