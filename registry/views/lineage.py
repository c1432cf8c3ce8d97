"""Households split, merged, moved, and that taken back. Each act is asked in two steps: what, then what follows from it."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from fupin.accounts.doors import actor, door
from fupin.accounts.models import User
from fupin.accounts.permissions import may
from fupin.divisions.models import Division
from registry.errors import RegistryError
from registry.forms.lineage import MergeForm, MoveForm, SplitForm, UndoForm
from registry.models import LIVE, Household, HouseholdLink, HouseholdYear, LinkKind, MemberYear
from registry.services.lineage import merge_households, move_household, split_household
from registry.services.undoing import undo_link
from registry.views import card_page


def household_of(user: User, household_no: str) -> tuple[Household, HouseholdYear]:
    """The household and its latest card; 404 outside one's division."""
    household = get_object_or_404(Household.objects.visible_to(user), household_no=household_no)
    return household, get_object_or_404(household.years.order_by("-year")[:1])


def _people(card: HouseholdYear) -> Sequence[MemberYear]:
    """Those who count among the household."""
    return list(card.members.filter(is_counted=True).select_related("member").order_by("seat"))


def _done(
    request: HttpRequest, act: Callable[[], HouseholdLink], form: Any, said: Callable[[HouseholdLink], str]
) -> HttpResponse | None:
    """Carry an act out and lead to the household that it leaves; None where it was refused, which the form then says."""
    try:
        link = act()
    except RegistryError as refused:
        form.add_error(None, str(refused))
        return None
    messages.success(request, said(link))
    target = link.household if link.kind == LinkKind.MOVE else link.other or link.household
    return redirect("household_latest", household_no=target.household_no)


def page_of_act(
    request: HttpRequest, template: str, card: HouseholdYear, form: Any, **more: Any
) -> HttpResponse:
    """Return the page of an act on a household: its form, or what follows and the button that confirms it."""
    household = more.pop("household")
    asked = request.method == "POST" and not form.errors
    context = {
        "household": household,
        "card": card,
        "form": form,
        "trail": card_page.trail(household.division_id),
        "confirming": asked,
        **more,
    }
    return render(request, template, context, status=422 if form.errors else 200)


def confirmed(request: HttpRequest) -> bool:
    """Tell whether the person has seen what follows and said yes."""
    return request.POST.get("confirmed") == "1"


@door("registry.split_household", audit="household.split")
@require_http_methods(["GET", "POST"])
def household_split(request: HttpRequest, household_no: str) -> HttpResponse:
    """Let some members found a household of their own."""
    user = actor(request)
    household, card = household_of(user, household_no)
    rows = _people(card)
    form = SplitForm(request.POST if request.method == "POST" else None, rows=rows)
    leaving: list[MemberYear] = []
    if request.method == "POST" and form.is_valid():
        numbers = form.leaving()
        leaving = [row for row in rows if row.member.member_no in numbers]
        if confirmed(request):
            answer = _done(
                request,
                lambda: split_household(
                    actor=user,
                    household=household,
                    leaving=numbers,
                    relations=form.relations(),
                    reason=form.cleaned_data["reason"],
                    on=timezone.localdate(),
                ),
                form,
                lambda link: f"已分户：新户 {link.other.household_no if link.other else ''}，请采集其收入",
            )
            if answer is not None:
                return answer
    return page_of_act(
        request,
        "registry/household_split.html",
        card,
        form,
        household=household,
        leaving=leaving,
        staying=len(rows) - len(leaving),
    )


@door("registry.split_household", audit="household.merge")
@require_http_methods(["GET", "POST"])
def household_merge(request: HttpRequest, household_no: str) -> HttpResponse:
    """Let everybody of a household join another of the same village."""
    user = actor(request)
    household, card = household_of(user, household_no)
    rows = _people(card)
    village = str(household.division_id)
    form = MergeForm(request.POST if request.method == "POST" else None, rows=rows, village=village)
    into: Household | None = None
    if request.method == "POST" and form.is_valid():
        others = Household.objects.visible_to(user).within(household.division_id).filter(status__in=LIVE)
        into = others.filter(household_no=form.cleaned_data["into"]).exclude(pk=household.pk).first()
        if into is None:
            form.add_error("into", "本村没有这一户，或该户已清退、注销")
        elif confirmed(request):
            target = into
            answer = _done(
                request,
                lambda: merge_households(
                    actor=user,
                    household=household,
                    into=target,
                    relations=form.relations(),
                    reason=form.cleaned_data["reason"],
                    on=timezone.localdate(),
                ),
                form,
                lambda _link: (
                    f"已并户：{household.household_no} 并入 {target.household_no}，请核对其收入和条件"
                ),
            )
            if answer is not None:
                return answer
    heads = (
        HouseholdYear.objects.within(household.division_id)
        .filter(year=card.year, household__status__in=LIVE)
        .exclude(household=household)
        .order_by("household__household_no")
        .values_list("household__household_no", "head_name")
    )
    return page_of_act(
        request,
        "registry/household_merge.html",
        card,
        form,
        household=household,
        into=into,
        into_card=into.years.order_by("-year").first() if into else None,
        persons=len(rows),
        households=heads[:500],
    )


@door("registry.split_household", audit="household.move")
@require_http_methods(["GET", "POST"])
def household_move(request: HttpRequest, household_no: str) -> HttpResponse:
    """Let a household live in another village of one's division."""
    user = actor(request)
    household, card = household_of(user, household_no)
    form = MoveForm(request.POST if request.method == "POST" else None)
    village: Division | None = None
    if request.method == "POST" and form.is_valid() and user.post is not None:
        villages = Division.objects.within(user.post.division_id).administrative_villages()
        village = (
            villages.filter(pk=form.cleaned_data["to_village"]).exclude(pk=household.division_id).first()
        )
        if village is None:
            form.add_error("to_village", "请选择您所属区划内的另一个行政村；跨县迁移由县扶贫办录入岗商请")
        elif confirmed(request):
            target = village
            answer = _done(
                request,
                lambda: move_household(
                    actor=user,
                    household=household,
                    to_village=target.pk,
                    natural_village=form.cleaned_data["natural_village"],
                    reason=form.cleaned_data["reason"],
                    on=timezone.localdate(),
                ),
                form,
                lambda _link: f"已迁至{target.path_name}，户编号不变，请核对住址和条件",
            )
            if answer is not None:
                return answer
    return page_of_act(
        request,
        "registry/household_move.html",
        card,
        form,
        household=household,
        village=village,
        village_label=Division.objects.name_of(str(form["to_village"].value() or "")),
        may_propose=may(user, "registry.propose_move"),
    )


@door("registry.split_household", audit="household.undo")
@require_http_methods(["GET", "POST"])
def household_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a split, merge or move back, as long as nothing was built on it."""
    user = actor(request)
    link = get_object_or_404(
        HouseholdLink.objects.visible_to(user).select_related("household", "other", "done_by"), pk=pk
    )
    household, card = household_of(user, link.household.household_no)
    form = UndoForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            undo_link(actor=user, link=link, reason=reason, on=timezone.localdate())
        except RegistryError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"已撤销{link.get_kind_display()}")
            return redirect("household_latest", household_no=household.household_no)
    return page_of_act(request, "registry/household_undo.html", card, form, household=household, link=link)


urlpatterns: list[URLPattern] = [
    path("households/<str:household_no>/split/", household_split, name="household_split"),
    path("households/<str:household_no>/merge/", household_merge, name="household_merge"),
    path("households/<str:household_no>/move/", household_move, name="household_move"),
    path("household-links/<int:pk>/undo/", household_undo, name="household_undo"),
]
