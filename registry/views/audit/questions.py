"""The saved questions, each with its definition, its parameters, how many rows it has and which."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_GET

from fupin.accounts.doors import actor, door
from fupin.accounts.models import User
from fupin.lib.paging import page_of
from registry.forms.audit import QuestionForm
from registry.forms.filters import in_division
from registry.reports.audit import QUESTIONS
from registry.reports.audit.questions import Asked, Group, Question, is_local
from registry.reports.audit.subjects import SHAPES, resource_of, shaped
from registry.reports.years import years_on_file
from registry.views import card_page
from registry.views.audit.asking import place_asked, year_asked

MANY = 1000
"""So many rows are counted on the page of all questions, and said as «1,000 以上»."""


def _asked(user: User, year: int, question: Question, values: dict[str, int] | None = None) -> Asked:
    return Asked(user, year, timezone.localdate(), values or question.defaults())


@door("registry.audit")
@require_GET
def audit_questions(request: HttpRequest) -> HttpResponse:
    """List the questions; of a county or less with the number of rows that each has with its parameters as they stand."""
    user, year, here = actor(request), year_asked(request), place_asked(request)
    counts = here is not None and is_local(here.pk)
    groups = []
    for group in Group:
        lines = []
        for question in QUESTIONS.values():
            if question.group == group:
                count = None
                if here is not None and counts:
                    found = in_division(question.rows(_asked(user, year, question)), str(here.pk)).order_by()
                    count = found.values("pk")[: MANY + 1].count()
                lines.append((question, count if count is None else min(count, MANY), (count or 0) > MANY))
        groups.append((group.label, lines))
    context = {
        "groups": groups,
        "counts": counts,
        "here": here,
        "division": str(here.pk) if here and request.GET.get("division") else "",
        "year": year,
        "years": years_on_file(),
        "trail": card_page.trail(here.pk if here else None, page="audit_questions"),
    }
    return render(request, "registry/audit_questions.html", context)


@door("registry.audit")
@require_GET
def audit_question(request: HttpRequest, code: str) -> HttpResponse:
    """Show a question's definition, its parameters, and its rows page by page."""
    question = QUESTIONS.get(code)
    if question is None:
        raise Http404
    user, year, here = actor(request), year_asked(request), place_asked(request)
    form = QuestionForm(request.GET, question=question)
    rows = question.rows(_asked(user, year, question, form.values()))
    narrow = question.local and (here is None or not is_local(here.pk))
    rows = rows.none() if narrow or here is None else in_division(rows, str(here.pk))
    page = page_of(shaped(question, rows), request.GET.get("page"), request.GET.get("size"))
    resource = resource_of(question)
    shape = SHAPES[question.subject]
    chosen = bool(request.GET.get("division")) and here is not None
    context: dict[str, Any] = {
        "question": question,
        "form": form,
        "heads": [(column.heading, column.decimals is not None) for column in resource.columns],
        "rows": [
            (shape.url(row), _cells(resource.export_resource(row), resource)) for row in page.object_list
        ],
        "page": page,
        "noun": question.subject.label,
        "narrow": narrow,
        "year": year,
        "years": years_on_file(),
        "division": str(here.pk) if chosen and here else "",
        "division_label": here.path_name if chosen and here else "",
        "trail": card_page.trail(here.pk if here else None, page="audit_questions"),
    }
    return render(request, "registry/audit_question.html", context)


def _cells(cells: list[Any], resource: Any) -> list[tuple[Any, int | None]]:
    """Return each cell with the decimals of its column, None where it is no number."""
    return [(cell, column.decimals) for cell, column in zip(cells, resource.columns, strict=True)]


urlpatterns: list[URLPattern] = [
    path("audit/", audit_questions, name="audit_questions"),
    path("audit/questions/<slug:code>/", audit_question, name="audit_question"),
]
