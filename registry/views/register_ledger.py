"""The register's ledger: opening, in, out and closing of a year by place, and the households behind each number."""

from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from fupin.accounts.doors import actor, door
from fupin.accounts.models import User
from fupin.divisions.codes import contains
from fupin.divisions.models import Division
from fupin.lib.paging import page_of
from registry.models import EntryWhy, Household, HouseholdYear
from registry.models.household_year import FIRST_YEAR
from registry.models.register_entry import IN
from registry.reports.ledger import WAYS, WAYS_IN, WAYS_OUT, differences, households_behind, ledger
from registry.views import card_page

PARTS: Final = {
    "opening": "年初在册",
    "in": "本年增加",
    "out": "本年减少",
    "closing": "年末在册",
    **{name: f"{'增加' if way == IN else '减少'}：{why.label}" for name, way, why in WAYS},
}


def _here(user: User, asked: str) -> Division:
    """The division asked for within one's own, else one's own."""
    own = user.post.division_id if user.post else 0
    code = int(asked) if asked.isascii() and asked.isdigit() and asked else own
    try:
        inside = contains(own, code)
    except ValueError as unknown:
        raise Http404 from unknown
    if not inside:
        raise Http404
    return get_object_or_404(Division, pk=code)


def _year(asked: str) -> int:
    """The year asked for, else the present one."""
    return int(asked) if asked.isdigit() and FIRST_YEAR <= int(asked) <= 2100 else timezone.localdate().year


@door("registry.view_case")
@require_GET
def register_ledger(request: HttpRequest) -> HttpResponse:
    """Show a division's ledger of a year, a line for each division right below it."""
    user = actor(request)
    here = _here(user, request.GET.get("division", ""))
    year = _year(request.GET.get("year", ""))
    found = ledger(user, here, year)
    this_year = timezone.localdate().year
    trail = card_page.trail(here.pk, page="register_ledger")
    for step in trail:
        step["url"] = f"{step['url']}&year={year}"
    context = {
        "ledger": found,
        "ways_in": [why.label for why in WAYS_IN],
        "ways_out": [why.label for why in WAYS_OUT],
        "years": [
            (one, f"?{urlencode({'division': here.pk, 'year': one})}")
            for one in range(this_year, FIRST_YEAR - 1, -1)
        ],
        "wrong": [row for row in (*found.rows, found.total) if not row.adds_up],
        "differences": differences(here.pk) if here.pk % 10**6 else [],
        "trail": trail,
    }
    return render(request, "registry/register_ledger.html", context)


@door("registry.view_case")
@require_GET
def register_ledger_households(request: HttpRequest) -> HttpResponse:
    """List the households behind a number of the ledger."""
    user = actor(request)
    here = _here(user, request.GET.get("division", ""))
    year = _year(request.GET.get("year", ""))
    part = request.GET.get("part", "closing")
    if part not in PARTS:
        raise Http404
    page = page_of(households_behind(user, here.pk, year, part), request.GET.get("page"))
    context = {
        "title": PARTS[part],
        "here": here,
        "year": year,
        "page": page,
        "rows": _shown(list(page.object_list)),
        "back": f"{reverse('register_ledger')}?{urlencode({'division': here.pk, 'year': year})}",
        "trail": card_page.trail(here.pk, page="register_ledger"),
    }
    return render(request, "registry/register_ledger_households.html", context)


def _shown(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Put household, head and reason to rows of the ledger; a household that has moved out of one's division shows none."""
    keys = [row["household_id"] for row in found]
    households = {
        one.pk: one for one in Household.objects.filter(pk__in=keys).select_related("division__parent")
    }
    cards = HouseholdYear.objects.filter(household_id__in=keys).order_by("year")
    heads: dict[int, str] = dict(cards.values_list("household_id", "head_name"))  # the latest year's last
    return [
        {
            "household": households.get(row["household_id"]),
            "head_name": heads.get(row["household_id"], ""),
            "on": row.get("on"),
            "why": EntryWhy(row["why"]).label if row.get("why") else "",
        }
        for row in found
    ]


urlpatterns: list[URLPattern] = [
    path("ledger/", register_ledger, name="register_ledger"),
    path("ledger/households/", register_ledger_households, name="register_ledger_households"),
]
