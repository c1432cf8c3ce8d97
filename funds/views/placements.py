"""Placements: drafted by one, approved by another, made public, paid from, accepted."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_GET, require_http_methods

from funds.errors import MoneyRefused
from funds.forms.use import AcceptanceForm, BecauseForm, DayForm, PlacementForm
from funds.models import Acceptance, PaymentBatch, Placement
from funds.models.use import PlacementStatus
from funds.reports.disclosure import shown
from funds.reports.paying import committed
from funds.services.accepting import Found, accept_work
from funds.services.disclosing import disclose_placement
from funds.services.placing import (
    PlacementFacts,
    approve_placement,
    draft_placement,
    refuse_placement,
)
from funds.views.showing import county_of, money_act, trail
from fupin.accounts.doors import actor, door
from fupin.accounts.models import User
from fupin.accounts.permissions import may
from fupin.lib.paging import page_of
from registry.forms.filters import in_division
from registry.models import Household
from registry.views.help.showing import Cell, Table, chip, listing, money, on, prose, tabs_of, text, today

STATUS = {PlacementStatus.DRAFT: "warn", PlacementStatus.APPROVED: "ok", PlacementStatus.REFUSED: "bad"}
TABS = (("", "全部"), *((str(value), str(label)) for value, label in PlacementStatus.choices))
HEADS = ("编号", "县", "资金文件", "项目、专账", "金额 元", "使用方式", "拟定", "审批", "状态")


def found_for(user: User) -> "QuerySet[Placement]":
    """Return the placements that a user may see, with what a row of a list says of them."""
    rows = Placement.objects.visible_to(user)
    return rows.select_related("appropriation", "project", "division", "approved_by", "drafted_by")


def _placement(user: User, pk: int) -> Placement:
    return get_object_or_404(found_for(user), pk=pk)


def row_of(one: Placement) -> list[Cell]:
    """Return a placement as a row."""
    return [
        text(one.number, reverse("placement_page", args=[one.pk])),
        text(one.division.name),
        text(one.appropriation.number),
        text(one.place),
        money(one.amount_yuan),
        text(one.get_use_way_display()),
        on(one.drafted_on),
        on(one.decided_on),
        chip(one.get_status_display(), STATUS[PlacementStatus(one.status)]),
    ]


@door("funds.view_money")
@require_GET
def placement_list(request: HttpRequest) -> HttpResponse:
    """List placements, the latest first."""
    user = actor(request)
    found = found_for(user)
    chosen = request.GET.get("status", "")
    if chosen in PlacementStatus.values:
        found = found.filter(status=chosen)
    for name, column in (("document", "appropriation_id"), ("project", "project_id")):
        asked = request.GET.get(name, "")
        if asked.isascii() and asked.isdigit():
            found = found.filter(**{column: int(asked)})
    if request.GET.get("division"):
        found = in_division(found, request.GET["division"])
    page = page_of(found.order_by("-drafted_on", "-pk"), request.GET.get("page"))
    acts = [("＋ 资金落实", reverse("placement_new"))] if may(user, "funds.place_money") else []
    return listing(
        request,
        title="资金落实",
        acts=acts,
        tabs=tabs_of(request, "status", TABS, chosen),
        searches=True,
        exports="placements",
        tables=[Table("", HEADS, [row_of(one) for one in page.object_list], "没有资金落实", page=page)],
    )


@door("funds.place_money", audit="funds.place_money")
@require_http_methods(["GET", "POST"])
def placement_new(request: HttpRequest) -> HttpResponse:
    """Draft a placement."""
    user = actor(request)
    county = county_of(user)
    code = county.pk if county else 0
    form = PlacementForm(
        request.POST or None, county=code, initial={"on": today(), "project": request.GET.get("project")}
    )

    def do(values: dict[str, Any]) -> Placement:
        facts = PlacementFacts(
            appropriation=values["appropriation"],
            amount_yuan=values["amount_yuan"],
            use_way=values["use_way"],
            document_no=values["document_no"],
            project=values["project"],
            ledger=values["ledger"],
            use_way_reason=values["use_way_reason"],
            investment_yuan=values["investment_yuan"],
        )
        return draft_placement(actor=user, county=code, facts=facts, on=values["on"], today=today())

    return money_act(
        request,
        form,
        do,
        title="资金落实",
        back=reverse("placement_list"),
        said="已拟定，由审批人批准后资金落实",
        hint="资金只能落实到项目库内已列入年度计划的项目，或列出的专账。",
        division=code or None,
        lead=lambda made: reverse("placement_page", args=[made.pk]),
    )


@door("funds.view_money")
@require_GET
def placement_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a placement: its facts, its notices, its lists of payments, its acceptances."""
    user = actor(request)
    one = _placement(user, pk)
    approved = one.status == PlacementStatus.APPROVED
    on_project = approved and one.project_id is not None
    acts = []
    if one.status == PlacementStatus.DRAFT and may(user, "funds.approve_placement"):
        acts += [
            ("批准", reverse("placement_approve", args=[pk])),
            ("退回", reverse("placement_refuse", args=[pk])),
        ]
    if on_project and may(user, "funds.disclose"):
        acts.append(("拟公示稿", reverse("placement_disclose", args=[pk])))
    if on_project and may(user, "funds.prepare_payment"):
        acts += [
            ("＋ 到户清单", reverse("payment_new", args=[pk])),
            ("＋ 付施工、供货单位", reverse("payment_contractor", args=[pk])),
        ]
    if on_project and may(user, "funds.accept_work"):
        acts.append(("登记验收", reverse("acceptance_new", args=[pk])))
    if on_project and may(user, "funds.recognise_stranded"):
        acts.append(("认定滞留", reverse("stranded_new", args=[pk])))
    tables = [_facts(one)]
    if on_project:
        tables += [_notices(one), _batches(one), _acceptances(one)]
    note = f"退回原因：{one.refused_because}" if one.refused_because else ""
    return listing(
        request,
        title=f"资金落实 {one.number}",
        fact=f"{one.division.name} · {one.place} · {one.get_status_display()}",
        trail=trail(one.division_id),
        acts=acts,
        note=note,
        tables=tables,
    )


