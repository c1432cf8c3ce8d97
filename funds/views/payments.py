"""Lists of payments: made from the project's beneficiaries, approved, made public, taken to the bank, read back."""

from decimal import Decimal
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core import signing
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from funds.errors import AlreadyDecided, MoneyRefused
from funds.forms.use import BecauseForm, DayForm, ResultsForm
from funds.models import Payment, PaymentBatch
from funds.models.payment import BatchKind, BatchStatus, PaymentStatus
from funds.reports.disclosure import shown
from funds.reports.paying import first_day
from funds.services.disclosing import disclose_batch
from funds.services.paying import (
    Result,
    approve_batch,
    record_results,
    send_batch,
    stop_payment,
    withdraw_batch,
)
from funds.services.results import Read, read_results
from funds.views.showing import money_act, put_errors, trail
from fupin.accounts.doors import actor, door
from fupin.accounts.models import User
from fupin.accounts.permissions import may
from fupin.lib.money import grouped
from fupin.lib.paging import page_of
from fupin.sheets.opening import Sent
from registry.forms.filters import in_division
from registry.views.help.showing import Cell, Table, chip, listing, money, on, prose, tabs_of, text, today

STATUS = {
    BatchStatus.DRAFT: "warn",
    BatchStatus.APPROVED: "warn",
    BatchStatus.EXPORTED: "warn",
    BatchStatus.DONE: "ok",
    BatchStatus.WITHDRAWN: "quiet",
}
PAYMENT = {"PENDING": "warn", "PAID": "ok", "FAILED": "bad", "STOPPED": "quiet"}
TABS = (("", "全部"), *((str(value), str(label)) for value, label in BatchStatus.choices))
_SALT = "funds.results"


def _batch(user: User, pk: int) -> PaymentBatch:
    rows = PaymentBatch.objects.visible_to(user)
    return get_object_or_404(
        rows.select_related(
            "placement__appropriation",
            "placement__project__division",
            "division",
            "made_by",
            "approved_by",
            "paid_by",
        ),
        pk=pk,
    )


@door("funds.view_money")
@require_GET
def payment_list(request: HttpRequest) -> HttpResponse:
    """List the lists of payments, the latest first."""
    user = actor(request)
    found: QuerySet[PaymentBatch] = PaymentBatch.objects.visible_to(user)
    chosen = request.GET.get("status", "")
    if chosen in BatchStatus.values:
        found = found.filter(status=chosen)
    if request.GET.get("division"):
        found = in_division(found, request.GET["division"])
    shown_rows = found.select_related("division", "placement__project").order_by("-pk")
    page = page_of(shown_rows, request.GET.get("page"))
    rows = [
        [
            text(one.number, reverse("payment_batch", args=[one.pk])),
            text(one.division.name),
            text(one.placement.place),
            text(one.item),
            text(one.period),
            Cell(one.rows, written="number"),
            money(one.amount_yuan),
            on(one.made_on),
            chip(one.get_status_display(), STATUS[BatchStatus(one.status)]),
        ]
        for one in page.object_list
    ]
    heads = ("编号", "县", "项目", "事项", "所属期", "笔数", "金额 元", "编制", "状态")
    return listing(
        request,
        title="支付清单",
        tabs=tabs_of(request, "status", TABS, chosen),
        searches=True,
        exports="payments",
        tables=[Table("", heads, rows, "没有支付清单", page=page)],
    )


