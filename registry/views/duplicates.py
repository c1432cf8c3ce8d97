"""Likely duplicates: the queue, two cards side by side, what they are found to be, and that taken back."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fupin.accounts.audit import note
from fupin.accounts.doors import actor, door
from fupin.accounts.models import User
from fupin.accounts.permissions import may
from fupin.divisions.codes import Level
from fupin.divisions.models import Division
from fupin.jobs.errors import AlreadyUnderWay
from fupin.jobs.services.asking import ask_for
from fupin.lib.paging import page_of
from registry.codes.duplicates import DuplicateDecision, DuplicateSign
from registry.errors import RegistryError
from registry.forms.duplicates import STATES, DecisionForm, FindForm, ReopenForm, tickets_of
from registry.forms.lineage import JoinForm
from registry.models import DuplicateTicket, Household, HouseholdYear, MemberYear
from registry.prints.reading import value
from registry.reports.duplicates import sign_words, with_heads
from registry.reports.years import entry_year
from registry.rules.duplicates import is_open
from registry.services.duplicates import decide_duplicate, merge_duplicate, reopen_duplicate, split_between
from registry.standard.fields import by_name
from registry.standard.household import CONDITION, HOUSEHOLD_YEAR, INCOME
from registry.tasks.duplicates import DUPLICATES
from registry.views import card_page

_FIELDS: Final = {**by_name(HOUSEHOLD_YEAR), **by_name(INCOME), **by_name(CONDITION)}
_SHOWN: Final = (
    "natural_village",
    "address",
    "poor_type",
    "cause_main",
    "plan_exit_year",
    "member_count",
    "first_identified_year",
    "wage_income",
    "business_income",
    "transfer_income",
    "net_income",
    "net_income_pc",
    "arable_area",
    "house_area",
    "house_structure",
    "danger_level",
)


@door("registry.view_duplicate")
@require_GET
def duplicate_list(request: HttpRequest) -> HttpResponse:
    """List the pairs, the heaviest first."""
    user = actor(request)
    asking = tickets_of(user, request.GET)
    page = page_of(with_heads(asking.qs), request.GET.get("page"), request.GET.get("size"))
    state = asking.form.data.get("state", "open")
    kept = {name: values for name, values in request.GET.lists() if name not in {"page", "state"}}
    counties = _counties(user) if may(user, "registry.find_duplicates") else []
    context = {
        "filter": asking,
        "page": page,
        "rows": [(ticket, sign_words(ticket)) for ticket in page.object_list],
        "state": state,
        "tabs": [
            (label, f"?{urlencode({**kept, 'state': code}, doseq=True)}", code == state)
            for code, label in STATES
        ],
        "year": entry_year(),
        "counties": counties,
        "trail": card_page.trail(user.post.division_id if user.post else None, page="duplicate_list"),
    }
    return render(request, "registry/duplicate_list.html", context)


def _counties(user: User) -> list[tuple[int, str]]:
    """The counties of the user's division, the one that it lies in where it is lower."""
    if user.post is None:
        return []
    found = (
        Division.objects.within(user.post.division_id)
        .filter(level=Level.COUNTY)
        .valid_on(timezone.localdate())
    )
    return list(found.order_by("code").values_list("code", "name"))


@door("registry.find_duplicates", audit="duplicate.find")
@require_POST
def duplicate_find(request: HttpRequest) -> HttpResponse:
    """Ask for a county's cards to be looked through."""
    user = actor(request)
    form = FindForm(request.POST, counties=_counties(user))
    if not form.is_valid():
        messages.error(request, "请选择您所属区划内的县")
        return redirect("duplicate_list")
    county, year = form.cleaned_data["county"], entry_year()
    name = Division.objects.get(pk=county).name
    try:
        job = ask_for(
            kind=DUPLICATES,
            key=f"{DUPLICATES}/{county}/{year}",
            title=f"查找重复户：{name} {year} 年度",
            arguments={"county": county, "year": year},
            actor=user,
        )
    except AlreadyUnderWay as error:
        messages.info(request, str(error))
        return redirect("duplicate_list")
    note(object_key=f"job:{job.pk}", division=county)
    return redirect("job_detail", job.pk)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the comparison: what it is, what each card says, and how they stand to each other."""

    label: str
    first: str
    second: str
    mark: str = ""
    """same (where it should not be), differs, or nothing."""


@dataclass(frozen=True, slots=True)
class Side:
    """One household of the pair with its latest card and its people."""

    household: Household
    card: HouseholdYear | None
    people: Mapping[str, MemberYear]


def _ticket(user: User, pk: int) -> DuplicateTicket:
    """The pair; 404 outside one's division, and where one of the two has moved out of it since."""
    found = get_object_or_404(
        DuplicateTicket.objects.visible_to(user).select_related(
            "first__division", "second__division", "division", "decided_by"
        ),
        pk=pk,
    )
    seen = Household.objects.visible_to(user).filter(pk__in=[found.first_id, found.second_id])
    if seen.count() < 2:
        raise Http404
    return found


