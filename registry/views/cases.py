"""Cases: the list of what waits for whom, a case with its steps, the next step as a form, a step for many at once."""

from typing import Any, Final

from django.contrib import messages
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fupin.accounts.audit import note
from fupin.accounts.doors import actor, door
from fupin.accounts.models import User
from fupin.accounts.models.audit import Outcome
from fupin.accounts.permissions import may
from fupin.divisions.codes import contains
from fupin.lib.paging import page_of
from fupin.policy.standards import NoStandard, poverty_line
from registry.errors import StepRefused
from registry.forms.cases import STATES, CaseFilter, StepForm
from registry.models import Case, Household, HouseholdYear, Round, Village
from registry.reports.cases import (
    cases_asked,
    next_acts,
    notice_period,
    notices_of,
    stages,
    status_label,
    taken_steps,
    who_may,
)
from registry.reports.help.substates import substates
from registry.reports.matching import compared_for
from registry.reports.quotas import ranking
from registry.reports.years import entry_year
from registry.rules.help.after_exit import ON_REGISTER
from registry.rules.help.substates import Substate
from registry.rules.poverty import below_line
from registry.rules.procedure import Evidence, Track, Transition
from registry.rules.transitions import TRANSITIONS, find, notice_code
from registry.services.cases import open_case, take_step, take_steps
from registry.services.listing import listed_on, posted_for
from registry.views import card_page
from registry.views.listing import LEADS_TO, papers_of
from registry.views.matching.hits import shown_hits

_KINDS: Final = {"S": "bad", "M-": "bad", "K": "bad", "N": "ok", "O": "ok", "VN": "ok", "VO": "ok"}


def _case(user: User, number: str) -> Case:
    """A case of one's division with what its page names; 404 for any other."""
    return get_object_or_404(
        Case.objects.visible_to(user).select_related(
            "household", "village", "round", "division", "opened_by"
        ),
        number=number,
    )


@door("registry.view_case")
@require_GET
def case_list(request: HttpRequest) -> HttpResponse:
    """List cases: those that wait for the user, those under way, those ended."""
    user = actor(request)
    state = request.GET.get("state", "")
    state = state if state in STATES else "mine" if may(user, "registry.take_step") else "open"
    asking = CaseFilter(request.GET, cases_asked(user, state))
    rows = asking.qs.select_related("household", "division__parent", "round")
    rows = rows.annotate(last_on=Max("steps__on")).order_by("last_on", "number")
    page = page_of(rows, request.GET.get("page"), request.GET.get("size"), late=True)
    heads = _heads([case for case in page.object_list if case.household_id])
    tabs = [(label, f"?state={name}", name == state) for name, label in STATES.items()]
    context = {
        "page": page,
        "rows": [
            (
                case,
                heads.get(case.household_id or 0, ""),
                status_label(case.status),
                _KINDS.get(case.status, ""),
            )
            for case in page.object_list
        ],
        "tabs": tabs,
        "state": state,
        "filter": asking,
        "trail": card_page.trail(user.post.division_id if user.post else None, page="case_list"),
    }
    return render(request, "registry/case_list.html", context)


def _heads(cases: list[Case]) -> dict[int, str]:
    """The head's name of each case's household, by its latest card."""
    cards = HouseholdYear.objects.filter(household_id__in=[case.household_id for case in cases])
    return dict(cards.order_by("year").values_list("household_id", "head_name"))


@door("registry.view_case")
@require_GET
def case_page(request: HttpRequest, number: str) -> HttpResponse:
    """Show a case: what was done, whose turn it is and who may not, what comes next."""
    user = actor(request)
    case = _case(user, number)
    return render(request, "registry/case_page.html", _context(user, case))


def _context(user: User, case: Case) -> dict[str, Any]:
    today = timezone.localdate()
    taken = taken_steps(case)
    acts = next_acts(case, taken, user=user, today=today)
    straight = acts[0] if acts else None
    card = None
    if case.household_id is not None:
        cards = HouseholdYear.objects.filter(household_id=case.household_id)
        if case.round is not None:
            cards = cards.filter(year=case.round.income_year)
        card = cards.order_by("-year").first()
    line = _line(card)
    hung = notices_of(case)
    announced = (
        any(one.notice.kind == notice_code(case.status) for one in hung) and case.closed_on is not None
    )
    return {
        "case": case,
        "status": status_label(case.status),
        "kind": _KINDS.get(case.status, ""),
        "substate": _substate(case),
        "taken": taken,
        "file_count": sum(len(one.files) for one in taken),
        "stages": stages(case, taken),
        "acts": acts,
        "straight": straight,
        "people": who_may(case, straight.step, taken, user=user, today=today) if straight else [],
        "period": notice_period(case, taken),
        "hung": hung if may(user, "notices.view") else (),
        "may_list": case.status in LEADS_TO and not announced and may(user, "notices.draw_up"),
        "today": today,
        "card": card,
        "line": line,
        "below": card is not None
        and line is not None
        and below_line(card.net_income, card.member_count, line),
        "place": _place(user, case),
        "hits": shown_hits(case.household) if case.household and may(user, "registry.view_hits") else [],
        "trail": card_page.trail(case.division_id, page="case_list"),
    }


