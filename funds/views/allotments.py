"""What went to counties: listed, explained factor by factor, passed on by the city, received by the county."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from funds.forms.allotment_filter import AllotmentFilter
from funds.forms.documents import DayForm
from funds.models import Allotment, SchemeShare
from funds.reports.passing import way_of
from funds.rules.fairness import differences
from funds.services import allotments
from funds.views.acting import told, trail
from fupin.accounts.doors import actor, door
from fupin.accounts.models import User
from fupin.accounts.permissions import may
from fupin.divisions.codes import Level, contains, cut
from fupin.lib.paging import page_of


@door("funds.view_money")
@require_GET
def allotment_list(request: HttpRequest) -> HttpResponse:
    """List what was issued to the counties of one's division, the latest first."""
    user = actor(request)
    seen = Allotment.objects.visible_to(user).select_related("division__parent", "appropriation")
    found = AllotmentFilter(request.GET, seen)
    rows = found.qs if found.form.is_valid() else seen.none()
    context = {
        "filter": found,
        "page": page_of(rows.order_by("-issued_on", "-pk"), request.GET.get("page")),
        "total": rows.order_by().aggregate(total=Sum("amount_yuan"))["total"] or Decimal(0),
        "trail": trail(("下达到县", "")),
    }
    return render(request, "funds/allotment_list.html", context)


def _allotment(user: User, pk: int) -> Allotment:
    return get_object_or_404(
        Allotment.objects.visible_to(user).select_related(
            "division__parent",
            "appropriation",
            "scheme_share",
            "carve_out",
            "issued_by",
            "passed_by",
            "received_by",
        ),
        pk=pk,
    )


@door("funds.view_money")
@require_GET
def allotment_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what went to a county: which factor brought how much, against last year, and the days at each level."""
    user = actor(request)
    row = _allotment(user, pk)
    post = user.post.division_id if user.post else 0
    share = row.scheme_share
    context: dict[str, Any] = {
        "row": row,
        "document": row.appropriation,
        "share": share,
        "explained": _explained(share) if share else [],
        "per_head": share.amount_yuan / share.poor_population if share and share.poor_population else None,
        "way": way_of(row, timezone.localdate()),
        "form": DayForm(initial={"on": timezone.localdate()}),
        "may_pass": may(user, "funds.pass_on")
        and row.via_city
        and row.passed_on is None
        and contains(post, cut(row.division_id, Level.CITY)),
        "may_receive": may(user, "funds.receive")
        and row.received_on is None
        and (row.passed_on is not None or not row.via_city)
        and post == row.division_id,
        "trail": trail(
            (row.appropriation.number, reverse("appropriation_page", args=[row.appropriation_id])),
            (row.division.name, ""),
        ),
    }
    return render(request, "funds/allotment_page.html", context)


def _explained(share: SchemeShare) -> list[dict[str, Any]]:
    """Return the factors of a frozen share, each against what it brought last year."""
    earlier = (
        SchemeShare.objects.filter(
            division=share.division_id,
            appropriation__fiscal_year=share.appropriation.fiscal_year - 1,
            appropriation__level=share.appropriation.level,
            appropriation__kind=share.appropriation.kind,
        )
        .order_by("-pk")
        .first()
    )
    then = {one["code"]: Decimal(one["brought_yuan"]) for one in earlier.factors} if earlier else {}
    now = {one["code"]: Decimal(one["brought_yuan"]) for one in share.factors}
    changes = {one.code: one for one in differences(now, then)}
    return [
        one
        | {
            "brought": now[one["code"]],
            "value": Decimal(one["value"]),
            "percent": Decimal(one["share"]) * 100,
            "then": changes[one["code"]].then,
            "change": changes[one["code"]].change if then else None,
        }
        for one in share.factors
    ]


@door("funds.pass_on", audit="funds.pass_on")
@require_POST
def allotment_pass(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter the day on which the city passed the money on."""
    return _step(request, pk, allotments.pass_on, done="已登记转下")


@door("funds.receive", audit="funds.receive")
@require_POST
def allotment_receive(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter the day on which the money came to the county."""
    return _step(request, pk, allotments.receive, done="已登记到账")


def _step(request: HttpRequest, pk: int, step: Any, *, done: str) -> HttpResponse:
    user = actor(request)
    row = _allotment(user, pk)
    form = DayForm(request.POST)
    back = reverse("allotment_page", args=[pk])
    if not form.is_valid():
        messages.error(request, "请填日期，如 2014-06-20")
        return redirect(back)
    return told(
        request,
        lambda: step(actor=user, allotment=row, on=form.cleaned_data["on"]),
        done=done,
        back=back,
    )


urlpatterns: list[URLPattern] = [
    path("allotments/", allotment_list, name="allotment_list"),
    path("allotments/<int:pk>/", allotment_page, name="allotment_page"),
    path("allotments/<int:pk>/pass/", allotment_pass, name="allotment_pass"),
    path("allotments/<int:pk>/receive/", allotment_receive, name="allotment_receive"),
]