def _sides(ticket: DuplicateTicket) -> tuple[Side, Side]:
    """Both households with their latest cards, three queries for the two."""
    pair = [ticket.first_id, ticket.second_id]
    cards = {
        card.household_id: card
        for card in HouseholdYear.objects.filter(household_id__in=pair, year__lte=ticket.year)
        .select_related("household__entered_by")
        .defer("income_lines", "remarks")
        .order_by("year")
    }
    rows = (
        MemberYear.objects.filter(household_year__in=[card.pk for card in cards.values()])
        .select_related("member")
        .order_by("seat")
    )
    people: dict[int, dict[str, MemberYear]] = {pk: {} for pk in pair}
    for row in rows:
        people[row.member.household_id][row.member.member_no] = row
    first, second = (
        Side(household, cards.get(household.pk), people[household.pk])
        for household in (ticket.first, ticket.second)
    )
    return first, second


def _said(name: str, side: Side) -> str:
    """Return a field of a card as it is printed."""
    if side.card is None:
        return "—"
    found = value(_FIELDS[name], (side.card, side.household))
    if isinstance(found, list):
        return "、".join(found) or "—"
    if isinstance(found, bool):
        return "是" if found else "否"
    return "—" if found is None else str(found)


def _lines(first: Side, second: Side) -> Iterator[Line]:
    """Compare what tells the households apart; numbers by their blind index, since their masks say too little."""
    villages = first.household.division, second.household.division
    yield Line(
        "村", villages[0].path_name, villages[1].path_name, "" if villages[0] == villages[1] else "differs"
    )
    statuses = first.household.get_status_display(), second.household.get_status_display()
    yield Line("状态", *statuses, "" if statuses[0] == statuses[1] else "differs")
    for name, label in (("phone", "联系电话"), ("bank_account", "银行账号")):
        one, other = (getattr(side.card, f"{name}_masked", "") or "—" for side in (first, second))
        keys = [getattr(side.card, f"{name}_index", None) for side in (first, second)]
        given = [bytes(key) for key in keys if key is not None]
        both = len(given) == 2
        same = both and given[0] == given[1]
        yield Line(label, one, other, "same" if same else "differs" if both else "")
    for name in _SHOWN:
        one, other = _said(name, first), _said(name, second)
        yield Line(_FIELDS[name].label, one, other, "" if one == other else "differs")
    entered = [
        f"{side.household.entered_by} {timezone.localtime(side.household.entered_at):%Y-%m-%d}"
        for side in (first, second)
    ]
    yield Line("录入", *entered)


def _people(
    ticket: DuplicateTicket, first: Side, second: Side
) -> Sequence[tuple[MemberYear | None, MemberYear | None, bool]]:
    """Set the people side by side: those who seem the same on one line, then the others."""
    pairs = [(first.people.get(one), second.people.get(other), True) for one, other in ticket.people]
    paired = {number for pair in ticket.people for number in pair}
    left = [row for number, row in first.people.items() if number not in paired]
    right = [row for number, row in second.people.items() if number not in paired]
    longest = max(len(left), len(right))
    padded = (side + [None] * (longest - len(side)) for side in (left, right))
    return [*pairs, *((one, other, False) for one, other in zip(*padded, strict=True))]