def _compared(step: Transition, case: Case) -> dict[str, str]:
    """What the register itself knows of the comparison with other departments' lists, where a step asks for it."""
    if Evidence.MATCHING not in step.evidence or case.household_id is None:
        return {}
    return {f"paper-{Evidence.MATCHING.value}": compared_for(case.division_id, case.household_id)}


def _substate(case: Case) -> Substate | None:
    """N1–N4 of a household that is on the register."""
    if case.household is None or case.household.status not in ON_REGISTER:
        return None
    year = case.round.year if case.round else case.opened_on.year
    return substates([case.household.pk], year)[case.household.pk]


def _line(card: HouseholdYear | None) -> Any:
    try:
        return poverty_line(card.year).amount if card else None
    except NoStandard:
        return None


def _place(user: User, case: Case) -> dict[str, Any] | None:
    """A household's place among the applicants of its village."""
    if case.track != Track.ENTRY or case.round is None:
        return None
    found = ranking(user, case.round, case.division_id)
    mine = next((row for row in found.rows if row.case.pk == case.pk), None)
    return {"row": mine, "ranking": found, "of": len(found.rows)} if mine else None


@door("registry.open_case", audit="case.open")
@require_POST
def case_open(request: HttpRequest) -> HttpResponse:
    """Open a household's or a village's case in a round and lead to it."""
    user = actor(request)
    household: Household | None = None
    village: Village | None = None
    if household_no := request.POST.get("household", ""):
        household = get_object_or_404(Household.objects.visible_to(user), household_no=household_no)
    else:
        code = request.POST.get("village", "")
        village = get_object_or_404(
            Village.objects.visible_to(user), division_id=code if code.isdigit() else 0
        )
    track = request.POST.get("track", "")
    if track not in Track.values:
        raise Http404
    asked = request.POST.get("round", "")
    in_round = Round.objects.filter(pk=int(asked)).first() if asked.isdigit() else None
    try:
        case = open_case(
            actor=user,
            household=household,
            village=village,
            track=track,
            in_round=None if track in {Track.CLEARANCE, Track.CLOSURE} else in_round,
            on=timezone.localdate(),
        )
    except StepRefused as refused:
        note(outcome=Outcome.REFUSED, reason=str(refused))
        messages.error(request, f"没有立档：{refused}")
        return (
            redirect("case_start", household_no=household.household_no)
            if household
            else redirect("case_list")
        )
    messages.success(request, f"已立档 {case.number}")
    return redirect("case_page", number=case.number)


@door("registry.view_case")
@require_GET
def case_start(request: HttpRequest, household_no: str) -> HttpResponse:
    """Lead to a household's open case, or offer those that may be opened for it as it stands."""
    user = actor(request)
    household = get_object_or_404(Household.objects.visible_to(user), household_no=household_no)
    return _offer(request, user, household)


@door("registry.view_case")
@require_GET
def case_start_village(request: HttpRequest, code: int) -> HttpResponse:
    """Lead to a village's open case, or offer those that may be opened for it as it stands."""
    user = actor(request)
    village = Village.objects.visible_to(user).filter(division_id=code).first()
    if village is not None:
        return _offer(request, user, village)
    if user.post is None or not contains(user.post.division_id, code):
        raise Http404
    messages.info(request, "该村还没有村表，填了村表才能立档")
    return redirect("village_table", code=code, year=entry_year())


def _offer(request: HttpRequest, user: User, thing: Household | Village) -> HttpResponse:
    """The page from which a case is opened, in the rounds that are open today."""
    past = (
        Case.objects.filter(household=thing)
        if isinstance(thing, Household)
        else Case.objects.filter(village=thing)
    )
    running = past.filter(closed_on__isnull=True).first()
    if running is not None:
        return redirect("case_page", number=running.number)
    today = timezone.localdate()
    rounds = list(Round.objects.filter(opens_on__lte=today, closes_on__gte=today).order_by("-year", "kind"))
    tracks = [(track, label) for track, label in Track.choices if _may_begin(track, thing.status)]
    context = {
        "household": thing if isinstance(thing, Household) else None,
        "village": thing if isinstance(thing, Village) else None,
        "status": thing.get_status_display(),
        "may_open": may(user, "registry.open_case"),
        "rounds": rounds,
        "tracks": [(track, label, track not in {Track.CLEARANCE, Track.CLOSURE}) for track, label in tracks],
        "past": past.order_by("-opened_on", "-pk"),
        "trail": card_page.trail(thing.division_id, page="case_list"),
    }
    return render(request, "registry/case_start.html", context)


def _may_begin(track: str, status: str) -> bool:
    return any(one.track == track and one.source == status and not one.system for one in TRANSITIONS)


