"""Stranded money: recognised, given notice of, brought back, sent to the province in full, received, used again."""

from typing import Any

from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_GET, require_http_methods

from funds.forms.stranded import RecogniseForm, RecoverForm, SendBackForm, UseAgainForm
from funds.forms.use import DayForm
from funds.models import Appropriation, FundReturn, LineAccount, Payment, Placement, Redistribution, Stranding
from funds.models.payment import PaymentStatus
from funds.models.stranded import StrandingStatus
from funds.rules.stranded import StrandedReason
from funds.services.returning import (
    UsedAgain,
    left_of,
    receive_return,
    redistribute,
    returned_yuan,
    send_back,
)
from funds.services.stranding import (
    Recognised,
    notify_county,
    recognise_placement,
    recognise_unplaced,
    recover,
)
from funds.views.showing import money_act, trail
from fupin.accounts.doors import actor, door
from fupin.accounts.models import User
from fupin.accounts.permissions import may
from fupin.lib.money import grouped
from fupin.lib.paging import page_of
from registry.forms.filters import in_division
from registry.views.help.showing import Cell, Table, chip, listing, money, on, prose, tabs_of, text, today

TABS = (("", "应还"), ("overdue", "逾期"), ("done", "已归还"), ("all", "全部"))
HEADS = ("编号", "县", "资金文件", "项目", "原因", "应还 元", "认定", "归还期止", "状态")


def _found(user: User) -> "QuerySet[Stranding]":
    rows = Stranding.objects.visible_to(user)
    return rows.select_related("appropriation", "placement__project", "division", "recognised_by")


def _stranding(user: User, pk: int) -> Stranding:
    return get_object_or_404(_found(user), pk=pk)


@door("funds.view_money")
@require_GET
def stranded_list(request: HttpRequest) -> HttpResponse:
    """List what has to go back, what is overdue first."""
    user = actor(request)
    chosen = request.GET.get("list", "")
    day = today()
    found = _found(user)
    if chosen == "overdue":
        found = found.overdue_on(day)  # type: ignore[attr-defined]  # the manager's QuerySet
    elif chosen == "done":
        found = found.filter(status__in=[StrandingStatus.RETURNED, StrandingStatus.REDISTRIBUTED])
    elif chosen != "all":
        found = found.open()  # type: ignore[attr-defined]
    if request.GET.get("division"):
        found = in_division(found, request.GET["division"])
    page = page_of(found.order_by("due_on", "pk"), request.GET.get("page"))
    rows = [
        [
            text(one.number, reverse("stranded_page", args=[one.pk])),
            text(one.division.name),
            text(one.appropriation.number),
            text(one.placement.place if one.placement else "未落实"),
            text(one.get_reason_display()),
            money(one.unpaid_yuan + one.recover_yuan),
            on(one.recognised_on),
            on(one.due_on),
            _state(one),
        ]
        for one in page.object_list
    ]
    return listing(
        request,
        title="滞留与归还",
        acts=[("归还", reverse("return_list"))],
        tabs=tabs_of(request, "list", TABS, chosen),
        note="滞留资金须在拨付到位的下一财政年度内全额、无条件返还省级财政，不得抵扣、改项或留用。",
        searches=True,
        exports="strandings",
        tables=[Table("", HEADS, rows, "没有", page=page)],
    )


def _state(one: Stranding) -> Cell:
    if one.status in {StrandingStatus.RETURNED, StrandingStatus.REDISTRIBUTED}:
        return chip(one.get_status_display(), "ok")
    late = (today() - one.due_on).days
    if late > 0:
        return chip(f"{one.get_status_display()}，逾期 {late} 天", "bad")
    return chip(one.get_status_display(), "warn")


