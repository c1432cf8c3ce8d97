"""Bulk prints of a village or township: what there is to print, asked for as a job, what was printed before."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_GET, require_http_methods

from fupin.accounts.audit import note
from fupin.accounts.doors import actor, door
from fupin.accounts.models import User
from fupin.divisions.codes import Level, contains, level_of
from fupin.divisions.models import Division
from fupin.jobs.errors import AlreadyUnderWay
from fupin.jobs.services.asking import ask_for
from fupin.sheets.approvals import ask_for_document
from fupin.sheets.forms import ReasonForm
from fupin.sheets.models import MOST_UNAPPROVED
from registry.models import HouseholdYear
from registry.reports.on_register import on_register
from registry.reports.printed import files_of
from registry.reports.years import entry_year, years_on_file
from registry.services.printing import CARDS, MOST_CARDS, PERMISSION, REGISTER, people_to_print
from registry.views import card_page


def _division(user: User, code: int) -> Division:
    """The village or township that is printed; 404 outside one's own division."""
    if user.post is None or not contains(user.post.division_id, code):
        raise Http404
    return get_object_or_404(Division, pk=code, level__gte=Level.TOWNSHIP)


@door(PERMISSION)
@require_GET
def print_choose(request: HttpRequest) -> HttpResponse:
    """Choose a township or village by typing its name; one's own township is opened at once."""
    user = actor(request)
    own = user.post.division_id if user.post else 0
    asked = request.GET.get("division", "")
    if asked.isdigit() and len(asked) == 12 and int(asked) % 10**6:
        return redirect("print_batch", code=int(asked), year=entry_year())
    if not asked and own and level_of(own) >= Level.TOWNSHIP:
        return redirect("print_batch", code=own, year=entry_year())
    context = {
        "asked": asked not in {"", "0"},
        "trail": card_page.trail(own or None, page="print_choose"),
    }
    return render(request, "registry/print_choose.html", context)


@door(PERMISSION, audit="print.batch", proof=True)
@require_http_methods(["GET", "POST"])
def print_batch(request: HttpRequest, code: int, year: int) -> HttpResponse:
    """Show what a village or township can be printed as, and ask for it."""
    user = actor(request)
    division = _division(user, code)
    is_township = level_of(code) == Level.TOWNSHIP
    if request.method == "POST":
        return _ask(request, user, division, year, is_township=is_township)
    cards = HouseholdYear.objects.visible_to(user).within(code).filter(year=year)
    context = {
        "division": division,
        "year": year,
        "years": years_on_file(),
        "is_township": is_township,
        "cards": cards.filter(on_register(year)).count(),
        "others": cards.exclude(on_register(year)).count(),
        "most": MOST_CARDS,
        "files": files_of(user, code, year, kinds=(CARDS, REGISTER))[:10],
        "trail": card_page.trail(code, page="print_choose"),
    }
    return render(request, "registry/print_batch.html", context)


def _ask(
    request: HttpRequest, user: User, division: Division, year: int, *, is_township: bool
) -> HttpResponse:
    kind = REGISTER if request.POST.get("what") == "register" and is_township else CARDS
    what = "镇册" if kind == REGISTER else "户卡"
    return start_or_ask(
        request,
        kind=kind,
        permission=PERMISSION,
        arguments={"division": division.pk, "year": year},
        division=division,
        title=f"{year} 年度{what}（{division.name}）",
        filters={"年度": str(year), "区划": division.path_name},
        persons=people_to_print(division.pk, year),
        back=reverse("print_batch", args=[division.pk, year]),
    )


def start_or_ask(
    request: HttpRequest,
    *,
    kind: str,
    permission: str,
    arguments: Mapping[str, Any],
    division: Division,
    title: str,
    filters: Mapping[str, str],
    persons: int,
    back: str,
) -> HttpResponse:
    """Have a document bound in the background; about more than 500 people, ask a second person first (security.md row 24)."""
    user = actor(request)
    note(division=division.pk, detail={"kind": kind, "persons": persons})
    if persons > MOST_UNAPPROVED:
        form = ReasonForm(request.POST if "reason" in request.POST else None)
        if not form.is_valid():
            context = {
                "form": form,
                "title": title,
                "persons": persons,
                "most": MOST_UNAPPROVED,
                "what": request.POST.get("what", ""),
                "back": back,
                "trail": card_page.trail(division.pk, page="print_choose"),
            }
            return render(request, "registry/print_ask.html", context, status=422 if form.errors else 200)
        approval = ask_for_document(
            actor=user,
            permission=permission,
            asked={**arguments, "kind": kind, "format": "pdf"},
            division=division.pk,
            title=title,
            filters=filters,
            persons=persons,
            reason=form.cleaned_data["reason"],
        )
        messages.success(request, "已提交审批；批准后回到这里打印")
        return redirect("export_approval", approval.pk)
    key = "/".join(str(value) for value in arguments.values())
    try:
        job = ask_for(
            kind=kind, key=f"{kind}/{user.pk}/{key}", title=f"打印 {title}", arguments=arguments, actor=user
        )
    except AlreadyUnderWay as error:
        messages.info(request, str(error))
        return redirect(back)
    note(object_key=f"job:{job.pk}")
    return redirect("job_detail", job.pk)


urlpatterns: list[URLPattern] = [
    path("prints/", print_choose, name="print_choose"),
    path("prints/<int:code>/<int:year>/", print_batch, name="print_batch"),
]
