"""The acts of a village fund, each a form on a page of its own."""

import uuid
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_http_methods

from funds.errors import MoneyRefused
from funds.forms.village_fund import (
    AskForm,
    FundForm,
    JoinForm,
    KeyedForm,
    LeaveForm,
    LendForm,
    ReceiptForm,
    RefuseForm,
    RepayForm,
    TakeBackForm,
)
from funds.models import FundMember, FundReceipt, FundRepayment, VillageFund
from funds.services import village_fund as act
from funds.views.village_funds import KEEP, LEND, fund_of, home_of, loan_of, trail_to
from fupin.accounts.doors import actor, door
from fupin.lib.money import grouped
from registry.forms.help.boxes import household_of
from registry.views import card_page
from registry.views.help.showing import today


@door("funds.register_village_fund", audit="funds.register_village_fund")
@require_http_methods(["GET", "POST"])
def village_fund_new(request: HttpRequest) -> HttpResponse:
    """Register a fund."""

    def do(said: dict[str, Any]) -> str:
        said["village"] = int(said["village"])
        fund = act.register_fund(actor=actor(request), **said)
        return reverse("village_fund", args=[fund.pk])

    form = FundForm(_sent(request))
    return _act(
        request, form, do, "登记互助资金组织", reverse("village_fund_list"), "已登记，接着登记到账和社员"
    )


@door(KEEP, audit=KEEP)
@require_http_methods(["GET", "POST"])
def village_fund_receive(request: HttpRequest, pk: int) -> HttpResponse:
    """Take in the government's share or a gift."""
    fund = fund_of(actor(request), pk)

    def do(said: dict[str, Any]) -> None:
        act.receive(actor=actor(request), fund=fund, amount=said.pop("amount_yuan"), **said)

    return _act(
        request, _keyed(ReceiptForm, request), do, "登记到账", home_of(fund, "receipts"), "已记账", fund
    )


