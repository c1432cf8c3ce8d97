"""The card of a labourer in a closed year, put right by a slip: filled in by one person, decided by another."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from fupin.accounts.doors import actor, door
from registry.forms.labourer import LabourerForms
from registry.models import CorrectionSlip, LabourerYear, SlipStatus
from registry.reports.labourers import read_labourer
from registry.reports.years import closed_years
from registry.rules.findings import errors_in
from registry.services.labourer_corrections import (
    FACTS,
    changes_between,
    checked,
    propose_labourer_correction,
)
from registry.views import card_page, slips


@door("registry.correct_card", audit="correction.propose")
@require_http_methods(["GET", "POST"])
def labourer_correct(request: HttpRequest, member_no: str, year: int) -> HttpResponse:
    """Fill in what a closed year's card should say; see what changes, then send it off to be decided."""
    user = actor(request)
    rows = LabourerYear.objects.visible_to(user).select_related(
        "member", "member_year__member", "member_year__household_year"
    )
    row = get_object_or_404(rows, member__member_no=member_no, year=year)
    if year not in closed_years():
        messages.info(request, f"{year} 年度未关账，可直接修改劳动力卡")
        return redirect("labourer_card", member_no=member_no, year=year)
    waiting = CorrectionSlip.objects.filter(labourer_year=row, status=SlipStatus.PROPOSED).first()
    if waiting is not None:
        messages.info(request, "该劳动力卡已有一张待审核的更正单，审核后才能再填")
        return redirect("correction_decide", pk=waiting.pk)
    forms = LabourerForms(card=read_labourer(row), data=request.POST if request.method == "POST" else None)
    if request.method == "GET":
        return _page(request, row, forms)
    if not forms.main.is_valid():
        return _page(request, row, forms, status=422)
    typed = forms.main.values()
    values = {field.name: typed.get(field.name) for field in FACTS}
    today = timezone.localdate()
    asked = slips.asked_in(
        request,
        findings=errors_in(checked(row, values, on=today)),
        changes=changes_between(row, values),
        what="劳动力卡",
        propose=lambda given: propose_labourer_correction(
            actor=user, labourer_year=row, values=values, on=today, **given
        ),
    )
    if asked.sent is not None:
        return asked.sent
    forms.show(asked.findings)
    return _page(request, row, forms, asked, status=422 if asked.wrong else 200)


def _page(
    request: HttpRequest,
    row: LabourerYear,
    forms: LabourerForms,
    asked: slips.Asked | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {
        "row": row,
        "member": row.member,
        "year": row.year,
        "version": row.version,
        "sections": forms.sections(),
        "lines": forms.lines(),
        "trail": card_page.trail(row.division_id, page="labourer_list"),
        **slips.shown(request, asked),
    }
    return render(request, "registry/labourer_correct.html", context, status=status)


urlpatterns: list[URLPattern] = [
    path("labourers/<str:member_no>/<int:year>/correct/", labourer_correct, name="labourer_correct"),
]
