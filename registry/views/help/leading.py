"""Leaders' villages: against their path, proposed as done, approved (policy §19)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_GET, require_http_methods

from fupin.accounts.doors import actor, door
from fupin.accounts.models import User
from fupin.accounts.permissions import may
from fupin.lib.paging import page_of
from registry.forms.filters import in_division
from registry.forms.help.boxes import HelpForm
from registry.forms.help.staffing import NextVillageForm, ProposeForm, TakeVillageForm
from registry.models import LeaderVillage
from registry.reports.help.leading import Standing, poorest_villages, standings
from registry.reports.years import entry_year
from registry.rules.help.doubling import Light
from registry.services.help.leading import (
    approve_adjustment,
    hand_over,
    propose_adjustment,
    take_village,
)
from registry.views import card_page
from registry.views.help.showing import Cell, Table, act, chip, listing, money, on, text, today

_KINDS = {Light.GREEN: "ok", Light.YELLOW: "warn", Light.RED: "bad", Light.NONE: "quiet"}


def _row(one: Standing) -> list[Cell]:
    taken = one.taken
    return [
        text(taken.person.name, reverse("lead_village", args=[taken.pk])),
        text(taken.person.organ.name),
        text(taken.division.name, reverse("help_village", args=[taken.division_id])),
        on(taken.since),
        on(one.ends_on),
        money(taken.base_income),
        money(one.goal),
        money(one.latest[1] if one.latest else None),
        chip(one.light.label, _KINDS[one.light]),
        chip("已完成", "ok")
        if taken.done_on
        else chip("待批准", "warn")
        if taken.proposed_on
        else chip("包扶中", "quiet"),
    ]


@door("registry.view_help")
@require_GET
def lead_villages(request: HttpRequest) -> HttpResponse:
    """List the leaders' villages with their lights."""
    user = actor(request)
    found = LeaderVillage.objects.visible_to(user).select_related("person__organ", "division")
    within = in_division(found, request.GET["division"]) if request.GET.get("division") else found
    page = page_of(within.order_by("division_id", "since", "pk"), request.GET.get("page"))
    rows = [_row(one) for one in standings(page.object_list)]
    heads = (
        "包村领导",
        "单位",
        "村",
        "起",
        "五年期满",
        "基年 元",
        "目标 元",
        "最近年度 元",
        "对照轨迹",
        "状态",
    )
    acts = [("＋ 包村", reverse("lead_village_new"))] if may(user, "registry.assign_leader") else []
    return listing(
        request,
        title="领导包村",
        acts=[*acts, ("未包村的省直单位", f"{reverse('help_organs')}?list=unchosen")],
        note="一包五年不变；五年内农民人均纯收入翻番；提前完成的可提出调整，经批准后包新的村。",
        searches=True,
        tables=[Table("", heads, rows, "还没有领导包村", page=page)],
    )


def _taken(user: User, pk: int) -> LeaderVillage:
    found = LeaderVillage.objects.visible_to(user).select_related("person__organ", "division")
    return get_object_or_404(found, pk=pk)


