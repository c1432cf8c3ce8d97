"""Re-identification: its runs, one asked for, its progress by county, its three lists, and the cases that people open from them."""

from typing import Any, Final

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fupin.accounts.audit import note
from fupin.accounts.doors import actor, door
from fupin.accounts.models import User
from fupin.accounts.models.audit import Outcome
from fupin.accounts.permissions import may
from fupin.deadlines.rules import day_of
from fupin.divisions.codes import contains
from fupin.jobs.models import JobStatus
from fupin.lib.paging import page_of
from registry.errors import ReidentificationRefused
from registry.forms.reidentification import FindingFilter, RunForm
from registry.models import ReidentificationFinding, ReidentificationRun, Round
from registry.reports.reidentification import lengths_of, progress_of, runs, sums_of, told
from registry.reports.years import years_on_file
from registry.rules.reidentify import Listed, next_adjustment
from registry.services.reidentification import ask, go_on, open_cases, rounds_for
from registry.views import card_page

BARS: Final = {
    JobStatus.QUEUED: "waiting",
    JobStatus.RUNNING: "running",
    JobStatus.DONE: "done",
    JobStatus.FAILED: "failed",
    JobStatus.CANCELLED: "cancelled",
}
NOTES: Final = {
    Listed.MAY_LEAVE: "在册户，人均纯收入高于标准，且义务教育、参合、住房、饮水都有保障。是否退出仍按退出程序评议、核实、公示、公告。",
    Listed.NEWLY_BELOW: "未在册户，人均纯收入低于标准。是否纳入仍按识别程序申请、评议、公示、审核、公告。",
    Listed.FALLEN_BACK: "已脱贫户，收入低于标准，或义务教育、参合、住房、饮水不再有保障。须走返贫程序，重新申请。",
}


def _trail(user: User) -> list[dict[str, str]]:
    own = user.post.division_id if user.post else None
    return card_page.trail(own, page="reidentification_list")


def _run(user: User, pk: int) -> ReidentificationRun:
    """A run that reaches into one's division; 404 for any other."""
    return get_object_or_404(runs(user), pk=pk)


@door("registry.view_reidentification")
@require_GET
def reidentification_list(request: HttpRequest) -> HttpResponse:
    """List the runs that reach into one's division, the latest first, with what they came to there."""
    user = actor(request)
    page = page_of(runs(user), request.GET.get("page"))
    shown = list(page.object_list)
    sums = sums_of(user, shown)
    context = {
        "page": page,
        "rows": [(run, sums[run.pk], BARS[run.state]) for run in shown],
        "may_ask": may(user, "registry.reidentify"),
        "next_year": next_adjustment(timezone.localdate().year),
        "trail": _trail(user),
    }
    return render(request, "registry/reidentification_list.html", context)


@door("registry.reidentify", audit="reidentification.ask")
@require_http_methods(["GET", "POST"])
def reidentification_new(request: HttpRequest) -> HttpResponse:
    """Ask for a run of a division and year."""
    user = actor(request)
    years = [year + 1 for year in years_on_file()]
    form = RunForm(request.POST if request.method == "POST" else None, actor=user, years=years)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            run = ask(
                actor=user, division=values["division"], year=values["year"], in_round=values.get("in_round")
            )
        except ReidentificationRefused as refused:
            note(outcome=Outcome.REFUSED, reason=str(refused))
            form.add_error(None, str(refused))
        else:
            messages.success(request, "已开始比对，可以离开这一页")
            return redirect("reidentification_run", run.pk)
    context = {"form": form, "trail": _trail(user)}
    return render(request, "registry/reidentification_new.html", context, status=422 if form.errors else 200)


