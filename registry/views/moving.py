"""Households that move to another county: asked by the one that has them, answered by the one that takes them."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from fupin.accounts.doors import actor, door
from fupin.accounts.models import User
from fupin.accounts.permissions import may
from fupin.divisions.codes import contains
from fupin.divisions.models import Division
from fupin.lib.paging import page_of
from registry.errors import RegistryError
from registry.forms.moving import AcceptForm, AnswerForm, ProposalForm
from registry.models import MoveStatus, MovingProposal
from registry.services.moving import accept_move, propose_move, refuse_move, withdraw_move
from registry.views import card_page
from registry.views.lineage import confirmed, household_of, page_of_act


@door("registry.propose_move", audit="household.propose_move")
@require_http_methods(["GET", "POST"])
def moving_new(request: HttpRequest, household_no: str) -> HttpResponse:
    """Ask another county to take a household over; what it will see is shown before it is sent."""
    user = actor(request)
    household, card = household_of(user, household_no)
    form = ProposalForm(
        request.POST if request.method == "POST" else None,
        village=household.division_id,
        today=timezone.localdate(),
    )
    county: Division | None = None
    if request.method == "POST" and form.is_valid():
        county = Division.objects.get(pk=form.cleaned_data["to_county"])
        if confirmed(request):
            try:
                proposal = propose_move(
                    actor=user,
                    household=household,
                    to_county=county.pk,
                    answer_by=form.cleaned_data["answer_by"],
                    reason=form.cleaned_data["reason"],
                )
            except RegistryError as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, f"已向{county.path_name}商请，对方答复前户卡不变")
                return redirect("moving_page", pk=proposal.pk)
    return page_of_act(request, "registry/moving_new.html", card, form, household=household, county=county)


@door("registry.view_move")
@require_GET
def moving_list(request: HttpRequest) -> HttpResponse:
    """List what waits for one's own answer, what one's county has asked, and what is settled."""
    user = actor(request)
    code = user.post.division_id if user.post else 0
    seen = MovingProposal.objects.visible_to(user).select_related("division", "to_division", "asked_by")
    coming, leaving = seen.coming(code), seen.leaving(code)
    lists = {
        "coming": ("待答复的迁入", coming.open().order_by("answer_by", "pk")),
        "leaving": ("商请中的迁出", leaving.open().order_by("answer_by", "pk")),
        "settled": ("已办结", seen.exclude(status=MoveStatus.PROPOSED).order_by("-answered_at", "-pk")),
    }
    which = request.GET.get("list", "")
    which = which if which in lists else "coming"
    context = {
        "page": page_of(lists[which][1], request.GET.get("page")),
        "tabs": [(label, f"?list={name}", name == which) for name, (label, _) in lists.items()],
        "today": timezone.localdate(),
        "trail": card_page.trail(code or None, page="household_list"),
    }
    return render(request, "registry/moving_list.html", context)


@door("registry.view_move", audit="household.answer_move")
@require_http_methods(["GET", "POST"])
def moving_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a proposal; its own side may take it back, the other take the household over or send it back."""
    user = actor(request)
    proposal = get_object_or_404(
        MovingProposal.objects.visible_to(user).select_related(
            "division", "to_division", "to_village", "asked_by", "answered_by"
        ),
        pk=pk,
    )
    decision = request.POST.get("decision", "")
    accepting = AcceptForm(request.POST if decision == "accept" else None)
    answering = AnswerForm(request.POST if decision in {"refuse", "withdraw"} else None)
    wrong: list[str] = []
    if request.method == "POST":
        wrong = _answered(request, user, proposal, accepting, answering)
        if not wrong and not accepting.errors and not answering.errors:
            if proposal.status == MoveStatus.ACCEPTED:
                return redirect("household_latest", household_no=proposal.household_no)
            return redirect("moving_page", pk=pk)
    today = timezone.localdate()
    context = {
        "proposal": proposal,
        "wrong": wrong,
        "accepting": accepting,
        "answering": answering,
        "overdue": proposal.is_overdue(today),
        "may_answer": _may(user, "registry.accept_move", proposal.to_division_id)
        and proposal.is_open()
        and not proposal.is_overdue(today)
        and proposal.asked_by_id != user.pk,
        "may_withdraw": _may(user, "registry.propose_move", proposal.division_id) and proposal.is_open(),
        "ours": user.post is not None and contains(user.post.division_id, proposal.division_id),
        "theirs": user.post is not None and contains(user.post.division_id, proposal.to_division_id),
        "village_label": Division.objects.name_of(str(accepting["to_village"].value() or "")),
        "trail": card_page.trail(user.post.division_id if user.post else None),
    }
    return render(
        request, "registry/moving_page.html", context, status=422 if request.method == "POST" else 200
    )


def _may(user: User, permission: str, at: int) -> bool:
    return may(user, permission) and user.post is not None and contains(user.post.division_id, at)


def _answered(
    request: HttpRequest,
    user: User,
    proposal: MovingProposal,
    accepting: AcceptForm,
    answering: AnswerForm,
) -> list[str]:
    """Carry out what was decided; return why it could not be."""
    decision = request.POST.get("decision", "")
    acts: dict[str, tuple[Any, Callable[[], object], str]] = {
        "accept": (
            accepting,
            lambda: accept_move(
                actor=user,
                proposal=proposal,
                to_village=accepting.cleaned_data["to_village"],
                natural_village=accepting.cleaned_data["natural_village"],
                on=timezone.localdate(),
            ),
            "已迁入本县，户编号不变，请核对住址、生产生活条件和帮扶责任人",
        ),
        "refuse": (
            answering,
            lambda: refuse_move(actor=user, proposal=proposal, reason=answering.cleaned_data["reason"]),
            "已退回迁出县",
        ),
        "withdraw": (
            answering,
            lambda: withdraw_move(actor=user, proposal=proposal, reason=answering.cleaned_data["reason"]),
            "已撤回商请",
        ),
    }
    if decision not in acts:
        return ["请选择同意、退回或撤回"]
    form, act, done = acts[decision]
    if not form.is_valid():
        return []
    try:
        act()
    except RegistryError as refused:
        proposal.refresh_from_db()
        return [str(refused)]
    messages.success(request, done)
    return []


urlpatterns: list[URLPattern] = [
    path("households/<str:household_no>/move-out/", moving_new, name="moving_new"),
    path("moves/", moving_list, name="moving_list"),
    path("moves/<int:pk>/", moving_page, name="moving_page"),
]