@door("funds.view_money")
@require_GET
def stranded_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show stranded money: how much of what, its way back, where it went next."""
    user = actor(request)
    one = _stranding(user, pk)
    acts = []
    open_still = one.status not in {StrandingStatus.RETURNED, StrandingStatus.REDISTRIBUTED}
    if one.status == StrandingStatus.RECOGNISED and may(user, "funds.recognise_stranded"):
        acts.append(("通知", reverse("stranded_notify", args=[pk])))
    if open_still and may(user, "funds.send_back"):
        if one.recover_yuan:
            acts.append(("登记追回", reverse("stranded_recover", args=[pk])))
        acts.append(("归还", reverse("return_send", args=[pk])))
    facts: list[list[Cell]] = [
        [
            text("资金文件"),
            text(one.appropriation.number),
        ],
        [
            text("资金落实"),
            text(one.placement.number, reverse("placement_page", args=[one.placement_id]))
            if one.placement
            else text("未落实到项目"),
        ],
        [text("未支付余额 元"), money(one.unpaid_yuan)],
        [text("应追回 元"), money(one.recover_yuan)],
        [text("已归还 元"), money(returned_yuan(one))],
        [text("拨付到位年度"), Cell(one.arrived_year)],
        [text("归还期"), text(f"{one.due_from} 至 {one.due_on}")],
        [text("情况说明"), prose(one.note)],
        [
            text("认定"),
            text(
                f"{'系统按规则' if one.recognised_by is None else one.recognised_by.full_name or one.recognised_by.username}"
                f" {one.recognised_on}"
            ),
        ],
    ]
    recoveries = [
        [on(each.on), text(each.payment.payee_name), money(each.amount_yuan), text(each.document_no)]
        for each in one.recoveries.select_related("payment").order_by("on", "pk")
    ]
    returns = one.returns.select_related("stranding__appropriation", "division", "stranding__placement")
    tables = [
        Table("", ("", ""), facts, ""),
        Table(
            "归还", RETURN_HEADS, [_return_row(each, user) for each in returns.order_by("pk")], "还没有归还"
        ),
    ]
    if one.recover_yuan:
        tables.append(Table("追回", ("日期", "原收款人", "金额 元", "凭证号"), recoveries, "还没有追回"))
    tables.append(_used_again(one, user))
    return listing(
        request,
        title=f"滞留资金 {one.number}",
        fact=f"{one.division.name} · {one.get_reason_display()} · {one.get_status_display()}",
        trail=[*trail(one.division_id), {"label": "滞留与归还", "url": reverse("stranded_list")}],
        acts=acts,
        tables=tables,
    )


RETURN_HEADS = ("编号", "县", "滞留", "部分", "金额 元", "汇出", "凭证号", "省级到账", "可调剂 元", "办理")


def _return_row(each: FundReturn, user: User) -> list[Cell]:
    acts = text("")
    if each.received_on is None and may(user, "funds.receive_return"):
        acts = text("登记到账", reverse("return_receive", args=[each.pk]))
    elif each.received_on is not None and left_of(each) and may(user, "funds.redistribute"):
        acts = text("调剂", reverse("return_redistribute", args=[each.pk]))
    return [
        text(each.number),
        text(each.division.name),
        text(each.stranding.number, reverse("stranded_page", args=[each.stranding_id])),
        text(each.get_part_display()),
        money(each.amount_yuan),
        on(each.sent_on),
        text(each.document_no),
        on(each.received_on),
        money(left_of(each)) if each.received_on else Cell(None, written="yuan"),
        acts,
    ]


def _used_again(one: Stranding, user: User) -> Table:
    """Return where the province sent it next; only the province sees those rows."""
    rows = [
        [
            on(each.on),
            text(each.allotment.division.name),
            money(each.amount_yuan),
            text(each.document_no),
        ]
        for each in Redistribution.objects.visible_to(user)
        .filter(fund_return__stranding=one)
        .select_related("allotment__division")
        .order_by("on", "pk")
    ]
    return Table(
        "调剂去向",
        ("日期", "县", "金额 元", "文号"),
        rows,
        "还没有调剂",
        "由原管理渠道在全省范围内调剂使用。",
    )


@door("funds.view_money")
@require_GET
def return_list(request: HttpRequest) -> HttpResponse:
    """List what was sent back, what has not arrived first; for the province also what may be used again."""
    user = actor(request)
    found: QuerySet[FundReturn] = FundReturn.objects.visible_to(user).select_related(
        "stranding__appropriation", "stranding__placement", "division"
    )
    if request.GET.get("division"):
        found = in_division(found, request.GET["division"])
    page = page_of(
        found.order_by(F("received_on").desc(nulls_first=True), "-sent_on", "-pk"), request.GET.get("page")
    )
    pool = (
        LineAccount.objects.visible_to(user).filter(kind="POOL").order_by("-appropriation__issued_on", "pk")
    )
    waiting = [
        [text(one.appropriation.number), money(one.account.balance)]
        for one in pool.select_related("appropriation", "account")
        if one.account.balance
    ]
    tables = [
        Table("", RETURN_HEADS, [_return_row(one, user) for one in page.object_list], "没有归还", page=page)
    ]
    if waiting:
        tables.insert(0, Table("省级待调剂", ("资金文件", "余额 元"), waiting, ""))
    return listing(request, title="归还", searches=True, exports="returns", tables=tables)


@door("funds.recognise_stranded", audit="funds.recognise_stranded")
@require_http_methods(["GET", "POST"])
def stranded_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Recognise what is left of a placement's project as stranded."""
    user = actor(request)
    rows = Placement.objects.visible_to(user).standing()
    one = get_object_or_404(rows.select_related("appropriation", "project"), pk=pk, project__isnull=False)
    return money_act(
        request,
        RecogniseForm(request.POST or None, initial={"on": today()}),
        lambda values: recognise_placement(
            actor=user, placement=one, given=_given(values), on=values["on"], today=today()
        ),
        title=f"认定滞留 {one.number}",
        back=reverse("placement_page", args=[pk]),
        said="已认定滞留，未支付余额全额转出",
        hint="未支付余额全额认定；项目不再具备实施条件的，已付款中没有形成实物的一并追回。",
        division=one.division_id,
        lead=lambda made: reverse("stranded_page", args=[made.pk]),
    )


