"""The inbox: what one was told, and that one knows it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from fupin.accounts.doors import actor, door
from fupin.deadlines.forms.filters import ReminderFilter
from fupin.deadlines.models import Reminder
from fupin.deadlines.rules import Stage, day_of
from fupin.deadlines.services.acknowledging import acknowledge
from fupin.deadlines.views.shown import shown
from fupin.lib.paging import page_of

_DIGITS = 18


@door("deadlines.be_reminded")
@require_GET
def reminder_list(request: HttpRequest) -> HttpResponse:
    """List what one was told and has not taken note of, the most pressing first; with ``state`` the rest."""
    today = day_of(timezone.now())
    asked = request.GET or QueryDict("state=waiting")
    mine = Reminder.objects.of(actor(request)).select_related("clock__division", "division")
    asking = ReminderFilter(asked, mine)
    page = page_of(
        asking.qs.order_by("due_on", "pk"), request.GET.get("page"), request.GET.get("size") or "50"
    )
    context = {
        "filter": asking,
        "page": page,
        "rows": [(one, Stage(one.stage).label, shown(one.clock, today)) for one in page.object_list],
        "some_wait": any(one.acknowledged_at is None for one in page.object_list),
        "today": today,
    }
    return render(request, "deadlines/reminder_list.html", context)


@door("deadlines.be_reminded", audit="deadlines.acknowledge")
@require_POST
def reminder_acknowledge(request: HttpRequest) -> HttpResponse:
    """Take note of one reminder or of a page of them."""
    asked = [
        int(one)
        for one in request.POST.getlist("reminder")
        if one.isascii() and one.isdigit() and len(one) <= _DIGITS
    ]
    count = acknowledge(actor=actor(request), reminders=asked, at=timezone.now())
    messages.success(request, f"已知悉 {count} 条；时限照走，办结后自动消失")
    return redirect("reminder_list")
