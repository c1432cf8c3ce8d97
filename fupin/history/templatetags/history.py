"""What a page shows of the day that it looks back to; nothing of it stands on a page of the present."""

from typing import Any

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from fupin.history.looking import ASKED_BY, FIRST_DAY, day_of, present_address

register = template.Library()


@register.inclusion_tag("history/_banner.html", takes_context=True)
def as_of_banner(context: template.Context) -> dict[str, Any]:
    """Return the line that says which day a page shows, with the way back to the present."""
    request = context.get("request")
    if request is None or (day := day_of(request)) is None:
        return {"day": None, "present_url": ""}
    return {"day": day, "present_url": present_address(request)}


@register.inclusion_tag("history/_choice.html", takes_context=True)
def as_of_choice(context: template.Context) -> dict[str, Any]:
    """Return the box in which a page is asked for another day; what it is asked besides stays."""
    request = context["request"]
    kept = [(name, value) for name, values in request.GET.lists() for value in values]
    return {
        "day": day_of(request),
        "name": ASKED_BY,
        "first": FIRST_DAY,
        "today": timezone.localdate(),
        "kept": [(name, value) for name, value in kept if name not in {ASKED_BY, "page"}],
    }


@register.simple_tag(takes_context=True)
def as_of_query(context: template.Context, lead: str = "?") -> SafeString:
    """Return `?as_of=2014-06-30` for the links of a page that looks back, nothing for those of the present."""
    day = day_of(context["request"])
    return mark_safe(f"{lead}{ASKED_BY}={day.isoformat()}" if day else "")  # noqa: S308  (a date)


@register.inclusion_tag("history/_field.html", takes_context=True)
def as_of_field(context: template.Context) -> dict[str, Any]:
    """Return the hidden field that keeps the day in a form of filters."""
    return {"day": day_of(context["request"]), "name": ASKED_BY}
