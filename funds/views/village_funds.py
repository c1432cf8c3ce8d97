"""Village funds: how they stand, one fund with its members, loans and receipts, one loan with what came back."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_safe

from funds.codes.village_fund import FundAccount, LoanStatus
from funds.models import FundLoan, FundMember, FundReceipt, FundRepayment, VillageFund
from funds.reports.village_fund import Standing, standings
from funds.rules.village_fund import members_remark, usage_fee
from funds.services import village_fund as act
from fupin.accounts.doors import actor, door
from fupin.accounts.models import User
from fupin.accounts.permissions import may
from fupin.ledgers.models import Account
from fupin.lib.money import grouped
from fupin.lib.paging import page_of
from registry.forms.filters import in_division
from registry.models import Household
from registry.reports.years import entry_year
from registry.views.card_panels import card_panel
from registry.views.help.showing import Cell, Table, chip, listing, on, tabs_of, text, today, whole

VIEW, KEEP, LEND = "funds.view_village_fund", "funds.keep_village_fund", "funds.lend_village_fund"
_CHIPS = {LoanStatus.ASKED: "warn", LoanStatus.LENT: "ok", LoanStatus.REFUSED: "quiet"}


def _yuan(amount: Decimal, url: str = "") -> Cell:
    return Cell(grouped(amount) if url else amount, url=url, written="yuan")


def _day(request: HttpRequest) -> date:
    """Return the day of the question, today where none is asked for or it is none."""
    try:
        return date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return today()


@door(VIEW)
@require_safe
def village_fund_list(request: HttpRequest) -> HttpResponse:
    """List the funds of one's divisions as they stood on a day."""
    user, day = actor(request), _day(request)
    funds: QuerySet[VillageFund] = (
        VillageFund.objects.visible_to(user).filter(registered_on__lte=day).select_related("division")
    )
    if request.GET.get("division"):
        funds = in_division(funds, request.GET["division"])
    page = page_of(funds.order_by("division_id"), request.GET.get("page"), request.GET.get("size") or "50")
    found = standings(page.object_list, day)
    rows = [_row(fund, found[fund.pk]) for fund in page.object_list]
    heads = (
        "行政村", "互助资金", "社员 户", "贫困户 户", "政府配股 元", "农户入股 元", "社会捐赠 元", "占用费 元", "现金 元",
        "在借 元", "逾期 元", "在借率 %", "逾期率 %", "贫困户占比 %",
    )  # fmt: skip
    return listing(
        request,
        title="村级互助资金",
        fact=f"截至 {day}",
        acts=[("登记互助资金组织", reverse("village_fund_new"))]
        if may(user, "funds.register_village_fund")
        else [],
        searches=True,
        tables=[Table("", heads, rows, "没有互助资金组织", hint="换一个区划看。", page=page, noun="个")],
        exports="village_funds",
    )


def _row(fund: VillageFund, stands: Standing) -> list[Cell]:
    ratios = stands.ratios
    return [
        text(fund.division.path_name),
        text(fund.name, reverse("village_fund", args=[fund.pk])),
        whole(stands.members),
        whole(stands.poor_members),
        *(
            _yuan(amount)
            for amount in (
                stands.government, stands.shares, stands.donations, stands.fees, stands.cash, stands.outstanding,
                stands.overdue,
            )
        ),
        *(Cell(value, written="yuan") for value in (ratios.lent, ratios.overdue, ratios.to_poor)),
    ]  # fmt: skip