def _facts(one: Placement) -> Table:
    lines: list[list[Cell]] = [
        [text("资金文件"), text(one.appropriation.number)],
        [text("金额 元"), money(one.amount_yuan)],
        [text("使用方式"), prose(f"{one.get_use_way_display()} {one.use_way_reason}".strip())],
        [text("批准文号"), text(one.document_no)],
        [text("拟定"), text(f"{one.drafted_by.full_name or one.drafted_by.username} {one.drafted_on}")],
    ]
    if one.approved_by is not None:
        who = one.approved_by.full_name or one.approved_by.username
        lines.append([text("审批"), text(f"{who} {one.decided_on}")])
    if one.investment_yuan is not None:
        lines.append([text("项目总投资 元"), money(one.investment_yuan)])
    if one.project is not None:
        lines += [
            [text("使用责任单位"), text(one.project.implementing_unit)],
            [text("监管责任单位"), text(one.project.supervising_unit)],
        ]
    if one.status == PlacementStatus.APPROVED and one.entry is not None:
        account = one.entry.postings.filter(amount__gt=0).select_related("account").get().account
        lines.append([text("未支付余额 元（同文件同项目）"), money(account.balance)])
        if one.project_id is not None:
            lines.append([text("其中已列入清单 元"), money(committed(one))])
    return Table("", ("", ""), lines, "")


def _notices(one: Placement) -> Table:
    rows = [
        [
            text(each.disclosure.get_level_display()),
            text(each.disclosure.division.name),
            text(each.number, reverse(each.url_name, args=[each.number])),
            chip(each.state, each.kind),
        ]
        for each in shown(one.disclosures.all(), today())
    ]
    hint = "行政村、县级公示期满前不得拨付；张贴在公示页办理并回传照片。"
    return Table("公示", ("层级", "公示地", "编号", "状态"), rows, "还没有拟公示稿", hint)


def _batches(one: Placement) -> Table:
    rows = [
        [
            text(each.number, reverse("payment_batch", args=[each.pk])),
            text(each.get_kind_display()),
            text(each.item),
            text(each.period),
            Cell(each.rows, written="number"),
            money(each.amount_yuan),
            chip(each.get_status_display(), BATCH[each.status]),
        ]
        for each in PaymentBatch.objects.filter(placement=one).order_by("-pk")
    ]
    heads = ("编号", "对象", "事项", "所属期", "笔数", "金额 元", "状态")
    return Table("支付清单", heads, rows, "还没有支付清单", "由编制、批准、支付三个人办理。")


