"""What reached a household: a panel on its card, and a page of its own (policy §2, §3)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_GET

from funds.models import Payment
from funds.models.payment import PaymentStatus
from fupin.accounts.doors import actor, door
from fupin.accounts.models import User
from registry.models import Household
from registry.views import card_page
from registry.views.card_panels import card_panel
from registry.views.help.showing import Table, chip, listing, money, on, prose, text

COLOURS = {"PENDING": "warn", "PAID": "ok", "FAILED": "bad", "STOPPED": "quiet"}
HEADS = ("所属期", "事项", "资金来源", "户名", "账号", "金额 元", "状态", "日期", "说明")


def _payments(user: User, household: Household) -> "QuerySet[Payment]":
    return Payment.objects.visible_to(user).filter(household=household)


def _paid(found: "QuerySet[Payment]") -> Decimal:
    rows = found.filter(status=PaymentStatus.PAID).aggregate(
        paid=Sum("amount_yuan"), back=Sum("recovered_yuan")
    )
    return (rows["paid"] or Decimal(0)) - (rows["back"] or Decimal(0))


@card_panel(order=20, permission="funds.view_statement", template="funds/_card_money.html")
def money_panel(user: User, household: Household, year: int) -> Mapping[str, Any]:
    """Return what reached a household in a year and in all."""
    paid = Q(status=PaymentStatus.PAID)
    kept = F("amount_yuan") - F("recovered_yuan")
    sums = _payments(user, household).aggregate(
        paid=Sum(kept, filter=paid),
        paid_in_year=Sum(kept, filter=paid & Q(period__startswith=str(year))),
        waiting=Count("pk", filter=Q(status=PaymentStatus.PENDING)),
    )
    return {
        "year": year,
        "paid": sums["paid"] or Decimal(0),
        "paid_in_year": sums["paid_in_year"] or Decimal(0),
        "waiting": sums["waiting"],
        "url": reverse("money_of_household", args=[household.household_no]),
    }


@door("funds.view_statement")
@require_GET
def money_of_household(request: HttpRequest, household_no: str) -> HttpResponse:
    """Show every payment to a household, the latest first."""
    user = actor(request)
    household = get_object_or_404(Household.objects.visible_to(user), household_no=household_no)
    found = _payments(user, household)
    rows = [
        [
            text(one.period),
            prose(one.item),
            prose(one.source),
            text(one.payee_name),
            text(one.account_masked),
            money(one.amount_yuan),
            chip(one.get_status_display(), COLOURS[one.status]),
            on(one.status_on),
            prose(one.because or (f"已追回 {one.recovered_yuan} 元" if one.recovered_yuan else "")),
        ]
        for one in found.order_by("-period", "-pk")
    ]
    return listing(
        request,
        title=f"{household.household_no} 到户资金",
        fact=f"已到账 {_paid(found):,} 元",
        trail=card_page.trail(household.division_id),
        tables=[Table("", HEADS, rows, "还没有到户资金")],
    )


urlpatterns: list[URLPattern] = [
    path("households/<str:household_no>/", money_of_household, name="money_of_household"),
]
