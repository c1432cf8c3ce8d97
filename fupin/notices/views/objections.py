"""Objections in the offices: recorded, listed by what is due, accepted, settled and answered."""

from collections.abc import Callable
from http import HTTPStatus
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from fupin.accounts.doors import actor, door
from fupin.accounts.errors import NotPossible
from fupin.accounts.models import User
from fupin.accounts.permissions import may, require
from fupin.accounts.services.access import open_for
from fupin.lib.paging import page_of
from fupin.notices import reports
from fupin.notices.errors import NoticeError
from fupin.notices.forms.offices import DecisionForm, ReasonForm, RecordForm
from fupin.notices.models import Channel, Notice, Objection, ObjectionStatus
from fupin.notices.services.objecting import grouped_code, object_to
from fupin.notices.services.settling import accept_objection, decline_objection, settle_objection

OPEN, LATE, OVER = "open", "late", "over"
TABS = ((OPEN, "未办结"), (LATE, "已逾期"), (OVER, "已办结"))


@door("notices.view")
@require_safe
def objection_list(request: HttpRequest) -> HttpResponse:
    """List the objections of one's divisions, those that are due first on top."""
    user, today = actor(request), timezone.localdate()
    tab = request.GET.get("tab", "")
    tab = tab if tab in dict(TABS) else OPEN
    rows = Objection.objects.visible_to(user).select_related("notice", "line", "division")
    asked = {
        OPEN: rows.open().order_by("filed_on", "pk"),
        LATE: rows.overdue_on(today).order_by("filed_on", "pk"),
        OVER: rows.exclude(pk__in=rows.open()).order_by("-settled_on", "-pk"),
    }[tab]
    context = {
        "page": page_of(asked, request.GET.get("page")),
        "today": today,
        "tab": tab,
        "tabs": [(label, f"?tab={key}", key == tab) for key, label in TABS],
        "trail": _trail(user),
    }
    return render(request, "notices/objection_list.html", context)


@door("notices.record_objection")
@never_cache
@require_http_methods(["GET", "POST"])
def objection_new(request: HttpRequest, number: str) -> HttpResponse:
    """Record an objection that came in by word of mouth, telephone or letter; its receipt is for whoever objects."""
    user = actor(request)
    notice = get_object_or_404(Notice.objects.visible_to(user), number=number, objectable=True)
    today = timezone.localdate()
    form = RecordForm(
        request.POST if request.method == "POST" else None,
        lines=list(notice.lines.order_by("position")),
        initial={"entry_key": uuid4, "filed_on": today},
    )
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            if asked["filed_on"] > today:
                raise NoticeError("提出日期不能晚于今天")
            receipt = object_to(
                notice=notice,
                statement=asked["statement"],
                entry_key=asked["entry_key"],
                on=asked["filed_on"],
                position=asked["position"],
                name=asked["name"],
                phone=asked["phone"],
                channel=Channel(asked["channel"]),
                actor=user,
            )
        except NoticeError as refused:
            form.add_error(None, str(refused))
        else:
            given = {
                "receipt": receipt,
                "code": grouped_code(receipt.code),
                "trail": _trail(user, receipt.number),
            }
            return render(request, "notices/objection_receipt.html", {**given, "notice": notice})
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    context = {"form": form, "notice": notice, "trail": _trail(user, "登记异议")}
    return render(request, "notices/objection_new.html", context, status=status)


