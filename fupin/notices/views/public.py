"""The public pages: what is posted where, for whoever wants to know. Nobody signs in, and reading sets no cookie."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from fupin.accounts.audit import address_of
from fupin.accounts.doors import door
from fupin.accounts.limits import exceeded
from fupin.divisions.models import Division
from fupin.lib.paging import page_of
from fupin.notices import reports, sheets
from fupin.notices.forms.public import SeekForm, code_asked
from fupin.notices.models import Notice, NoticePhoto, NoticeQuerySet
from fupin.notices.rules import Row
from fupin.notices.views.answers import photo_answer, sheet_answer, too_many
from fupin.prints.checkcode import grouped, normalised

SHEETS_A_MINUTE: Final = 30
CHECKS_A_MINUTE: Final = 30


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the list: the notice, how much time is left in words, how pressing that is."""

    notice: Notice
    left: str
    heat: str
    url: str


@door(None, open=True)
@require_safe
def public_notice_list(request: HttpRequest) -> HttpResponse:
    """List what is posted in a division, the first one open beside the list."""
    today = timezone.localdate()
    code = code_asked(request.GET)
    words = request.GET.get("q", "").strip()[:40]
    found = reports.named(words, today)
    if len(found) == 1:
        return redirect(f"{reverse('public_notice_list')}?{urlencode({'division': found[0].pk})}")
    return _page(request, code, None, today, words=words, found=found)


@door(None, open=True)
@require_safe
def public_notice(request: HttpRequest, number: str) -> HttpResponse:
    """Show a notice beside the others of its township."""
    notice = get_object_or_404(_notices(), number=number)
    nearby = notice.division.parent_id or notice.division_id
    code = code_asked(request.GET) if "division" in request.GET else nearby
    return _page(request, code, notice, timezone.localdate())


@door(None, open=True)
@require_safe
def public_sheet(request: HttpRequest, number: str) -> HttpResponse:
    """Return the sheet of a posted notice as a PDF."""
    if exceeded(f"public-sheet:{address_of(request)}", limit=SHEETS_A_MINUTE, seconds=60):
        return too_many(request, 60)
    notice = get_object_or_404(_notices(), number=number, taken_down_on__isnull=True)
    return sheet_answer(notice, _rows(notice))


@door(None, open=True)
@require_safe
def public_photo(request: HttpRequest, pk: int) -> FileResponse:
    """Show the photograph of a notice on the wall, while the notice is public."""
    return photo_answer(get_object_or_404(NoticePhoto, pk=pk, notice__taken_down_on__isnull=True))


@door(None, open=True)
@require_safe
def public_check(request: HttpRequest) -> HttpResponse:
    """Tell whether a posted sheet is what the system holds, by the check code on it."""
    code = normalised(request.GET.get("code", ""))[:20]
    context: dict[str, Any] = {"code": code, "notice": None, "agrees": False}
    if code:
        if exceeded(f"public-check:{address_of(request)}", limit=CHECKS_A_MINUTE, seconds=60):
            return too_many(request, 60)
        notice = _notices().filter(check_code=code).first()
        if notice is not None:
            record = sheets.record_of(notice, _rows(notice))
            context |= {"notice": notice, "agrees": sheets.code_of(notice, record) == notice.check_code}
    return render(request, "public/check.html", context)


def _notices() -> NoticeQuerySet:
    """Every posted notice: they are public, so nobody's post cuts them."""
    return Notice.objects.select_related("division__parent")


def _rows(notice: Notice) -> list[Row]:
    return [sheets.as_row(line) for line in notice.lines.order_by("position")]


def _page(
    request: HttpRequest,
    code: int,
    chosen: Notice | None,
    today: date,
    *,
    words: str = "",
    found: list[Division] | None = None,
) -> HttpResponse:
    """Return the page of three columns: the list, a notice, what to do about it."""
    place = get_object_or_404(Division, pk=code)
    tab = request.GET.get("tab", "")
    form = SeekForm(request.GET)
    since, until = form.days()
    page = page_of(reports.listed(code, today, tab=tab, since=since, until=until), request.GET.get("page"))
    keep = {"division": str(code), "tab": tab, "since": str(since or ""), "until": str(until or "")}
    kept = urlencode({name: value for name, value in keep.items() if value})
    items = [_item(notice, today, kept) for notice in page]
    if chosen is None and items:
        chosen = items[0].notice
    context = {
        "place": place,
        "steps": reports.picker(code, today),
        "tabs": reports.tabs(code, today),
        "tab": tab,
        "form": form,
        "page": page,
        "items": items,
        "words": words,
        "found": found or [],
        "chosen": _shown(chosen, today) if chosen else None,
    }
    return render(request, "public/notice_list.html", context)


def _shown(notice: Notice, today: date) -> dict[str, Any]:
    """Return what the page shows of the notice in the middle; names only while it has not been taken down."""
    gone = notice.taken_down_on is not None
    record = sheets.record_of(notice, [] if gone else _rows(notice))
    left, heat = left_of(notice, today)
    return {
        "notice": notice,
        "record": record,
        "heads": list(zip(record["heads"], record["right"], strict=True)),
        "rows": [list(zip(row, record["right"], strict=True)) for row in record["rows"]],
        "foot": list(zip(record["foot"], record["right"], strict=True)),
        "gone": gone,
        "left": left,
        "heat": heat,
        "code": grouped(notice.check_code),
        "open": notice.objectable and not gone and notice.posted_on <= today <= notice.last_on,
        "photos": [] if gone else list(notice.photos.order_by("taken_on", "pk")),
    }


def _item(notice: Notice, today: date, kept: str) -> Item:
    left, heat = left_of(notice, today)
    return Item(notice, left, heat, f"{reverse('public_notice', args=[notice.number])}?{kept}")


def left_of(notice: Notice, today: date) -> tuple[str, str]:
    """Return how much time is left, in words, and how pressing it is."""
    if notice.taken_down_on is not None:
        return "已撤下", "quiet"
    match notice.period.days_left(today):
        case 0:
            return "今日 24:00 止", "bad"
        case 1:
            return "余 1 天", "warn"
        case left if left > 1:
            return f"余 {left} 天", ""
        case _:
            return "已期满", "quiet"


urlpatterns: list[URLPattern] = [
    path("public/", public_notice_list, name="public_notice_list"),
    path("public/notices/<str:number>/", public_notice, name="public_notice"),
    path("public/notices/<str:number>/sheet.pdf", public_sheet, name="public_sheet"),
    path("public/photos/<int:pk>/", public_photo, name="public_photo"),
    path("public/check/", public_check, name="public_check"),
]
