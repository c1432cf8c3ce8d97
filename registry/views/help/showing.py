"""How pages of help look: an act is a form on a page of its own, a list is a table of cells."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode

from fupin.deadlines.rules import day_of
from registry.errors import RegistryError
from registry.reports.years import entry_year
from registry.views import card_page


def today() -> date:
    """Return the day it is in Shanxi."""
    return day_of(timezone.now())


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: what it says, how that is written (yuan, number, day or as it is), where it leads, the colour of a state."""

    said: str | Decimal | int | date | None
    url: str = ""
    kind: str = ""
    written: str = ""
    wrap: bool = False

    @property
    def number(self) -> bool:
        """Tell whether it is a number, which stands to the right."""
        return self.written in {"yuan", "number"}


def text(value: object, url: str = "") -> Cell:
    """Return a cell of words, a dash for none."""
    return Cell(str(value or "") or "—", url)


def prose(value: str) -> Cell:
    """Return a cell of words that may run over several lines."""
    return Cell(value or "—", wrap=True)


def money(value: Decimal | int | None) -> Cell:
    """Return a cell with an amount in yuan."""
    return Cell(value, written="yuan")


def whole(value: int | None) -> Cell:
    """Return a cell with a whole number."""
    return Cell(value, written="number")


def on(value: date | None) -> Cell:
    """Return a cell with a day."""
    return Cell(value, written="day")


def chip(words: str, kind: str) -> Cell:
    """Return a cell with a state in words and colour (ok, warn, bad, quiet)."""
    return Cell(words, kind=kind or "quiet")


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab: its words, its address, whether it is the one shown."""

    label: str
    url: str
    current: bool


def tabs_of(request: HttpRequest, name: str, choices: Iterable[tuple[str, str]], chosen: str) -> list[Tab]:
    """Return tabs that set one parameter and keep the others but the page."""
    kept = {key: request.GET.getlist(key) for key in request.GET if key not in {name, "page"}}
    return [
        Tab(label, f"?{urlencode({**kept, name: value}, doseq=True)}", value == chosen)
        for value, label in choices
    ]


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its name, its heads, its rows, and what is said where it is empty; with `page` it is one page of more."""

    name: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    empty: str
    hint: str = ""
    page: Any = None
    noun: str = "条"

    @property
    def columns(self) -> list[tuple[str, bool]]:
        """The heads, each with whether numbers stand under it."""
        first = self.rows[0] if self.rows else ()
        numeric = [cell.number for cell in first] + [False] * len(self.heads)
        return list(zip(self.heads, numeric, strict=False))


def listing(
    request: HttpRequest,
    *,
    title: str,
    tables: Sequence[Table],
    fact: str = "",
    tabs: Sequence[Tab] = (),
    trail: Sequence[dict[str, str]] = (),
    acts: Sequence[tuple[str, str]] = (),
    note: str = "",
    searches: bool = False,
    exports: str = "",
) -> HttpResponse:
    """Return a page of tables; `acts` are words and addresses of what may be done there, `exports` the list to take out."""
    division = request.GET.get("division", "")
    context = {
        "title": title,
        "fact": fact,
        "tables": tables,
        "tabs": tabs,
        "trail": [*trail, {"label": title, "url": ""}],
        "acts": [act for act in acts if act[1]],
        "note": note,
        "searches": searches,
        "exports": exports,
        "year": entry_year(),
        "division": division,
        "kept": [(key, value) for key, value in request.GET.items() if key not in {"division", "page"}],
    }
    return render(request, "registry/help_tables.html", context)


def act(
    request: HttpRequest,
    form: forms.Form,
    do: Callable[[dict[str, Any]], object],
    *,
    title: str,
    back: str,
    said: str,
    hint: str = "",
    division: int | None = None,
) -> HttpResponse:
    """Show a form; when it is sent, carry the act out and lead back, or say beside the form why it was refused."""
    if request.method == "POST" and form.is_valid():
        try:
            do(form.cleaned_data)
        except RegistryError as refused:
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
    return render(request, "registry/help_act.html", context, status=422 if form.errors else 200)
