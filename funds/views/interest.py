"""Interest subsidies: loans, what is borne on each, who approved and paid it (F-10); and the panel of them on the card."""

from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_http_methods, require_safe

from funds.codes.interest import ClaimStatus
from funds.forms.interest import ClaimForm, DecideForm, LoanForm, PayForm, RepaidForm
from funds.models import InterestClaim, InterestLoan
from funds.reports.interest import claims, loans
from funds.services.interest import claim_interest, decide_claim, pay_claim, register_loan, repaid
from funds.views.filing import as_of, file, sent
from fupin.accounts.doors import actor, door
from fupin.accounts.models import User
from fupin.accounts.permissions import may
from fupin.lib.paging import page_of
from registry.forms.filters import in_division
from registry.models import Household
from registry.reports.years import entry_year
from registry.views import card_page
from registry.views.card_panels import card_panel
from registry.views.help.showing import Cell, Table, chip, listing, money, on, tabs_of, text, today

VIEW: Final = "funds.view_interest"
_CHIPS: Final = {
    ClaimStatus.DRAFT: "warn",
    ClaimStatus.APPROVED: "warn",
    ClaimStatus.PAID: "ok",
    ClaimStatus.REFUSED: "bad",
}
_RATES: Final = {"rates": "province"}


@card_panel(order=60, permission=VIEW, template="funds/_card_interest.html")
def interest_panel(user: User, household: Household, year: int) -> Mapping[str, Any]:
    """Return the household's loans with what was borne on each."""
    return {"loans": list(loans(user).filter(household=household).order_by("-begins_on", "-pk")[:10])}


@door(VIEW)
@require_safe
def interest_list(request: HttpRequest) -> HttpResponse:
    """List loans, or the claims on them, as of a day where one is given."""
    user, day = actor(request), as_of(request)
    chosen = request.GET.get("list", "loans")
    table = _claim_table(request, user) if chosen == "claims" else _loan_table(request, user)
    acts = [("贴息资金分账", reverse("interest_pots"))]
    if may(user, "funds.enter_interest"):
        acts.insert(0, ("登记贴息贷款", reverse("interest_loan_new")))
    return listing(
        request,
        title="贷款贴息",
        fact=f"截至 {day}" if day else "",
        tabs=tabs_of(request, "list", (("loans", "贷款"), ("claims", "贴息单")), chosen),
        acts=acts,
        searches=True,
        tables=[table],
        exports="interest_claims" if chosen == "claims" else "interest_loans",
    )


def _loan_table(request: HttpRequest, user: User) -> Table:
    found = loans(user, on=as_of(request))
    if request.GET.get("division"):
        found = in_division(found, request.GET["division"])
    page = page_of(found.order_by("-begins_on", "-pk"), request.GET.get("page"))
    heads = ("借款人", "类别", "区划", "银行", "种类", "本金 元", "利率 %", "放款日", "到期日", "已贴息 元")
    rows = [
        [
            text(one.borrower_name, reverse("interest_loan", args=[one.pk])),
            text(one.get_borrower_display()),
            text(one.division.path_name),
            text(one.bank),
            text(one.get_kind_display()),
            money(one.principal_yuan),
            money(one.rate),
            on(one.begins_on),
            on(one.ends_on),
            money(one.borne_yuan),
        ]
        for one in page.object_list
    ]
    return Table("", heads, rows, "没有贴息贷款", hint="由县录入岗登记。", page=page, noun="笔")


def _claim_table(request: HttpRequest, user: User) -> Table:
    found = claims(user, on=as_of(request))
    if request.GET.get("division"):
        found = in_division(found, request.GET["division"])
    page = page_of(found.order_by("-begins_on", "-pk"), request.GET.get("page"))
    heads = ("借款人", "区划", *CLAIM_HEADS)
    rows = [
        [
            text(one.loan.borrower_name, reverse("interest_loan", args=[one.loan_id])),
            text(one.division.path_name),
            *claim_cells(one),
        ]
        for one in page.object_list
    ]
    return Table("", heads, rows, "没有贴息单", hint="在贷款页编制。", page=page, noun="份")