@door("notices.view", audit="notices.handle_objection")
@require_http_methods(["GET", "POST"])
def objection_detail(request: HttpRequest, number: str) -> HttpResponse:
    """Show an objection and what was done about it; do the next thing."""
    user = actor(request)
    if request.method == "POST":
        require(user, "notices.handle_objection")
    objection = _of(user, number)
    form = DecisionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        act, done = _acts(user, objection, form)[form.cleaned_data["decision"]]
        try:
            act()
        except NoticeError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, done)
            return redirect("objection_detail", number=number)
    handles = may(user, "notices.handle_objection")
    own = objection.notice.posted_by_id == user.pk
    context = {
        "objection": objection,
        "form": form,
        "late": objection.due_on is not None and objection.due_on < timezone.localdate(),
        "may_accept": handles and objection.status == ObjectionStatus.FILED,
        "may_decline": handles and not own and objection.status == ObjectionStatus.FILED,
        "may_settle": handles and not own and objection.status == ObjectionStatus.ACCEPTED,
        "own": handles and own and objection.due_on is not None,
        "may_reveal": handles and bool(objection.name_sealed or objection.phone_sealed),
        "trail": _trail(user, objection.number),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "notices/objection_detail.html", context, status=status)


@door("notices.handle_objection", audit="notices.reveal_objector")
@never_cache
@require_http_methods(["GET", "POST"])
def objection_contact(request: HttpRequest, number: str) -> HttpResponse:
    """Open name and telephone of whoever objected, for a reason, once."""
    user = actor(request)
    objection = _of(user, number)
    sealed = [row for row in (objection.name_sealed, objection.phone_sealed) if row is not None]
    form = ReasonForm(request.POST if request.method == "POST" else None)
    opened: dict[str, str] = {}
    if request.method == "POST" and form.is_valid():
        try:
            values = open_for(
                user,
                sealed=sealed,
                object_key=f"objection:{number}",
                purpose="查看异议人联系方式",
                reason=form.cleaned_data["reason"],
            )
        except NotPossible as refused:
            form.add_error("reason", str(refused))
        else:
            named = {"姓名": objection.name_sealed, "电话": objection.phone_sealed}
            opened = {label: values.get(row, "打不开，请告诉管理员") for label, row in named.items() if row}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    context = {
        "objection": objection,
        "form": form,
        "opened": opened,
        "trail": _trail(user, objection.number),
    }
    return render(request, "notices/objection_contact.html", context, status=status)


def _acts(
    user: User, objection: Objection, form: DecisionForm
) -> dict[str, tuple[Callable[[], Objection], str]]:
    """Return what each decision does, and what is said when it is done."""
    asked, today = form.cleaned_data, timezone.localdate()

    def settle(*, upheld: bool) -> Objection:
        return settle_objection(
            actor=user,
            objection=objection,
            upheld=upheld,
            finding=asked["finding"],
            answer=asked["answer"],
            on=today,
        )

    return {
        "accept": (
            lambda: accept_objection(actor=user, objection=objection, on=today),
            "已受理，所涉的户暂停办理",
        ),
        "decline": (
            lambda: decline_objection(actor=user, objection=objection, answer=asked["answer"], on=today),
            "已答复不予受理",
        ),
        "uphold": (lambda: settle(upheld=True), "已办结：异议成立"),
        "reject": (lambda: settle(upheld=False), "已办结：异议不成立"),
    }


def _of(user: User, number: str) -> Objection:
    rows = Objection.objects.visible_to(user).select_related(
        "notice__division", "line", "recorded_by", "accepted_by", "settled_by"
    )
    return get_object_or_404(rows, number=number)


def _trail(user: User, title: str = "") -> list[dict[str, str]]:
    """Return the breadcrumb: the division, the list, the objection."""
    steps = [
        {"label": name, "url": ""}
        for _code, name in (reports.trail(user.post.division_id) if user.post else ())
    ]
    steps.append({"label": "异议", "url": reverse("objection_list")})
    return [*steps, {"label": title, "url": ""}] if title else steps


urlpatterns: list[URLPattern] = [
    path("objections/", objection_list, name="objection_list"),
    path("objections/<str:number>/", objection_detail, name="objection_detail"),
    path("objections/<str:number>/contact/", objection_contact, name="objection_contact"),
    path("notices/<str:number>/objections/new/", objection_new, name="objection_new"),
]
