"""Help of a household: who answers for it, what is planned, what was done; and the panel of it on the card."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_GET, require_http_methods

from fupin.accounts.doors import actor, door
from fupin.accounts.models import User
from fupin.accounts.permissions import may
from registry.codes import MeasureKind
from registry.forms.help.acts import (
    EndPairForm,
    HouseholdMeasureForm,
    LabourerPlanForm,
    PairForm,
    ReasonForm,
    VisitForm,
)
from registry.models import AssistPair, AssistPlan, Household, MeasureRecipient, Member, MemberYear
from registry.reports.help.household import HelpFacts, help_of
from registry.reports.years import entry_year
from registry.rules.help.after_exit import ENDED, ON_REGISTER
from registry.rules.help.effects import has_reached
from registry.services.help.measures import For, MeasureFacts, put_down_measure
from registry.services.help.pairs import end_pair, log_visit, pair
from registry.services.help.plans import PlanFacts, make_plan, withdraw_plan
from registry.views import card_page
from registry.views.card_panels import card_panel
from registry.views.help.showing import Cell, Table, act, chip, listing, money, on, prose, text, today


@card_panel(order=10, permission="registry.view_help", template="registry/_card_help.html")
def help_panel(user: User, household: Household, year: int) -> Mapping[str, Any]:
    """Return what the card shows of help: who answers, how many plans and measures, what is missing, what suits the causes."""
    facts = help_of(user, household, year)
    return {
        "url": reverse("help_household", args=[household.household_no]),
        "pair": facts.pair,
        "plans": len(facts.plans),
        "measures": len(facts.received),
        "missing": facts.missing,
        "not_reached": facts.not_reached,
        "suggestions": facts.suggestions,
    }


def _household(user: User, number: str) -> Household:
    return get_object_or_404(Household.objects.visible_to(user), household_no=number)


def _name(household: Household) -> str:
    card = household.years.order_by("-year").first()
    return (card.head_name if card else "") or "未填户主"


def _url(name: str, household: Household) -> str:
    return reverse(name, args=[household.household_no])


@door("registry.view_help")
@require_GET
def help_household(request: HttpRequest, household_no: str) -> HttpResponse:
    """Show all help of a household."""
    user = actor(request)
    household = _household(user, household_no)
    year = entry_year()
    facts = help_of(user, household, year)
    enters, assigns = may(user, "registry.change_help"), may(user, "registry.assign_help")
    here, ended = household.status in ON_REGISTER, household.status in ENDED
    acts = [("户卡", reverse("household_card", args=[household_no, year]))]
    if assigns and here:
        acts.append(("更换责任人" if facts.pair else "结对", _url("help_pair", household)))
    if assigns and ended and facts.pair:
        acts.append(("结束结对", _url("help_end_pair", household)))
    if enters and here:
        acts += [("＋ 计划", _url("help_plan", household)), ("＋ 措施", _url("help_measure", household))]
    if enters and facts.pair:
        acts.append(("＋ 走访", _url("help_visit", household)))
    note = "；".join(facts.missing)
    if facts.not_reached:
        note = "；".join([*facts.missing, f"{facts.not_reached} 项未到户"])
    return listing(
        request,
        title=f"{_name(household)} 户 · 帮扶",
        fact=f"{household.household_no} {household.get_status_display()}",
        trail=card_page.trail(household.division_id),
        acts=acts,
        note=note,
        tables=[
            _pairs(household),
            _suggestions(facts, year, _url("help_plan", household) if enters and here else ""),
            _plans(facts, year, enters=enters),
            _measures(facts),
            _visits(household),
        ],
    )


def _pairs(household: Household) -> Table:
    found = AssistPair.objects.filter(household=household).select_related("person__organ")
    rows = [
        [
            text(one.person.name, reverse("help_person", args=[one.person_id])),
            text(one.person.organ.name),
            text(one.person.position),
            text(one.person.phone_masked),
            on(one.start_date),
            on(one.end_date),
            prose(one.reason),
        ]
        for one in found.order_by("-start_date", "pk")
    ]
    heads = ("姓名", "单位", "职务", "电话", "起", "止", "更换原因")
    return Table("帮扶责任人", heads, rows, "还没有帮扶责任人", "每户应有责任人，更换时中间不空档。")


def _suggestions(facts: HelpFacts, year: int, plan_url: str) -> Table:
    rows = []
    for one in facts.suggestions:
        state = chip("已列入计划", "ok") if one.planned else chip("未列入", "quiet")
        if plan_url and not one.planned:
            state = text("列入计划", f"{plan_url}?kind={one.code}")
        rows.append([text(one.cause), text(one.kind), state])
    return Table("致贫原因与建议措施", ("原因", "建议措施", f"{year} 年计划"), rows, "户卡未填致贫原因")


def _plans(facts: HelpFacts, year: int, *, enters: bool) -> Table:
    rows = [
        [
            text(one.member.name if one.member else "全户"),
            text(f"{one.kind} {one.get_kind_display()}"),
            prose(one.goal),
            money(one.amount),
            money(one.income_gain),
            on(one.due_on),
            text(one.person.name),
            text("撤销", reverse("help_withdraw_plan", args=[one.pk])) if enters else text(""),
        ]
        for one in facts.plans
    ]
    heads = ("为谁", "措施", "目标", "计划资金 元", "计划增收 元", "时限", "责任人", "")
    return Table(
        f"{year} 年度帮扶计划", heads, rows, "还没有本年度计划", "计划须有目标、措施、资金、时限和责任人。"
    )


def state_of(row: MeasureRecipient) -> Cell:
    """Return how a recipient's help stands: stopped, confirmed, arrived or not."""
    if row.stop:
        return chip(row.get_stop_display(), "quiet")
    if not has_reached(row.amount, getattr(row, "delivered", None)):
        return chip("未到户", "bad")
    if any(one.confirmed_on for one in row.effects.all()):
        return chip("成效已确认", "ok")
    return chip("已到户", "warn")


