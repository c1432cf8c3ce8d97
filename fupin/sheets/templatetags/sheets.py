"""The buttons under a list by which it is taken out as it is filtered."""

from typing import Any

from django import template
from django.urls import reverse

from fupin.accounts.permissions import may

register = template.Library()


@register.inclusion_tag("sheets/_export.html", takes_context=True)
def export_buttons(context: template.Context, kind: str, year: int) -> dict[str, Any]:
    """Return the form that asks for a list; nothing for whoever may not export."""
    request = context["request"]
    return {
        "request": request,
        "csrf_token": context["csrf_token"],
        "allowed": may(request.user, "sheets.export"),
        "export_url": reverse("export_start"),
        "kind": kind,
        "year": year,
        "query": request.GET.urlencode(),
    }
