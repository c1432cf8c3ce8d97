"""The pool of projects: its list, a project's page, and how it is put down and changed."""

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_GET, require_http_methods

from fupin.accounts.doors import actor, door
from fupin.accounts.models import User
from fupin.accounts.permissions import may
from fupin.divisions.codes import contains
from fupin.divisions.models import Division
from fupin.lib.paging import page_of
from fupin.notices.models import Notice, NoticeDraft
from projects.codes import Stage
from projects.errors import ProjectRefused
from projects.forms.project import ProjectForm, VillageForm
from projects.forms.project_filters import ProjectFilter
from projects.models import Project
from projects.reports.beneficiaries import totals
from projects.reports.pool import sums_of
from projects.reports.progress import line_of, next_steps, subject_of, unmet, villages_of
from projects.reports.slow import slow_counties
from projects.reports.spending import spent_on
from projects.services.pool import ProjectGiven, add_village, change_project, enter_project
from projects.views.panels import panels_of
from projects.views.showing import act, project_of, trail_of
from registry.reports.years import entry_year
from registry.views.help.showing import Cell, Table, listing, money, text, today, whole

_KINDS = {
    Stage.DRAFT: "quiet",
    Stage.ACCEPTED: "ok",
    Stage.ANNOUNCED: "ok",
    Stage.EVALUATED: "ok",
    Stage.REJECTED: "quiet",
    Stage.FAILED: "bad",
}


@door("projects.view_project")
@require_GET
def project_list(request: HttpRequest) -> HttpResponse:
    """List the projects. HTMX gets the table alone."""
    user, day = actor(request), today()
    asking = ProjectFilter(request.GET, Project.objects.visible_to(user), day=day)
    shown = asking.qs.select_related("division__parent")
    order = shown.query.order_by if request.GET.get("order") else ("-pk",)
    page = page_of(shown.order_by(*order, "pk"), request.GET.get("page"), request.GET.get("size"))
    context = {
        "filter": asking,
        "page": page,
        "rows": [(row, _KINDS.get(Stage(row.stage), "")) for row in page.object_list],
        "sums": sums_of(asking.qs),
        "day": day,
        "may_enter": may(user, "projects.enter_project"),
        "trail": trail_of(None),
    }
    template = "projects/_project_rows.html" if request.htmx else "projects/project_list.html"  # type: ignore[attr-defined]
    return render(request, template, context)


@door("projects.view_project")
@require_GET
def project_page(request: HttpRequest, number: str) -> HttpResponse:
    """Show a project: how far it is, what the next step lacks, its facts, files, villages, households, checks, and its money."""
    user = actor(request)
    project = project_of(request, number)
    mine = user.post is not None and contains(user.post.division_id, project.division_id)
    steps = next_steps(project, user) if mine else []
    subject = subject_of(project)
    context = {
        "project": project,
        "kind": _KINDS.get(Stage(project.stage), ""),
        "county": Division.objects.get(pk=project.county),
        "line": line_of(project),
        "ways": [(step, unmet(project, step, on=today())) for step in steps],
        "steps": project.steps.select_related("by").order_by("position"),
        "files": project.files.select_related("uploaded_by").order_by("kind", "pk"),
        "checks": project.checks.select_related("by").order_by("-on", "-pk"),
        "villages": villages_of(project),
        "totals": totals(project),
        "spent": spent_on([project.pk]).get(project.pk),
        "notices": Notice.objects.filter(lines__subject_key__startswith=subject)
        .select_related("division")
        .distinct()
        .order_by("-posted_on", "-pk"),
        "drafts": NoticeDraft.objects.visible_to(user)
        .filter(rows__0__subject_key__startswith=subject, status="DRAFT")
        .select_related("division")
        .order_by("pk"),
        "panels": panels_of(user, project),
        "may": _rights(user, project, mine=mine),
        "trail": trail_of(project),
        "day": today(),
    }
    return render(request, "projects/project_page.html", context)


def _rights(user: User, project: Project, *, mine: bool) -> dict[str, bool]:
    """What the user may do with a project now."""
    return {
        "edit": mine and project.is_editable and may(user, "projects.enter_project"),
        "households": mine and project.is_editable and may(user, "projects.change_beneficiaries"),
        "file": mine and may(user, "projects.add_file"),
        "check": mine and may(user, "projects.check_project"),
        "mend": mine and may(user, "projects.mend_finding"),
        "notices": mine
        and project.stage in (Stage.APPROVED, Stage.ACCEPTED)
        and may(user, "projects.draw_up_notice"),
    }


