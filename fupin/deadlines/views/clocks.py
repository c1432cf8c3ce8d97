"""The list of clocks, and one clock with whom it was told to."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from fupin.accounts.doors import actor, door
from fupin.deadlines.forms.filters import ClockFilter
from fupin.deadlines.models import Clock, Reminder
from fupin.deadlines.rules import day_of
from fupin.deadlines.views.shown import shown
from fupin.lib.paging import page_of


@door("deadlines.view")
@require_GET
def deadline_list(request: HttpRequest) -> HttpResponse:
    """List clocks as they are asked for, the first to run out on top."""
    user, today = actor(request), day_of(timezone.now())
    clocks = Clock.objects.visible_to(user).select_related("division", "at", "user")
    asking = ClockFilter(request.GET, clocks.order_by("due_on", "pk"), user=user, today=today)
    ordering = asking.qs.query.order_by
    page = page_of(
        asking.qs.order_by(*ordering, "pk"), request.GET.get("page"), request.GET.get("size") or "50"
    )
    context = {
        "filter": asking,
        "page": page,
        "rows": [shown(clock, today) for clock in page.object_list],
        "today": today,
    }
    part = request.headers.get("HX-Target") == "rows"
    template = "deadlines/_clock_rows.html" if part else "deadlines/deadline_list.html"
    return render(request, template, context)


@door("deadlines.view")
@require_GET
def deadline_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a clock: since when, until when, on which word, whose, and who was told what."""
    today = day_of(timezone.now())
    clocks = Clock.objects.visible_to(actor(request)).select_related("division", "at", "user")
    clock = get_object_or_404(clocks, pk=pk)
    told = Reminder.objects.filter(clock=clock).select_related("user").order_by("-day", "-pk")
    page = page_of(told, request.GET.get("page"))
    context = {"clock": clock, "line": shown(clock, today), "page": page, "today": today}
    return render(request, "deadlines/deadline_detail.html", context)
