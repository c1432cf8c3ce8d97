"""The table of a village in a closed year, put right by a slip: filled in by one person, decided by another."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from fupin.accounts.doors import actor, door
from registry.errors import CardRefused, RegistryError, StaleCard
from registry.forms.village import VillageForm
from registry.models import CorrectionSlip, SlipStatus, VillageYear
from registry.reports.villages import read_table
from registry.reports.years import closed_years
from registry.rules.findings import Finding, error, errors_in
from registry.services.village_corrections import changes_between, propose_village_correction
from registry.services.village_tables import check_table
from registry.views import card_page


@door("registry.correct_card", audit="correction.propose")
@require_http_methods(["GET", "POST"])
def village_correct(request: HttpRequest, code: int, year: int) -> HttpResponse:
    """Fill in what a closed year's table should say; see what changes, then send it off to be decided."""
    user = actor(request)
    tables = VillageYear.objects.visible_to(user).select_related("village", "division")
    table = get_object_or_404(tables, division_id=code, year=year)
    if year not in closed_years():
        messages.info(request, f"{year} 年度未关账，可直接修改村表")
        return redirect("village_table", code=code, year=year)
    waiting = CorrectionSlip.objects.filter(village_year=table, status=SlipStatus.PROPOSED).first()
    if waiting is not None:
        messages.info(request, "该村表已有一张待审核的更正单，审核后才能再填")
        return redirect("correction_decide", pk=waiting.pk)
    if request.method == "GET":
        return _page(request, table, VillageForm(initial=read_table(table)))
    form = VillageForm(request.POST)
    if not form.is_valid():
        return _page(request, table, form, status=422)
    values = {name: form.cleaned_data.get(name) for name in form.fields}
    reason = request.POST.get("slip-reason", "").strip()
    today = timezone.localdate()
    findings: list[Finding] = errors_in(
        check_table(division=table.division, year=year, values=values, on=today)
    )
    changes = changes_between(read_table(table), values)
    refusal = "" if reason else "请填写更正理由"
    refusal = refusal or ("" if changes else "与现表相同，没有更正事项")
    if not findings and not refusal and request.POST.get("confirmed") == "1":
        version = request.POST.get("version", "")
        try:
            slip = propose_village_correction(
                actor=user,
                village_year=table,
                values=values,
                base_version=int(version) if version.isdigit() else 0,
                reason=reason,
                evidence=request.POST.get("slip-evidence", ""),
                on=today,
            )
        except CardRefused as refused:
            findings = [error(one.rule, one.field, one.message) for one in refused.findings]
        except StaleCard:
            refusal = "此表在您填单期间已被更正，请重新打开再填"
        except RegistryError as refused:
            refusal = str(refused)
        else:
            messages.success(request, "更正单已提交，由县扶贫办另一人审核")
            return redirect("correction_decide", pk=slip.pk)
    form.show(findings)
    wrong = bool(findings or refusal)
    return _page(
        request,
        table,
        form,
        status=422 if wrong else 200,
        refusal=refusal,
        changes=[] if wrong else changes,
    )


def _page(
    request: HttpRequest, table: VillageYear, form: VillageForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {
        "table": table,
        "village": table.division,
        "year": table.year,
        "form": form,
        "sections": form.sections(),
        "lines": form.lines(),
        "reason": request.POST.get("slip-reason", ""),
        "evidence": request.POST.get("slip-evidence", ""),
        "trail": card_page.trail(table.division_id, page="village_list"),
        **more,
    }
    return render(request, "registry/village_correct.html", context, status=status)


urlpatterns: list[URLPattern] = [
    path("villages/<int:code>/<int:year>/correct/", village_correct, name="village_correct"),
]