BATCH = {"DRAFT": "warn", "APPROVED": "warn", "EXPORTED": "warn", "DONE": "ok", "WITHDRAWN": "quiet"}


def _acceptances(one: Placement) -> Table:
    rows = [
        [
            on(each.on),
            text(each.household.household_no if each.household else "整项"),
            chip(each.get_result_display(), "ok" if each.result == "PASS" else "warn"),
            money(each.checked_yuan),
            prose(each.inspector),
            text(each.document_no),
            prose(each.opinion),
        ]
        for each in Acceptance.objects.filter(placement=one)
        .select_related("household")
        .order_by("-on", "-pk")
    ]
    heads = ("日期", "范围", "结果", "核定 元", "验收单位和人员", "文号", "意见")
    return Table("验收", heads, rows, "还没有验收", "先建后补的，验收合格前不得支付。")


def _decided(
    request: HttpRequest, pk: int, *, title: str, said: str, form: Any, do: Any, hint: str = ""
) -> HttpResponse:
    one = _placement(actor(request), pk)
    return money_act(
        request,
        form,
        lambda values: do(one, values),
        title=f"{title} {one.number}",
        back=reverse("placement_page", args=[pk]),
        said=said,
        hint=hint,
        division=one.division_id,
    )


@door("funds.approve_placement", audit="funds.approve_placement", proof=True)
@require_http_methods(["GET", "POST"])
def placement_approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve a placement: the money moves."""
    user = actor(request)
    return _decided(
        request,
        pk,
        title="批准资金落实",
        said="已批准，资金已落实",
        form=DayForm(request.POST or None, initial={"on": today()}),
        do=lambda one, values: approve_placement(actor=user, placement=one, on=values["on"]),
        hint="批准后资金从“县级未落实”转到项目或专账，谁审批谁负责。",
    )


@door("funds.approve_placement", audit="funds.refuse_placement")
@require_http_methods(["GET", "POST"])
def placement_refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a placement back."""
    user = actor(request)
    return _decided(
        request,
        pk,
        title="退回资金落实",
        said="已退回",
        form=BecauseForm(request.POST or None),
        do=lambda one, values: refuse_placement(
            actor=user, placement=one, because=values["because"], on=today()
        ),
    )


@door("funds.disclose", audit="funds.disclose")
@require_http_methods(["GET", "POST"])
def placement_disclose(request: HttpRequest, pk: int) -> HttpResponse:
    """Draw up the notices of a placement in the county and its villages."""
    user = actor(request)
    return _decided(
        request,
        pk,
        title="拟公示稿",
        said="已拟县级和行政村公示稿，请打印张贴并回传照片",
        form=DayForm(request.POST or None, initial={"on": today()}),
        do=lambda one, values: disclose_placement(actor=user, placement=one, on=values["on"]),
        hint="日期是张贴日期；公示自次日起算 10 天，期满无异议方可拨付。",
    )


@door("funds.accept_work", audit="funds.accept_work")
@require_http_methods(["GET", "POST"])
def acceptance_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Record an acceptance."""
    user = actor(request)

    def do(one: Placement, values: dict[str, Any]) -> object:
        household = None
        if number := values["household_no"]:
            household = Household.objects.visible_to(user).filter(household_no=number).first()
            if household is None:
                raise MoneyRefused({"household_no": "没有这一户"})
        found = Found(
            on=values["on"],
            result=values["result"],
            inspector=values["inspector"],
            document_no=values["document_no"],
            standard_yuan=values["standard_yuan"],
            quantity=values["quantity"],
            opinion=values["opinion"],
            household=household,
        )
        return accept_work(actor=user, placement=one, found=found, today=today())

    return _decided(
        request,
        pk,
        title="登记验收",
        said="验收已登记",
        form=AcceptanceForm(request.POST or None, initial={"on": today()}),
        do=do,
    )


urlpatterns: list[URLPattern] = [
    path("placements/", placement_list, name="placement_list"),
    path("placements/new/", placement_new, name="placement_new"),
    path("placements/<int:pk>/", placement_page, name="placement_page"),
    path("placements/<int:pk>/approve/", placement_approve, name="placement_approve"),
    path("placements/<int:pk>/refuse/", placement_refuse, name="placement_refuse"),
    path("placements/<int:pk>/disclose/", placement_disclose, name="placement_disclose"),
    path("placements/<int:pk>/accept/", acceptance_new, name="acceptance_new"),
]
