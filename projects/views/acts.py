"""What is done with a project: steps, notices, files, beneficiaries, spot checks."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from fupin.accounts.doors import actor, door
from fupin.accounts.permissions import may
from fupin.divisions.codes import contains
from fupin.lib.paging import page_of
from projects.errors import BeneficiariesRefused, ProjectError
from projects.forms.project import (
    CheckForm,
    CloseForm,
    FileForm,
    HouseholdsForm,
    MendForm,
    NoticesForm,
    RemoveForm,
    StepForm,
    WithdrawForm,
)
from projects.models import ProjectCheck, ProjectFile, ProjectHousehold
from projects.reports.beneficiaries import beneficiaries, totals
from projects.reports.progress import unmet
from projects.rules.stages import step_named
from projects.services.beneficiaries import add_households, remove_household
from projects.services.checks import close, mend, record_check
from projects.services.disclosing import draw_up_notices
from projects.services.files import add_file, withdraw_file
from projects.services.stages import move
from projects.views.showing import act, project_of, refuse, trail_of
from registry.views.attachments import shown_in_the_window
from registry.views.help.showing import today


@door("projects.take_step")
@require_http_methods(["GET", "POST"])
def project_step(request: HttpRequest, number: str, step: str) -> HttpResponse:
    """Take a step of a project; what it still lacks is said above the form."""
    user = actor(request)
    project = project_of(request, number, to_write=True)
    rule = step_named(step, project.stage, by_province=project.needs_prov_approval)
    if rule is None or rule.by_money:
        raise Http404
    return act(
        request,
        StepForm(request.POST or None, step=rule, initial={"on": today()}),
        lambda said: move(actor=user, project=project, name=step, **said),
        title=rule.label,
        said=f"已办理：{rule.label}",
        project=project,
        lacking=unmet(project, rule, on=today()),
        button=rule.label,
    )


@door("projects.draw_up_notice")
@require_http_methods(["GET", "POST"])
def project_notices(request: HttpRequest, number: str) -> HttpResponse:
    """Draw up all the notices that a project needs now."""
    user = actor(request)
    project = project_of(request, number, to_write=True)
    return act(
        request,
        NoticesForm(request.POST or None, initial={"on": today()}),
        lambda said: draw_up_notices(actor=user, project=project, on=said["on"]),
        title="拟公示稿",
        said="公示稿已拟好，请打印、张贴并回传照片",
        project=project,
        hint="县级和每个项目村各一份；到户项目另有每村的受益户名单。身份号码、账号、电话一律不上公示稿。",
        button="拟稿",
    )


@door("projects.add_file")
@require_http_methods(["GET", "POST"])
def project_file_add(request: HttpRequest, number: str) -> HttpResponse:
    """Keep a file with a project."""
    user = actor(request)
    project = project_of(request, number, to_write=True)
    posted = request.method == "POST"
    form = FileForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        initial={"kind": request.GET.get("kind", "")},
    )

    def do(said: dict[str, Any]) -> ProjectFile:
        return add_file(
            actor=user, project=project, kind=said["kind"], upload=said["file"], title=said["title"]
        )

    return act(request, form, do, title="上传材料", said="材料已上传", project=project, button="上传")


@door("projects.view_project")
@require_safe
def project_file(request: HttpRequest, pk: int) -> FileResponse:
    """Show a file in the window, to whoever may see its project."""
    user = actor(request)
    kept = get_object_or_404(ProjectFile.objects.select_related("project"), pk=pk)
    project_of(request, kept.project.number)
    if user.post is None or not contains(user.post.division_id, kept.division_id):
        raise Http404
    return shown_in_the_window(kept)


@door("projects.add_file", audit="projects.withdraw_file")
@require_http_methods(["GET", "POST"])
def project_file_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw a file that has proved no step; it stays in the record, marked."""
    user = actor(request)
    kept = get_object_or_404(
        ProjectFile.objects.visible_to(user).select_related("project"), pk=pk, withdrawn_at__isnull=True
    )
    return act(
        request,
        WithdrawForm(request.POST if request.method == "POST" else None),
        lambda _said: withdraw_file(actor=user, file=kept),
        title=f"撤下{kept.get_kind_display()}",
        said="材料已撤下",
        project=kept.project,
        hint="撤下的文件仍留存在案；已作为环节依据的不能撤下。",
        button="撤下",
    )


@door("projects.view_project")
@require_GET
def project_households(request: HttpRequest, number: str) -> HttpResponse:
    """List the households that a project is for."""
    user = actor(request)
    project = project_of(request, number)
    mine = user.post is not None and contains(user.post.division_id, project.division_id)
    rows = beneficiaries(project).filter(pk__in=ProjectHousehold.objects.visible_to(user).values("pk"))
    page = page_of(rows, request.GET.get("page"), request.GET.get("size"))
    writes = mine and may(user, "projects.change_beneficiaries")
    context = {
        "project": project,
        "page": page,
        "totals": totals(project),
        "may_add": writes and project.is_editable,
        "may_remove": writes and not project.is_done and project.ended_on is None,
        "trail": trail_of(project, "受益户"),
    }
    return render(request, "projects/project_households.html", context)


