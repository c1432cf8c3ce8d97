"""Documents of money: listed with how far they have come, registered, approved by a second person, tasks set apart."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from funds.codes.allotment import LineKind
from funds.errors import MoneyRefused
from funds.forms.documents import AppropriationForm, CarveOutForm
from funds.models import Appropriation, LineAccount
from funds.reports.passing import passing
from funds.services import documents
from funds.views.acting import told, trail
from fupin.accounts.doors import actor, door
from fupin.accounts.models import User
from fupin.accounts.permissions import may
from fupin.divisions.codes import PROVINCE_CODE
from fupin.lib.paging import page_of


def at_province(user: User) -> bool:
    """Tell whether the user's post is the province's."""
    return user.post is not None and user.post.division_id == PROVINCE_CODE


@door("funds.view_money")
@require_GET
def appropriation_list(request: HttpRequest) -> HttpResponse:
    """List the documents, the latest first, each with what of it is out and by when it has to be."""
    user = actor(request)
    seen = Appropriation.objects.visible_to(user)
    years = sorted(set(seen.order_by().values_list("fiscal_year", flat=True)), reverse=True)
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdigit() and int(asked) in years else None
    listed = seen.filter(fiscal_year=year) if year else seen
    page = page_of(listed.order_by("-issued_on", "-pk"), request.GET.get("page"))
    context = {
        "page": page,
        "rows": passing(user, list(page), timezone.localdate()),
        "year": year,
        "years": years,
        "may_register": may(user, "funds.register_appropriation"),
        "own": not at_province(user),
        "trail": trail(),
    }
    return render(request, "funds/appropriation_list.html", context)


@door("funds.register_appropriation", audit="funds.register")
@require_http_methods(["GET", "POST"])
def appropriation_new(request: HttpRequest) -> HttpResponse:
    """Register a document."""
    form = AppropriationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            document = documents.register(actor=actor(request), **form.cleaned_data)
        except MoneyRefused as refused:
            form.refused(refused)
        else:
            return redirect("appropriation_page", pk=document.pk)
    context = {"form": form, "trail": trail(("登记资金文件", ""))}
    return render(request, "funds/appropriation_new.html", context, status=422 if form.errors else 200)


@door("funds.view_money")
@require_GET
def appropriation_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a document: its words, where its money stands, tasks set apart, schemes, and what went to counties."""
    user = actor(request)
    document = get_object_or_404(
        Appropriation.objects.visible_to(user).select_related("entered_by", "approved_by"), pk=pk
    )
    accounts = LineAccount.objects.visible_to(user).of(document).select_related("account")
    standing: dict[str, Any] = {kind: 0 for kind in LineKind if kind != LineKind.SOURCE}
    for line in accounts.exclude(kind=LineKind.SOURCE).order_by("pk"):
        standing[line.kind] += line.account.balance
    context = {
        "document": document,
        "passing": passing(user, [document], timezone.localdate())[0],
        "standing": [(LineKind(kind).label, amount) for kind, amount in standing.items()],
        "carve_outs": document.carve_outs.order_by("pk"),
        "schemes": document.schemes.visible_to(user).select_related("entered_by").order_by("pk"),
        "allotments": document.allotments.visible_to(user).select_related("division__parent").order_by("division_id", "pk"),
        "may_approve": may(user, "funds.approve_appropriation")
        and at_province(user)
        and document.approved_on is None
        and document.entered_by_id != user.pk,
        "may_draft": may(user, "funds.draft_scheme") and not document.needs_prov_approval,
        "own": not at_province(user),
        "today": timezone.localdate(),
        "trail": trail((document.number, "")),
    }  # fmt: skip
    return render(request, "funds/appropriation_page.html", context)


@door("funds.approve_appropriation", audit="funds.approve")
@require_POST
def appropriation_approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve a document that somebody else registered; its money then stands in the books."""
    user = actor(request)
    document = get_object_or_404(Appropriation.objects.visible_to(user), pk=pk)
    return told(
        request,
        lambda: documents.approve(actor=user, document=document, on=timezone.localdate()),
        done="已复核，资金已入账",
        back=reverse("appropriation_page", args=[pk]),
    )


@door("funds.draft_scheme", audit="funds.carve_out")
@require_http_methods(["GET", "POST"])
def carve_out_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Set part of a document's money apart for a task."""
    user = actor(request)
    document = get_object_or_404(Appropriation.objects.visible_to(user), pk=pk)
    form = CarveOutForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            documents.carve_out(actor=user, document=document, **form.cleaned_data)
        except MoneyRefused as refused:
            form.refused(refused)
        else:
            return redirect("appropriation_page", pk=pk)
    context = {
        "form": form,
        "document": document,
        "totals": documents.totals(document),
        "trail": trail((document.number, reverse("appropriation_page", args=[pk])), ("重大任务单列", "")),
    }
    return render(request, "funds/carve_out_new.html", context, status=422 if form.errors else 200)


urlpatterns: list[URLPattern] = [
    path("documents/", appropriation_list, name="appropriation_list"),
    path("documents/new/", appropriation_new, name="appropriation_new"),
    path("documents/<int:pk>/", appropriation_page, name="appropriation_page"),
    path("documents/<int:pk>/approve/", appropriation_approve, name="appropriation_approve"),
    path("documents/<int:pk>/carve-out/", carve_out_new, name="carve_out_new"),
]