@door("registry.view_help")
@require_GET
def lead_village(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a leader's village year by year against its path."""
    user = actor(request)
    taken = _taken(user, pk)
    (standing,) = standings([taken])
    rows = [
        [
            text(f"{year} 年"),
            money(expected),
            money(income),
            chip("—", "quiet")
            if income is None
            else chip("达到", "ok")
            if income >= expected
            else chip("低于轨迹", "warn"),
        ]
        for year, expected, income in standing.steps
    ]
    acts = []
    if taken.done_on is None and taken.proposed_on is None and may(user, "registry.assign_leader"):
        acts.append(("提出调整", reverse("lead_village_propose", args=[pk])))
    if taken.done_on is None and taken.proposed_on and may(user, "registry.approve_leader_change"):
        acts.append(("批准调整", reverse("lead_village_approve", args=[pk])))
    if taken.done_on is not None and taken.done_on < standing.ends_on and may(user, "registry.assign_leader"):
        acts.append(("包新的村", reverse("lead_village_hand_over", args=[pk])))
    notes = [taken.choice_reason and f"选非最低收入村：{taken.choice_reason}"]
    if taken.done_on:
        notes.append(f"{taken.done_on} 完成：{taken.reached_year} 年 {taken.reached_income} 元")
    elif taken.proposed_on:
        notes.append(
            f"{taken.proposed_on} 提出调整：{taken.reached_year} 年 {taken.reached_income} 元，待批准"
        )
    return listing(
        request,
        title=f"{taken.person.name} · 包 {taken.division.name}",
        fact=f"{taken.person.organ.name} {taken.since} 起，{standing.ends_on} 期满 {standing.light.label}",
        trail=card_page.trail(taken.division_id),
        acts=acts,
        note="；".join(one for one in notes if one),
        tables=[
            Table(
                f"{taken.base_year} 年 {taken.base_income} 元，目标 {standing.goal:.2f} 元",
                ("年度", "轨迹 元", "农民人均纯收入 元", "对照"),
                rows,
                "",
            )
        ],
    )


@door("registry.assign_leader", audit="help.take_village")
@require_http_methods(["GET", "POST"])
def lead_village_new(request: HttpRequest) -> HttpResponse:
    """Give a leader his village."""
    user = actor(request)
    place = user.post.division_id if user.post else None
    year = entry_year()
    poorest = poorest_villages(place, year) if place else []
    names = "、".join(f"{one.name} {one.code}（{one.income} 元）" for one in poorest)
    advice = f"{year} 年度收入最低而无人包扶的：{names}。" if names else ""
    return act(
        request,
        TakeVillageForm(request.POST or None, place=place, initial={"since": today()}),
        lambda said: take_village(actor=user, **said),
        title="领导包村",
        back=reverse("lead_villages"),
        said="已登记包村",
        hint=f"省直单位主要负责同志原则上选重点县内农民人均纯收入最低的贫困村；一人一村，一包五年不变。{advice}",
    )


@door("registry.assign_leader", audit="help.propose_adjustment")
@require_http_methods(["GET", "POST"])
def lead_village_propose(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose that a leader's task is done."""
    user = actor(request)
    taken = _taken(user, pk)
    return act(
        request,
        ProposeForm(request.POST or None),
        lambda said: propose_adjustment(actor=user, taken=taken, year=said["year"], on=today()),
        title=f"{taken.person.name} · 提出调整包扶村",
        back=reverse("lead_village", args=[pk]),
        said="已提出，由另一人批准",
        hint="只有翻番目标提前完成才能提出。",
        division=taken.division_id,
    )


@door("registry.approve_leader_change", audit="help.approve_adjustment")
@require_http_methods(["GET", "POST"])
def lead_village_approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve that it is done; not by whoever proposed it."""
    user = actor(request)
    taken = _taken(user, pk)
    form = HelpForm(request.POST if request.method == "POST" else None)
    return act(
        request,
        form,
        lambda _said: approve_adjustment(actor=user, taken=taken, on=today()),
        title=f"{taken.person.name} · 批准调整包扶村",
        back=reverse("lead_village", args=[pk]),
        said="已批准，可包新的村",
        hint=f"目标已由 {taken.reached_year} 年 {taken.reached_income} 元达到；保存即批准。",
        division=taken.division_id,
    )


@door("registry.assign_leader", audit="help.hand_over")
@require_http_methods(["GET", "POST"])
def lead_village_hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a leader who was done early his new village."""
    user = actor(request)
    taken = _taken(user, pk)
    place = user.post.division_id if user.post else None
    return act(
        request,
        NextVillageForm(request.POST or None, place=place, initial={"since": today()}),
        lambda said: hand_over(actor=user, taken=taken, **said),
        title=f"{taken.person.name} · 调整到新的包扶村",
        back=reverse("lead_villages"),
        said="已登记新的包扶村",
        hint="只有翻番提前完成、经批准的才能调整；新村重新起算五年。",
        division=taken.division_id,
    )


urlpatterns: list[URLPattern] = [
    path("help/leaders/", lead_villages, name="lead_villages"),
    path("help/leaders/new/", lead_village_new, name="lead_village_new"),
    path("help/leaders/<int:pk>/", lead_village, name="lead_village"),
    path("help/leaders/<int:pk>/propose/", lead_village_propose, name="lead_village_propose"),
    path("help/leaders/<int:pk>/new/", lead_village_hand_over, name="lead_village_hand_over"),
    path("help/leaders/<int:pk>/approve/", lead_village_approve, name="lead_village_approve"),
]
