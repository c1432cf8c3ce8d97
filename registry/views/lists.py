"""The list of poor households: filters that stay in the address, sums, questions asked often."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db.models import Count, Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from fupin.accounts.doors import actor, door
from fupin.accounts.permissions import may
from fupin.divisions.models import Division
from fupin.history.looking import ASKED_BY, past_days
from fupin.lib.paging import is_capped, page_of
from fupin.policy.standards import NoStandard, poverty_line
from registry.forms.filters import HouseholdFilter
from registry.models import HouseholdYear
from registry.reports.years import entry_year, years_on_file
from registry.rules.poverty import below_line, is_below_line
from registry.views import card_page

LINE_AT: Final = 46
BAR: Final = 62
KEPT: Final = ("year", "division", ASKED_BY)
"""What a question asked often leaves as it is."""

FULL_BAR: Final = Decimal(1400)
"""A distance of so many yuan fills the side of the bar that it lies on."""

QUESTIONS: Final = (
    ("线下和线边的户", {"income": "edge"}),
    ("低于线的户", {"income": "below"}),
    ("有待说明提示的户", {"remarks": "1"}),
    ("C、D 级危房户", {"danger_level": ["3", "4"]}),
    ("饮水困难户", {"water_difficult": "1"}),
    ("零就业家庭", {"is_zero_employment": "1"}),
    ("草稿户卡", {"status": ["D"]}),
)


@dataclass(frozen=True, slots=True)
class Bar:
    """A household's distance to the line as a tiny bar: where it begins, how long it is, on which side."""

    x: float
    width: float
    side: str
    distance: Decimal


def bar_of(row: HouseholdYear, line: Decimal | None) -> Bar | None:
    """Return the bar of a row; the side is decided unrounded, the length by income per head."""
    if line is None or row.net_income_pc is None or not row.member_count:
        return None
    distance = row.net_income_pc - line
    below = below_line(row.net_income, row.member_count, line)
    room = LINE_AT if below else BAR - LINE_AT
    width = float(min(abs(distance) / FULL_BAR, Decimal(1))) * room
    return Bar(LINE_AT - width if below else LINE_AT, width, "below" if below else "above", distance)


def households_of(request: HttpRequest, year: int) -> HouseholdFilter:
    """Return the filter over the cards of a year that the user may see; export and list share it."""
    rows = HouseholdYear.objects.visible_to(actor(request)).filter(year=year)
    return HouseholdFilter(request.GET, rows, year=year)


def sums_of(rows: "QuerySet[HouseholdYear]", line: Decimal | None) -> dict[str, Any]:
    """Return households, persons, how many lie below the line and income per head of all of them together."""
    below = (
        Count("pk", filter=is_below_line(line))
        if line is not None
        else Count("pk", filter=Q(pk__isnull=True))
    )
    sums = rows.order_by().aggregate(
        households=Count("pk"), persons=Sum("member_count"), below=below, income=Sum("net_income")
    )
    persons = sums["persons"] or 0
    return {
        **sums,
        "persons": persons,
        "per_head": sums["income"] / persons if persons and sums["income"] else None,
    }


@door("registry.view_household")
@require_GET
@past_days
def household_list(request: HttpRequest) -> HttpResponse:
    """List the cards of a year. HTMX gets the table alone."""
    user = actor(request)
    years = years_on_file()
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdigit() and int(asked) in years else entry_year()
    asking = households_of(request, year)
    rows = asking.qs.select_related("household", "division__parent").defer("income_lines", "remarks")
    ordered = (*rows.query.order_by, "pk") if request.GET.get("order") else ("division_id", "household_id")
    rows = rows.order_by(*ordered)
    page = page_of(rows, request.GET.get("page"), request.GET.get("size"))
    try:
        line: Decimal | None = poverty_line(year).amount
    except NoStandard:
        line = None
    division = request.GET.get("division") or str(user.post.division_id if user.post else "")
    context = {
        "filter": asking,
        "kept": ("year", ASKED_BY),
        "page": page,
        "rows": [(row, bar_of(row, line), card_page.status_kind(row.household)) for row in page.object_list],
        "line": line,
        "year": year,
        "years": [
            (one, f"?{urlencode({**_flat(request), 'year': [str(one)]}, doseq=True)}") for one in years
        ],
        "sums": None if is_capped(page) else sums_of(asking.qs, line),
        "questions": questions(request),
        "trail": card_page.trail(int(division)) if division.isdigit() else [],
        "division_label": Division.objects.name_of(request.GET.get("division", "")),
        "may_enter": may(user, "registry.enter_household"),
    }
    part = bool(request.headers.get("HX-Request"))
    return render(
        request, "registry/_household_rows.html" if part else "registry/household_list.html", context
    )


def questions(request: HttpRequest) -> Sequence[dict[str, Any]]:
    """Return the questions asked often, as links that keep the year and the division."""
    kept = {name: request.GET[name] for name in KEPT if name in request.GET}
    found = []
    for label, asked in QUESTIONS:
        values = {name: value if isinstance(value, list) else [value] for name, value in asked.items()}
        found.append(
            {
                "label": label,
                "url": f"?{urlencode({**kept, **asked}, doseq=True)}",
                "current": all(request.GET.getlist(name) == value for name, value in values.items()),
            }
        )
    return found


def _flat(request: HttpRequest) -> dict[str, list[str]]:
    return {name: values for name, values in request.GET.lists() if name != "page"}


urlpatterns = [path("households/", household_list, name="household_list")]
