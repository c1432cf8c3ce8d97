"""What the pages of money share: an act that may be refused, the way back, and where one stands."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from funds.errors import FundsError, NotComplete
from fupin.accounts.permissions import Refused
from fupin.divisions.models import Division


def told(request: HttpRequest, act: Callable[[], object], *, done: str, back: str) -> HttpResponse:
    """Do an act of one button, say what came of it, and go back to the page."""
    try:
        act()
    except FundsError as refused:
        messages.error(request, in_words(refused))
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, done)
    return redirect(back)


def in_words(refused: FundsError) -> str:
    """Return a refusal in words; counties by their names."""
    if not isinstance(refused, NotComplete):
        return str(refused)
    names = dict(Division.objects.filter(pk__in=refused.missing).values_list("pk", "name"))
    lines = (f"{names.get(code, code)}{'、'.join(what)}" for code, what in sorted(refused.missing.items()))
    return "补齐前不得定案：" + "；".join(lines)


def trail(*steps: tuple[str, str]) -> list[dict[str, str]]:
    """Return the breadcrumb of a page of money: its list, then what is given."""
    return [
        {"label": "指标与分配", "url": reverse("appropriation_list")},
        *({"label": label, "url": url} for label, url in steps),
    ]