@door("registry.view_reidentification")
@require_GET
def reidentification_run(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how far a run is, county by county; HTMX asks for the part that changes, a reload shows the same."""
    user = actor(request)
    run = _run(user, pk)
    mine = run.job is not None and run.job.requested_by_id == user.pk
    here = may(user, "registry.reidentify") and user.post is not None
    stopped = run.state in (JobStatus.FAILED, JobStatus.CANCELLED)
    context: dict[str, Any] = {
        "run": run,
        "progress": progress_of(user, run),
        "bar": BARS[run.state],
        "message": run.job.message if run.job is not None and run.finished_at is None else "",
        "cancel_url": reverse("job_cancel", args=[run.job_id]) if mine else "",
        "may_go_on": stopped and here and contains(user.post.division_id, run.division_id),  # type: ignore[union-attr]
        "trail": _trail(user),
    }
    part = bool(request.headers.get("HX-Request"))
    return render(
        request,
        "registry/_reidentification_progress.html" if part else "registry/reidentification_run.html",
        context,
    )


@door("registry.reidentify", audit="reidentification.go_on")
@require_POST
def reidentification_go_on(request: HttpRequest, pk: int) -> HttpResponse:
    """Go on with a run that was cancelled or has failed."""
    user = actor(request)
    try:
        go_on(actor=user, run=_run(user, pk))
    except ReidentificationRefused as refused:
        note(outcome=Outcome.REFUSED, reason=str(refused))
        messages.error(request, str(refused))
    else:
        messages.success(request, "继续比对，已完成的县不再重做")
    return redirect("reidentification_run", pk)


def _asked_run(user: User, asked: str) -> ReidentificationRun | None:
    """The run that was asked for, else the latest that is done; 404 for one that is not the user's to see."""
    if asked:
        return _run(user, int(asked) if asked.isdigit() else 0)
    return runs(user).filter(finished_at__isnull=False).first()


@door("registry.view_reidentification")
@require_GET
def reidentification_findings(request: HttpRequest) -> HttpResponse:
    """Show one of the three lists of a run, each household with every reason."""
    user = actor(request)
    run = _asked_run(user, request.GET.get("run", ""))
    if run is None:
        nothing = {"run": None, "trail": _trail(user)}
        return render(request, "registry/reidentification_findings.html", nothing)
    asked = request.GET.get("listed", "")
    listed = Listed(int(asked)) if asked in {str(one.value) for one in Listed} else Listed.MAY_LEAVE
    rows: QuerySet[Any] = ReidentificationFinding.objects.visible_to(user).filter(run=run, listed=listed)
    asking = FindingFilter(request.GET, rows)
    found = asking.qs.select_related("household", "case", "division__parent").order_by(
        "division_id", "household_id", "pk"
    )
    page = page_of(found, request.GET.get("page"), request.GET.get("size"), late=True)
    today = day_of(timezone.now())
    rounds = rounds_for(run, today) if may(user, "registry.open_case") else []
    counts = lengths_of(user, run, request.GET.get("division", "").strip())
    kept: dict[str, Any] = {name: request.GET[name] for name in ("division",) if request.GET.get(name)}
    context = {
        "run": run,
        "listed": listed,
        "note": NOTES[listed],
        "filter": asking,
        "narrowed": any(request.GET.get(name) for name in asking.filters),
        "page": page,
        "rows": list(told(page.object_list, run)),
        "tabs": [
            (
                one.label,
                counts[one.value],
                f"?{urlencode({**kept, 'run': run.pk, 'listed': one.value})}",
                one == listed,
            )
            for one in Listed
        ],
        "may_open": may(user, "registry.open_case"),
        "rounds": rounds,
        "trail": _trail(user),
    }
    return render(request, "registry/reidentification_findings.html", context)


@door("registry.open_case", audit="reidentification.open_cases")
@require_POST
def reidentification_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Open cases for the chosen households of a list; each is judged anew, and what it is refused is said."""
    user = actor(request)
    run = _run(user, pk)
    listed = request.POST.get("listed", "")
    back = f"{reverse('reidentification_findings')}?{urlencode([('run', run.pk), ('listed', listed)])}"
    chosen = [int(one) for one in request.POST.getlist("finding") if one.isdigit()]
    asked = request.POST.get("round", "")
    in_round = Round.objects.filter(pk=int(asked)).first() if asked.isdigit() else None
    if not chosen or in_round is None:
        messages.error(request, "请勾选要立档的户，并选轮次")
        return redirect(back)
    rows: QuerySet[Any] = ReidentificationFinding.objects.visible_to(user).filter(run=run, pk__in=chosen)
    findings = list(rows.select_related("household").order_by("pk"))
    if len(findings) != len(set(chosen)):
        raise Http404
    try:
        done = open_cases(
            actor=user, run=run, findings=findings, in_round=in_round, on=day_of(timezone.now())
        )
    except ReidentificationRefused as refused:
        note(outcome=Outcome.REFUSED, reason=str(refused))
        messages.error(request, str(refused))
        return redirect(back)
    if done.cases:
        messages.success(request, f"已立档 {len(done.cases)} 份，在“识别与退出”中逐步办理")
    for finding, why in done.refused:
        messages.error(request, f"{finding.household.household_no} 没有立档：{why}")
    return redirect(back)


urlpatterns: list[URLPattern] = [
    path("reidentification/", reidentification_list, name="reidentification_list"),
    path("reidentification/new/", reidentification_new, name="reidentification_new"),
    path("reidentification/lists/", reidentification_findings, name="reidentification_findings"),
    path("reidentification/<int:pk>/", reidentification_run, name="reidentification_run"),
    path("reidentification/<int:pk>/go-on/", reidentification_go_on, name="reidentification_go_on"),
    path("reidentification/<int:pk>/cases/", reidentification_open, name="reidentification_open"),
]
