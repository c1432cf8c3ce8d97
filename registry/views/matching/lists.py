"""Lists of other departments: which there are, taking one in, what was wrong with its rows, withdrawing it."""

import hashlib
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fupin.accounts.audit import note
from fupin.accounts.doors import actor, door
from fupin.accounts.models.audit import Outcome
from fupin.accounts.permissions import may
from fupin.jobs.errors import AlreadyUnderWay
from fupin.jobs.models import Job
from fupin.jobs.services.asking import ask_for
from fupin.lib.paging import page_of
from fupin.sheets import incoming
from registry.codes.outside import HitState, ListKind
from registry.errors import MatchingRefused
from registry.forms.matching import ListForm, ReasonForm
from registry.models import OutsideList
from registry.reports.matching import lists_with_hits
from registry.rules.matching import MEANINGS, headings
from registry.services.matching.loading import withdraw_list
from registry.services.matching.template import template
from registry.tasks import LOAD_LIST
from registry.views import card_page

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@door("registry.view_matching")
@require_GET
def matching_lists(request: HttpRequest) -> HttpResponse:
    """List what was handed in, the newest first, with what it found and what waits."""
    user = actor(request)
    lists = OutsideList.objects.visible_to(user).select_related("division", "loaded_by")
    kind = request.GET.get("kind", "")
    if kind in ListKind.values:
        lists = lists.filter(kind=kind)
    page = page_of(lists.order_by("-as_of", "-pk"), request.GET.get("page"), request.GET.get("size"))
    context = {
        "page": page,
        "rows": lists_with_hits(user, list(page.object_list)),
        "tabs": [
            ("全部", "?", not kind),
            *((one.label, f"?kind={one.value}", one.value == kind) for one in ListKind),
        ],
        "may_load": may(user, "registry.load_list"),
        "may_see_hits": may(user, "registry.view_hits"),
        "trail": card_page.trail(user.post.division_id if user.post else None),
    }
    return render(request, "registry/matching/lists.html", context)


@door("registry.load_list", audit="matching.load")
@require_http_methods(["GET", "POST"])
def matching_load(request: HttpRequest) -> HttpResponse:
    """Hand a list in; a job reads it and says what came of it."""
    user, today = actor(request), timezone.localdate()
    assert user.post is not None  # noqa: S101  (the door saw it)
    sent = request.method == "POST"
    form = ListForm(
        request.POST if sent else None,
        request.FILES if sent else None,
        post=user.post,
        today=today,
        initial={"kind": request.GET.get("kind", "")},
    )
    if sent and form.is_valid():
        asked = form.cleaned_data
        content = asked["file"].read()
        kind = ListKind(asked["kind"])
        digest = hashlib.sha256(content).hexdigest()
        try:
            job = ask_for(
                kind=LOAD_LIST,
                key=f"{LOAD_LIST}/{kind}/{asked['division'].pk}/{digest[:32]}",
                title=f"装入{kind.label}名册（{asked['division'].name}，{asked['as_of']}）",
                arguments={
                    "kind": kind.value,
                    "division": asked["division"].pk,
                    "source": asked["source"],
                    "document": asked["document"],
                    "as_of": asked["as_of"].isoformat(),
                    "file_name": asked["file"].name[-120:],
                    "file": str(incoming.put_by(content)),
                },
                actor=user,
            )
        except AlreadyUnderWay as refused:
            form.add_error("file", str(refused))
        else:
            note(
                object_key=f"job:{job.pk}",
                division=asked["division"].pk,
                detail={"kind": kind.value, "sha256": digest},
            )
            return redirect("job_detail", job.pk)
    context = {
        "form": form,
        "kinds": [
            (one, MEANINGS[one].task, headings(one))
            for one in ListKind
            if user.post.role in MEANINGS[one].suppliers
        ],
        "trail": card_page.trail(user.post.division_id),
    }
    return render(request, "registry/matching/load.html", context, status=422 if form.errors else 200)


@door("registry.load_list")
@require_GET
def matching_template(request: HttpRequest, kind: str) -> HttpResponse:
    """Return the empty workbook of a kind of list."""
    if kind not in ListKind.values:
        raise Http404
    wanted = ListKind(kind)
    answer = HttpResponse(template(wanted), content_type=XLSX)
    answer["Content-Disposition"] = (
        f"attachment; filename*=UTF-8''{quote(wanted.label)}{quote('名册模板')}.xlsx"
    )
    return answer


@door("registry.load_list")
@require_GET
def matching_faults(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Show every bad row of one's own file with the mend."""
    user = actor(request)
    job = get_object_or_404(Job, pk=job_id, requested_by=user, kind=LOAD_LIST)
    faults = job.result.get("faults", [])
    context = {
        "job": job,
        "kind": job.arguments["kind"],
        "page": page_of(faults, request.GET.get("page"), request.GET.get("size")),
        "wrong": job.result.get("wrong", 0),
        "told": len(faults),
        "trail": card_page.trail(user.post.division_id if user.post else None),
    }
    return render(request, "registry/matching/faults.html", context)


@door("registry.view_matching")
@require_GET
def matching_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a list: where it comes from, what was found, what became of that."""
    user = actor(request)
    outside = get_object_or_404(
        OutsideList.objects.visible_to(user).select_related("division", "loaded_by"), pk=pk
    )
    counts = dict(
        outside.hits.filter(division_id__gte=user.post.code_range[0], division_id__lt=user.post.code_range[1])
        .values_list("state")
        .annotate(number=Count("*"))
        .order_by()
        if user.post
        else []
    )
    states = [(label, value, counts.get(value, 0)) for value, label in HitState.choices]
    context = {
        "list": outside,
        "meaning": MEANINGS[ListKind(outside.kind)],
        "states": states,
        "hits": sum(counts.values()),
        "may_see_hits": may(user, "registry.view_hits"),
        "may_withdraw": may(user, "registry.load_list")
        and user.post is not None
        and user.post.role in MEANINGS[ListKind(outside.kind)].suppliers
        and outside.withdrawn_on is None,
        "form": ReasonForm(),
        "trail": card_page.trail(outside.division_id),
    }
    return render(request, "registry/matching/list.html", context)


@door("registry.load_list", audit="matching.withdraw")
@require_POST
def matching_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw a mistaken list."""
    user = actor(request)
    outside = get_object_or_404(OutsideList.objects.visible_to(user), pk=pk)
    try:
        withdraw_list(
            actor=user, outside=outside, reason=request.POST.get("reason", ""), on=timezone.localdate()
        )
    except MatchingRefused as refused:
        note(outcome=Outcome.REFUSED, reason=str(refused))
        messages.error(request, str(refused))
    else:
        messages.success(request, "名册已撤销，没有核实的比对结果一并撤销")
    return redirect("matching_list", pk=pk)


urlpatterns: list[URLPattern] = [
    path("matching/", matching_lists, name="matching_lists"),
    path("matching/load/", matching_load, name="matching_load"),
    path("matching/template/<kind>/", matching_template, name="matching_template"),
    path("matching/faults/<uuid:job_id>/", matching_faults, name="matching_faults"),
    path("matching/<int:pk>/", matching_list, name="matching_list"),
    path("matching/<int:pk>/withdraw/", matching_withdraw, name="matching_withdraw"),
]
