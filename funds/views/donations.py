"""Gifts of the 扶贫济困日: what came, what is left of it by purpose, on what it was spent (8.3); and the panel of them on the card."""

from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_http_methods, require_safe

from funds.forms.donations import GiftForm, SpendForm
from funds.models import DonationDraw, DonationSpending
from funds.reports.donations import gifts, left_by_purpose, spendings
from funds.services.donations import receive_gift, spend_gifts
from funds.views.filing import as_of, file, new_key, sent
from fupin.accounts.doors import actor, door
from fupin.accounts.models import User
from fupin.accounts.permissions import may
from fupin.lib.money import grouped
from fupin.lib.paging import page_of
from registry.forms.filters import in_division
from registry.models import Household
from registry.reports.years import entry_year
from registry.views import card_page
from registry.views.card_panels import card_panel
from registry.views.help.showing import Cell, Table, listing, money, on, tabs_of, text, today

VIEW: Final = "funds.view_gifts"


@card_panel(order=70, permission=VIEW, template="funds/_card_gifts.html")
def gifts_panel(user: User, household: Household, year: int) -> Mapping[str, Any]:
    """Return what gifts were spent on the household."""
    return {"spendings": list(spendings(user).filter(household=household).order_by("-on", "-pk")[:10])}


@door(VIEW)
@require_safe
def donation_list(request: HttpRequest) -> HttpResponse:
    """List gifts with what is left of each, or what they were spent on, as of a day where one is given."""
    user, day = actor(request), as_of(request)
    chosen = request.GET.get("list", "gifts")
    found = gifts(user, on=day)
    if request.GET.get("division"):
        found = in_division(found, request.GET["division"])
    left = left_by_purpose(found)
    acts = [("公开查询", reverse("public_donation"))]
    if may(user, "funds.spend_gifts"):
        acts.insert(0, ("登记支出", reverse("donation_spend")))
    if may(user, "funds.receive_gift"):
        acts.insert(0, ("登记捐赠", reverse("donation_new")))
    return listing(
        request,
        title="社会捐赠",
        fact=f"截至 {day}" if day else "",
        tabs=tabs_of(request, "list", (("gifts", "捐赠"), ("spendings", "支出")), chosen),
        acts=acts,
        note="结余　"
        + ("；".join(f"{purpose or '非定向'} {grouped(rest)} 元" for purpose, rest in left) or "0.00 元")
        + "。与财政资金分账，定向捐款不得改用。",
        searches=True,
        tables=[_spending_table(request, user) if chosen == "spendings" else _gift_table(request, found)],
        exports="donation_spendings" if chosen == "spendings" else "donations",
    )


def _gift_table(request: HttpRequest, found: Any) -> Table:
    page = page_of(found.order_by("-received_on", "-pk"), request.GET.get("page"))
    heads = ("票据号", "收到", "受赠地", "捐赠人", "实物", "定向意愿", "金额 元", "已支出 元", "结余 元")
    rows = [
        [
            text(one.receipt_no, reverse("donation", args=[one.pk])),
            on(one.received_on),
            text(one.division.path_name),
            text("匿名" if one.is_anonymous else one.donor),
            text(one.thing),
            text(one.purpose or "非定向"),
            money(one.amount_yuan),
            money(one.spent_yuan),
            money(one.left_yuan),
        ]
        for one in page.object_list
    ]
    return Table("", heads, rows, "没有捐赠", hint="凭票据登记。", page=page, noun="笔")


def _spending_table(request: HttpRequest, user: User) -> Table:
    found = spendings(user, on=as_of(request))
    if request.GET.get("division"):
        found = in_division(found, request.GET["division"])
    page = page_of(found.order_by("-on", "-pk"), request.GET.get("page"))
    heads = ("日期", "支出地", "用途", "金额 元", "项目", "贫困户", "凭据号", "登记人")
    rows = [
        [
            on(one.on),
            text(one.division.path_name),
            text(one.purpose),
            money(one.amount_yuan),
            *_upon(user, one),
            text(one.document_no),
            text(one.entered_by.full_name),
        ]
        for one in page.object_list
    ]
    return Table("", heads, rows, "没有支出", hint="支出须挂项目或贫困户。", page=page, noun="笔")


