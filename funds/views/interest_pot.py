"""A county's interest money on one page: what came in, its four uses, what each moved (13.7)."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_http_methods, require_safe

from funds.codes.interest import PotKind
from funds.forms.interest import ChangeForm, SetAsideForm, SpendForm, TakeInForm
from funds.models import Appropriation, PotAct
from funds.reports.interest import Pot, counties_with_pots, pot_of, pots_of
from funds.services.interest_pot import act_on_pot
from funds.views.filing import as_of, file, new_key, sent
from fupin.accounts.doors import actor, door
from fupin.accounts.models import User
from fupin.accounts.permissions import may
from fupin.divisions.codes import Level, contains
from fupin.divisions.models import Division
from fupin.lib.money import grouped
from fupin.lib.paging import page_of
from registry.views import card_page
from registry.views.help.showing import Cell, Table, listing, money, on, text, today

_FORMS: Final[dict[str, tuple[PotKind, Callable[..., forms.Form]]]] = {
    "take-in": (PotKind.TAKE_IN, TakeInForm),
    "set-aside": (PotKind.SET_ASIDE, SetAsideForm),
    "change": (PotKind.CHANGE, ChangeForm),
    "spend": (PotKind.SPEND, SpendForm),
}


def _cells(pot: Pot) -> list[Cell]:
    leverage = pot.leverage
    return [
        money(pot.placed),
        money(pot.taken_in),
        money(pot.unset),
        *(money(use.left) for use in pot.uses),
        money(pot.spent),
        money(leverage),
    ]


@door("funds.view_interest")
@require_safe
def interest_pots(request: HttpRequest) -> HttpResponse:
    """List the counties' interest money, each by use, as of a day where one is given."""
    user, day = actor(request), as_of(request)
    codes = counties_with_pots(user)
    if user.post is not None and user.post.division.level == Level.COUNTY and not codes:
        codes = [user.post.division_id]
    names = dict(Division.objects.filter(pk__in=codes).order_by("pk").values_list("pk", "path_name"))
    page = page_of(codes, request.GET.get("page"), request.GET.get("size") or "50")
    rows = [
        [
            text(names.get(pot.county, str(pot.county)), reverse("interest_pot", args=[pot.county])),
            *_cells(pot),
        ]
        for pot in pots_of(list(page.object_list), on=day)
    ]
    heads = (
        "县", "落实到专账 元", "已转入 元", "未定用途 元", "直接贴息余 元", "再担保余 元", "配股余 元", "保障基金余 元",
        "已支出 元", "每元撬动 元",
    )  # fmt: skip
    return listing(
        request,
        title="贴息资金分账",
        fact=f"截至 {day}" if day else "",
        note="四项用途合计不得超过贴息资金；改用途留文号。",
        tables=[Table("", heads, rows, "还没有贴息资金", page=page, noun="个县")],
        exports="interest_pot_acts",
    )


def _county(user: User, code: int) -> Division:
    if user.post is None or not contains(user.post.division_id, code):
        raise Http404
    return get_object_or_404(Division, pk=code, level=Level.COUNTY)


@door("funds.view_interest")
@require_safe
def interest_pot(request: HttpRequest, code: int) -> HttpResponse:
    """Show a county's pot: the four uses with their accounts, and everything that was done with it."""
    user, day = actor(request), as_of(request)
    county = _county(user, code)
    pot = pot_of(code, on=day)
    books = may(user, "ledgers.view_account")
    uses = [
        [
            text(
                use.use.label,
                reverse("ledger_account", args=[use.account.pk]) if books and use.account else "",
            ),
            money(use.set_aside),
            money(use.spent),
            money(use.left),
        ]
        for use in pot.uses
    ]
    acts = PotAct.objects.visible_to(user).filter(division_id=code).select_related("entry", "entered_by")
    if day is not None:
        acts = acts.filter(on__lte=day)
    page = page_of(acts.order_by("-on", "-pk"), request.GET.get("page"))
    rows = [
        [
            on(one.on),
            text(one.get_kind_display()),
            text(one.get_source_display()),
            text(one.get_target_display()),
            money(one.amount_yuan),
            text(one.document_no),
            text(one.entry.number, reverse("ledger_entry", args=[one.entry.number]) if books else ""),
            money(one.finance_yuan),
            money(one.social_yuan),
            text(one.entered_by.full_name),
        ]
        for one in page.object_list
    ]
    doing = [
        (PotKind(kind).label, reverse("interest_pot_act", args=[code, slug]))
        for slug, (kind, _) in _FORMS.items()
    ]
    return listing(
        request,
        title=f"{county.name} · 贴息资金分账",
        fact=f"落实到专账 {grouped(pot.placed)} 元，已转入 {grouped(pot.taken_in)} 元，未定用途 {grouped(pot.unset)} 元"
        + (f"，截至 {day}" if day else ""),
        trail=card_page.trail(code),
        acts=doing if may(user, "funds.keep_pot") else [],
        tables=[
            Table("四项用途", ("用途", "已定 元", "已支出 元", "余额 元"), uses, ""),
            Table(
                "明细",
                (
                    "日期",
                    "事项",
                    "从",
                    "到",
                    "金额 元",
                    "文号",
                    "凭证",
                    "撬动金融 元",
                    "撬动社会 元",
                    "登记人",
                ),
                rows,
                "还没有转入贴息资金",
                page=page,
                noun="笔",
            ),
        ],
        exports="interest_pot_acts",
    )


@door("funds.keep_pot", audit="interest.pot")
@require_http_methods(["GET", "POST"])
def interest_pot_act(request: HttpRequest, code: int, act: str) -> HttpResponse:
    """Take money in, set it aside, change its use or pay it out."""
    user = actor(request)
    county = _county(user, code)
    if act not in _FORMS:
        raise Http404
    kind, form_of = _FORMS[act]
    more: dict[str, Any] = {}
    if kind == PotKind.TAKE_IN:
        placed_by = Appropriation.objects.filter(
            line__county_id=code, line__kind="LEDGER", line__ledger="INTEREST"
        )
        more = {"documents": placed_by.distinct().order_by("-issued_on", "-pk")}
    form = form_of(sent(request), initial={"key": new_key(), "on": today()}, **more)

    def do(said: dict[str, Any]) -> PotAct:
        for name in ("finance_yuan", "social_yuan"):
            if name in said:
                said[name] = said[name] or Decimal(0)
        return act_on_pot(actor=user, county=code, kind=kind, **said)

    return file(
        request,
        form,
        do,
        title=f"{county.name} · 贴息资金{kind.label}",
        back=reverse("interest_pot", args=[code]),
        said=f"已登记{kind.label}",
        division=code,
    )


urlpatterns: list[URLPattern] = [
    path("interest/pots/", interest_pots, name="interest_pots"),
    path("interest/pots/<int:code>/", interest_pot, name="interest_pot"),
    path("interest/pots/<int:code>/<slug:act>/", interest_pot_act, name="interest_pot_act"),
]