@door("funds.recognise_stranded", audit="funds.recognise_stranded")
@require_http_methods(["GET", "POST"])
def stranded_unplaced(request: HttpRequest, code: int, document: int) -> HttpResponse:
    """Recognise what a county received by a document and never placed as stranded."""
    user = actor(request)
    line = LineAccount.objects.visible_to(user).filter(
        kind="COUNTY", county_id=code, appropriation_id=document
    )
    if not line.exists():
        raise Http404
    appropriation = get_object_or_404(Appropriation, pk=document)
    return money_act(
        request,
        RecogniseForm(request.POST or None, initial={"on": today()}),
        lambda values: recognise_unplaced(
            actor=user,
            appropriation=appropriation,
            county=code,
            given=_given(values),
            on=values["on"],
            today=today(),
        ),
        title=f"认定未落实资金滞留 {appropriation.number}",
        back=reverse("stranded_list"),
        said="已认定滞留，未落实余额全额转出",
        division=code,
        lead=lambda made: reverse("stranded_page", args=[made.pk]),
    )


def _given(values: dict[str, Any]) -> Recognised:
    return Recognised(StrandedReason(values["reason"]), values["note"], values["standing_yuan"])


def _step(
    request: HttpRequest, pk: int, *, title: str, said: str, form: Any, do: Any, hint: str = ""
) -> HttpResponse:
    one = _stranding(actor(request), pk)
    return money_act(
        request,
        form,
        lambda values: do(one, values),
        title=f"{title} {one.number}",
        back=reverse("stranded_page", args=[pk]),
        said=said,
        hint=hint,
        division=one.division_id,
    )


