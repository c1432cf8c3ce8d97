"""Rounds: opened by the province, their quotas shared out from level to level, a village's ranked list."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from fupin.accounts.doors import actor, door
from fupin.accounts.models import User
from fupin.accounts.permissions import may
from fupin.divisions.codes import contains
from fupin.divisions.models import Division
from fupin.lib.apportion import CannotShare
from fupin.lib.paging import page_of
from fupin.policy.standards import NoStandard, poverty_line
from registry.errors import QuotaRefused
from registry.forms.cases import QuotaChangeForm, QuotaForm, RoundForm
from registry.models import Round
from registry.reports.quotas import COLUMNS, Cascade, cascade, poor_last_year, ranking, rural_population
from registry.rules.procedure import Track
from registry.rules.quota import QuotaMode, Share, quota_mode, shared_out
from registry.rules.transitions import TRANSITIONS
from registry.services.listing import not_announced
from registry.services.rounds import change_quotas, open_round, set_quotas
from registry.views import card_page

_MODES = {QuotaMode.HARD: "规模控制 硬", QuotaMode.SOFT: "规模控制 软", QuotaMode.OFF: "不控制规模"}


@door("registry.view_case")
@require_GET
def round_list(request: HttpRequest) -> HttpResponse:
    """List the rounds, the latest first."""
    user = actor(request)
    page = page_of(Round.objects.order_by("-year", "kind"), request.GET.get("page"))
    context = {
        "page": page,
        "today": timezone.localdate(),
        "may_open": may(user, "registry.open_round"),
        "trail": card_page.trail(user.post.division_id if user.post else None, page="round_list"),
    }
    return render(request, "registry/round_list.html", context)


@door("registry.open_round", audit="round.open")
@require_http_methods(["GET", "POST"])
def round_new(request: HttpRequest) -> HttpResponse:
    """Open a round for the province."""
    user = actor(request)
    form = RoundForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            opened = open_round(actor=user, **form.cleaned_data)
        except QuotaRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"已发起 {opened}")
            return redirect("round_page", pk=opened.pk)
    context = {
        "form": form,
        "trail": card_page.trail(user.post.division_id if user.post else None, page="round_list"),
    }
    return render(request, "registry/round_new.html", context, status=422 if form.errors else 200)


def _division(user: User, asked: str) -> Division:
    """The division that is looked at: the one asked for within one's own, else one's own."""
    own = user.post.division_id if user.post else 0
    code = int(asked) if asked.isdigit() else own
    if not contains(own, code) if own else True:
        code = own
    return get_object_or_404(Division, pk=code)


@door("registry.view_case")
@require_GET
def round_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a round in a division: the quotas below it and who stands where; in a village the ranked list."""
    user = actor(request)
    in_round = get_object_or_404(Round, pk=pk)
    here = _division(user, request.GET.get("division", ""))
    try:
        line: Decimal | None = poverty_line(in_round.income_year).amount
    except NoStandard:
        line = None
    mode = quota_mode(in_round.year)
    context: dict[str, Any] = {
        "round": in_round,
        "here": here,
        "line": line,
        "mode": _MODES[mode],
        "controlled": mode != QuotaMode.OFF,
        "columns": COLUMNS,
        "trail": card_page.trail(here.pk, page="round_list"),
    }
    for step in context["trail"]:
        step["url"] = f"{reverse('round_page', args=[pk])}?{step['url'].partition('?')[2]}"
    if here.code % 1000:
        found = ranking(user, in_round, here.code)
        context |= {
            "ranking": found,
            "batches": _batches(user, found),
            "may_open": may(user, "registry.open_case"),
            "to_announce": not_announced([row.case for row in found.rows])
            if may(user, "notices.draw_up")
            else (),
        }
    else:
        table = cascade(user, in_round, here)
        may_set = may(user, "registry.set_quota") and mode != QuotaMode.OFF and table.quota is not None
        context |= {"table": table, "may_set": may_set}
    return render(request, "registry/round_page.html", context)


def _batches(user: User, found: Any) -> list[dict[str, Any]]:
    """The steps that the user may take of several households at once, with how many wait for each."""
    if user.post is None or not may(user, "registry.take_step"):
        return []
    waiting: dict[str, int] = {}
    for row in found.rows:
        if row.case.closed_on is None:
            waiting[row.case.status] = waiting.get(row.case.status, 0) + 1
    forward = ("send_back", "suspend", "resume", "uphold", "vote_down")
    return [
        {
            "status": one.source,
            "step": one.name,
            "label": one.label,
            "count": waiting[one.source],
            "listed": one.opens_notice,
        }
        for one in TRANSITIONS
        if one.track == Track.ENTRY
        and one.source in waiting
        and user.post.role in one.actors
        and one.name not in forward
    ]


