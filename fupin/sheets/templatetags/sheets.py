"""The buttons under a list by which it is taken out as it is filtered."""

from typing import Any

from django import template
from django.urls import reverse

from fupin.accounts.permissions import may

register = template.Library()


@register.inclusion_tag("sheets/_export.html", takes_context=True)
def export_buttons(
    context: template.Context, kind: str, year: int | None = None, **more: object
) -> dict[str, Any]:
    """Return the form that asks for a list; nothing for whoever may not export.

    `more` is what the page's address says otherwise than by its query, such as the round whose page it is.
    """
    request = context["request"]
    query = request.GET.copy()
    query.update({name: str(value) for name, value in more.items()})
    return {
        "request": request,
        "csrf_token": context["csrf_token"],
        "allowed": may(request.user, "sheets.export"),
        "export_url": reverse("export_start"),
        "kind": kind,
        "year": year or "",
        "query": query.urlencode(),
    }