@door(VIEW)
@require_safe
def village_fund(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a fund on a day: what it has, what it consists of, and its members, loans or receipts."""
    user, day = actor(request), _day(request)
    fund = fund_of(user, pk)
    stands = standings([fund], day)[fund.pk]
    tabs = (("loans", "借款"), ("members", "社员"), ("receipts", "到账"))
    chosen = request.GET.get("list", "loans")
    chosen = chosen if chosen in dict(tabs) else "loans"
    table = {"loans": _loans, "members": _members, "receipts": _receipts}[chosen](request, fund, day)
    keeps = may(user, KEEP)
    context = {
        "fund": fund,
        "stands": stands,
        "ratios": stands.ratios,
        "remark": members_remark(stands.shares, day.year),
        "accounts": _accounts(fund) if may(user, "ledgers.view_account") else {},
        "day": day,
        "tabs": tabs_of(request, "list", tabs, chosen),
        "table": table,
        "title": dict(tabs)[chosen],
        "acts": [
            (label, reverse(name, args=[fund.pk]))
            for label, name in (
                ("登记到账", "village_fund_receive"),
                ("入社", "village_fund_join"),
                ("申请借款", "village_loan_ask"),
            )
            if keeps
        ],
        "trail": [*trail_to(fund), {"label": fund.name, "url": ""}],
    }
    return render(request, "funds/village_fund.html", context)


def _accounts(fund: VillageFund) -> dict[str, str]:
    """Return the address of each account of a fund that is one for all, by kind."""
    kinds = (FundAccount.CASH, FundAccount.GOVERNMENT, FundAccount.DONATION, FundAccount.FEE)
    accounts = Account.objects.filter(book=act.BOOK, division=fund.division_id, kind__in=kinds)
    return {account.kind: reverse("ledger_account", args=[account.pk]) for account in accounts.order_by("pk")}


def _loans(request: HttpRequest, fund: VillageFund, day: date) -> Table:
    loans = fund.loans.filter(asked_on__lte=day).select_related("member", "account")
    page = page_of(loans.order_by("-asked_on", "-pk"), request.GET.get("page"))
    heads = ("社员", "用途", "金额 元", "借出", "到期", "未还 元", "状态")
    rows = [
        [
            text(f"{loan.member.number} {loan.member.head_name}", reverse("village_loan", args=[loan.pk])),
            text(f"{loan.get_purpose_display()}：{loan.purpose_note}"),
            _yuan(loan.amount_yuan),
            on(loan.lent_on),
            on(loan.due_on),
            _yuan(loan.account.balance if loan.account else Decimal(0)),
            chip(*_state(loan)),
        ]
        for loan in page.object_list
    ]
    return Table("", heads, rows, "没有借款", hint="由社员申请，另一人审批后借出。", page=page, noun="笔")


def _state(loan: FundLoan) -> tuple[str, str]:
    """Return how a loan stands now, with its colour."""
    if loan.account is not None:
        if not loan.account.balance:
            return "已还清", "quiet"
        if loan.due_on and loan.due_on < today():
            return "逾期", "bad"
    return loan.get_status_display(), _CHIPS[LoanStatus(loan.status)]


def _members(request: HttpRequest, fund: VillageFund, day: date) -> Table:
    members = fund.members.filter(joined_on__lte=day).select_related("household")
    page = page_of(members.order_by("number"), request.GET.get("page"), request.GET.get("size") or "50")
    leaving = may(actor(request), KEEP)
    heads = ("社员号", "户主", "户编号", "入股 元", "入社", "退社", "")
    rows = [
        [
            whole(member.number),
            text(member.head_name),
            text(
                member.household.household_no if member.household else "一般农户",
                reverse("household_card", args=[member.household.household_no, entry_year()])
                if member.household
                else "",
            ),
            _yuan(member.share_yuan),
            on(member.joined_on),
            on(member.left_on),
            text("退社", reverse("fund_member_leave", args=[member.pk]))
            if leaving and member.left_on is None
            else text("财政代缴" if member.state_paid else ""),
        ]
        for member in page.object_list
    ]
    return Table("", heads, rows, "没有社员", hint="农户自愿入社。", page=page, noun="户")


def _receipts(request: HttpRequest, fund: VillageFund, day: date) -> Table:
    receipts = fund.receipts.filter(on__lte=day).select_related("entry__reversal")
    page = page_of(receipts.order_by("-on", "-pk"), request.GET.get("page"))
    back = may(actor(request), LEND)
    heads = ("日期", "种类", "来源", "文号或票据号", "金额 元", "凭证", "")
    rows = [
        [
            on(receipt.on),
            text(receipt.get_kind_display()),
            text(receipt.giver),
            text(receipt.document_no),
            _yuan(receipt.amount_yuan),
            _entry(request, receipt),
            _reversal(receipt, "fund_receipt_back", back=back),
        ]
        for receipt in page.object_list
    ]
    return Table("", heads, rows, "还没有到账", hint="登记政府配股或社会捐赠。", page=page, noun="笔")


def _entry(request: HttpRequest, row: FundReceipt | FundRepayment) -> Cell:
    shown = may(actor(request), "ledgers.view_account")
    return text(row.entry.number, reverse("ledger_entry", args=[row.entry.number]) if shown else "")


def _reversal(row: FundReceipt | FundRepayment, name: str, *, back: bool) -> Cell:
    if hasattr(row.entry, "reversal"):
        return chip("已冲销", "bad")
    return text("冲销", reverse(name, args=[row.pk])) if back else text("")


@door(VIEW)
@require_safe
def village_loan(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a loan: who asked for what, who answers for it, who decided, and what came back."""
    user = actor(request)
    loan = loan_of(user, pk)
    repayments = loan.repayments.select_related("entry__reversal").order_by("on", "pk")
    rows = [
        [
            on(one.on),
            _yuan(one.principal_yuan),
            _yuan(one.fee_yuan),
            _entry(request, one),
            _reversal(one, "fund_repayment_back", back=may(user, LEND)),
        ]
        for one in repayments
    ]
    acts = []
    if loan.status == LoanStatus.ASKED and may(user, LEND):
        acts = [("批准借出", "village_loan_lend"), ("不批准", "village_loan_refuse")]
    elif loan.account is not None and may(user, KEEP):
        acts = [("归还", "village_loan_repay")]
    context = {
        "loan": loan,
        "state": _state(loan),
        "guarantees": loan.guarantees.select_related("member").order_by("member__number"),
        "fee": usage_fee(loan.amount_yuan, loan.annual_rate, loan.months),
        "fee_left": act.fee_left(loan),
        "table": Table("归还", ("日期", "本金 元", "占用费 元", "凭证", ""), rows, "还没有归还"),
        "acts": [(label, reverse(name, args=[loan.pk])) for label, name in acts],
        "trail": [*trail_to(loan.fund, here=False), {"label": f"{loan.member.head_name}的借款", "url": ""}],
    }
    return render(request, "funds/village_loan.html", context)


def fund_of(user: User, pk: int) -> VillageFund:
    """Return a fund of the user's divisions, or 404."""
    return get_object_or_404(VillageFund.objects.visible_to(user).select_related("division"), pk=pk)


def loan_of(user: User, pk: int) -> FundLoan:
    """Return a loan of the user's divisions, or 404."""
    loans = FundLoan.objects.visible_to(user).select_related(
        "fund__division", "member__household", "account", "entered_by", "decided_by", "entry"
    )
    return get_object_or_404(loans, pk=pk)


def home_of(fund: VillageFund, tab: str) -> str:
    """Return the address of one of a fund's lists."""
    return f"{reverse('village_fund', args=[fund.pk])}?list={tab}"


def trail_to(fund: VillageFund, *, here: bool = True) -> list[dict[str, str]]:
    """Return the way to a fund: up to it, or with it where the page lies below."""
    steps = [{"label": "村级互助资金", "url": reverse("village_fund_list")}]
    return steps if here else [*steps, {"label": fund.name, "url": reverse("village_fund", args=[fund.pk])}]


@card_panel(order=60, permission=VIEW, template="funds/_card_village_fund.html")
def village_fund_panel(_user: User, household: Household, _year: int) -> Mapping[str, Any]:
    """Return a household's membership of its village's fund and what it borrowed, for its card."""
    members = (
        FundMember.objects.filter(household=household).select_related("fund").order_by("-joined_on", "-pk")
    )
    loans = FundLoan.objects.filter(member__household=household, account__isnull=False)
    return {
        "members": members,
        "loans": [
            (loan, *_state(loan)) for loan in loans.select_related("account").order_by("-lent_on", "-pk")[:5]
        ],
    }


urlpatterns: list[URLPattern] = [
    path("village-funds/", village_fund_list, name="village_fund_list"),
    path("village-funds/<int:pk>/", village_fund, name="village_fund"),
    path("village-funds/loans/<int:pk>/", village_loan, name="village_loan"),
]
