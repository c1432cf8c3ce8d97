"""What was done and what was opened, as the log administrator reads it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from fupin.accounts.doors import door
from fupin.accounts.forms.filters import AccessFilter, AuditFilter
from fupin.accounts.models import AuditRecord
from fupin.accounts.permissions import words_of
from fupin.accounts.reports import accesses
from fupin.accounts.services.access import MANY
from fupin.accounts.views.answers import page_of


@door("accounts.view_audit")
@require_GET
def audit_list(request: HttpRequest) -> HttpResponse:
    """List the acts, the latest first."""
    rows = AuditRecord.objects.select_related("user", "post__division").order_by("-at", "-pk")
    found = AuditFilter(request.GET, rows)
    page = page_of(request, found.qs)
    for record in page:
        record.words = words_of(record.action)
    return render(request, "accounts/audit_list.html", {"filter": found, "page": page})


@door("accounts.view_audit")
@require_GET
def access_list(request: HttpRequest) -> HttpResponse:
    """List who opened sealed values and why, marking those who did so unusually often."""
    found = AccessFilter(request.GET, accesses().order_by("-at", "-pk"))
    context = {"filter": found, "page": page_of(request, found.qs), "limit": MANY}
    return render(request, "accounts/access_list.html", context)
