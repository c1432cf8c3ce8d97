"""How pages of the further ledgers act: a form on a page of its own, sent once however often, refusals at their fields."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render

from funds.errors import FundsError, MoneyRefused
from registry.views import card_page


def new_key() -> str:
    """Return the key that a form carries so that it is entered once."""
    return uuid4().hex


def file(
    request: HttpRequest,
    form: forms.Form,
    do: Callable[[dict[str, Any]], object],
    *,
    title: str,
    back: str,
    said: str,
    hint: str = "",
    division: int | None = None,
    fields: Mapping[str, str] | None = None,
) -> HttpResponse:
    """Show a form; when it is sent, carry the act out and lead back, or say at its field why it was refused.

    ``fields`` says where a refusal stands whose field the form calls otherwise.
    """
    if request.method == "POST" and form.is_valid():
        try:
            do(form.cleaned_data)
        except MoneyRefused as refused:
            for name, text in refused.fields.items():
                here = (fields or {}).get(name, name)
                form.add_error(here if here in form.fields else None, text)
        except FundsError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, said)
            return HttpResponseRedirect(back)
    context = {
        "title": title,
        "form": form,
        "back": back,
        "hint": hint,
        "trail": [*card_page.trail(division), {"label": title, "url": ""}],
    }
    return render(request, "funds/ledger_act.html", context, status=422 if form.errors else 200)


def sent(request: HttpRequest) -> QueryDict | None:
    """Return what was sent, an empty form too; nothing while the form is only shown."""
    return request.POST if request.method == "POST" else None


def as_of(request: HttpRequest) -> date | None:
    """Return the day as of which a page is asked for; None for now, or for what is no day."""
    try:
        return date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return None
