"""Pages of the offices: drafts to print and post, what hangs in their divisions, taking down."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, TypeVar

from django.contrib import messages
from django.forms import Form
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fupin.accounts import audit
from fupin.accounts.doors import actor, door
from fupin.accounts.models import User
from fupin.accounts.permissions import may, require
from fupin.lib.paging import page_of
from fupin.notices import reports, sheets
from fupin.notices.errors import NoticeError
from fupin.notices.forms.offices import PhotoForm, PostForm, ReasonForm, RedateForm
from fupin.notices.models import DraftStatus, Notice, NoticeDraft, NoticePhoto, ObjectionStatus
from fupin.notices.rules import Row
from fupin.notices.services.drawing import discard, redate
from fupin.notices.services.posting import add_photo, post, take_down
from fupin.notices.views.answers import photo_answer, sheet_answer
from fupin.notices.views.public import left_of
from fupin.prints.checkcode import grouped

DRAFTS, STANDING, OVER, DOWN = "drafts", "standing", "over", "down"
TABS = ((DRAFTS, "待张贴"), (STANDING, "公示中"), (OVER, "已期满"), (DOWN, "已撤下"))

Done = TypeVar("Done")


@door("notices.view")
@require_safe
def notice_list(request: HttpRequest) -> HttpResponse:
    """List the drafts and notices of one's divisions."""
    user, today = actor(request), timezone.localdate()
    tab = request.GET.get("tab", "")
    tab = tab if tab in dict(TABS) else STANDING
    drafts = NoticeDraft.objects.visible_to(user).filter(status=DraftStatus.DRAFT).select_related("division")
    posted = Notice.objects.visible_to(user).select_related("division", "posted_by")
    rows: Any = {
        DRAFTS: drafts.order_by("posted_on", "pk"),
        STANDING: posted.standing_on(today).order_by("last_on", "pk"),
        OVER: posted.over_on(today).filter(taken_down_on__isnull=True).order_by("-last_on", "-pk"),
        DOWN: posted.filter(taken_down_on__isnull=False).order_by("-taken_down_on", "-pk"),
    }[tab]
    page = page_of(rows, request.GET.get("page"))
    context = {
        "page": page,
        "items": [(one, *(("", "") if tab == DRAFTS else left_of(one, today))) for one in page],
        "tab": tab,
        "tabs": [(label, f"?tab={key}", key == tab) for key, label in TABS],
        "trail": _trail(user),
    }
    return render(request, "notices/notice_list.html", context)


@door("notices.view", audit="notices.post")
@require_http_methods(["GET", "POST"])
def notice_draft(request: HttpRequest, number: str) -> HttpResponse:
    """Show a draft as it will hang; record that it hangs, with its photograph."""
    user, today = actor(request), timezone.localdate()
    if request.method == "POST":
        require(user, "notices.post")
    draft = get_object_or_404(
        NoticeDraft.objects.visible_to(user).select_related("division", "drawn_by"), number=number
    )
    form = PostForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        initial={"on": draft.posted_on, "photographed_on": draft.posted_on},
    )
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        notice = _try(form, lambda: post(actor=user, draft=draft, today=today, **asked))
        if notice is not None:
            messages.success(request, f"已张贴并公开，{notice.first_on} 至 {notice.last_on} 24:00 公示")
            return redirect("notice_detail", number=number)
    rows = [sheets.restored(row) for row in draft.rows]
    context = {
        "draft": draft,
        **_shown(draft, rows),
        "form": form,
        "open": draft.status == DraftStatus.DRAFT,
        "may_post": may(user, "notices.post"),
        "may_redate": may(user, "notices.draw_up"),
        "redate_form": RedateForm(initial={"on": today}, auto_id="redate_%s"),
        "discard_form": ReasonForm(auto_id="discard_%s"),
        "trail": _trail(user, draft.title),
    }
    return render(request, "notices/notice_draft.html", context, status=_status(form))


@door("notices.view")
@require_safe
def notice_draft_sheet(request: HttpRequest, number: str) -> HttpResponse:
    """Return the sheet of a draft as a PDF: printed before it is posted."""
    drafts = NoticeDraft.objects.visible_to(actor(request)).exclude(status=DraftStatus.DISCARDED)
    draft = get_object_or_404(drafts, number=number)
    return sheet_answer(draft, [sheets.restored(row) for row in draft.rows])


@door("notices.draw_up", audit="notices.redate")
@require_POST
def notice_redate(request: HttpRequest, number: str) -> HttpResponse:
    """Move a draft to another day."""
    return _act_on_draft(
        request,
        number,
        RedateForm(request.POST),
        lambda user, draft, asked: redate(actor=user, draft=draft, on=asked["on"]),
        "已改日期，正文和期限随之改变，请重新打印",
    )


@door("notices.draw_up", audit="notices.discard")
@require_POST
def notice_discard(request: HttpRequest, number: str) -> HttpResponse:
    """Give a draft up."""
    return _act_on_draft(
        request,
        number,
        ReasonForm(request.POST),
        lambda user, draft, asked: discard(actor=user, draft=draft, reason=asked["reason"]),
        "公示稿已作废",
    )


@door("notices.view")
@require_safe
def notice_detail(request: HttpRequest, number: str) -> HttpResponse:
    """Show a posted notice to its offices, with its photographs and objections."""
    return _detail(request, number)


@door("notices.post", audit="notices.add_photo")
@require_POST
def notice_photo_add(request: HttpRequest, number: str) -> HttpResponse:
    """Add a photograph."""
    user = actor(request)
    notice = get_object_or_404(Notice.objects.visible_to(user), number=number)
    form = PhotoForm(request.POST, request.FILES, auto_id="photo_%s")
    if form.is_valid():
        asked = form.cleaned_data
        if _try(form, lambda: add_photo(actor=user, notice=notice, today=timezone.localdate(), **asked)):
            messages.success(request, "已补张贴照片")
            return redirect("notice_detail", number=number)
    return _detail(request, number, photo_form=form)