@door("registry.view_duplicate")
@require_GET
def duplicate_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a pair side by side, what was decided of it, and what may be decided."""
    return _page(request, _ticket(actor(request), pk), None)


def _page(request: HttpRequest, ticket: DuplicateTicket, form: Any) -> HttpResponse:
    user = actor(request)
    first, second = _sides(ticket)
    waits = is_open(ticket.signs, ticket.decision, ticket.decided_signs)
    may_settle = may(user, "registry.settle_duplicate")
    split = split_between(ticket)
    context = {
        "ticket": ticket,
        "signs": sign_words(ticket),
        "first": first,
        "second": second,
        "lines": list(_lines(first, second)),
        "people": _people(ticket, first, second),
        "split": split,
        "findings": list(ticket.findings.select_related("by", "link").order_by("-pk")),
        "waits": waits,
        "form": form or (_decision(ticket, None) if may_settle and waits else None),
        "reopen": ReopenForm() if may_settle and ticket.decision and form is None else None,
        "may_merge": may_settle and waits and may(user, "registry.split_household"),
        "same_village": first.household.division_id == second.household.division_id,
        "trail": card_page.trail(ticket.division_id, page="duplicate_list"),
    }
    return render(request, "registry/duplicate_page.html", context, status=422 if form else 200)


def _decision(ticket: DuplicateTicket, data: Any) -> DecisionForm:
    return DecisionForm(data, split=DuplicateSign.SPLIT in ticket.signs, people=bool(ticket.people))


@door("registry.settle_duplicate", audit="duplicate.decide")
@require_POST
def duplicate_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a decision down and go on to the next pair that waits."""
    user = actor(request)
    ticket = _ticket(user, pk)
    form = _decision(ticket, request.POST)
    if form.is_valid():
        try:
            decide_duplicate(
                actor=user,
                ticket=ticket,
                decision=DuplicateDecision(form.cleaned_data["decision"]),
                reason=form.cleaned_data["reason"],
            )
        except RegistryError as refused:
            form.add_error(None, str(refused))
        else:
            return _next(request, user, "已办结")
    return _page(request, ticket, form)


def _next(request: HttpRequest, user: User, said: str) -> HttpResponse:
    """Lead to the heaviest pair that still waits, or to the list."""
    waiting = DuplicateTicket.objects.visible_to(user).open().order_by("-weight", "pk").first()
    messages.success(request, f"{said}，下一对" if waiting else f"{said}，没有待核查的了")
    return redirect("duplicate_page", waiting.pk) if waiting else redirect("duplicate_list")


@door("registry.settle_duplicate", audit="duplicate.merge")
@require_http_methods(["GET", "POST"])
def duplicate_merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the pair be one household: which one stays, and what the others are to its head."""
    user = actor(request)
    ticket = _ticket(user, pk)
    first, second = _sides(ticket)
    asked = request.POST.get("keep") or request.GET.get("keep", "")
    keep, other = (second, first) if asked == "second" else (first, second)
    rows = [row for row in other.people.values() if row.is_counted]
    form = JoinForm(request.POST if request.method == "POST" else None, rows=rows)
    if request.method == "POST" and form.is_valid():
        try:
            merge_duplicate(
                actor=user,
                ticket=ticket,
                keep=keep.household,
                relations=form.relations(),
                reason=form.cleaned_data["reason"],
                on=timezone.localdate(),
            )
        except RegistryError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request,
                f"已并为一户：留 {keep.household.household_no}。重复登记的人请在户卡上登记为减少，并核对收入",
            )
            return redirect("household_latest", household_no=keep.household.household_no)
    context = {
        "ticket": ticket,
        "keep": keep,
        "other": other,
        "which": "second" if asked == "second" else "first",
        "form": form,
        "trail": card_page.trail(ticket.division_id, page="duplicate_list"),
    }
    return render(request, "registry/duplicate_merge.html", context, status=422 if form.errors else 200)


@door("registry.settle_duplicate", audit="duplicate.reopen")
@require_POST
def duplicate_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a decision back, a merger with it."""
    user = actor(request)
    ticket = _ticket(user, pk)
    form = ReopenForm(request.POST)
    if not form.is_valid():
        messages.error(request, "撤回结论请写明理由")
        return redirect("duplicate_page", pk)
    try:
        reopen_duplicate(
            actor=user, ticket=ticket, reason=form.cleaned_data["reason"], on=timezone.localdate()
        )
    except RegistryError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "结论已撤回，重新待核查")
    return redirect("duplicate_page", pk)


urlpatterns: list[URLPattern] = [
    path("duplicates/", duplicate_list, name="duplicate_list"),
    path("duplicates/find/", duplicate_find, name="duplicate_find"),
    path("duplicates/<int:pk>/", duplicate_page, name="duplicate_page"),
    path("duplicates/<int:pk>/decide/", duplicate_decide, name="duplicate_decide"),
    path("duplicates/<int:pk>/merge/", duplicate_merge, name="duplicate_merge"),
    path("duplicates/<int:pk>/reopen/", duplicate_reopen, name="duplicate_reopen"),
]
