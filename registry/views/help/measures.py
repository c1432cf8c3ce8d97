"""Measures: what reached whom, what came of it; who still waits, what did not arrive, what is to stop."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_GET, require_http_methods

from fupin.accounts.doors import actor, door
from fupin.accounts.models import User
from fupin.accounts.permissions import may
from fupin.lib.paging import page_of
from registry.codes import MeasureKind
from registry.forms.filters import in_division
from registry.forms.help.acts import (
    ConfirmForm,
    CorrectMeasureForm,
    DeliverForm,
    EffectForm,
    ReasonForm,
    RecipientForm,
    StopForm,
)
from registry.models import AssistEffect, AssistMeasure, MeasureRecipient
from registry.reports.help.corrections import corrections
from registry.reports.help.waiting import (
    naming_nobody,
    not_reached,
    recipients,
    to_stop,
    waiting_for_effect,
)
from registry.rules.help.effects import effect_due
from registry.services.help.measures import (
    For,
    MeasureFacts,
    add_recipient,
    confirm_effect,
    correct_measure,
    deliver,
    record_effect,
    stop_help,
    withdraw_measure,
)
from registry.views import card_page
from registry.views.help.household import state_of
from registry.views.help.showing import (
    Cell,
    Table,
    act,
    listing,
    money,
    on,
    prose,
    tabs_of,
    text,
    today,
    whole,
)

LISTS = (
    ("effect", "满一年没有成效"),
    ("reach", "未到户"),
    ("nobody", "没有受益户的包村、驻村项目"),
    ("stop", "应停清单"),
)


def _recipient(user: User, pk: int) -> MeasureRecipient:
    rows = recipients(user).select_related("measure__person", "household", "member")
    return get_object_or_404(rows.prefetch_related("effects"), pk=pk)


def _measure(user: User, pk: int) -> AssistMeasure:
    return get_object_or_404(AssistMeasure.objects.visible_to(user).select_related("person"), pk=pk)


@door("registry.view_help")
@require_GET
def help_lists(request: HttpRequest) -> HttpResponse:
    """List what waits for an effect, what did not arrive, what names nobody, and what is to stop."""
    user = actor(request)
    chosen = request.GET.get("list", "effect")
    chosen = chosen if chosen in dict(LISTS) else "effect"
    day = today()
    if chosen == "nobody":
        measures = naming_nobody(user)
        if request.GET.get("division"):
            measures = in_division(measures, request.GET["division"])
        page = page_of(
            measures.select_related("person", "division").order_by("on", "pk"), request.GET.get("page")
        )
        rows = [_measure_row(one) for one in page.object_list]
        heads: tuple[str, ...] = ("日期", "种类", "内容", "村", "金额 元", "责任人")
    else:
        found = {
            "effect": lambda: waiting_for_effect(user, day),
            "reach": lambda: not_reached(user),
            "stop": lambda: to_stop(user, day),
        }[chosen]()
        if request.GET.get("division"):
            found = in_division(found, request.GET["division"])
        shown = found.select_related("measure__person", "household", "division").prefetch_related("effects")
        page = page_of(shown.order_by("measure__on", "pk"), request.GET.get("page"), late=True)
        stops = chosen == "stop" and may(user, "registry.stop_help")
        rows = [_recipient_row(one, stops=stops) for one in page.object_list]
        heads = (
            "日期",
            "措施",
            "户编号",
            "村",
            "应到户 元",
            "已到户 元",
            "止期",
            "成效期限",
            "责任人",
            "状态",
        )
    notes = {
        "effect": "措施满 12 个月、没有农户确认的成效，自次日起列在这里和责任人页上。",
        "reach": "到账或签收的金额不足应到户金额的列为未到户，不计完成。",
        "nobody": "领导包村增收和工作队帮扶项目须到户到人；没有受益户的整项列为未到户。",
        "stop": "已退出的户仍在执行、未付清或贴息未到期的，逐项停付，或按合同办结并写明理由。",
    }
    return listing(
        request,
        title="帮扶措施待办",
        tabs=tabs_of(request, "list", LISTS, chosen),
        note=notes[chosen],
        searches=True,
        exports={"effect": "help_measures", "reach": "help_measures", "stop": "help_stops"}.get(chosen, ""),
        tables=[Table("", heads, rows, "没有", page=page)],
    )


def _measure_row(one: AssistMeasure) -> list[Cell]:
    return [
        on(one.on),
        text(f"{one.kind} {one.get_kind_display()}", reverse("help_measure_page", args=[one.pk])),
        prose(one.content),
        text(one.division.name),
        money(one.amount),
        text(one.person.name, reverse("help_person", args=[one.person_id])),
    ]


def _recipient_row(one: MeasureRecipient, *, stops: bool = False) -> list[Cell]:
    name = "help_stop" if stops else "help_recipient"
    return [
        on(one.measure.on),
        text(f"{one.measure.kind} {one.measure.get_kind_display()}", reverse(name, args=[one.pk])),
        text(one.household.household_no, reverse("help_household", args=[one.household.household_no])),
        text(one.division.name),
        money(one.amount),
        money(getattr(one, "delivered", None)),
        on(one.runs_until),
        on(effect_due(one.measure.on)),
        text(one.measure.person.name, reverse("help_person", args=[one.measure.person_id])),
        state_of(one),
    ]


@door("registry.view_help")
@require_GET
def help_measure_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a measure with whom it is for."""
    user = actor(request)
    measure = _measure(user, pk)
    shown = (
        recipients(user).filter(measure=measure).select_related("measure__person", "household", "division")
    )
    page = page_of(
        shown.prefetch_related("effects").order_by("household__household_no", "pk"), request.GET.get("page")
    )
    heads = ("日期", "措施", "户编号", "村", "应到户 元", "已到户 元", "止期", "成效期限", "责任人", "状态")
    acts = []
    if may(user, "registry.change_help") and measure.withdrawn_on is None:
        acts = [
            ("＋ 受益户", reverse("help_add_recipient", args=[pk])),
            ("更正", reverse("help_correct_measure", args=[pk])),
            ("作废", reverse("help_withdraw_measure", args=[pk])),
        ]
    withdrawn = f"已作废：{measure.withdrawn_because}" if measure.withdrawn_on else ""
    return listing(
        request,
        title=f"{measure.get_kind_display()}：{measure.content}",
        fact=f"{measure.on} {measure.money_source} 责任人 {measure.person.name}",
        trail=card_page.trail(measure.division_id),
        acts=acts,
        note=withdrawn,
        tables=[
            Table(
                "受益户",
                heads,
                [_recipient_row(one) for one in page.object_list],
                "没有受益户",
                "未到户",
                page,
            ),
            *_corrections(measure),
        ],
    )


