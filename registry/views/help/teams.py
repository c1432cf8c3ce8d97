"""Work teams: where they are, under whom, how long silent; the staged plan of coverage (policy §20)."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_GET, require_http_methods

from fupin.accounts.doors import actor, door
from fupin.accounts.models import User
from fupin.accounts.permissions import may
from fupin.lib.paging import page_of
from fupin.policy.standards import figure
from registry.forms.filters import in_division
from registry.forms.help.staffing import CoverageForm, LeaderForm, PostingForm, TeamForm
from registry.models import TeamLeader, TeamPosting, WorkTeam
from registry.reports.help.teams import TeamRow, coverage, postings, silent, stages, team_rows
from registry.rules.help.terms import Term, leader_stays_until, team_stays_until
from registry.services.help.leading import plan_coverage
from registry.services.help.teams import appoint_leader, found_team, post_team
from registry.views.help.showing import Cell, Table, act, chip, listing, on, tabs_of, text, today, whole

_TABS = (("all", "全部"), ("silent", "30 日无日志"))
_KINDS = {Term.OVER: "bad", Term.ENDING: "warn", Term.RUNNING: "ok", Term.NOT_YET: "quiet"}


def _row(one: TeamRow) -> list[Cell]:
    posting = one.posting
    return [
        text(posting.team.name, reverse("help_team", args=[posting.team_id])),
        text(posting.team.organ.name),
        text(posting.division.name, reverse("help_village", args=[posting.division_id])),
        text(posting.division.parent.name if posting.division.parent else ""),
        on(posting.since),
        on(one.stays_until),
        text(one.leader.person.name if one.leader else ""),
        on(one.leader_until),
        chip(one.term.label, _KINDS[one.term]) if one.term else chip("没有队长", "bad"),
        on(one.last_log),
        chip("无日志", "bad") if one.silent else chip("有日志", "ok"),
    ]


@door("registry.view_help")
@require_GET
def help_teams(request: HttpRequest) -> HttpResponse:
    """List the teams in their villages, or those of which nothing was heard for thirty days."""
    user = actor(request)
    day = today()
    chosen = "silent" if request.GET.get("list") == "silent" else "all"
    found = postings(user)
    if chosen == "silent":
        found = silent(found, day, int(figure("team_silent_days", day.year)))
    if request.GET.get("division"):
        found = in_division(found, request.GET["division"])
    page = page_of(found.order_by("division_id", "pk"), request.GET.get("page"))
    rows = [_row(one) for one in team_rows(list(page.object_list), day)]
    heads = (
        "工作队",
        "派出单位",
        "村",
        "乡镇",
        "进驻",
        "五年期满",
        "队长",
        "队长期满",
        "队长任期",
        "最近日志",
        "日志",
    )
    acts = []
    if may(user, "registry.assign_help"):
        acts = [("＋ 工作队", reverse("help_team_new"))]
    done = coverage(user)
    return listing(
        request,
        title="驻村工作队",
        acts=[*acts, ("分期分批计划", reverse("help_coverage")), ("驻村名册", reverse("help_roster"))],
        tabs=tabs_of(request, "list", _TABS, chosen),
        note=f"贫困村 {done.villages} 个，有工作队 {done.with_team} 个；一定五年不变，队长两年一换",
        searches=True,
        tables=[Table("", heads, rows, "没有工作队", page=page, noun="支")],
    )


def _team(user: User, pk: int) -> WorkTeam:
    return get_object_or_404(WorkTeam.objects.visible_to(user).select_related("organ"), pk=pk)


@door("registry.view_help")
@require_GET
def help_team(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a team: where it served, under whom."""
    user = actor(request)
    team = _team(user, pk)
    places = TeamPosting.objects.visible_to(user).filter(team=team).select_related("division")
    leaders = TeamLeader.objects.visible_to(user).filter(team=team).select_related("person__organ")
    acts = []
    if may(user, "registry.assign_help"):
        acts = [
            ("更换队长", reverse("help_leader", args=[pk])),
            ("期满再驻", reverse("help_post_team", args=[pk])),
        ]
    return listing(
        request,
        title=team.name,
        fact=team.organ.name,
        trail=[{"label": "驻村工作队", "url": reverse("help_teams")}],
        acts=acts,
        tables=[
            Table(
                "驻村",
                ("村", "进驻", "五年期满", "文号"),
                [
                    [
                        text(one.division.path_name, reverse("help_village", args=[one.division_id])),
                        on(one.since),
                        on(team_stays_until(one.since)),
                        text(one.document),
                    ]
                    for one in places.order_by("-since", "pk")
                ],
                "所驻的村不在您的区划内",
            ),
            Table(
                "队长",
                ("姓名", "单位", "任职", "两年期满", "卸任", "提前更换原因"),
                [
                    [
                        text(one.person.name),
                        text(one.person.organ.name),
                        on(one.since),
                        on(leader_stays_until(one.since)),
                        on(one.until),
                        text(one.reason),
                    ]
                    for one in leaders.order_by("-since", "pk")
                ],
                "还没有队长",
            ),
        ],
    )


