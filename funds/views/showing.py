"""How pages of a county's money act: a form on a page of its own, refusals at their fields, 409 for whoever comes second."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from funds.errors import AlreadyDecided, FundsError, MoneyRefused
from fupin.accounts.models import User
from fupin.divisions.codes import Level, level_of
from fupin.divisions.models import Division
from fupin.lib.money import grouped
from registry.views import card_page
from registry.views.help.showing import Cell


def linked(amount: Decimal | None, url: str) -> Cell:
    """Return an amount in yuan that opens its rows; a dash where there is none."""
    if not amount:
        return Cell(None, written="yuan")
    return Cell(grouped(amount), url=url, written="yuan")


def put_errors(form: forms.Form, fields: Mapping[str, str]) -> None:
    """Put refusals at their fields; those of no field of this form stand above it."""
    for name, text in fields.items():
        form.add_error(name if name in form.fields else None, text)


def money_act(
    request: HttpRequest,
    form: forms.Form,
    do: Callable[[dict[str, Any]], object],
    *,
    title: str,
    back: str,
    said: str,
    hint: str = "",
    division: int | None = None,
    lead: Callable[[Any], str] | None = None,
) -> HttpResponse:
    """Show a form; when it is sent, carry the act out and lead on, or say at its field why it was refused (409: somebody was faster)."""
    status = HTTPStatus.OK
    if request.method == "POST" and form.is_valid():
        try:
            done = do(form.cleaned_data)
        except AlreadyDecided as late:
            form.add_error(None, str(late))
            status = HTTPStatus.CONFLICT
        except MoneyRefused as refused:
            put_errors(form, refused.fields)
            status = HTTPStatus.UNPROCESSABLE_ENTITY
        except FundsError as refused:
            form.add_error(None, str(refused))
            status = HTTPStatus.UNPROCESSABLE_ENTITY
        else:
            messages.success(request, said)
            return HttpResponseRedirect(lead(done) if lead else back)
    elif form.errors:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    context = {
        "title": title,
        "form": form,
        "back": back,
        "hint": hint,
        "trail": [*trail(division), {"label": title, "url": ""}],
    }
    return render(request, "registry/help_act.html", context, status=status)


def trail(division: int | None) -> list[dict[str, str]]:
    """Return the breadcrumb down to a county; each step opens its money."""
    return card_page.trail(division, page="placement_list")


def county_of(user: User) -> Division | None:
    """Return the county at which the user's post stands, or None elsewhere."""
    if user.post is None or level_of(user.post.division_id) is not Level.COUNTY:
        return None
    return user.post.division


def desk_url(county: int) -> str:
    """Return the desk of a county."""
    return reverse("fund_county", args=[county])
