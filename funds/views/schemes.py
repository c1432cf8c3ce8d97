"""The allotment workbench: schemes side by side, their weights, grades, submission, approval and issue."""

from decimal import Decimal
from typing import Any

from django.apps import apps
from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from funds.codes.allotment import SchemeStatus
from funds.errors import FundsError, MoneyRefused
from funds.forms.documents import IssueForm
from funds.forms.schemes import GradeForm, SchemeForm, WeightsForm
from funds.models import Appropriation, FactorKind, Scheme, SchemeShare
from funds.reports.passing import due_of
from funds.reports.scheme import previous_of, reckon
from funds.reports.workbench import by_head, county_rows
from funds.services import schemes
from funds.services.allotments import issue_scheme
from funds.views.acting import in_words, told, trail
from fupin.accounts.doors import actor, door
from fupin.accounts.models import User
from fupin.accounts.permissions import may
from fupin.divisions.codes import Level
from fupin.divisions.models import Division

OPEN = frozenset({SchemeStatus.DRAFT, SchemeStatus.RETURNED})


def _scheme(user: User, pk: int) -> Scheme:
    return get_object_or_404(
        Scheme.objects.visible_to(user).select_related(
            "appropriation", "entered_by", "approved_by", "previous__appropriation", "copied_from"
        ),
        pk=pk,
    )


def _trail(scheme: Scheme, *more: tuple[str, str]) -> list[dict[str, str]]:
    document = scheme.appropriation
    return trail(
        (document.number, reverse("appropriation_page", args=[document.pk])),
        (str(scheme), reverse("scheme_page", args=[scheme.pk])),
        *more,
    )


@door("funds.draft_scheme", audit="funds.draft_scheme")
@require_http_methods(["GET", "POST"])
def scheme_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Draft a scheme of a document."""
    user = actor(request)
    document = get_object_or_404(Appropriation.objects.visible_to(user), pk=pk)
    kinds = list(FactorKind.objects.order_by("place", "pk"))
    initial: dict[str, Any] = {"name": "A", "year": document.fiscal_year - 1}
    earlier = previous_of(Scheme(appropriation=document))
    for row in earlier.weights.select_related("kind") if earlier else ():
        initial[f"weight-{row.kind.code}"] = row.weight.normalize()
    form = SchemeForm(request.POST if request.method == "POST" else None, kinds=kinds, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            drafted = schemes.draft(
                actor=user,
                document=document,
                given=schemes.Given(
                    name=given["name"],
                    year=given["year"],
                    weights_document=given["weights_document"],
                    weights=form.weights,
                    counties=_counties(given["which"]),
                    bonus_yuan=given["bonus_yuan"] or Decimal(0),
                    unit_yuan=Decimal(given["unit_yuan"]),
                ),
            )
        except MoneyRefused as refused:
            form.refused(refused)
        else:
            return redirect("scheme_page", pk=drafted.pk)
    context = {
        "form": form,
        "trail": trail((document.number, reverse("appropriation_page", args=[pk])), ("新方案", "")),
    }
    return render(request, "funds/scheme_new.html", context, status=422 if form.errors else 200)


def _counties(which: str) -> list[int]:
    wanted = Q(county_profile__is_national_poor=True)
    if which == "ALL_KEY":
        wanted |= Q(county_profile__is_provincial_key=True)
    found = Division.objects.filter(wanted, level=Level.COUNTY).order_by("code")
    return list(found.values_list("code", flat=True))


@door("funds.view_money")
@require_GET
def scheme_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a scheme on the workbench, another of the same document beside it."""
    user = actor(request)
    return _workbench(request, user, _scheme(user, pk))