@door("registry.take_step", audit="case.step")
@require_http_methods(["GET", "POST"])
def case_step(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """Fill in the next step and take it. `to` chooses where there are several ways."""
    user = actor(request)
    case = _case(user, number)
    target = request.GET.get("to") or request.POST.get("to") or None
    step = find(case.track, case.status, name, target)
    if step is None:
        messages.info(request, f"档案现为“{status_label(case.status)}”，不能办这一步")
        return redirect("case_page", number=number)
    today = timezone.localdate()
    taken = taken_steps(case)
    acts = {(act.step.name, act.step.target): act for act in next_acts(case, taken, user=user, today=today)}
    act = acts.get((step.name, step.target))
    if act is None or not act.mine:
        messages.info(request, "这一步不由您的岗位办理" if act else "异议办结后不能到这一步")
        return redirect("case_page", number=number)
    notice = posted_for([case], step.target) if step.opens_notice else None
    form = StepForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        step=step,
        earliest=act.earliest,
        today=today,
        initial=papers_of(notice) | _compared(step, case),
    )
    if request.method == "POST" and form.is_valid():
        try:
            take_step(actor=user, case=case, given=form.given())
        except StepRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"已办：{step.label}，现为“{status_label(case.status)}”")
            return redirect("case_page", number=number)
    context = {
        "case": case,
        "act": act,
        "unlisted": step.opens_notice and notice is None,
        "form": form,
        "status": status_label(case.status),
        "target": status_label(step.target),
        "trail": card_page.trail(case.division_id, page="case_list"),
    }
    return render(request, "registry/case_step.html", context, status=422 if form.errors else 200)


@door("registry.take_step", audit="case.batch")
@require_http_methods(["GET", "POST"])
def case_batch(request: HttpRequest, pk: int, code: int) -> HttpResponse:
    """Take one step of many cases of a village, all of a round: the same day, papers and votes."""
    user = actor(request)
    in_round = get_object_or_404(Round, pk=pk)
    if user.post is None or not contains(user.post.division_id, code):
        raise Http404
    given = request.POST if request.method == "POST" else request.GET
    status, name = given.get("status", ""), given.get("step", "")
    cases = list(
        Case.objects.visible_to(user)
        .within(code)
        .filter(round=in_round, track=Track.ENTRY, status=status, closed_on__isnull=True)
        .select_related("household", "village", "round")
        .order_by("number")
    )
    step = find(Track.ENTRY, status, name)
    if step is None or user.post.role not in step.actors or not cases:
        messages.info(request, "没有可成批办理的档案")
        return redirect(f"{reverse('round_page', args=[pk])}?division={code}")
    today = timezone.localdate()
    earliest = max(
        act.earliest
        for case in cases[:1]
        for act in next_acts(case, taken_steps(case), user=user, today=today)
        if act.step == step
    )
    notice = posted_for(cases, step.target) if step.opens_notice else None
    preferred = listed_on(notice, cases) if notice else {case.number for case in cases}
    chosen = set(request.POST.getlist("case")) if request.method == "POST" else preferred
    form = StepForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        step=step,
        earliest=earliest,
        today=today,
        initial=papers_of(notice),
    )
    refusals: list[tuple[Case, str]] = []
    if request.method == "POST" and form.is_valid():
        if not chosen:
            form.add_error(None, "请勾选要办的户")
        else:
            batch = take_steps(
                actor=user, cases=[case for case in cases if case.number in chosen], given=form.given()
            )
            refusals = list(batch.refused)
            if batch.taken:
                messages.success(request, f"已办 {len(batch.taken)} 户：{step.label}")
            if not refusals:
                return redirect(f"{reverse('round_page', args=[pk])}?division={code}")
            cases = [case for case, _ in refusals]
    places = {row.case.pk: row for row in ranking(user, in_round, code).rows}
    context = {
        "round": in_round,
        "step": step,
        "unlisted": step.opens_notice and notice is None,
        "code": code,
        "form": form,
        "cases": [(case, places.get(case.pk), case.number in chosen) for case in cases],
        "refusals": refusals,
        "status": status,
        "status_label": status_label(status),
        "target": status_label(step.target),
        "trail": card_page.trail(code, page="case_list"),
    }
    return render(
        request, "registry/case_batch.html", context, status=422 if form.errors or refusals else 200
    )


urlpatterns: list[URLPattern] = [
    path("cases/", case_list, name="case_list"),
    path("cases/open/", case_open, name="case_open"),
    path("cases/<str:number>/", case_page, name="case_page"),
    path("cases/<str:number>/<slug:name>/", case_step, name="case_step"),
    path("households/<str:household_no>/case/", case_start, name="case_start"),
    path("villages/<int:code>/case/", case_start_village, name="case_start_village"),
    path("rounds/<int:pk>/villages/<int:code>/step/", case_batch, name="case_batch"),
]