CLAIM_HEADS: Final = ("贴息起", "贴息止", "计贴本金 元", "贴息额 元", "贴息资金付 元", "状态", "支付日期")


def claim_cells(one: InterestClaim) -> list[Cell]:
    """Return what lists show of a claim."""
    return [
        on(one.begins_on),
        on(one.ends_on),
        money(one.counted_yuan),
        money(one.amount_yuan),
        money(one.pot_yuan),
        chip(one.get_status_display(), _CHIPS[ClaimStatus(one.status)]),
        on(one.paid_on),
    ]


def _loan(user: User, pk: int) -> InterestLoan:
    return get_object_or_404(loans(user), pk=pk)


@door(VIEW)
@require_safe
def interest_loan(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a loan: what was agreed and promised, and each claim with what every level bears of it."""
    user = actor(request)
    loan = _loan(user, pk)
    rows, shares = [], []
    for one in claims(user).filter(loan=loan).prefetch_related("shares").order_by("begins_on", "pk"):
        rows.append([*claim_cells(one), _next(user, one), text(one.reason)])
        shares += [
            [
                on(one.begins_on),
                text(share.get_payer_display()),
                money(share.offered),
                money(share.rate),
                money(share.amount_yuan),
                text(share.document_no),
            ]
            for share in sorted(one.shares.all(), key=lambda share: share.pk)
        ]
    acts = []
    if may(user, "funds.enter_interest"):
        acts = [("编制贴息单", reverse("interest_claim_new", args=[pk]))]
        if loan.repaid_on is None:
            acts.append(("登记提前还清", reverse("interest_loan_repaid", args=[pk])))
    if loan.household is not None and may(user, "registry.view_household"):
        acts.append(("贫困户卡", reverse("household_card", args=[loan.household.household_no, entry_year()])))
    promised = [
        f"银行承诺额度 {loan.promised_yuan:,.2f} 元" if loan.promised_yuan is not None else "",
        f"承诺利率 {loan.promised_rate}%" if loan.promised_rate is not None else "",
        "差别授权" if loan.is_differential else "",
        f"{loan.repaid_on} 提前还清" if loan.repaid_on else "",
    ]
    return listing(
        request,
        title=f"{loan.borrower_name} · {loan.contract_no}",
        fact=f"{loan.bank} {loan.get_kind_display()} {loan.principal_yuan:,.2f} 元，年利率 {loan.rate}%，"
        f"{loan.begins_on} 至 {loan.ends_on}，用于{loan.purpose}",
        trail=card_page.trail(loan.division_id),
        acts=acts,
        note="；".join(one for one in promised if one),
        tables=[
            Table("贴息单", (*CLAIM_HEADS, "办理", "退回原因"), rows, "还没有贴息单"),
            Table(
                "各级承担",
                ("贴息起", "级次", "应贴率 %", "实贴率 %", "金额 元", "文号"),
                shares,
                "还没有各级贴息",
            ),
        ],
    )


def _next(user: User, one: InterestClaim) -> Cell:
    """Return what the user may do next with a claim."""
    if one.status == ClaimStatus.DRAFT and may(user, "funds.approve_interest"):
        return text("审批", reverse("interest_claim_decide", args=[one.pk]))
    if one.status == ClaimStatus.APPROVED and may(user, "funds.pay"):
        return text("支付", reverse("interest_claim_pay", args=[one.pk]))
    return text("")


@door("funds.enter_interest", audit="interest.register_loan")
@require_http_methods(["GET", "POST"])
def interest_loan_new(request: HttpRequest) -> HttpResponse:
    """Register a loan."""
    user = actor(request)
    place = user.post.division_id if user.post else 0
    return file(
        request,
        LoanForm(sent(request), user=user),
        lambda said: register_loan(actor=user, division=place, **said),
        title="登记贴息贷款",
        back=reverse("interest_list"),
        said="已登记贷款",
        hint="固定资产贷款和流动资金贷款都可贴息。农户贷款每户每年最多按 5 万元本金计贴。",
        division=place or None,
    )


@door("funds.enter_interest", audit="interest.repaid")
@require_http_methods(["GET", "POST"])
def interest_loan_repaid(request: HttpRequest, pk: int) -> HttpResponse:
    """Put down that a loan was paid back early."""
    user = actor(request)
    loan = _loan(user, pk)
    return file(
        request,
        RepaidForm(sent(request), initial={"on": today()}),
        lambda said: repaid(actor=user, loan=loan, on=said["on"]),
        title=f"{loan.borrower_name} · 提前还清",
        back=reverse("interest_loan", args=[pk]),
        said="已登记提前还清",
        division=loan.division_id,
    )


@door("funds.enter_interest", audit="interest.claim")
@require_http_methods(["GET", "POST"])
def interest_claim_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Draft a claim on a loan."""
    user = actor(request)
    loan = _loan(user, pk)
    form = ClaimForm(sent(request), initial={"begins_on": loan.begins_on, "ends_on": loan.ends_on})

    def draft(said: dict[str, Any]) -> InterestClaim:
        return claim_interest(
            actor=user,
            loan=loan,
            begins_on=said["begins_on"],
            ends_on=said["ends_on"],
            offered=form.offered(),
            document_no=said["document_no"],
        )

    return file(
        request,
        form,
        draft,
        title=f"{loan.borrower_name} · 编制贴息单",
        back=reverse("interest_loan", args=[pk]),
        said="已编制贴息单，待批准",
        hint=f"本金 {loan.principal_yuan:,.2f} 元，实际年利率 {loan.rate}%。同一时间只贴一次。",
        division=loan.division_id,
        fields=_RATES,
    )


def _claim(user: User, pk: int) -> InterestClaim:
    return get_object_or_404(claims(user), pk=pk)


@door("funds.approve_interest", audit="interest.decide")
@require_http_methods(["GET", "POST"])
def interest_claim_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve a claim or send it back; not by whoever drafted it."""
    user = actor(request)
    claim = _claim(user, pk)
    return file(
        request,
        DecideForm(sent(request), initial={"on": today()}),
        lambda said: decide_claim(
            actor=user,
            claim=claim,
            approve=said["decision"] == "approve",
            on=said["on"],
            reason=said["reason"],
        ),
        title=f"{claim.loan.borrower_name} · 审批贴息单",
        back=reverse("interest_loan", args=[claim.loan_id]),
        said="已办理",
        hint=f"{claim.begins_on} 至 {claim.ends_on}，计贴本金 {claim.counted_yuan:,.2f} 元，贴息 {claim.amount_yuan:,.2f} 元。",
        division=claim.division_id,
    )


@door("funds.pay", audit="interest.pay", proof=True)
@require_http_methods(["GET", "POST"])
def interest_claim_pay(request: HttpRequest, pk: int) -> HttpResponse:
    """Pay an approved claim; by neither of the two before."""
    user = actor(request)
    claim = _claim(user, pk)
    return file(
        request,
        PayForm(sent(request), initial={"on": today()}),
        lambda said: pay_claim(actor=user, claim=claim, on=said["on"]),
        title=f"{claim.loan.borrower_name} · 支付贴息",
        back=reverse("interest_loan", args=[claim.loan_id]),
        said="已支付",
        hint=f"贴息资金付 {claim.pot_yuan:,.2f} 元，从“直接贴息”支出。",
        division=claim.division_id,
    )


urlpatterns: list[URLPattern] = [
    path("interest/", interest_list, name="interest_list"),
    path("interest/new/", interest_loan_new, name="interest_loan_new"),
    path("interest/<int:pk>/", interest_loan, name="interest_loan"),
    path("interest/<int:pk>/repaid/", interest_loan_repaid, name="interest_loan_repaid"),
    path("interest/<int:pk>/claim/", interest_claim_new, name="interest_claim_new"),
    path("interest/claims/<int:pk>/decide/", interest_claim_decide, name="interest_claim_decide"),
    path("interest/claims/<int:pk>/pay/", interest_claim_pay, name="interest_claim_pay"),
]