@door("funds.view_money")
@require_GET
def payment_batch(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a list of payments with what became of each."""
    user = actor(request)
    one = _batch(user, pk)
    found = Payment.objects.filter(batch=one).select_related("household", "division").order_by("seq")
    page = page_of(found, request.GET.get("page"))
    stops = may(user, "funds.approve_payment")
    rows = [_payment_row(each, stops=stops) for each in page.object_list]
    heads = ("序号", "户编号", "村", "户名", "开户银行", "账号", "金额 元", "状态", "日期", "说明", "")
    notices = [
        [
            text(each.disclosure.division.name),
            text(each.number, reverse(each.url_name, args=[each.number])),
            chip(each.state, each.kind),
        ]
        for each in shown(one.disclosures.all(), today())
    ]
    tables = [Table("", heads, rows, "没有支付", page=page)]
    if one.kind == BatchKind.HOUSEHOLD:
        tables.append(Table("行政村公示", ("村", "编号", "状态"), notices, "还没有拟公示稿"))
    return listing(
        request,
        title=f"支付清单 {one.number}",
        fact=" · ".join(
            (
                one.placement.place,
                one.item,
                one.period,
                f"{one.rows} 笔 {grouped(one.amount_yuan)} 元",
                str(one.get_status_display()),
            )
        ),
        trail=[
            *trail(one.division_id),
            {"label": one.placement.number, "url": reverse("placement_page", args=[one.placement_id])},
        ],
        acts=_acts(user, one),
        note=_note(one),
        tables=tables,
    )


def _payment_row(each: Payment, *, stops: bool) -> list[Cell]:
    said = each.because or ("账号与他户相同" if each.account_shared else "")
    pending = each.status == PaymentStatus.PENDING
    return [
        Cell(each.seq, written="number"),
        text(
            each.household.household_no if each.household else "",
            reverse("money_of_household", args=[each.household.household_no]) if each.household else "",
        ),
        text(each.division.name),
        text(each.payee_name),
        text(each.bank_name),
        text(each.account_masked),
        money(each.amount_yuan),
        chip(each.get_status_display(), PAYMENT[each.status]),
        on(each.status_on),
        prose(said),
        text("停付", reverse("payment_stop", args=[each.pk])) if stops and pending else Cell(""),
    ]


def _acts(user: User, one: PaymentBatch) -> list[tuple[str, str]]:
    names: list[tuple[str, str, bool]] = [
        ("批准", "payment_approve", one.status == BatchStatus.DRAFT and may(user, "funds.approve_payment")),
        (
            "拟公示稿",
            "payment_disclose",
            one.status in {BatchStatus.DRAFT, BatchStatus.APPROVED}
            and one.kind == BatchKind.HOUSEHOLD
            and may(user, "funds.disclose"),
        ),
        ("送银行", "payment_send", one.status == BatchStatus.APPROVED and may(user, "funds.pay")),
        ("读回结果", "payment_results", one.status == BatchStatus.EXPORTED and may(user, "funds.pay")),
        (
            "作废",
            "payment_withdraw",
            one.status in {BatchStatus.DRAFT, BatchStatus.APPROVED} and may(user, "funds.prepare_payment"),
        ),
    ]
    acts = [(words, reverse(name, args=[one.pk])) for words, name, shows in names if shows]
    if one.status == BatchStatus.EXPORTED and may(user, "funds.pay"):
        acts.insert(0, ("银行文件", f"{reverse('payment_bank')}?batch={one.pk}"))
    return acts


def _note(one: PaymentBatch) -> str:
    who = [
        f"{words} {person.full_name or person.username}{f' {day}' if day else ''}"
        for words, person, day in (
            ("编制", one.made_by, one.made_on),
            ("批准", one.approved_by, one.approved_on),
            ("支付", one.paid_by, one.sent_on),
        )
        if person is not None
    ]
    said = "；".join(who)
    if one.withdrawn_because:
        said += f"；作废：{one.withdrawn_because}"
    if one.status in {BatchStatus.DRAFT, BatchStatus.APPROVED} and (why := first_day(one, today())):
        said += f"；{why}"
    return said


def _step(
    request: HttpRequest, pk: int, *, title: str, said: str, form: Any, do: Any, hint: str = ""
) -> HttpResponse:
    one = _batch(actor(request), pk)
    return money_act(
        request,
        form,
        lambda values: do(one, values),
        title=f"{title} {one.number}",
        back=reverse("payment_batch", args=[pk]),
        said=said,
        hint=hint,
        division=one.division_id,
    )


@door("funds.approve_payment", audit="funds.approve_payment", proof=True)
@require_http_methods(["GET", "POST"])
def payment_approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve a list."""
    user = actor(request)
    return _step(
        request,
        pk,
        title="批准支付清单",
        said="已批准，由财政送银行",
        form=DayForm(request.POST or None, initial={"on": today()}),
        do=lambda one, values: approve_batch(actor=user, batch=one, on=values["on"]),
    )


@door("funds.disclose", audit="funds.disclose")
@require_http_methods(["GET", "POST"])
def payment_disclose(request: HttpRequest, pk: int) -> HttpResponse:
    """Draw up the notice of a list in each of its villages."""
    user = actor(request)
    return _step(
        request,
        pk,
        title="拟公示稿",
        said="已按村拟公示稿，请打印张贴并回传照片",
        form=DayForm(request.POST or None, initial={"on": today()}),
        do=lambda one, values: disclose_batch(actor=user, batch=one, on=values["on"]),
        hint="日期是张贴日期；公示自次日起算 10 天，期满无异议方可拨付。",
    )


@door("funds.pay", audit="funds.send_payment", proof=True)
@require_http_methods(["GET", "POST"])
def payment_send(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a list to the bank; its file with the whole accounts is then exported from the list's page."""
    user = actor(request)
    return _step(
        request,
        pk,
        title="送银行",
        said="已登记送银行，请取银行文件",
        form=DayForm(request.POST or None, initial={"on": today()}),
        do=lambda one, values: send_batch(actor=user, batch=one, on=values["on"]),
        hint="银行文件含完整账号，只在文件内出现，取文件留查阅记录。",
    )


@door("funds.pay")
@require_GET
def payment_bank(request: HttpRequest) -> HttpResponse:
    """Show what the file for the bank will hold, accounts by their last four; whole they stand in the exported file alone."""
    user = actor(request)
    asked = request.GET.get("batch", "")
    one = _batch(user, int(asked) if asked.isascii() and asked.isdigit() else 0)
    found = Payment.objects.filter(batch=one, status=PaymentStatus.PENDING).order_by("seq")
    page = page_of(found, request.GET.get("page"))
    rows = [
        [
            Cell(each.seq, written="number"),
            text(each.payee_name),
            text(each.account_masked),
            text(each.bank_name),
            money(each.amount_yuan),
        ]
        for each in page.object_list
    ]
    return listing(
        request,
        title=f"银行文件 {one.number}",
        fact=f"{one.rows} 笔 {grouped(one.amount_yuan)} 元",
        trail=[
            *trail(one.division_id),
            {"label": one.number, "url": reverse("payment_batch", args=[one.pk])},
        ],
        note="文件列：序号、收款人户名、收款账号、开户银行、金额（元）、用途、批次号、结果、失败原因；后两列由银行填写后读回。取文件留查阅记录。",
        exports="bank_file" if one.status == BatchStatus.EXPORTED else "",
        tables=[Table("", ("序号", "户名", "账号", "开户银行", "金额 元"), rows, "没有待支付的", page=page)],
    )


@door("funds.prepare_payment", audit="funds.withdraw_payment")
@require_http_methods(["GET", "POST"])
def payment_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw a list that has not gone to the bank."""
    user = actor(request)
    return _step(
        request,
        pk,
        title="作废支付清单",
        said="已作废",
        form=BecauseForm(request.POST or None),
        do=lambda one, values: withdraw_batch(actor=user, batch=one, because=values["because"], on=today()),
    )


@door("funds.approve_payment", audit="funds.stop_payment")
@require_http_methods(["GET", "POST"])
def payment_stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop one payment."""
    user = actor(request)
    one = get_object_or_404(Payment.objects.visible_to(user).select_related("batch"), pk=pk)
    return money_act(
        request,
        BecauseForm(request.POST or None),
        lambda values: stop_payment(actor=user, payment=one, because=values["because"], on=today()),
        title=f"停付 {one.batch.number}/{one.seq}",
        back=reverse("payment_batch", args=[one.batch_id]),
        said="已停付",
        hint=f"{one.payee_name} {grouped(one.amount_yuan)} 元",
        division=one.division_id,
    )


@door("funds.pay", audit="funds.read_results")
@require_http_methods(["GET", "POST"])
def payment_results(request: HttpRequest, pk: int) -> HttpResponse:
    """Read the bank's file: every wrong row is named and nothing written, else it is shown once more before it is put down."""
    user = actor(request)
    one = _batch(user, pk)
    form = ResultsForm(request.POST or None, initial={"on": today()})
    if request.method == "POST":
        form.files = request.FILES
    read: Read | None = None
    signed = ""
    if request.method == "POST" and form.is_valid():
        try:
            upload = form.cleaned_data["file"]
            read = read_results(one, Sent(upload.name, upload.read()))
        except MoneyRefused as refused:
            put_errors(form, {"file": str(refused)})
        else:
            if not read.faults:
                plain = [[each.seq, each.arrived, each.because] for each in read.results]
                signed = signing.dumps([pk, form.cleaned_data["on"].isoformat(), plain], salt=_SALT)
    back = reverse("payment_batch", args=[pk])
    wrong = bool(form.errors) or bool(read and read.faults)
    context = {
        "title": f"读回结果 {one.number}",
        "form": form,
        "read": read,
        "signed": signed,
        "batch": one,
        "arrived": sum((each.amount for each in read.rows if each.arrived), Decimal(0)) if read else 0,
        "failed": sum((each.amount for each in read.rows if not each.arrived), Decimal(0)) if read else 0,
        "back": back,
        "trail": [*trail(one.division_id), {"label": one.number, "url": back}],
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if request.method == "POST" and wrong else HTTPStatus.OK
    return render(request, "funds/payment_results.html", context, status=status)


@door("funds.pay", audit="funds.record_results", proof=True)
@require_POST
def payment_results_apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Put down the results that were shown."""
    user = actor(request)
    one = _batch(user, pk)
    back = HttpResponseRedirect(reverse("payment_batch", args=[pk]))
    try:
        of_batch, day, plain = signing.loads(request.POST.get("results", ""), salt=_SALT, max_age=3600)
    except signing.BadSignature:
        messages.error(request, "请重新上传银行回盘文件")
        return back
    results = [Result(int(seq), bool(arrived), str(because)) for seq, arrived, because in plain]
    try:
        if of_batch != pk:
            raise MoneyRefused("回盘文件不是这份清单的")
        record_results(
            actor=user, batch=one, results=results, on=type(today()).fromisoformat(day), today=today()
        )
    except (MoneyRefused, AlreadyDecided) as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "结果已登记入账")
    return back


urlpatterns: list[URLPattern] = [
    path("payments/", payment_list, name="payment_list"),
    path("payments/bank/", payment_bank, name="payment_bank"),
    path("payments/<int:pk>/", payment_batch, name="payment_batch"),
    path("payments/<int:pk>/approve/", payment_approve, name="payment_approve"),
    path("payments/<int:pk>/disclose/", payment_disclose, name="payment_disclose"),
    path("payments/<int:pk>/send/", payment_send, name="payment_send"),
    path("payments/<int:pk>/withdraw/", payment_withdraw, name="payment_withdraw"),
    path("payments/<int:pk>/results/", payment_results, name="payment_results"),
    path("payments/<int:pk>/results/apply/", payment_results_apply, name="payment_results_apply"),
    path("payment-rows/<int:pk>/stop/", payment_stop, name="payment_stop"),
]
