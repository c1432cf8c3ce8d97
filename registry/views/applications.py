"""The applicants of a village: those with a card of the income's year, ticked, get their cases in one go."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from fupin.accounts.audit import note
from fupin.accounts.doors import actor, door
from fupin.accounts.models.audit import Outcome
from fupin.divisions.codes import contains
from fupin.divisions.models import Division
from fupin.policy.standards import NoStandard, poverty_line
from registry.models import Household, HouseholdYear, Round
from registry.reports.quotas import may_apply
from registry.rules.poverty import below_line
from registry.services.cases import open_cases
from registry.views import card_page


@door("registry.open_case", audit="case.open")
@require_http_methods(["GET", "POST"])
def round_applications(request: HttpRequest, pk: int, code: int) -> HttpResponse:
    """Open the cases of all households of a village that have applied; nobody is ticked who has not been."""
    user = actor(request)
    in_round = get_object_or_404(Round, pk=pk)
    village = get_object_or_404(Division, pk=code)
    if user.post is None or not contains(user.post.division_id, code) or not code % 1000:
        raise Http404
    today = timezone.localdate()
    cards = list(may_apply(user, in_round, code))
    chosen = set(request.POST.getlist("household"))
    refused: list[tuple[Household, str]] = []
    error = ""
    if request.method == "POST":
        wanted = [card.household for card in cards if card.household.household_no in chosen]
        if wanted:
            done = open_cases(actor=user, households=wanted, in_round=in_round, on=today)
            refused = list(done.refused)
            if done.opened:
                messages.success(request, f"已立档 {len(done.opened)} 户")
            if not refused:
                return redirect(f"{reverse('round_page', args=[pk])}?division={code}")
            cards = list(may_apply(user, in_round, code))
        else:
            error = "请勾选申请的户"
            note(outcome=Outcome.REFUSED, reason=error)
    line = _line(in_round)
    context = {
        "round": in_round,
        "here": village,
        "line": line,
        "rows": [(card, _below(card, line), card.household.household_no in chosen) for card in cards],
        "refused": refused,
        "error": error,
        "running": in_round.opens_on <= today <= in_round.closes_on,
        "trail": card_page.trail(code, page="round_list"),
    }
    return render(
        request, "registry/round_applications.html", context, status=422 if refused or error else 200
    )


def _line(in_round: Round) -> Any:
    try:
        return poverty_line(in_round.income_year).amount
    except NoStandard:
        return None


def _below(card: HouseholdYear, line: Any) -> bool:
    return line is not None and below_line(card.net_income, card.member_count, line)


urlpatterns: list[URLPattern] = [
    path("rounds/<int:pk>/villages/<int:code>/applications/", round_applications, name="round_applications"),
]