def _to_set(request: HttpRequest, pk: int, code: int) -> tuple[User, Round, Cascade] | None:
    """The user, the round and the quotas below a division that he may set; None where there is nothing to share out."""
    user = actor(request)
    in_round = get_object_or_404(Round, pk=pk)
    own = user.post.division_id if user.post else 0
    above = get_object_or_404(Division, pk=code if own and contains(own, code) else 0)
    table = cascade(user, in_round, above)
    return (user, in_round, table) if table.quota is not None and table.rows else None


@door("registry.set_quota", audit="quota.set")
@require_http_methods(["GET", "POST"])
def quota_set(request: HttpRequest, pk: int, code: int) -> HttpResponse:
    """Share a division's quota out: choose the weight, look at shares and remainders, then set."""
    found = _to_set(request, pk, code)
    if found is None or found[2].is_set:
        messages.info(request, "规模已下达，请用“调整”" if found else "本级还没有规模，或没有下级")
        return redirect(f"{reverse('round_page', args=[pk])}?division={code}")
    user, in_round, table = found
    names = {row.division.code: row.division.name for row in table.rows}
    form = QuotaForm(
        request.POST if request.method == "POST" else None,
        codes=names,
        population=rural_population(table.above, in_round.income_year),
        poor=poor_last_year(table.above, in_round.income_year),
    )
    shares: list[Share] = []
    if request.method == "POST" and form.is_valid() and table.quota is not None:
        try:
            weights = form.weights()
            shares = shared_out(table.quota.persons, weights)
            if request.POST.get("confirmed") == "1":
                set_quotas(
                    actor=user,
                    in_round=in_round,
                    above=code,
                    persons={share.division: share.persons for share in shares},
                    weights=weights,
                    basis=form.basis,
                )
                messages.success(request, f"已下达 {len(shares)} 处规模，合计 {table.quota.persons} 人")
                return redirect(f"{reverse('round_page', args=[pk])}?division={code}")
        except (CannotShare, QuotaRefused) as refused:
            form.add_error(None, str(refused))
            shares = []
    context = {
        "round": in_round,
        "table": table,
        "form": form,
        "rows": [(names[row[0]], *row) for row in form.rows()],
        "shares": [(names[share.division], share) for share in shares],
        "raised": sum(share.raised for share in shares),
        "trail": card_page.trail(code, page="round_list"),
    }
    return render(request, "registry/quota_set.html", context, status=422 if form.errors else 200)


@door("registry.set_quota", audit="quota.change")
@require_http_methods(["GET", "POST"])
def quota_change(request: HttpRequest, pk: int, code: int) -> HttpResponse:
    """Change quotas that are set: what falls falls first, what has been shared out of them follows."""
    found = _to_set(request, pk, code)
    if found is None or not found[2].is_set:
        messages.info(request, "下级还没有规模")
        return redirect(f"{reverse('round_page', args=[pk])}?division={code}")
    user, in_round, table = found
    now = {row.division.code: row.quota.persons for row in table.rows if row.quota}
    rows = {row.division.code: row for row in table.rows}
    form = QuotaChangeForm(request.POST if request.method == "POST" else None, now=now)
    if request.method == "POST" and form.is_valid():
        try:
            change_quotas(
                actor=user, in_round=in_round, changes=form.changes(), reason=form.cleaned_data["reason"]
            )
        except QuotaRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "已调整，先减后增；原规模和理由留在历史里")
            return redirect(f"{reverse('round_page', args=[pk])}?division={code}")
    context = {
        "round": in_round,
        "table": table,
        "form": form,
        "rows": [(rows[one], bound) for one, bound in form.rows()],
        "trail": card_page.trail(code, page="round_list"),
    }
    return render(request, "registry/quota_change.html", context, status=422 if form.errors else 200)


urlpatterns: list[URLPattern] = [
    path("rounds/", round_list, name="round_list"),
    path("rounds/new/", round_new, name="round_new"),
    path("rounds/<int:pk>/", round_page, name="round_page"),
    path("rounds/<int:pk>/quotas/<int:code>/", quota_set, name="quota_set"),
    path("rounds/<int:pk>/quotas/<int:code>/change/", quota_change, name="quota_change"),
]