def _measures(facts: HelpFacts) -> Table:
    rows = [
        [
            on(one.measure.on),
            text(
                f"{one.measure.kind} {MeasureKind(one.measure.kind).label}",
                reverse("help_recipient", args=[one.pk]),
            ),
            prose(one.measure.content),
            text(one.member.name if one.member else "全户"),
            money(one.amount),
            money(getattr(one, "delivered", None)),
            on(one.runs_until),
            text(one.measure.person.name),
            state_of(one),
        ]
        for one in facts.received
    ]
    heads = ("日期", "种类", "内容", "受益", "应到户 元", "已到户 元", "止期", "责任人", "状态")
    return Table("帮扶措施与成效", heads, rows, "还没有措施", "点种类登记到户、成效和农户确认。")


def _visits(household: Household) -> Table:
    found = household.visits.select_related("person").order_by("-on", "-pk")[:20]
    rows = [[on(one.on), text(one.person.name), prose(one.content)] for one in found]
    return Table("入户走访", ("日期", "走访人", "内容"), rows, "还没有走访记录")


@door("registry.assign_help", audit="help.pair")
@require_http_methods(["GET", "POST"])
def help_pair(request: HttpRequest, household_no: str) -> HttpResponse:
    """Let somebody answer for a household, or follow whoever does."""
    user = actor(request)
    household = _household(user, household_no)
    form = PairForm(request.POST or None, place=household.division_id, initial={"on": today()})
    return act(
        request,
        form,
        lambda said: pair(
            actor=user, household=household, person=said["person"], on=said["on"], reason=said["reason"]
        ),
        title=f"{_name(household)} 户 · 帮扶责任人",
        back=_url("help_household", household),
        said="已结对",
        division=household.division_id,
    )


@door("registry.assign_help", audit="help.end_pair")
@require_http_methods(["GET", "POST"])
def help_end_pair(request: HttpRequest, household_no: str) -> HttpResponse:
    """End the pair of a household that has left the register."""
    user = actor(request)
    household = _household(user, household_no)
    form = EndPairForm(request.POST or None, initial={"on": today()})
    return act(
        request,
        form,
        lambda said: end_pair(actor=user, household=household, on=said["on"], reason=said["reason"]),
        title=f"{_name(household)} 户 · 结束结对",
        back=_url("help_household", household),
        said="结对已结束",
        hint="只有已退出、清退或注销的户才不再需要责任人；在册户请用“更换责任人”。",
        division=household.division_id,
    )


@door("registry.change_help", audit="help.visit")
@require_http_methods(["GET", "POST"])
def help_visit(request: HttpRequest, household_no: str) -> HttpResponse:
    """Put down a visit."""
    user = actor(request)
    household = _household(user, household_no)
    running = AssistPair.objects.filter(household=household, end_date__isnull=True).first()
    initial = {"on": today(), "person": running.person_id if running else None}
    form = VisitForm(request.POST or None, place=household.division_id, initial=initial)
    return act(
        request,
        form,
        lambda said: log_visit(actor=user, household=household, today=today(), **said),
        title=f"{_name(household)} 户 · 入户走访",
        back=_url("help_household", household),
        said="已登记走访",
        division=household.division_id,
    )