@door("projects.change_beneficiaries", audit="projects.add_households")
@require_http_methods(["GET", "POST"])
def project_household_add(request: HttpRequest, number: str) -> HttpResponse:
    """Put households on a project's list by their numbers; every row that is refused is named, and then none is written."""
    user = actor(request)
    project = project_of(request, number, to_write=True)
    form = HouseholdsForm(request.POST or None, initial={"on": today()})
    wrong: dict[int, str] = {}
    if request.method == "POST" and form.is_valid():
        given, wrong, places = form.lines()
        if not wrong:
            try:
                made = add_households(
                    actor=user, project=project, given=given, on=form.cleaned_data["on"], today=today()
                )
            except BeneficiariesRefused as refused:
                wrong = {places[row - 1]: words for row, words in refused.rows.items()}
            except ProjectError as refused:
                refuse(form, refused)
            else:
                messages.success(request, f"已列入 {len(made)} 行")
                return HttpResponseRedirect(reverse("project_households", args=[number]))
        if wrong:
            form.add_error("numbers", f"{len(wrong)} 行不能列入，整份名单没有写入，请改正后再交")
    context = {
        "project": project,
        "form": form,
        "wrong": sorted(wrong.items()),
        "trail": trail_of(project, "增加受益户"),
    }
    return render(request, "projects/project_household_add.html", context, status=422 if form.errors else 200)


@door("projects.change_beneficiaries", audit="projects.remove_household")
@require_http_methods(["GET", "POST"])
def project_household_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a household off a project's list."""
    user = actor(request)
    row = get_object_or_404(
        ProjectHousehold.objects.visible_to(user).standing().select_related("project", "household"), pk=pk
    )
    return act(
        request,
        RemoveForm(request.POST or None, initial={"on": today()}),
        lambda said: remove_household(actor=user, row=row, today=today(), **said),
        title=f"移出 {row.household.household_no}",
        said="已移出名单",
        project=row.project,
        back=reverse("project_households", args=[row.project.number]),
        button="移出",
    )


@door("projects.check_project")
@require_http_methods(["GET", "POST"])
def project_check_new(request: HttpRequest, number: str) -> HttpResponse:
    """Write down what a spot check found."""
    user = actor(request)
    project = project_of(request, number, to_write=True)
    form = CheckForm(request.POST or None, initial={"on": today(), "has_problem": "0"})
    return act(
        request,
        form,
        lambda _said: record_check(actor=user, project=project, today=today(), **form.facts()),
        title="登记监管抽查",
        said="抽查单已登记",
        project=project,
        hint="省、市两级对计划、论证、评估、拨付、执行五个环节抽查；有问题的定整改期限，整改后销号。",
    )


def _check(request: HttpRequest, pk: int) -> ProjectCheck:
    checks = ProjectCheck.objects.visible_to(actor(request)).select_related("project")
    return get_object_or_404(checks, pk=pk)


@door("projects.mend_finding")
@require_http_methods(["GET", "POST"])
def project_check_mend(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down how what a spot check found was mended."""
    user, check = actor(request), _check(request, pk)
    return act(
        request,
        MendForm(request.POST or None, initial={"on": today()}),
        lambda said: mend(actor=user, check=check, today=today(), **said),
        title="登记整改",
        said="整改情况已登记，等抽查单位销号",
        project=check.project,
        hint=f"{check.on} {check.get_link_display()}环节：{check.finding}",
    )


@door("projects.check_project", audit="projects.close_finding")
@require_http_methods(["GET", "POST"])
def project_check_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a finding that was mended."""
    user, check = actor(request), _check(request, pk)
    return act(
        request,
        CloseForm(request.POST or None, initial={"on": today()}),
        lambda said: close(actor=user, check=check, today=today(), **said),
        title="问题销号",
        said="问题已销号",
        project=check.project,
        hint=f"{check.finding}；整改：{check.mended_how or '未登记'}",
        button="销号",
    )


urlpatterns: list[URLPattern] = [
    path("files/<int:pk>/", project_file, name="project_file"),
    path("files/<int:pk>/withdraw/", project_file_withdraw, name="project_file_withdraw"),
    path("households/<int:pk>/remove/", project_household_remove, name="project_household_remove"),
    path("checks/<int:pk>/mend/", project_check_mend, name="project_check_mend"),
    path("checks/<int:pk>/close/", project_check_close, name="project_check_close"),
    path("<str:number>/steps/<str:step>/", project_step, name="project_step"),
    path("<str:number>/notices/", project_notices, name="project_notices"),
    path("<str:number>/files/add/", project_file_add, name="project_file_add"),
    path("<str:number>/households/", project_households, name="project_households"),
    path("<str:number>/households/add/", project_household_add, name="project_household_add"),
    path("<str:number>/checks/new/", project_check_new, name="project_check_new"),
]
