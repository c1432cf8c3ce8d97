"""Who serves in the villages, what they logged, how many days they lived there (policy §19, §20)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_GET, require_http_methods

from fupin.accounts.doors import actor, door
from fupin.accounts.models import User
from fupin.accounts.permissions import may
from fupin.lib.paging import page_of
from registry.forms.filters import in_division
from registry.forms.help.staffing import EnrolForm, LeaveForm, LogForm, StayForm
from registry.models import RosterEntry
from registry.models.help import RosterKind
from registry.reports.help.teams import roster
from registry.services.help.teams import enrol, leave_roster, log_stay, log_work
from registry.views import card_page
from registry.views.help.showing import Table, act, listing, on, prose, tabs_of, text, today, whole


@door("registry.view_help")
@require_GET
def help_roster(request: HttpRequest) -> HttpResponse:
    """List who serves or served in the villages."""
    user = actor(request)
    chosen = request.GET.get("kind", "")
    chosen = chosen if chosen in RosterKind.values else ""
    found = roster(user)
    if chosen:
        found = found.filter(kind=chosen)
    if request.GET.get("division"):
        found = in_division(found, request.GET["division"])
    page = page_of(found.order_by("division_id", "since", "pk"), request.GET.get("page"))
    rows = [
        [
            text(one.person.name, reverse("help_roster_entry", args=[one.pk])),
            text(one.get_kind_display()),
            text(one.person.organ.name),
            text(one.division.name, reverse("help_village", args=[one.division_id])),
            text(one.team.name if one.team else ""),
            on(one.since),
            on(one.until),
            whole(getattr(one, "days_lived", 0)),
            whole(getattr(one, "days_logged", 0)),
            text("青年干部" if one.is_young_cadre else ""),
        ]
        for one in page.object_list
    ]
    heads = ("姓名", "类别", "单位", "村", "工作队", "起", "止", "住村天数", "有日志天数", "培养锻炼")
    acts = [("＋ 列入名册", reverse("help_enrol"))] if may(user, "registry.assign_help") else []
    return listing(
        request,
        title="驻村名册",
        acts=[*acts, ("没有派出的单位", reverse("help_organs"))],
        tabs=tabs_of(request, "kind", [("", "全部"), *RosterKind.choices], chosen),
        searches=True,
        exports="help_logs",
        tables=[Table("", heads, rows, "名册为空", page=page, noun="人")],
    )


def _entry(user: User, pk: int) -> RosterEntry:
    found = RosterEntry.objects.visible_to(user).select_related("person__organ", "team", "division")
    return get_object_or_404(found, pk=pk)


@door("registry.view_help")
@require_GET
def help_roster_entry(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what somebody did in a village and on which days he lived there."""
    user = actor(request)
    entry = _entry(user, pk)
    page = page_of(entry.logs.select_related("household").order_by("-on", "-pk"), request.GET.get("page"))
    logs = [
        [
            on(one.on),
            text(one.get_kind_display()),
            text(
                one.household.household_no if one.household else one.project_no,
                reverse("help_household", args=[one.household.household_no]) if one.household else "",
            ),
            prose(one.content),
        ]
        for one in page.object_list
    ]
    stays = list(entry.stays.order_by("-first_day", "pk"))
    acts = []
    if may(user, "registry.change_help"):
        acts = [("＋ 日志", reverse("help_log", args=[pk])), ("＋ 住村", reverse("help_stay", args=[pk]))]
    if may(user, "registry.assign_help") and entry.until is None:
        acts.append(("离任", reverse("help_leave", args=[pk])))
    term = f"{entry.since} 至 {entry.until or '今'}"
    extras = "；".join(
        f"{label}：{value}" for label, value in (("激励", entry.incentive), ("保障", entry.support)) if value
    )
    return listing(
        request,
        title=f"{entry.person.name} · {entry.get_kind_display()}",
        fact=f"{entry.division.name} {term} {entry.person.organ.name}",
        trail=card_page.trail(entry.division_id),
        acts=acts,
        note=extras,
        tables=[
            Table("工作日志", ("日期", "事项", "户或项目", "内容"), logs, "还没有日志", page=page),
            Table(
                f"住村 {sum(one.days for one in stays)} 天",
                ("首日", "末日", "天数"),
                [[on(one.first_day), on(one.last_day), whole(one.days)] for one in stays],
                "还没有住村记录",
            ),
        ],
    )


@door("registry.assign_help", audit="help.enrol")
@require_http_methods(["GET", "POST"])
def help_enrol(request: HttpRequest) -> HttpResponse:
    """Put somebody on a village's roster."""
    user = actor(request)
    return act(
        request,
        EnrolForm(request.POST or None, user=user, initial={"village": request.GET.get("village", "")}),
        lambda said: enrol(actor=user, **said),
        title="列入驻村名册",
        back=reverse("help_roster"),
        said="已列入名册",
    )


@door("registry.assign_help", audit="help.leave_roster")
@require_http_methods(["GET", "POST"])
def help_leave(request: HttpRequest, pk: int) -> HttpResponse:
    """End somebody's term in a village."""
    user = actor(request)
    entry = _entry(user, pk)
    return act(
        request,
        LeaveForm(request.POST or None, initial={"on": today()}),
        lambda said: leave_roster(actor=user, entry=entry, on=said["on"]),
        title=f"{entry.person.name} · 离任",
        back=reverse("help_roster_entry", args=[pk]),
        said="已离任",
        division=entry.division_id,
    )


@door("registry.change_help", audit="help.log")
@require_http_methods(["GET", "POST"])
def help_log(request: HttpRequest, pk: int) -> HttpResponse:
    """Log a day's work."""
    user = actor(request)
    entry = _entry(user, pk)

    def do(said: dict[str, Any]) -> object:
        return log_work(actor=user, entry=entry, today=today(), **said)

    return act(
        request,
        LogForm(request.POST or None, place=entry.division_id, initial={"on": today()}),
        do,
        title=f"{entry.person.name} · 工作日志",
        back=reverse("help_roster_entry", args=[pk]),
        said="已登记日志",
        division=entry.division_id,
    )


@door("registry.change_help", audit="help.stay")
@require_http_methods(["GET", "POST"])
def help_stay(request: HttpRequest, pk: int) -> HttpResponse:
    """Log days lived in the village."""
    user = actor(request)
    entry = _entry(user, pk)
    return act(
        request,
        StayForm(request.POST or None),
        lambda said: log_stay(actor=user, entry=entry, today=today(), **said),
        title=f"{entry.person.name} · 住村",
        back=reverse("help_roster_entry", args=[pk]),
        said="已登记住村",
        division=entry.division_id,
    )


urlpatterns: list[URLPattern] = [
    path("help/roster/", help_roster, name="help_roster"),
    path("help/roster/new/", help_enrol, name="help_enrol"),
    path("help/roster/<int:pk>/", help_roster_entry, name="help_roster_entry"),
    path("help/roster/<int:pk>/leave/", help_leave, name="help_leave"),
    path("help/roster/<int:pk>/log/", help_log, name="help_log"),
    path("help/roster/<int:pk>/stay/", help_stay, name="help_stay"),
]
