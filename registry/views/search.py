"""The box on top of every page: by name, pinyin, number, ID number, village, or the code of a printed sheet.

Asked by POST only: ID numbers must not stand in addresses, nor in the logs of what lies between.
"""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from fupin.accounts.audit import note
from fupin.accounts.doors import actor, door
from registry.codes import Relation
from registry.models import Household
from registry.prints.scanning import Scanned, Verdict, scanned
from registry.reports.finding import Hits, find
from registry.reports.years import entry_year


@door("registry.view_household", audit="registry.search")
@require_http_methods(["GET", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """Find; a single hit opens. The words are not repeated when they are an ID number."""
    typed = request.POST.get("q", "").strip()[:120]
    if request.method == "GET" or not typed:
        return render(request, "registry/search.html", {"hits": None, "typed": ""})
    user = actor(request)
    if sheet := scanned(typed, user=user):
        return _sheet(request, sheet)
    hits = find(user, typed, on=timezone.localdate())
    note(detail={"by": hits.by, "hits": hits.total})
    if hits.total == 1:
        return redirect(only(hits))
    relations = dict(Relation.choices)
    context: dict[str, Any] = {
        "hits": hits,
        "typed": "" if hits.by == "id_no" else typed,
        "members": [(member, relations.get(member.last_relation or "", "")) for member in hits.members],  # type: ignore[attr-defined]  # annotated
        "year": entry_year(),
    }
    return render(request, "registry/search.html", context)


def only(hits: Hits) -> str:
    """Return the page of the single thing that was found."""
    for household in hits.households:
        return reverse("household_latest", args=[household.household_no])
    for member in hits.members:
        return reverse("household_latest", args=[member.household.household_no])
    return f"{reverse('household_list')}?division={hits.villages[0].code}"


def _sheet(request: HttpRequest, sheet: Scanned) -> HttpResponse:
    """Open the card of a scanned sheet, and say whether paper and register agree."""
    note(
        object_key=f"{sheet.sheet.number}/{sheet.sheet.year}",
        detail={"by": "sheet", "verdict": sheet.verdict.name},
    )
    text = f"纸质卡表第 {sheet.sheet.version} 版：{sheet.verdict.value}"
    if sheet.verdict is Verdict.AGREES:
        messages.success(request, text)
    else:
        messages.warning(request, f"{text}（系统现为第 {sheet.version} 版）")
    answer: HttpResponse = redirect(sheet.page, **sheet.arguments)
    return answer


@door("registry.view_household")
@require_GET
def household_latest(request: HttpRequest, household_no: str) -> HttpResponse:
    """Lead to the latest card of a household."""
    household = get_object_or_404(Household.objects.visible_to(actor(request)), household_no=household_no)
    card = get_object_or_404(household.years.order_by("-year")[:1])
    return redirect("household_card", household_no=household_no, year=card.year)


urlpatterns: list[URLPattern] = [
    path("search/", search, name="search"),
    path("households/<str:household_no>/", household_latest, name="household_latest"),
]