@door(KEEP, audit=KEEP)
@require_http_methods(["GET", "POST"])
def village_fund_join(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a household join."""
    fund = fund_of(actor(request), pk)

    def do(said: dict[str, Any]) -> None:
        number = said.pop("household")
        household = household_of(fund.division_id, number) if number else None
        if number and household is None:
            raise MoneyRefused({"household": "本村没有这一户，互助资金不得跨村"})
        act.join(actor=actor(request), fund=fund, household=household, share=said.pop("share_yuan"), **said)

    return _act(request, _keyed(JoinForm, request), do, "入社", home_of(fund, "members"), "已入社", fund)


@door(KEEP, audit=KEEP)
@require_http_methods(["GET", "POST"])
def fund_member_leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a member's share back."""
    members = FundMember.objects.visible_to(actor(request)).select_related("fund__division")
    member = get_object_or_404(members, pk=pk)

    def do(said: dict[str, Any]) -> None:
        act.leave(actor=actor(request), member=member, **said)

    title = f"{member.head_name}退社"
    return _act(
        request, _keyed(LeaveForm, request), do, title, home_of(member.fund, "members"), "已退社", member.fund
    )


@door(KEEP, audit=KEEP)
@require_http_methods(["GET", "POST"])
def village_loan_ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Put down what a member asks for."""
    fund = fund_of(actor(request), pk)

    def do(said: dict[str, Any]) -> str:
        loan = act.ask_loan(
            actor=actor(request),
            fund=fund,
            borrower=said.pop("household"),
            amount=said.pop("amount_yuan"),
            **said,
        )
        return reverse("village_loan", args=[loan.pk])

    return _act(
        request, AskForm(_sent(request)), do, "申请借款", home_of(fund, "loans"), "已登记，待另一人审批", fund
    )


@door(LEND, audit=LEND)
@require_http_methods(["GET", "POST"])
def village_loan_lend(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve a loan and pay it out."""
    loan = loan_of(actor(request), pk)

    def do(said: dict[str, Any]) -> None:
        act.lend(actor=actor(request), loan=loan, **said)

    form = LendForm(_sent(request), initial={"on": today()})
    title = f"批准借给{loan.member.head_name} {grouped(loan.amount_yuan)} 元"
    return _act(
        request,
        form,
        do,
        title,
        reverse("village_loan", args=[loan.pk]),
        "已借出",
        loan.fund,
    )


@door(LEND, audit=LEND)
@require_http_methods(["GET", "POST"])
def village_loan_refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Refuse a loan."""
    loan = loan_of(actor(request), pk)

    def do(said: dict[str, Any]) -> None:
        act.refuse_loan(actor=actor(request), loan=loan, **said)

    form = RefuseForm(_sent(request), initial={"on": today()})
    return _act(
        request,
        form,
        do,
        "不批准借款",
        reverse("village_loan", args=[loan.pk]),
        "已登记为不批准",
        loan.fund,
    )


@door(KEEP, audit=KEEP)
@require_http_methods(["GET", "POST"])
def village_loan_repay(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back principal and fee."""
    loan = loan_of(actor(request), pk)

    def do(said: dict[str, Any]) -> None:
        act.repay(
            actor=actor(request),
            loan=loan,
            principal=said.pop("principal_yuan"),
            fee=said.pop("fee_yuan"),
            **said,
        )

    title = f"{loan.member.head_name}归还借款"
    back = reverse("village_loan", args=[loan.pk])
    return _act(request, _keyed(RepayForm, request), do, title, back, "已记账", loan.fund)


@door(LEND, audit=LEND)
@require_http_methods(["GET", "POST"])
def fund_receipt_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Reverse a receipt that was put down wrongly."""
    receipts = FundReceipt.objects.visible_to(actor(request)).select_related("fund__division", "entry")
    receipt = get_object_or_404(receipts, pk=pk)
    return _take_back(request, receipt, receipt.fund, home_of(receipt.fund, "receipts"))


@door(LEND, audit=LEND)
@require_http_methods(["GET", "POST"])
def fund_repayment_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Reverse a repayment that was put down wrongly."""
    repayments = FundRepayment.objects.visible_to(actor(request)).select_related(
        "loan__fund__division", "entry"
    )
    repayment = get_object_or_404(repayments, pk=pk)
    back = reverse("village_loan", args=[repayment.loan_id])
    return _take_back(request, repayment, repayment.loan.fund, back)


def _take_back(
    request: HttpRequest, row: FundReceipt | FundRepayment, fund: VillageFund, back: str
) -> HttpResponse:
    def do(said: dict[str, Any]) -> None:
        act.take_back(actor=actor(request), row=row, **said)

    form = _keyed(TakeBackForm, request)
    return _act(request, form, do, f"冲销凭证 {row.entry.number}", back, "已冲销，原凭证保留", fund)


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _keyed(form: type[KeyedForm], request: HttpRequest) -> KeyedForm:
    return form(_sent(request), initial={"key": uuid.uuid4(), "on": today()})


def _act(
    request: HttpRequest,
    form: forms.Form,
    do: Callable[[dict[str, Any]], str | None],
    title: str,
    back: str,
    said: str,
    fund: VillageFund | None = None,
) -> HttpResponse:
    """Show a form; when it is sent, carry the act out and lead on, or say at its field why it was refused."""
    if request.method == "POST" and form.is_valid():
        try:
            onward = do(dict(form.cleaned_data))
        except MoneyRefused as refused:
            for name, words in refused.fields.items():
                form.add_error(name if name in form.fields else None, words)
        else:
            messages.success(request, said)
            return HttpResponseRedirect(onward or back)
    steps = trail_to(fund, here=False) if fund else card_page.trail(None)
    context = {"title": title, "form": form, "back": back, "trail": [*steps, {"label": title, "url": ""}]}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "registry/help_act.html", context, status=status)


urlpatterns: list[URLPattern] = [
    path("village-funds/new/", village_fund_new, name="village_fund_new"),
    path("village-funds/<int:pk>/receive/", village_fund_receive, name="village_fund_receive"),
    path("village-funds/<int:pk>/join/", village_fund_join, name="village_fund_join"),
    path("village-funds/<int:pk>/ask/", village_loan_ask, name="village_loan_ask"),
    path("village-funds/members/<int:pk>/leave/", fund_member_leave, name="fund_member_leave"),
    path("village-funds/loans/<int:pk>/lend/", village_loan_lend, name="village_loan_lend"),
    path("village-funds/loans/<int:pk>/refuse/", village_loan_refuse, name="village_loan_refuse"),
    path("village-funds/loans/<int:pk>/repay/", village_loan_repay, name="village_loan_repay"),
    path("village-funds/receipts/<int:pk>/back/", fund_receipt_back, name="fund_receipt_back"),
    path("village-funds/repayments/<int:pk>/back/", fund_repayment_back, name="fund_repayment_back"),
]