@door("notices.take_down")
@require_POST
def notice_take_down(request: HttpRequest, number: str) -> HttpResponse:
    """Take a notice down."""
    user = actor(request)
    notice = get_object_or_404(Notice.objects.visible_to(user), number=number)
    form = ReasonForm(request.POST, auto_id="down_%s")
    if form.is_valid():
        because = form.cleaned_data["reason"]
        if _try(form, lambda: take_down(actor=user, notice=notice, because=because, on=timezone.localdate())):
            messages.success(request, "公示已撤下，公开页不再显示名单")
            return redirect("notice_detail", number=number)
    return _detail(request, number, down_form=form)


@door("notices.view")
@require_safe
def notice_photo(request: HttpRequest, pk: int) -> FileResponse:
    """Show a photograph, of a notice that was taken down as well."""
    return photo_answer(get_object_or_404(NoticePhoto.objects.visible_to(actor(request)), pk=pk))


def _detail(
    request: HttpRequest, number: str, *, photo_form: Form | None = None, down_form: Form | None = None
) -> HttpResponse:
    user, today = actor(request), timezone.localdate()
    notices = Notice.objects.visible_to(user).select_related("division", "posted_by", "taken_down_by")
    notice = get_object_or_404(notices, number=number)
    wrong = photo_form or down_form
    left, heat = left_of(notice, today)
    standing = notice.taken_down_on is None
    context = {
        "notice": notice,
        **_shown(notice, [sheets.as_row(line) for line in notice.lines.order_by("position")]),
        "left": left,
        "heat": heat,
        "standing": standing,
        "photos": list(notice.photos.order_by("taken_on", "pk")),
        "objections": list(notice.objections.select_related("line").order_by("pk")),
        "waiting": notice.objections.filter(
            status__in=[ObjectionStatus.FILED, ObjectionStatus.ACCEPTED]
        ).exists(),
        "may_post": standing and may(user, "notices.post"),
        "may_take_down": standing and may(user, "notices.take_down"),
        "may_record": standing
        and notice.objectable
        and today <= notice.last_on
        and may(user, "notices.record_objection"),
        "photo_form": photo_form or PhotoForm(initial={"photographed_on": today}, auto_id="photo_%s"),
        "down_form": down_form or ReasonForm(auto_id="down_%s"),
        "wrong": wrong,
        "trail": _trail(user, notice.title),
    }
    return render(request, "notices/notice_detail.html", context, status=_status(wrong))


def _shown(notice: NoticeDraft | Notice, rows: list[Row]) -> dict[str, Any]:
    """Return the record of a sheet, in the shape in which its table is drawn."""
    record = sheets.record_of(notice, rows)
    right = record["right"]
    return {
        "record": record,
        "heads": list(zip(record["heads"], right, strict=True)),
        "rows": [list(zip(row, right, strict=True)) for row in record["rows"]],
        "foot": list(zip(record["foot"], right, strict=True)),
        "code": grouped(sheets.code_of(notice, record)),
    }


def _act_on_draft(
    request: HttpRequest,
    number: str,
    form: Form,
    act: Callable[[User, NoticeDraft, dict[str, Any]], object],
    done: str,
) -> HttpResponse:
    """Do something with a draft, or say on its page why not."""
    user = actor(request)
    draft = get_object_or_404(NoticeDraft.objects.visible_to(user), number=number)
    if form.is_valid() and _try(form, lambda: act(user, draft, form.cleaned_data)) is not None:
        messages.success(request, done)
    else:
        audit.note(outcome=audit.Outcome.REFUSED, object_key=f"notice:{number}")
        messages.error(request, "；".join(str(text) for texts in form.errors.values() for text in texts))
    return redirect("notice_draft", number=number)


def _try(form: Form, act: Callable[[], Done]) -> Done | None:
    """Return what the act returns; None where it is refused, the reason then stands on the form."""
    try:
        return act()
    except NoticeError as refused:
        form.add_error(None, str(refused))
        return None


def _status(form: Form | None) -> int:
    return (
        HTTPStatus.UNPROCESSABLE_ENTITY
        if form is not None and form.is_bound and form.errors
        else HTTPStatus.OK
    )


def _trail(user: User, title: str = "") -> list[dict[str, str]]:
    """Return the breadcrumb: the division, the list, the notice."""
    steps = [
        {"label": name, "url": ""}
        for _code, name in (reports.trail(user.post.division_id) if user.post else ())
    ]
    steps.append({"label": "公告公示", "url": reverse("notice_list")})
    return [*steps, {"label": title, "url": ""}] if title else steps


urlpatterns: list[URLPattern] = [
    path("notices/", notice_list, name="notice_list"),
    path("notices/drafts/<str:number>/", notice_draft, name="notice_draft"),
    path("notices/drafts/<str:number>/sheet.pdf", notice_draft_sheet, name="notice_draft_sheet"),
    path("notices/drafts/<str:number>/redate/", notice_redate, name="notice_redate"),
    path("notices/drafts/<str:number>/discard/", notice_discard, name="notice_discard"),
    path("notices/photos/<int:pk>/", notice_photo, name="notice_photo"),
    path("notices/<str:number>/", notice_detail, name="notice_detail"),
    path("notices/<str:number>/photos/add/", notice_photo_add, name="notice_photo_add"),
    path("notices/<str:number>/take-down/", notice_take_down, name="notice_take_down"),
]