@door("registry.assign_help", audit="help.team")
@require_http_methods(["GET", "POST"])
def help_team_new(request: HttpRequest) -> HttpResponse:
    """Found a team and send it to a village."""
    user = actor(request)
    if user.post is None:
        raise Http404
    division = user.post.division_id
    return act(
        request,
        TeamForm(request.POST or None, place=division, user=user),
        lambda said: found_team(actor=user, division=division, **said),
        title="组建驻村工作队",
        back=reverse("help_teams"),
        said="工作队已进驻",
        hint="工作队直接到行政村，不到乡、片；一定五年不变，队长两年一换。",
    )


@door("registry.assign_help", audit="help.post_team")
@require_http_methods(["GET", "POST"])
def help_post_team(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a team to its next village when its five years are over."""
    user = actor(request)
    team = _team(user, pk)
    return act(
        request,
        PostingForm(request.POST or None),
        lambda said: post_team(actor=user, team=team, **said),
        title=f"{team.name} · 期满再驻",
        back=reverse("help_team", args=[pk]),
        said="工作队已进驻",
        hint="五年不满不能改驻他村。",
    )


@door("registry.assign_help", audit="help.leader")
@require_http_methods(["GET", "POST"])
def help_leader(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the next leader follow; the team stays."""
    user = actor(request)
    team = _team(user, pk)
    return act(
        request,
        LeaderForm(request.POST or None, place=team.division_id, initial={"since": today()}),
        lambda said: appoint_leader(actor=user, team=team, **said),
        title=f"{team.name} · 更换队长",
        back=reverse("help_team", args=[pk]),
        said="队长已更换",
        hint="只换人，不换队。",
    )


@door("registry.view_help")
@require_GET
def help_coverage(request: HttpRequest) -> HttpResponse:
    """Show the stages of the plan of coverage beside what is covered."""
    user = actor(request)
    done = coverage(user)
    rows = [
        [
            text(one.division.name),
            text(f"第 {one.number} 期"),
            on(one.due_on),
            whole(one.villages),
            whole(one.households),
            text(one.document),
        ]
        for one in stages(user)
    ]
    acts = [("＋ 一期", reverse("help_coverage_new"))] if may(user, "registry.assign_help") else []
    now: list[list[Any]] = [
        [
            whole(done.villages),
            whole(done.with_team),
            whole(done.villages - done.with_team),
            whole(done.households),
            whole(done.with_person),
            whole(done.households - done.with_person),
        ]
    ]
    return listing(
        request,
        title="分期分批计划",
        acts=acts,
        exports="help_plans",
        trail=[{"label": "驻村工作队", "url": reverse("help_teams")}],
        tables=[
            Table("现在", ("贫困村", "有工作队", "缺", "在册户", "有责任人", "缺"), now, ""),
            Table(
                "计划", ("县", "期次", "完成日期", "有队贫困村", "有责任人贫困户", "依据"), rows, "还没有计划"
            ),
        ],
    )


@door("registry.assign_help", audit="help.coverage")
@require_http_methods(["GET", "POST"])
def help_coverage_new(request: HttpRequest) -> HttpResponse:
    """Plan a stage."""
    user = actor(request)
    if user.post is None:
        raise Http404
    county = user.post.division_id
    return act(
        request,
        CoverageForm(request.POST or None),
        lambda said: plan_coverage(actor=user, county=county, **said),
        title="分期分批计划",
        back=reverse("help_coverage"),
        said="已登记一期",
    )


urlpatterns: list[URLPattern] = [
    path("help/teams/", help_teams, name="help_teams"),
    path("help/teams/new/", help_team_new, name="help_team_new"),
    path("help/teams/<int:pk>/", help_team, name="help_team"),
    path("help/teams/<int:pk>/post/", help_post_team, name="help_post_team"),
    path("help/teams/<int:pk>/leader/", help_leader, name="help_leader"),
    path("help/coverage/", help_coverage, name="help_coverage"),
    path("help/coverage/new/", help_coverage_new, name="help_coverage_new"),
]
