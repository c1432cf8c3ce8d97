"""Answers that public pages and offices give alike: a sheet, a photograph, too many requests."""

from collections.abc import Iterable
from http import HTTPStatus

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render

from fupin.accounts import audit
from fupin.lib.pictures import SUFFIXES
from fupin.notices import sheets
from fupin.notices.models import NoticePhoto
from fupin.notices.models.draft import NoticeText
from fupin.notices.rules import Row


def sheet_answer(notice: NoticeText, rows: Iterable[Row]) -> HttpResponse:
    """Return the sheet in the browser's window; nothing but its number is in its name."""
    answer = HttpResponse(sheets.printed(notice, rows), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{notice.number}.pdf"'
    return answer


def photo_answer(photo: NoticePhoto) -> FileResponse:
    """Return a photograph; nothing in it runs."""
    answer = FileResponse(photo.file.open("rb"), content_type=photo.content_type)
    suffix = SUFFIXES[photo.content_type]
    answer["Content-Disposition"] = f'inline; filename="{photo.pk}.{suffix}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def too_many(request: HttpRequest, seconds: int) -> HttpResponse:
    """Answer 429, and say after how long it may be tried again."""
    audit.note(outcome=audit.Outcome.REFUSED)
    said = {"minutes": -(-seconds // 60)}
    answer = render(request, "errors/429.html", said, status=HTTPStatus.TOO_MANY_REQUESTS)
    answer["Retry-After"] = str(seconds)
    return answer
