"""Two days compared: which households came onto the list between them, which left it, which were changed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_GET

from fupin.accounts.doors import actor, door
from fupin.lib.paging import page_of
from registry.forms.audit import BetweenForm
from registry.reports.audit.changes import Between, Turn, Whole, households, told
from registry.reports.audit.questions import is_local
from registry.reports.years import years_on_file
from registry.views import card_page
from registry.views.audit.asking import place_asked, year_asked


@door("registry.audit")
@require_GET
def audit_changes(request: HttpRequest) -> HttpResponse:
    """Show the households of one turn page by page, how they stood on either day and what was changed; how many took each turn."""
    user, year, here = actor(request), year_asked(request), place_asked(request)
    form = BetweenForm(request.GET, today=timezone.localdate())
    asked_turn = request.GET.get("turn", "")
    turn = Turn(asked_turn) if asked_turn in Turn.values else Turn.ENTERED
    chosen = bool(request.GET.get("division")) and here is not None
    context = {
        "form": form,
        "turn": turn,
        "local": here is not None and is_local(here.pk),
        "year": year,
        "years": years_on_file(),
        "division": str(here.pk) if chosen and here else "",
        "division_label": here.path_name if chosen and here else "",
        "trail": card_page.trail(here.pk if here else None, page="audit_questions"),
    }
    if context["local"] and here is not None and form.is_valid():
        given = form.cleaned_data
        between = Between(user, here.pk, year, given["since"], given["until"], Whole(given["whole"]))
        pages = {
            one: page_of(households(between, one), request.GET.get("page"), request.GET.get("size"))
            for one in Turn
        }
        context |= {
            "between": between,
            "page": pages[turn],
            "tabs": [
                (one, pages[one].paginator.said, one is turn)  # type: ignore[attr-defined]  # of CappedPaginator
                for one in Turn
            ],
            "rows": list(told(between, pages[turn].object_list)),
        }
    return render(request, "registry/audit_changes.html", context, status=422 if form.errors else 200)


urlpatterns: list[URLPattern] = [path("audit/changes/", audit_changes, name="audit_changes")]
