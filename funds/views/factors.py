"""Figures that money is shared out by: county by county, pasted from a workbook, of the poor taken from the register."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from funds.errors import MoneyRefused
from funds.forms.schemes import FiguresForm
from funds.models import FactorKind, FactorValue
from funds.services.factors import Figure, enter_figures, take_poor_population
from funds.views.acting import told, trail
from fupin.accounts.doors import actor, door
from fupin.accounts.permissions import may
from fupin.divisions.codes import Level
from fupin.divisions.models import Division


def _counties(code: int) -> Any:
    return (
        Division.objects.within(code)
        .filter(level=Level.COUNTY, county_profile__isnull=False)
        .order_by("code")
    )


def _year(request: HttpRequest, given: dict[str, Any] | None = None) -> int:
    asked = (given or request.GET.dict()).get("year", "")
    year = int(asked) if asked.isdigit() and len(asked) == 4 else timezone.localdate().year - 1
    return min(max(year, 2000), 2100)


@door("funds.view_money")
@require_GET
def factor_list(request: HttpRequest) -> HttpResponse:
    """Show the figures of a year as they stand, a line a county; what is missing is said."""
    user = actor(request)
    year = _year(request)
    kinds = list(FactorKind.objects.order_by("place", "pk"))
    values = {
        (row.division_id, row.kind_id): row
        for row in FactorValue.objects.visible_to(user).standing().filter(year=year)
    }
    counties = list(_counties(user.post.division_id if user.post else 0).select_related("parent"))
    context = {
        "kinds": kinds,
        "year": year,
        "rows": [(county, [values.get((county.pk, kind.pk)) for kind in kinds]) for county in counties],
        "known": [
            (kind, sum(1 for county in counties if (county.pk, kind.pk) in values), len(counties))
            for kind in kinds
        ],
        "may_enter": may(user, "funds.enter_factors"),
        "trail": trail(("因素值", "")),
    }
    return render(request, "funds/factor_list.html", context)


@door("funds.enter_factors", audit="funds.enter_factors")
@require_http_methods(["GET", "POST"])
def factor_enter(request: HttpRequest) -> HttpResponse:
    """Enter the counties' figures of a factor and year, pasted a county a line."""
    user = actor(request)
    today = timezone.localdate()
    form = FiguresForm(
        request.POST if request.method == "POST" else None,
        counties=list(_counties(user.post.division_id if user.post else 0)),
        today=today,
        initial={"year": _year(request)},
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            entered = enter_figures(
                actor=user,
                year=given["year"],
                figures=[
                    Figure(one.county.pk, given["kind"], one.value, given["data_on"], given["source"])
                    for one in given["lines"]
                ],
            )
        except MoneyRefused as refused:
            form.refused(refused)
        else:
            messages.success(request, f"已登记 {entered} 个县")
            return redirect(f"{reverse('factor_list')}?year={given['year']}")
    context = {"form": form, "trail": trail(("因素值", reverse("factor_list")), ("登记", ""))}
    return render(request, "funds/factor_enter.html", context, status=422 if form.errors else 200)


@door("funds.enter_factors", audit="funds.take_factors")
@require_POST
def factor_take(request: HttpRequest) -> HttpResponse:
    """Take the poor population of a year from the register as it stands today."""
    user = actor(request)
    year = _year(request, request.POST.dict())
    counties = set(_counties(user.post.division_id if user.post else 0).values_list("code", flat=True))
    return told(
        request,
        lambda: take_poor_population(actor=user, year=year, counties=counties, on=timezone.localdate()),
        done=f"已取 {year} 年末在册人口，数据日期为今天",
        back=f"{reverse('factor_list')}?year={year}",
    )


urlpatterns: list[URLPattern] = [
    path("factors/", factor_list, name="factor_list"),
    path("factors/enter/", factor_enter, name="factor_enter"),
    path("factors/take/", factor_take, name="factor_take"),
]
