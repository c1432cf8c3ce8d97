"""Already announced lists: put one forward, look at it, sign under it."""

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from fupin.accounts.audit import Outcome, note
from fupin.accounts.doors import actor, door
from fupin.accounts.errors import Refused
from fupin.accounts.models import User
from fupin.accounts.permissions import may
from fupin.lib.paging import page_of
from fupin.sheets.models import ImportBatch, ImportStatus
from registry.errors import RegistryError
from registry.forms.announced import AnnouncedForm
from registry.models import AnnouncedList, Household
from registry.services.announced import Announcement, approve_list, propose_list

VIEW = "registry.view_announced"


@door(VIEW)
@require_GET
def announced_list(request: HttpRequest) -> HttpResponse:
    """List the announced lists of one's area, and the imports from which one could be made."""
    user = actor(request)
    lists = AnnouncedList.objects.visible_to(user).select_related("batch", "proposed_by", "division")
    page = page_of(lists.order_by("-proposed_at", "-pk"), request.GET.get("page"), request.GET.get("size"))
    waiting = (
        ImportBatch.objects.visible_to(user)
        .filter(kind="households", status=ImportStatus.APPLIED, new__gt=0)
        .exclude(pk__in=AnnouncedList.objects.values("batch"))
        .order_by("-uploaded_at", "-pk")[:20]
        if may(user, "registry.propose_announced")
        else []
    )
    return render(request, "registry/announced_list.html", {"page": page, "waiting": waiting})


@door("registry.propose_announced", audit="announced.propose")
@require_http_methods(["GET", "HEAD", "POST"])
def announced_new(request: HttpRequest, serial: str) -> HttpResponse:
    """Put a list forward for an import, with its announcement."""
    user = actor(request)
    batch = get_object_or_404(ImportBatch.objects.visible_to(user), serial=serial)
    form = AnnouncedForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        upload = given.pop("file")
        try:
            proposed = propose_list(actor=user, batch=batch, about=Announcement(**given), upload=upload)
        except RegistryError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "已提出，须县扶贫办审核人、审批人两人批准后登记在册")
            return redirect("announced_page", proposed.pk)
    status = 422 if request.method == "POST" else 200
    if status != 200:
        note(outcome=Outcome.REFUSED)
    return render(request, "registry/announced_new.html", {"form": form, "batch": batch}, status=status)


@door(VIEW)
@require_GET
def announced_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a list, its signatures and how many households it has registered."""
    user = actor(request)
    proposed = _one(user, pk)
    approvals = list(proposed.approvals.select_related("by").order_by("at", "pk"))
    context = {
        "proposed": proposed,
        "approvals": approvals,
        "registered": proposed.households.count(),
        "drafts": proposed.batch.new,
        "may_approve": may(user, "registry.approve_announced")
        and len(approvals) < 2
        and user.pk
        not in {proposed.proposed_by_id, proposed.batch.uploaded_by_id, *(one.by_id for one in approvals)},
        "households": Household.objects.filter(origin__of_list=proposed).order_by("household_no")[:20],
    }
    return render(request, "registry/announced_page.html", context)


@door("registry.approve_announced", audit="announced.approve")
@require_POST
def announced_approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign under a list."""
    user = actor(request)
    proposed = _one(user, pk)
    try:
        approve_list(actor=user, proposed=proposed, opinion=request.POST.get("opinion", ""))
    except (RegistryError, Refused) as refused:
        note(outcome=Outcome.REFUSED)
        messages.error(request, str(refused))
    else:
        messages.success(request, "已签署")
    return redirect("announced_page", proposed.pk)


@door(VIEW)
@require_safe
def announced_file(request: HttpRequest, pk: int) -> FileResponse:
    """Give the announcement."""
    proposed = _one(actor(request), pk)
    answer = FileResponse(proposed.announcement.open("rb"), content_type=proposed.content_type)
    answer["Content-Disposition"] = "inline"
    return answer


def _one(user: User, pk: int) -> AnnouncedList:
    found = AnnouncedList.objects.visible_to(user).select_related("batch", "proposed_by", "division")
    proposed: AnnouncedList = get_object_or_404(found, pk=pk)
    note(object_key=proposed.batch.serial, division=proposed.division_id)
    return proposed


urlpatterns = [
    path("registry/announced/", announced_list, name="announced_list"),
    path("registry/announced/<int:pk>/", announced_page, name="announced_page"),
    path("registry/announced/<int:pk>/approve/", announced_approve, name="announced_approve"),
    path("registry/announced/<int:pk>/file/", announced_file, name="announced_file"),
    path("registry/announced/new/<slug:serial>/", announced_new, name="announced_new"),
]