@door("funds.recognise_stranded", audit="funds.notify_stranded")
@require_http_methods(["GET", "POST"])
def stranded_notify(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the county notice."""
    user = actor(request)
    return _step(
        request,
        pk,
        title="通知归还",
        said="已登记通知",
        form=DayForm(request.POST or None, initial={"on": today()}),
        do=lambda one, values: notify_county(actor=user, stranding=one, on=values["on"]),
    )


@door("funds.send_back", audit="funds.recover")
@require_http_methods(["GET", "POST"])
def stranded_recover(request: HttpRequest, pk: int) -> HttpResponse:
    """Put down what came back of a payment."""
    user = actor(request)
    one = _stranding(user, pk)
    placement = one.placement
    payments = Payment.objects.visible_to(user).filter(
        status=PaymentStatus.PAID, accept_entry__isnull=True, recovered_yuan__lt=F("amount_yuan")
    )
    payments = payments.filter(
        batch__placement__appropriation=one.appropriation_id,
        batch__placement__project=placement.project_id if placement else None,
    )
    return _step(
        request,
        pk,
        title="登记追回",
        said="已登记追回",
        form=RecoverForm(
            request.POST or None,
            payments=payments.select_related("batch").order_by("pk"),
            initial={"on": today()},
        ),
        do=lambda one, values: recover(
            actor=user,
            stranding=one,
            payment=values["payment"],
            amount=values["amount_yuan"],
            document_no=values["document_no"],
            on=values["on"],
            today=today(),
        ),
        hint=f"应追回 {grouped(one.recover_yuan)} 元",
    )


@door("funds.send_back", audit="funds.send_back", proof=True)
@require_http_methods(["GET", "POST"])
def return_send(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a part of stranded money back, all of it."""
    user = actor(request)
    one = _stranding(user, pk)
    return _step(
        request,
        pk,
        title="归还",
        said="已登记汇出，省级到账后办结",
        form=SendBackForm(
            request.POST or None, initial={"on": today(), "amount_yuan": one.unpaid_yuan, "part": "UNPAID"}
        ),
        do=lambda one, values: send_back(
            actor=user,
            stranding=one,
            part=values["part"],
            amount=values["amount_yuan"],
            document_no=values["document_no"],
            on=values["on"],
            today=today(),
        ),
        hint=f"未支付余额 {grouped(one.unpaid_yuan)} 元，应追回 {grouped(one.recover_yuan)} 元，各自全额归还。",
    )


@door("funds.receive_return", audit="funds.receive_return", proof=True)
@require_http_methods(["GET", "POST"])
def return_receive(request: HttpRequest, pk: int) -> HttpResponse:
    """Put down that returned money has come to the province."""
    user = actor(request)
    one = get_object_or_404(FundReturn.objects.visible_to(user), pk=pk)
    return money_act(
        request,
        DayForm(request.POST or None, initial={"on": today()}),
        lambda values: receive_return(actor=user, sent=one, on=values["on"], today=today()),
        title=f"登记归还到账 {one.number}",
        back=reverse("stranded_page", args=[one.stranding_id]),
        said="已到账，进入省级待调剂",
        hint=f"{grouped(one.amount_yuan)} 元，{one.sent_on} 汇出，凭证 {one.document_no}",
        division=one.division_id,
    )


@door("funds.redistribute", audit="funds.redistribute", proof=True)
@require_http_methods(["GET", "POST"])
def return_redistribute(request: HttpRequest, pk: int) -> HttpResponse:
    """Allot returned money anew."""
    user = actor(request)
    one = get_object_or_404(FundReturn.objects.visible_to(user).filter(received_on__isnull=False), pk=pk)
    left = left_of(one)

    def do(values: dict[str, Any]) -> Redistribution:
        given = UsedAgain(
            values["county"],
            values["amount_yuan"],
            values["document_no"],
            values["tasks"],
            values["answerable"],
        )
        return redistribute(actor=user, sent=one, given=given, on=values["on"], today=today())

    return money_act(
        request,
        UseAgainForm(request.POST or None, initial={"on": today(), "amount_yuan": left}),
        do,
        title=f"调剂 {one.number}",
        back=reverse("stranded_page", args=[one.stranding_id]),
        said="已调剂下达",
        hint=f"由原管理渠道调剂，可调剂 {grouped(left)} 元",
        division=one.division_id,
    )


urlpatterns: list[URLPattern] = [
    path("stranded/", stranded_list, name="stranded_list"),
    path("stranded/<int:pk>/", stranded_page, name="stranded_page"),
    path("stranded/<int:pk>/notify/", stranded_notify, name="stranded_notify"),
    path("stranded/<int:pk>/recover/", stranded_recover, name="stranded_recover"),
    path("stranded/<int:pk>/return/", return_send, name="return_send"),
    path("placements/<int:pk>/stranded/", stranded_new, name="stranded_new"),
    path("county/<int:code>/unplaced/<int:document>/stranded/", stranded_unplaced, name="stranded_unplaced"),
    path("returns/", return_list, name="return_list"),
    path("returns/<int:pk>/receive/", return_receive, name="return_receive"),
    path("returns/<int:pk>/redistribute/", return_redistribute, name="return_redistribute"),
]
