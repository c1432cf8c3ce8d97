"""The table of a village in a closed year, put right by a slip: filled in by one person, decided by another."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from fupin.accounts.doors import actor, door
from registry.forms.village import VillageForm
from registry.models import CorrectionSlip, SlipStatus, VillageYear
from registry.reports.villages import read_table
from registry.reports.years import closed_years
from registry.rules.findings import errors_in
from registry.services.village_corrections import changes_between, propose_village_correction
from registry.services.village_tables import check_table
from registry.views import card_page, slips


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
    today = timezone.localdate()
    asked = slips.asked_in(
        request,
        findings=errors_in(check_table(division=table.division, year=year, values=values, on=today)),
        changes=changes_between(read_table(table), values),
        what="村表",
        propose=lambda given: propose_village_correction(
            actor=user, village_year=table, values=values, on=today, **given
        ),
    )
    if asked.sent is not None:
        return asked.sent
    form.show(asked.findings)
    return _page(request, table, form, asked, status=422 if asked.wrong else 200)


def _page(
    request: HttpRequest,
    table: VillageYear,
    form: VillageForm,
    asked: slips.Asked | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {
        "table": table,
        "village": table.division,
        "year": table.year,
        "version": table.version,
        "sections": [(title, [cell[:3] for cell in cells]) for title, cells in form.sections()],
        "lines": form.lines(),
        "trail": card_page.trail(table.division_id, page="village_list"),
        **slips.shown(request, asked),
    }
    return render(request, "registry/village_correct.html", context, status=status)


urlpatterns: list[URLPattern] = [
    path("villages/<int:code>/<int:year>/correct/", village_correct, name="village_correct"),
]
