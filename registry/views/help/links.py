"""The provincial leaders' links with the 36 national poor counties: parts missing or double; activities and problems (policy §18)."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_GET, require_http_methods

from fupin.accounts.doors import actor, door
from fupin.accounts.models import User
from fupin.accounts.permissions import may
from fupin.divisions.models import Division
from registry.forms.help.staffing import ActivityForm, LinkChangeForm, LinkForm, ProgressForm
from registry.models import LinkActivity, ThreeInOneLink
from registry.models.help import Progress
from registry.reports.help.leading import LinkRow, links_of
from registry.services.help.leading import change_link, link_county, log_activity, move_problem
from registry.views.help.showing import Cell, Table, act, chip, listing, on, prose, text, today

_KINDS = {Progress.SOLVED: "ok", Progress.WORKING: "warn", Progress.OPEN: "bad", Progress.NONE: "quiet"}


def _row(one: LinkRow, *, links: bool) -> list[Cell]:
    link = one.link
    alarms = "、".join(one.alarms)
    if link is None:
        url = reverse("help_link_new", args=[one.county.pk]) if links else ""
        return [
            text(one.county.name, url),
            text(""),
            text(""),
            text(""),
            on(None),
            chip(alarms, "bad"),
        ]
    return [
        text(one.county.name, reverse("help_link", args=[link.pk])),
        text(link.leader.name if link.leader else ""),
        text(link.enterprise),
        text(link.village.path_name if link.village else ""),
        on(link.since),
        chip(alarms, "bad") if alarms else chip("齐全", "ok"),
    ]


@door("registry.view_help")
@require_GET
def help_links(request: HttpRequest) -> HttpResponse:
    """List the national poor counties with their links and alarms."""
    user = actor(request)
    found = links_of(user, today())
    wrong = sum(bool(one.alarms) for one in found)
    heads = ("联系县", "省领导", "扶贫开发企业", "住村包村点", "起", "缺项、重复")
    rows = [_row(one, links=may(user, "registry.link_counties")) for one in found]
    return listing(
        request,
        title="省领导“三合一”联系",
        fact=f"{len({one.county.pk for one in found})} 个国定贫困县",
        note=f"有缺项或重复的 {wrong} 条" if wrong else "",
        tables=[Table("", heads, rows, "您的区划内没有国定贫困县")],
    )


def _link(user: User, pk: int) -> ThreeInOneLink:
    found = ThreeInOneLink.objects.visible_to(user).select_related("leader", "village", "division")
    return get_object_or_404(found, pk=pk)


@door("registry.view_help")
@require_GET
def help_link(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a link with its activities and problems."""
    user = actor(request)
    link = _link(user, pk)
    links = may(user, "registry.link_counties")
    rows = [
        [
            on(one.on),
            text(one.get_kind_display()),
            prose(one.content),
            on(one.due_on),
            chip(one.get_progress_display(), _KINDS[Progress(one.progress)]),
            text(
                "办理",
                reverse("help_problem", args=[one.pk])
                if links and one.progress in {Progress.OPEN, Progress.WORKING}
                else "",
            )
            if one.progress in {Progress.OPEN, Progress.WORKING}
            else on(one.solved_on),
        ]
        for one in link.activities.order_by("-on", "-pk")
    ]
    acts = []
    if links:
        acts = [
            ("＋ 活动、问题", reverse("help_activity", args=[pk])),
            ("修改", reverse("help_link_change", args=[pk])),
        ]
    leader = link.leader.name if link.leader else "缺省领导"
    village = link.village.path_name if link.village else "缺住村包村点"
    return listing(
        request,
        title=f"{link.division.name} · “三合一”联系",
        fact=f"{leader}；{link.enterprise or '缺企业'}；{village}",
        trail=[{"label": "“三合一”联系", "url": reverse("help_links")}],
        acts=acts,
        tables=[
            Table("活动与问题", ("日期", "种类", "内容", "时限", "进度", "办理"), rows, "还没有活动记录")
        ],
    )


@door("registry.link_counties", audit="help.link")
@require_http_methods(["GET", "POST"])
def help_link_new(request: HttpRequest, county: int) -> HttpResponse:
    """Put down the link of a county."""
    user = actor(request)
    if user.post is None:
        raise Http404
    counties = Division.objects.within(user.post.division_id).filter(county_profile__is_national_poor=True)
    place = get_object_or_404(counties, pk=county)
    return act(
        request,
        LinkForm(request.POST or None, place=county, initial={"since": today()}),
        lambda said: link_county(actor=user, county=county, **said),
        title=f"{place.name} · “三合一”联系",
        back=reverse("help_links"),
        said="已登记联系",
        hint="省领导、企业、住村包村点一时未定的可留空，列为缺项。",
        division=county,
    )


@door("registry.link_counties", audit="help.link")
@require_http_methods(["GET", "POST"])
def help_link_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the parts of a link, or end it."""
    user = actor(request)
    link = _link(user, pk)
    initial = {
        "leader": link.leader_id,
        "enterprise": link.enterprise,
        "enterprise_code": link.enterprise_code,
        "village": str(link.village_id or ""),
        "until": link.until,
    }
    return act(
        request,
        LinkChangeForm(request.POST or None, place=link.division_id, initial=initial),
        lambda said: change_link(actor=user, link=link, **said),
        title=f"{link.division.name} · 修改联系",
        back=reverse("help_link", args=[pk]),
        said="已修改联系",
        division=link.division_id,
    )


@door("registry.link_counties", audit="help.activity")
@require_http_methods(["GET", "POST"])
def help_activity(request: HttpRequest, pk: int) -> HttpResponse:
    """Put down an activity or a problem."""
    user = actor(request)
    link = _link(user, pk)
    return act(
        request,
        ActivityForm(request.POST or None, initial={"on": today(), "progress": Progress.NONE}),
        lambda said: log_activity(actor=user, link=link, **said),
        title=f"{link.division.name} · 联系活动与问题",
        back=reverse("help_link", args=[pk]),
        said="已登记",
        division=link.division_id,
    )


@door("registry.link_counties", audit="help.problem")
@require_http_methods(["GET", "POST"])
def help_problem(request: HttpRequest, pk: int) -> HttpResponse:
    """Put down how far a problem is dealt with."""
    user = actor(request)
    activity = get_object_or_404(LinkActivity.objects.visible_to(user), pk=pk)

    def do(said: dict[str, Any]) -> object:
        return move_problem(actor=user, activity=activity, **said)

    return act(
        request,
        ProgressForm(request.POST or None, initial={"on": today()}),
        do,
        title="办理问题",
        back=reverse("help_link", args=[activity.link_id]),
        said="已登记进度",
        hint=activity.content,
        division=activity.division_id,
    )


urlpatterns: list[URLPattern] = [
    path("help/links/", help_links, name="help_links"),
    path("help/links/<int:pk>/", help_link, name="help_link"),
    path("help/links/<int:pk>/change/", help_link_change, name="help_link_change"),
    path("help/links/<int:pk>/activity/", help_activity, name="help_activity"),
    path("help/links/new/<int:county>/", help_link_new, name="help_link_new"),
    path("help/problems/<int:pk>/", help_problem, name="help_problem"),
]