def _workbench(
    request: HttpRequest, user: User, scheme: Scheme, wrong: WeightsForm | None = None
) -> HttpResponse:
    others = list(
        Scheme.objects.visible_to(user)
        .filter(appropriation=scheme.appropriation_id)
        .exclude(pk=scheme.pk)
        .select_related("appropriation", "previous__appropriation")
        .order_by("pk")
    )
    asked = request.GET.get("beside", "")
    beside = next((one for one in others if str(one.pk) == asked), others[0] if others else None)
    found = reckon(scheme)
    other = reckon(beside) if beside else None
    today = timezone.localdate()
    due = due_of(scheme.appropriation)
    may_draft = may(user, "funds.draft_scheme")
    rows = county_rows(found, other)
    context = {
        "scheme": scheme,
        "document": scheme.appropriation,
        "found": found,
        "beside": beside,
        "other": other,
        "others": others,
        "factors": _factor_lines(found, other, scheme.previous),
        "rows": rows,
        "missing": [(row.county.name, "、".join(row.missing)) for row in rows if row.missing],
        "lent": bool(found.lent),
        "by_head": by_head(found),
        "by_head_other": by_head(other) if other else "",
        "more": sum(1 for row in rows if (row.difference or 0) > 0),
        "less": sum(1 for row in rows if (row.difference or 0) < 0),
        "form": wrong or _weights_form(scheme, found.weights),
        "due": due,
        "days_left": (due - today).days if due else None,
        "may_change": may_draft and scheme.status in OPEN,
        "may_submit": may_draft and scheme.status in OPEN,
        "may_copy": may_draft,
        "may_decide": may(user, "funds.approve_scheme")
        and scheme.status == SchemeStatus.SUBMITTED
        and scheme.entered_by_id != user.pk,
        "may_issue": may(user, "funds.issue_allotment")
        and scheme.status == SchemeStatus.APPROVED
        and SchemeShare.objects.filter(scheme=scheme, allotment__isnull=True).exists(),
        "events": _events(scheme),
        "next_name": _next_name([scheme, *others]),
        "trail": [*_trail(scheme)[:-1], {"label": str(scheme), "url": ""}],
    }
    return render(request, "funds/scheme_page.html", context, status=422 if wrong else 200)


def _weights_form(scheme: Scheme, weights: Any) -> WeightsForm:
    initial = {f"weight-{row.kind.code}": f"{row.weight.normalize():f}" for row in weights}
    initial |= {"weights_document": scheme.weights_document, "bonus_yuan": scheme.bonus_yuan}
    return WeightsForm(scheme=scheme, kinds=[row.kind for row in weights], initial=initial)


def _factor_lines(found: Any, other: Any, previous: Scheme | None) -> list[dict[str, Any]]:
    """Return the factors with their weights here, beside and last year, and how many counties have a figure."""
    theirs = {row.kind.code: row.weight for row in other.weights} if other else {}
    past = {row.kind.code: row.weight for row in previous.weights.select_related("kind")} if previous else {}
    lines = []
    for place, weight in enumerate(found.weights):
        code = weight.kind.code
        rows = [
            row for (of, county), row in found.rows.items() if of == code and (of, county) not in found.lent
        ]
        lines.append(
            {
                "place": place,
                "kind": weight.kind,
                "field": f"weight-{code}",
                "weight": weight.weight,
                "width": round(weight.weight * 44, 1),
                "beside": theirs.get(code),
                "before": past.get(code),
                "data_on": max((row.data_on for row in rows), default=None),
                "sources": "、".join(sorted({row.source for row in rows})),
                "known": len(rows),
            }
        )
    return lines


def _events(scheme: Scheme) -> list[Any]:
    """Return the latest changes of weights, each with who made it and when."""
    history: Any = apps.get_model("funds", "SchemeWeightEvent")
    changed = history._default_manager.filter(scheme=scheme.pk, pgh_label="update")
    return list(changed.select_related("kind", "changed_by").order_by("-pgh_id")[:5])


def _next_name(taken: list[Scheme]) -> str:
    names = {one.name for one in taken}
    return next((letter for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if letter not in names), "")