def _corrections(measure: AssistMeasure) -> list[Table]:
    """Return what stood on a measure before it was corrected, the latest correction first; nothing where it never was."""
    found = corrections(measure)
    rows = [
        [
            on(one.on),
            text(f"{one.kind} {MeasureKind(one.kind).label}"),
            prose(one.content),
            money(one.amount),
            text(one.person),
            text(f"{one.by} {one.at:%Y-%m-%d}"),
            prose(one.reason),
        ]
        for one in found
    ]
    heads = ("原日期", "原种类", "原内容", "原金额 元", "原责任人", "更正", "原因")
    return [Table("更正记录", heads, rows, "")] if rows else []


@door("registry.view_help")
@require_GET
def help_recipient(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what one household got of a measure and what came of it."""
    user = actor(request)
    row = _recipient(user, pk)
    deliveries = [
        [
            on(one.on),
            text(one.get_by_display()),
            money(one.amount),
            text(one.signed_by or one.account_masked),
        ]
        for one in row.deliveries.order_by("on", "pk")
    ]
    enters = may(user, "registry.change_help")
    effects = [
        [
            on(one.on),
            money(one.income_gain),
            whole(one.jobs),
            prose(one.contribution),
            text(f"{one.confirmed_by} {one.confirmed_on}")
            if one.confirmed_on
            else text("农户确认", reverse("help_confirm", args=[one.pk]) if enters else ""),
        ]
        for one in sorted(row.effects.all(), key=lambda one: (one.on, one.pk))
    ]
    acts = [("本户帮扶", reverse("help_household", args=[row.household.household_no]))]
    if enters and not row.stop:
        acts.append(("＋ 到户", reverse("help_deliver", args=[pk])))
    if enters:
        acts.append(("＋ 成效", reverse("help_effect", args=[pk])))
    acts.append(("措施", reverse("help_measure_page", args=[row.measure_id])))
    stopped = f"{row.get_stop_display()} {row.stopped_on}：{row.stopped_because}" if row.stop else ""
    due = effect_due(row.measure.on)
    return listing(
        request,
        title=f"{row.measure.get_kind_display()}：{row.measure.content}",
        fact=f"{row.household.household_no} · 成效期限 {due}",
        trail=card_page.trail(row.division_id),
        acts=acts,
        note=stopped,
        tables=[
            Table(
                "到户记录",
                ("日期", "方式", "金额 元", "账号、签收人"),
                deliveries,
                "还没有到户",
                "未到户不计完成。",
            ),
            Table("成效", ("日期", "年度增收 元", "就业", "说明", "农户确认"), effects, "还没有成效记录"),
        ],
    )


@door("registry.change_help", audit="help.recipient")
@require_http_methods(["GET", "POST"])
def help_add_recipient(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a household to a measure."""
    user = actor(request)
    measure = _measure(user, pk)
    return act(
        request,
        RecipientForm(request.POST or None, place=measure.division_id),
        lambda said: add_recipient(
            actor=user,
            measure=measure,
            given=For(said["household"], None, said["amount"], said["runs_until"]),
        ),
        title=f"受益户：{measure.content}",
        back=reverse("help_measure_page", args=[pk]),
        said="已列入受益户",
        division=measure.division_id,
    )


@door("registry.change_help", audit="help.correct_measure")
@require_http_methods(["GET", "POST"])
def help_correct_measure(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct what was put down of a measure."""
    user = actor(request)
    measure = _measure(user, pk)
    said = {name: getattr(measure, name) for name in CorrectMeasureForm.base_fields if name != "reason"}
    return act(
        request,
        CorrectMeasureForm(request.POST or None, place=measure.division_id, initial=said),
        lambda given: correct_measure(
            actor=user,
            measure=measure,
            reason=given.pop("reason"),
            facts=MeasureFacts(**given),
            today=today(),
        ),
        title=f"更正措施：{measure.content}",
        back=reverse("help_measure_page", args=[pk]),
        said="已更正，原值留在更正记录里",
        division=measure.division_id,
    )


@door("registry.change_help", audit="help.withdraw_measure")
@require_http_methods(["GET", "POST"])
def help_withdraw_measure(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw a measure that was put down wrongly."""
    user = actor(request)
    measure = _measure(user, pk)
    return act(
        request,
        ReasonForm(request.POST or None),
        lambda said: withdraw_measure(actor=user, measure=measure, on=today(), reason=said["reason"]),
        title=f"作废措施：{measure.content}",
        back=reverse("help_measure_page", args=[pk]),
        said="措施已作废",
        division=measure.division_id,
    )


@door("registry.change_help", audit="help.deliver")
@require_http_methods(["GET", "POST"])
def help_deliver(request: HttpRequest, pk: int) -> HttpResponse:
    """Put down what arrived."""
    user = actor(request)
    row = _recipient(user, pk)
    form = DeliverForm(request.POST or None, initial={"on": today(), "amount": row.amount})
    return act(
        request,
        form,
        lambda said: deliver(actor=user, recipient=row, today=today(), **said),
        title=f"到户：{row.measure.content}",
        back=reverse("help_recipient", args=[pk]),
        said="已登记到户",
        division=row.division_id,
    )


@door("registry.change_help", audit="help.effect")
@require_http_methods(["GET", "POST"])
def help_effect(request: HttpRequest, pk: int) -> HttpResponse:
    """Record what came of a measure."""
    user = actor(request)
    row = _recipient(user, pk)
    return act(
        request,
        EffectForm(request.POST or None, initial={"on": today()}),
        lambda said: record_effect(
            actor=user, recipient=row, today=today(), **{**said, "jobs": said["jobs"] or 0}
        ),
        title=f"成效：{row.measure.content}",
        back=reverse("help_recipient", args=[pk]),
        said="已登记成效",
        division=row.division_id,
    )


@door("registry.change_help", audit="help.confirm_effect")
@require_http_methods(["GET", "POST"])
def help_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Put down that the household confirmed an effect."""
    user = actor(request)
    effect = get_object_or_404(AssistEffect.objects.visible_to(user), pk=pk)
    return act(
        request,
        ConfirmForm(request.POST or None, initial={"on": today()}),
        lambda said: confirm_effect(actor=user, effect=effect, today=today(), **said),
        title="农户确认成效",
        back=reverse("help_recipient", args=[effect.recipient_id]),
        said="农户已确认",
        division=effect.division_id,
    )


@door("registry.stop_help", audit="help.stop")
@require_http_methods(["GET", "POST"])
def help_stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop what a household that left still had to come, or end it by contract."""
    user = actor(request)
    row = _recipient(user, pk)
    return act(
        request,
        StopForm(request.POST or None, initial={"on": today()}),
        lambda said: stop_help(actor=user, recipient=row, **said),
        title=f"停止享受：{row.measure.content}",
        back=f"{reverse('help_lists')}?list=stop",
        said="已停止",
        hint="停付：停止之日起不再到户。按合同办结：贴息、分期按原合同付清，理由中写合同号。",
        division=row.division_id,
    )


urlpatterns: list[URLPattern] = [
    path("help/lists/", help_lists, name="help_lists"),
    path("help/measures/<int:pk>/", help_measure_page, name="help_measure_page"),
    path("help/measures/<int:pk>/recipient/", help_add_recipient, name="help_add_recipient"),
    path("help/measures/<int:pk>/correct/", help_correct_measure, name="help_correct_measure"),
    path("help/measures/<int:pk>/withdraw/", help_withdraw_measure, name="help_withdraw_measure"),
    path("help/recipients/<int:pk>/", help_recipient, name="help_recipient"),
    path("help/recipients/<int:pk>/deliver/", help_deliver, name="help_deliver"),
    path("help/recipients/<int:pk>/effect/", help_effect, name="help_effect"),
    path("help/recipients/<int:pk>/stop/", help_stop, name="help_stop"),
    path("help/effects/<int:pk>/confirm/", help_confirm, name="help_confirm"),
]