def _member(household: Household, pk: str) -> Member | None:
    return Member.objects.filter(household=household, pk=int(pk)).first() if pk else None


@door("registry.change_help", audit="help.plan")
@require_http_methods(["GET", "POST"])
def help_plan(request: HttpRequest, household_no: str) -> HttpResponse:
    """Plan help for a household or one of its labourers."""
    user = actor(request)
    household = _household(user, household_no)
    year = entry_year()
    people = MemberYear.objects.filter(household_year__household=household, year=year).select_related(
        "member"
    )
    running = AssistPair.objects.filter(household=household, end_date__isnull=True).first()
    form = LabourerPlanForm(
        request.POST or None,
        place=household.division_id,
        labourers=people.filter(is_labourer=True).order_by("seat", "pk"),
        initial={
            "person": running.person_id if running else None,
            "member": request.GET.get("member", ""),
            "kind": request.GET.get("kind", ""),
        },
    )
    facts = help_of(user, household, year)
    advice = "；".join(f"{one.cause}：{one.kind}" for one in facts.suggestions)

    def do(said: dict[str, Any]) -> AssistPlan:
        member = _member(household, said.pop("member"))
        return make_plan(
            actor=user,
            village=household.division_id,
            facts=PlanFacts(year=year, **said),
            household=household,
            member=member,
        )

    return act(
        request,
        form,
        do,
        title=f"{_name(household)} 户 · {year} 年度帮扶计划",
        back=_url("help_household", household),
        said="已列入帮扶计划",
        hint=f"按致贫原因建议：{advice}" if advice else "",
        division=household.division_id,
    )


@door("registry.change_help", audit="help.withdraw_plan")
@require_http_methods(["GET", "POST"])
def help_withdraw_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a plan up."""
    user = actor(request)
    plan = get_object_or_404(AssistPlan.objects.visible_to(user).select_related("household"), pk=pk)
    back = (
        _url("help_household", plan.household)
        if plan.household
        else reverse("help_village", args=[plan.division_id])
    )
    return act(
        request,
        ReasonForm(request.POST or None),
        lambda said: withdraw_plan(actor=user, plan=plan, on=today(), reason=said["reason"]),
        title=f"撤销计划：{plan.get_kind_display()} {plan.goal}",
        back=back,
        said="计划已撤销",
        division=plan.division_id,
    )


@door("registry.change_help", audit="help.measure")
@require_http_methods(["GET", "POST"])
def help_measure(request: HttpRequest, household_no: str) -> HttpResponse:
    """Put down a measure for a household or one of its members."""
    user = actor(request)
    household = _household(user, household_no)
    year = entry_year()
    people = MemberYear.objects.filter(
        household_year__household=household, year=year, is_counted=True
    ).select_related("member")
    plans = AssistPlan.objects.filter(household=household, withdrawn_on__isnull=True).order_by("-year", "pk")
    running = AssistPair.objects.filter(household=household, end_date__isnull=True).first()
    form = HouseholdMeasureForm(
        request.POST or None,
        place=household.division_id,
        plans=plans,
        members=people.order_by("seat", "pk"),
        initial={"on": today(), "person": running.person_id if running else None},
    )

    def do(said: dict[str, Any]) -> object:
        member = _member(household, said.pop("member"))
        until = said.pop("runs_until")
        return put_down_measure(
            actor=user,
            village=household.division_id,
            facts=MeasureFacts(**said),
            recipients=[For(household, member, said["amount"], until)],
            today=today(),
        )

    return act(
        request,
        form,
        do,
        title=f"{_name(household)} 户 · 帮扶措施",
        back=_url("help_household", household),
        said="已登记措施；到户后请登记到账或签收",
        division=household.division_id,
    )


urlpatterns: list[URLPattern] = [
    path("households/<str:household_no>/help/", help_household, name="help_household"),
    path("households/<str:household_no>/help/pair/", help_pair, name="help_pair"),
    path("households/<str:household_no>/help/end/", help_end_pair, name="help_end_pair"),
    path("households/<str:household_no>/help/visit/", help_visit, name="help_visit"),
    path("households/<str:household_no>/help/plan/", help_plan, name="help_plan"),
    path("households/<str:household_no>/help/measure/", help_measure, name="help_measure"),
    path("help/plans/<int:pk>/withdraw/", help_withdraw_plan, name="help_withdraw_plan"),
]