@door("funds.draft_scheme", audit="funds.change_scheme")
@require_POST
def scheme_weights(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a draft's weights by a document."""
    user = actor(request)
    scheme = _scheme(user, pk)
    kinds = [row.kind for row in scheme.weights.select_related("kind").order_by("kind__place", "kind_id")]
    form = WeightsForm(request.POST, scheme=scheme, kinds=kinds)
    if form.is_valid():
        try:
            schemes.change(
                actor=user,
                scheme=scheme,
                weights=form.weights,
                weights_document=form.cleaned_data["weights_document"],
                bonus_yuan=form.cleaned_data["bonus_yuan"] or Decimal(0),
            )
        except MoneyRefused as refused:
            form.refused(refused)
        else:
            messages.success(request, "已重新试算")
            return redirect("scheme_page", pk=pk)
    return _workbench(request, user, scheme, wrong=form)


@door("funds.draft_scheme", audit="funds.copy_scheme")
@require_POST
def scheme_copy(request: HttpRequest, pk: int) -> HttpResponse:
    """Copy a scheme beside it."""
    user = actor(request)
    scheme = _scheme(user, pk)
    try:
        made = schemes.copy(actor=user, scheme=scheme, name=request.POST.get("name", "").strip()[:30])
    except FundsError as refused:
        messages.error(request, in_words(refused))
        return redirect("scheme_page", pk=pk)
    return redirect(f"{reverse('scheme_page', args=[made.pk])}?beside={pk}")


@door("funds.draft_scheme", audit="funds.grade_county")
@require_http_methods(["GET", "POST"])
def scheme_grade(request: HttpRequest, pk: int, code: int) -> HttpResponse:
    """Say a county's grade by the document of its assessment, for the bonus."""
    user = actor(request)
    scheme = _scheme(user, pk)
    row = get_object_or_404(scheme.counties.select_related("county"), county=code)
    initial = {"grade": row.grade, "is_barred": row.is_barred, "grade_document": row.grade_document}
    form = GradeForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            schemes.grade(actor=user, scheme=scheme, county=code, **form.cleaned_data)
        except MoneyRefused as refused:
            form.refused(refused)
        else:
            return redirect("scheme_page", pk=pk)
    context = {
        "form": form,
        "county": row.county,
        "scheme": scheme,
        "trail": _trail(scheme, (row.county.name, "")),
    }
    return render(request, "funds/scheme_grade.html", context, status=422 if form.errors else 200)


@door("funds.draft_scheme", audit="funds.submit_scheme")
@require_POST
def scheme_submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Submit a complete scheme to a second person."""
    user = actor(request)
    scheme = _scheme(user, pk)
    return told(
        request,
        lambda: schemes.submit(actor=user, scheme=scheme),
        done="已提交，由省扶贫办另一人复核",
        back=reverse("scheme_page", args=[pk]),
    )


@door("funds.approve_scheme", audit="funds.decide_scheme")
@require_POST
def scheme_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Settle a submitted scheme or give it back."""
    user = actor(request)
    scheme = _scheme(user, pk)
    opinion = request.POST.get("opinion", "")[:300]
    settling = request.POST.get("decision") == "settle"
    step = schemes.settle if settling else schemes.send_back
    return told(
        request,
        lambda: step(actor=user, scheme=scheme, opinion=opinion),
        done="已定案，各县金额及依据已写定" if settling else "已退回",
        back=reverse("scheme_page", args=[pk]),
    )


@door("funds.issue_allotment", audit="funds.issue")
@require_http_methods(["GET", "POST"])
def scheme_issue(request: HttpRequest, pk: int) -> HttpResponse:
    """Issue an approved scheme's amounts to its counties, with tasks and whoever answers for them."""
    user = actor(request)
    scheme = _scheme(user, pk)
    shares = list(
        SchemeShare.objects.visible_to(user)
        .filter(scheme=scheme, allotment__isnull=True)
        .select_related("division")
        .order_by("division_id")
    )
    form = IssueForm(
        request.POST if request.method == "POST" else None, counties=[share.division for share in shares]
    )
    if request.method == "POST" and form.is_valid():
        try:
            issued = issue_scheme(
                actor=user,
                scheme=scheme,
                document_no=form.cleaned_data["document_no"],
                on=form.cleaned_data["on"],
                tasks=form.cleaned_data["tasks"],
                answerable=form.answerable,
            )
        except MoneyRefused as refused:
            form.refused(refused)
        else:
            messages.success(request, f"已下达到 {len(issued)} 个县")
            return redirect("appropriation_page", pk=scheme.appropriation_id)
    context = {"form": form, "scheme": scheme, "shares": shares, "trail": _trail(scheme, ("下达", ""))}
    return render(request, "funds/scheme_issue.html", context, status=422 if form.errors else 200)


urlpatterns: list[URLPattern] = [
    path("documents/<int:pk>/scheme/", scheme_new, name="scheme_new"),
    path("schemes/<int:pk>/", scheme_page, name="scheme_page"),
    path("schemes/<int:pk>/weights/", scheme_weights, name="scheme_weights"),
    path("schemes/<int:pk>/copy/", scheme_copy, name="scheme_copy"),
    path("schemes/<int:pk>/grades/<int:code>/", scheme_grade, name="scheme_grade"),
    path("schemes/<int:pk>/submit/", scheme_submit, name="scheme_submit"),
    path("schemes/<int:pk>/decide/", scheme_decide, name="scheme_decide"),
    path("schemes/<int:pk>/issue/", scheme_issue, name="scheme_issue"),
]
