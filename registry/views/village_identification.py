"""一高一低一无: which villages fulfil the three conditions, each figure with the way to the rows behind it."""

from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.views.decorators.http import require_GET

from fupin.accounts.doors import actor, door
from fupin.accounts.permissions import may
from fupin.divisions.models import Division
from fupin.lib.paging import page_of
from fupin.policy.standards import PROVINCE_YEARS, figure
from registry.forms.village_identification_filters import CandidateFilter, MeasuresForm
from registry.models import VillageYear
from registry.reports.village_identification import candidates, rate_of
from registry.reports.years import years_on_file
from registry.views import card_page

LATEST = max(one.year for one in PROVINCE_YEARS)


@door("registry.view_village")
@require_GET
def village_identification(request: HttpRequest) -> HttpResponse:
    """List the villages with a table of the year, with the three figures and whether each fulfils its condition."""
    user = actor(request)
    asked = request.GET.get("year", "")
    years = sorted({*years_on_file(), LATEST}, reverse=True)
    year = int(asked) if asked.isdigit() and int(asked) in years else LATEST
    own = MeasuresForm(request.GET, year=year)
    against = own.measures()
    rows = candidates(user, against) if against else VillageYear.objects.none()
    asking = CandidateFilter(request.GET, rows)
    page = page_of(asking.qs, request.GET.get("page"), request.GET.get("size") or "50")
    division = request.GET.get("division", "")
    here = (
        int(division)
        if len(division) == 12 and division.isascii() and division.isdigit()
        else user.post.division_id
        if user.post
        else None
    )
    times, part = figure("poor_village_rate_ratio", year), figure("poor_village_income_ratio", year)
    context = {
        "year": year,
        "years": years,
        "measures": own,
        "against": against,
        "bars": {
            "rate": _plain(times * against.rate),
            "income": part * against.income,
            "times": _plain(times),
            "part": _plain(part * 100),
        }
        if against
        else None,
        "filter": asking,
        "page": page,
        "rows": [(row, rate_of(row)) for row in page.object_list],
        "may_see_cases": may(user, "registry.view_case"),
        "division_label": Division.objects.filter(pk=here).values_list("path_name", flat=True).first()
        if division and here is not None
        else "",
        "trail": card_page.trail(here, page="village_list"),
    }
    return render(request, "registry/village_identification.html", context)


def _plain(number: Decimal) -> str:
    """A number without zeros that say nothing."""
    return f"{number:f}".rstrip("0").rstrip(".") if "." in f"{number:f}" else f"{number:f}"


urlpatterns: list[URLPattern] = [
    path("villages/identification/", village_identification, name="village_identification"),
]
