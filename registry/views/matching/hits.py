"""Hits as a queue to work through, decided one by one or many for the same reason; and the panel of them on the card."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fupin.accounts.audit import note
from fupin.accounts.doors import actor, door
from fupin.accounts.models import User
from fupin.accounts.models.audit import Outcome
from fupin.accounts.permissions import may
from fupin.lib.paging import page_of
from registry.codes.outside import HitState, ListKind
from registry.errors import MatchingRefused
from registry.forms.matching import DecisionForm, HitFilter, ReasonForm
from registry.models import Household, MatchHit, OutsideList
from registry.reports.matching import hits_of, queue
from registry.reports.transfers import transfer_of
from registry.reports.years import entry_year
from registry.rules.matching import MEANINGS, decisions, said, stands_in_the_way
from registry.services.matching.deciding import decide_hits, undo_decision
from registry.views import card_page
from registry.views.card_panels import card_panel

MOST_AT_ONCE = 200
CHIPS = {
    HitState.OPEN: "warn",
    HitState.CONFIRMED: "bad",
    HitState.WAIVED: "ok",
    HitState.NOT_SAME: "quiet",
    HitState.MENDED: "ok",
}


@card_panel(order=30, permission="registry.view_hits", template="registry/matching/_card.html")
def hits_panel(user: User, household: Household, year: int) -> Mapping[str, Any]:
    """Return what the card shows of lists: the hits with what became of them, and whether it was handed over to civil affairs."""
    return {"hits": shown_hits(household), "transfer": transfer_of(household.pk)}


def shown_hits(household: Household) -> list[dict[str, Any]]:
    """Return a household's hits as the card and the case show them."""
    return [
        {
            "hit": hit,
            "chip": CHIPS[HitState(hit.state)],
            "says": said(ListKind(hit.kind), hit.note),
            "in_the_way": stands_in_the_way(ListKind(hit.kind), hit.state),
            "task": MEANINGS[ListKind(hit.kind)].task,
        }
        for hit in hits_of(household.pk)
    ]


@door("registry.view_hits")
@require_GET
def hit_list(request: HttpRequest) -> HttpResponse:
    """List hits, those that wait first unless asked otherwise; with boxes where they may be decided together."""
    user = actor(request)
    query = request.GET
    if not query:
        query = QueryDict("state=OPEN")
    return _page(request, user, query, DecisionForm(), set(), ())


def _page(
    request: HttpRequest,
    user: User,
    query: QueryDict,
    form: DecisionForm,
    chosen: set[str],
    refusals: Any,
    *,
    status: int = 200,
) -> HttpResponse:
    asking = HitFilter(query, queue(user), lists=OutsideList.objects.visible_to(user))
    rows = asking.qs.select_related("member", "household", "division__parent", "decided_by")
    page = page_of(
        rows.order_by("division_id", "household_id", "kind", "pk"),
        query.get("page"),
        query.get("size"),
        late=True,
    )
    kinds = {ListKind(hit.kind) for hit in page.object_list}
    context = {
        "page": page,
        "rows": [
            (hit, CHIPS[HitState(hit.state)], said(ListKind(hit.kind), hit.note), str(hit.pk) in chosen)
            for hit in page.object_list
        ],
        "filter": asking,
        "tabs": _tabs(query),
        "year": entry_year(),
        "form": DecisionForm(form.data if form.is_bound else None, choices=_choices(kinds)),
        "may_decide": may(user, "registry.decide_hit"),
        "tasks": [(kind.label, MEANINGS[kind].task) for kind in ListKind if kind in kinds],
        "refusals": refusals,
        "back": request.get_full_path() if request.method == "GET" else request.POST.get("back", ""),
        "trail": card_page.trail(user.post.division_id if user.post else None),
    }
    return render(request, "registry/matching/hits.html", context, status=status)


def _tabs(query: QueryDict) -> list[tuple[str, str, bool]]:
    now = query.getlist("state")
    tabs = []
    for label, states in (
        ("待核实", ["OPEN"]),
        ("属实待处理", ["CONFIRMED"]),
        ("已办结", ["NOT_SAME", "WAIVED", "MENDED"]),
    ):
        kept = query.copy()
        kept.setlist("state", states)
        kept.pop("page", None)
        tabs.append((label, f"?{kept.urlencode()}", sorted(now) == sorted(states)))
    return tabs


def _choices(kinds: set[ListKind]) -> list[tuple[str, str]]:
    """Return what may be decided of all the kinds on a page."""
    allowed = [state for kind in kinds for state in decisions(kind)]
    return [(state.value, state.label) for state in HitState if state in allowed]


@door("registry.decide_hit", audit="matching.decide")
@require_POST
def hits_decide(request: HttpRequest) -> HttpResponse:
    """Decide the hits that were ticked, for one reason."""
    user = actor(request)
    keys = [key for key in request.POST.getlist("hit") if key.isdigit()][:MOST_AT_ONCE]
    hits = list(MatchHit.objects.visible_to(user).filter(pk__in=keys).order_by("pk"))
    back = _back(request)
    query = QueryDict(back.partition("?")[2] or "state=OPEN")
    form = DecisionForm(request.POST)
    refusals: Any = ()
    if not hits:
        messages.error(request, "请勾选要核实的比对结果")
        return redirect(back)
    if form.is_valid():
        try:
            outcome = decide_hits(
                actor=user,
                hits=hits,
                state=HitState(form.cleaned_data["state"]),
                reason=form.cleaned_data["reason"],
                evidence=form.cleaned_data["evidence"],
            )
        except MatchingRefused as refused:
            form.add_error(None, str(refused))
        else:
            if outcome.done:
                messages.success(request, f"已核实 {outcome.done} 条")
            if not outcome.refused:
                return redirect(back)
            note(outcome=Outcome.REFUSED if not outcome.done else None)
            refusals = outcome.refused
    return _page(request, user, query, form, set(keys), refusals, status=422)


@door("registry.decide_hit", audit="matching.undo")
@require_http_methods(["GET", "POST"])
def hit_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a decision back."""
    user = actor(request)
    hit = get_object_or_404(
        MatchHit.objects.visible_to(user).select_related("member", "household", "decided_by"), pk=pk
    )
    if hit.state == HitState.OPEN:
        messages.info(request, "这一条还没有核实")
        return redirect("hit_list")
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            undo_decision(actor=user, hit=hit, reason=form.cleaned_data["reason"])
        except MatchingRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "已撤销结论，重新待核实")
            return redirect(f"{reverse('hit_list')}?state=OPEN&q={hit.household.household_no}")
    context = {
        "hit": hit,
        "says": said(ListKind(hit.kind), hit.note),
        "form": form,
        "today": timezone.localdate(),
        "trail": card_page.trail(hit.division_id),
    }
    return render(request, "registry/matching/undo.html", context, status=422 if form.errors else 200)


def _back(request: HttpRequest) -> str:
    """Return the queue as it was filtered."""
    back = request.POST.get("back", "")
    home = reverse("hit_list")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back.startswith(home)
    return back if safe else home


urlpatterns: list[URLPattern] = [
    path("matching/hits/", hit_list, name="hit_list"),
    path("matching/hits/decide/", hits_decide, name="hits_decide"),
    path("matching/hits/<int:pk>/undo/", hit_undo, name="hit_undo"),
]
