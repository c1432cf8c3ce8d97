"""The calendar of one's deadlines, for programs that fetch it by a secret address."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from fupin.accounts.doors import actor, door
from fupin.accounts.scope import leave_scope
from fupin.deadlines.ics import calendar
from fupin.deadlines.models import CalendarAddress
from fupin.deadlines.reports import calendar_of
from fupin.deadlines.rules import day_of
from fupin.deadlines.services.calendars import close_address, owner_of, renew_address


@door("deadlines.be_reminded")
@require_GET
def calendar_address(request: HttpRequest) -> HttpResponse:
    """Say whether one's calendar has an address, and what it gives."""
    address = CalendarAddress.objects.filter(user=actor(request), closed_at__isnull=True).first()
    return render(request, "deadlines/calendar_address.html", {"address": address, "secret_url": ""})


@door("deadlines.be_reminded", audit="deadlines.renew_calendar")
@never_cache
@require_POST
def calendar_renew(request: HttpRequest) -> HttpResponse:
    """Draw a new address; it is shown on the answer and nowhere else."""
    secret = renew_address(actor=actor(request), at=timezone.now())
    address = CalendarAddress.objects.get(user=actor(request))
    secret_url = request.build_absolute_uri(reverse("calendar_file", args=[secret]))
    return render(request, "deadlines/calendar_address.html", {"address": address, "secret_url": secret_url})


@door("deadlines.be_reminded", audit="deadlines.close_calendar")
@require_POST
def calendar_close(request: HttpRequest) -> HttpResponse:
    """Let the address answer no more."""
    close_address(actor=actor(request), at=timezone.now())
    messages.success(request, "日历地址已停用")
    return redirect("calendar_address")


@door(None, open=True)
@never_cache
@require_safe
def calendar_file(request: HttpRequest, secret: str) -> HttpResponse:
    """Give the calendar to whoever knows the address: days and titles, no name, no household."""
    owner = owner_of(secret)
    if owner is None:
        raise Http404
    now = timezone.now()
    try:
        days = calendar_of(owner, day_of(now))
    finally:
        leave_scope()
    answer = HttpResponse(
        calendar(days, name=f"时限 · {owner.full_name}", now=now), content_type="text/calendar; charset=utf-8"
    )
    answer["Content-Disposition"] = 'inline; filename="deadlines.ics"'
    return answer
