"""How a household's cards came to be as they are: who changed which field, when, from what to what, on which grounds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path
from django.views.decorators.http import require_GET

from fupin.accounts.doors import actor, door
from fupin.accounts.permissions import may
from fupin.lib.paging import page_of
from registry.models import Household, HouseholdLink, MemberYear
from registry.reports.history import Change, card_history
from registry.views import card_page

RECENT: Final = 5


@dataclass(frozen=True, slots=True)
class Save:
    """What one person changed at one moment."""

    at: datetime
    who: str
    year: int | None
    version: int | None
    reason: str
    changes: Sequence[Change] = field(default=())


def saves_of(changes: Iterable[Change]) -> list[Save]:
    """Return changes, already in order, gathered by the save that made them."""
    found = []
    for (at, who, year, version, reason), group in groupby(
        changes, key=lambda one: (one.at, one.who, one.year, one.version, one.reason)
    ):
        found.append(Save(at, who, year, version, reason, tuple(group)))
    return found


@door("registry.view_household")
@require_GET
def household_history(request: HttpRequest, household_no: str) -> HttpResponse:
    """Show every change of a household, by year and by field if asked."""
    household = get_object_or_404(Household.objects.visible_to(actor(request)), household_no=household_no)
    changes = card_history(household)
    years = sorted({one.year for one in changes if one.year is not None}, reverse=True)
    labels = sorted({one.label for one in changes})
    asked_year, asked_label = request.GET.get("year", ""), request.GET.get("field", "")
    kept = [
        one
        for one in changes
        if (not asked_year or str(one.year) == asked_year) and (not asked_label or one.label == asked_label)
    ]
    context = {
        "household": household,
        "card_year": household.years.order_by("-year").first(),
        "status_kind": card_page.status_kind(household),
        "trail": card_page.trail(household.division_id),
        "years": years,
        "labels": labels,
        "asked_year": asked_year,
        "asked_label": asked_label,
        "page": page_of(saves_of(kept), request.GET.get("page")),
        "links": links_of(household),
        "may_undo": may(actor(request), "registry.split_household"),
        "total": len(changes),
    }
    return render(request, "registry/household_history.html", context)


def links_of(household: Household) -> list[HouseholdLink]:
    """Return the splits, merges and moves of a household, on both sides, the latest first."""
    links = household.links.select_related("household", "other", "done_by")
    others = household.links_from.select_related("household", "other", "done_by")
    return sorted([*links, *others], key=lambda link: (link.on, link.pk), reverse=True)


@door("registry.view_household")
@require_GET
def household_recent(request: HttpRequest, household_no: str) -> HttpResponse:
    """Return the panel of the latest changes that stands in the card's rail."""
    household = get_object_or_404(Household.objects.visible_to(actor(request)), household_no=household_no)
    latest = household.years.order_by("-year").first()
    labourers = MemberYear.objects.filter(household_year=latest, is_labourer=True)
    context = {
        "household": household,
        "changes": card_history(household)[:RECENT],
        "links": links_of(household),
        "card_year": latest,
        "labourers": [
            (row, getattr(row, "labourer_card", None))
            for row in labourers.select_related("member", "labourer_card").order_by("seat")
        ],
        "may_reveal": may(actor(request), "registry.reveal"),
    }
    return render(request, "registry/_household_recent.html", context)


urlpatterns: list[URLPattern] = [
    path("households/<str:household_no>/history/", household_history, name="household_history"),
    path("households/<str:household_no>/recent/", household_recent, name="household_recent"),
]