def _upon(user: User, one: DonationSpending) -> list[Cell]:
    """Return on what gifts were spent: a project and a household, of which one is empty."""
    card = ""
    if one.household is not None and may(user, "registry.view_household"):
        card = reverse("household_card", args=[one.household.household_no, entry_year()])
    return [
        text(f"{one.project.number} {one.project.name}" if one.project else ""),
        text(one.household.household_no if one.household else "", card),
    ]


@door(VIEW)
@require_safe
def donation(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a gift and everything that it was spent on."""
    user = actor(request)
    gift = get_object_or_404(gifts(user).select_related("entered_by", "account"), pk=pk)
    draws = (
        DonationDraw.objects.filter(donation=gift)
        .select_related("spending__project", "spending__household")
        .order_by("spending__on", "pk")
    )
    rows = [
        [
            on(one.spending.on),
            text(one.spending.purpose),
            money(one.amount_yuan),
            *_upon(user, one.spending),
            text(one.spending.document_no),
        ]
        for one in draws
    ]
    acts = (
        [("账户", reverse("ledger_account", args=[gift.account_id]))]
        if may(user, "ledgers.view_account")
        else []
    )
    return listing(
        request,
        title=f"捐赠 {gift.receipt_no}",
        fact=f"{gift.received_on} {'匿名' if gift.is_anonymous else gift.donor} {gift.thing} {grouped(gift.amount_yuan)} 元，"
        f"{gift.purpose or '非定向'}，结余 {grouped(gift.left_yuan)} 元",
        trail=card_page.trail(gift.division_id),
        acts=acts,
        note=f"登记人 {gift.entered_by.full_name}",
        tables=[Table("去向", ("日期", "用途", "金额 元", "项目", "贫困户", "凭据号"), rows, "还没有支出")],
    )


@door("funds.receive_gift", audit="gifts.receive")
@require_http_methods(["GET", "POST"])
def donation_new(request: HttpRequest) -> HttpResponse:
    """Put down a gift."""
    user = actor(request)
    place = user.post.division_id if user.post else 0
    return file(
        request,
        GiftForm(sent(request), initial={"received_on": today()}),
        lambda said: receive_gift(actor=user, division=place, **said),
        title="登记捐赠",
        back=reverse("donation_list"),
        said="已登记捐赠",
        hint="捐赠人凭票据号在公开页查询去向；公开页不显示捐赠人和农户姓名。",
        division=place or None,
    )


@door("funds.spend_gifts", audit="gifts.spend")
@require_http_methods(["GET", "POST"])
def donation_spend(request: HttpRequest) -> HttpResponse:
    """Spend gifts on a project or a household."""
    user = actor(request)
    place = user.post.division_id if user.post else 0
    left = [
        (purpose, rest)
        for purpose, rest in left_by_purpose(gifts(user).filter(division_id=place))
        if rest > 0
    ]
    return file(
        request,
        SpendForm(sent(request), user=user, left=left, initial={"key": new_key(), "on": today()}),
        lambda said: spend_gifts(actor=user, division=place, **said),
        title="登记捐赠支出",
        back=f"{reverse('donation_list')}?list=spendings",
        said="已登记支出",
        hint="从最早的捐赠起支。定向捐款只能用于其定向的用途，用途要写得一样。",
        division=place or None,
    )


urlpatterns: list[URLPattern] = [
    path("donations/", donation_list, name="donation_list"),
    path("donations/new/", donation_new, name="donation_new"),
    path("donations/spend/", donation_spend, name="donation_spend"),
    path("donations/<int:pk>/", donation, name="donation"),
]