@door("projects.enter_project")
@require_http_methods(["GET", "POST"])
def project_new(request: HttpRequest) -> HttpResponse:
    """Put a project down."""
    user = actor(request)
    if user.post is None:
        raise Http404
    form = ProjectForm(
        request.POST or None,
        is_new=True,
        initial={
            "division": user.post.division_id,
            "year": today().year,
            "is_to_household": "0",
            "needs_prov_approval": "0",
            "supervising_unit": f"{user.post.division.name}扶贫开发办公室",
            "approving_unit": f"{user.post.division.name}扶贫开发办公室",
        },
    )

    def do(said: dict[str, Any]) -> Project:
        if user.post is None or not contains(user.post.division_id, said["division"]):
            raise ProjectRefused({"division": "请选择您的岗位所属区划之内的"})
        return enter_project(
            actor=user,
            division=said["division"],
            given=ProjectGiven(**form.facts()),
            entry_key=_key(request),
        )

    return act(
        request,
        form,
        do,
        title="新建项目",
        said="项目已录入，请上传可行性研究报告和设计，再由审核岗办理入库",
        hint="录入后为“拟入库”。附可行性研究报告和设计后，由县扶贫办审核岗办理入库。",
    )


def _key(request: HttpRequest) -> uuid.UUID:
    """The same sheet sent twice within a browser's session is one project: its facts make its key."""
    facts = sorted((name, value) for name, value in request.POST.items() if name != "csrfmiddlewaretoken")
    return uuid.uuid5(uuid.NAMESPACE_URL, f"project/{actor(request).pk}/{today()}/{facts}")


@door("projects.enter_project", audit="projects.change_project")
@require_http_methods(["GET", "POST"])
def project_edit(request: HttpRequest, number: str) -> HttpResponse:
    """Change the facts of a project that is not approved yet."""
    user = actor(request)
    project = project_of(request, number, to_write=True)
    facts = {name: getattr(project, name) for name in ProjectForm.base_fields if name != "division"}
    for name in ("is_to_household", "needs_prov_approval"):
        facts[name] = "1" if facts[name] else "0"
    form = ProjectForm(request.POST or None, is_new=False, initial=facts)
    return act(
        request,
        form,
        lambda _said: change_project(actor=user, project=project, given=ProjectGiven(**form.facts())),
        title="修改项目",
        said="已修改",
        project=project,
    )


@door("projects.enter_project", audit="projects.add_village")
@require_http_methods(["GET", "POST"])
def project_village_add(request: HttpRequest, number: str) -> HttpResponse:
    """Say that a project is for a village, too."""
    user = actor(request)
    project = project_of(request, number, to_write=True)
    return act(
        request,
        VillageForm(request.POST or None),
        lambda said: add_village(actor=user, project=project, village=said["village"]),
        title="增加项目村",
        said="已增加项目村",
        project=project,
        hint="项目要在每个项目村公示，期满无异议才能列入年度计划。",
    )


@door("projects.view_project")
@require_GET
def project_slow(request: HttpRequest) -> HttpResponse:
    """Rank the counties by how late the projects of a year's plan are."""
    user, day = actor(request), today()
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdigit() and 2011 <= int(asked) <= 2030 else entry_year()
    rows = slow_counties(user, year=year, day=day)
    at = reverse("project_list")

    def late(count: int, county: int, kind: str) -> Cell:
        return Cell(
            count, f"{at}?division={county}&year={year}&late={kind}" if count else "", written="number"
        )

    cells = [
        [
            text(one.name, f"{at}?division={one.code}&year={year}"),
            whole(one.projects),
            late(one.start_late, one.code, "start"),
            late(one.finish_late, one.code, "finish"),
            late(one.accept_late, one.code, "accept"),
            whole(one.done),
            money(one.planned_yuan),
            money(one.paid_yuan),
            text("" if one.spent_percent is None else f"{one.spent_percent:.2f}"),
        ]
        for one in rows
    ]
    heads = (
        "县", "计划内项目", "应开工未开工", "应完工未完工", "应验收未验收", "已验收", "计划投资 元", "已支付 元", "支出率 %",
    )  # fmt: skip
    return listing(
        request,
        title=f"{year} 年度项目进度",
        fact=f"截至 {day}，按每个项目平均超期次数由高到低",
        trail=trail_of(None),
        acts=[(f"{one} 年度", f"?year={one}") for one in (year - 1, year + 1)],
        tables=[Table("", heads, cells, "还没有列入年度计划的项目", noun="县")],
    )


urlpatterns: list[URLPattern] = [
    path("", project_list, name="project_list"),
    path("new/", project_new, name="project_new"),
    path("slow/", project_slow, name="project_slow"),
    path("<str:number>/", project_page, name="project_page"),
    path("<str:number>/edit/", project_edit, name="project_edit"),
    path("<str:number>/villages/add/", project_village_add, name="project_village_add"),
]
