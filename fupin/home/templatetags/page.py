"""The parts that pages are put together from; each renders a template of ``templates/components/``.

The tags take what a page knows and hand their template every name that it reads, so that no component depends
on what happens to stand in the page's context.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BoundField
from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from fupin.divisions.models import Division
from fupin.home import drawing

register = template.Library()

PAGES_BESIDE = 1
PAGES_AT_ENDS = 1


@register.simple_tag
def cell(
    bound: BoundField,
    *,
    width: int = 1,
    unit: str = "",
    last_year: str = "",
    doubts: Iterable[str] = (),
    shown: str = "",
) -> SafeString:
    """Return a cell of the paper-like form: label in the gutter, entry beside it, errors under the row.

    ``doubts`` are warnings that a reason answers; ``shown`` stands in place of the control where the value
    can't be entered.
    """
    return drawing.cell_of(
        bound, width=width, unit=unit, last_year=last_year, doubts=list(doubts), shown=shown
    )


register.simple_tag(drawing.control_of, name="control")
register.simple_tag(drawing.table_entry)


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, *, unit: str = "", label: str = "") -> dict[str, Any]:
    """Return a field of a plain form: label above, entry, hint and errors below."""
    return {
        "bound": bound,
        "id": drawing.id_of(bound),
        "name": drawing.name_of(bound, label=label),
        "numeric": drawing.is_numeric(bound),
        "unit": unit,
    }


@register.inclusion_tag("components/errors.html")
def form_errors(form: BaseForm, *more: BaseForm) -> dict[str, Any]:
    """Return what is wrong in one or several forms, each line a link to its field."""
    lines = []
    for one in (form, *more):
        lines += [{"href": "", "label": "", "text": text} for text in one.non_field_errors()]
        for bound in one:
            lines += [
                {"href": f"#{bound.id_for_label}", "label": bound.label, "text": text}
                for text in bound.errors
            ]
    return {"lines": lines, "heading": f"有 {len(lines)} 处要改", "kind": ""}


@register.inclusion_tag("components/errors.html")
def findings(lines: Iterable[Mapping[str, str]], *, kind: str = "") -> dict[str, Any]:
    """Return findings (``href``, ``label``, ``text``); ``kind="doubts"`` are those that a reason answers."""
    lines = list(lines)
    heading = (
        f"有 {len(lines)} 处存疑，可改正，也可说明理由" if kind == "doubts" else f"有 {len(lines)} 处要改"
    )
    return {"lines": lines, "heading": heading, "kind": kind}


@register.inclusion_tag("components/paging.html", takes_context=True)
def paging(
    context: template.Context, page: Page[Any], *, noun: str = "条", target: str = ""
) -> dict[str, Any]:
    """Return the links from page to page; with ``target`` HTMX swaps that element alone."""
    numbers = page.paginator.get_elided_page_range(
        page.number, on_each_side=PAGES_BESIDE, on_ends=PAGES_AT_ENDS
    )
    return {
        "request": context["request"],
        "page": page,
        "total": getattr(
            page.paginator, "said", page.paginator.count
        ),  # fupin.lib.paging stops counting early
        "numbers": list(numbers),
        "noun": noun,
        "target": target,
    }


@register.inclusion_tag("components/sort_head.html", takes_context=True)
def sort_head(
    context: template.Context, label: str, key: str, *, number: bool = False, unit: str = ""
) -> dict[str, Any]:
    """Return a table head that sorts by ``key``: a click turns the order over, and goes back to page 1.

    The present order is read from ``?order=``; a leading ``-`` means from large to small, as in
    django-filter's OrderingFilter.
    """
    now = context["request"].GET.get("order", "")
    state = "ascending" if now == key else "descending" if now == f"-{key}" else ""
    return {
        "request": context["request"],
        "label": label,
        "unit": unit,
        "number": number,
        "state": state,
        "turned": f"-{key}" if state == "ascending" else key,
    }


@register.inclusion_tag("components/filter_chips.html", takes_context=True)
def filter_chips(context: template.Context, form: BaseForm, *, keep: Sequence[str] = ()) -> dict[str, Any]:
    """Return the filters that hold, each with a cross to take it away; 清空 leaves ``keep`` alone."""
    request = context["request"]
    chips = []
    if form.is_bound and form.is_valid():
        for name, value in form.cleaned_data.items():
            if value not in (None, "", [], ()) and name in request.GET and name not in keep:
                said = _said(form[name], request.GET.getlist(name))
                chips.append({"label": form[name].label, "value": said, "url": _without(request.GET, name)})
    kept = {name: request.GET.getlist(name) for name in (*keep, "order") if name in request.GET}
    return {"request": request, "chips": chips, "clear_url": f"?{urlencode(kept, doseq=True)}"}


@register.inclusion_tag("components/progress.html")
def progress(
    *, done: int, total: int, label: str, url: str = "", cancel_url: str = "", state: str = "running"
) -> dict[str, Any]:
    """Return the bar of a piece of long work; while it runs the browser asks ``url`` again every two seconds.

    ``state`` is one of waiting, running, done, failed, cancelled.
    """
    percent = 100 * done // total if total else 0
    return {
        "done": done,
        "total": total,
        "label": label,
        "url": url,
        "cancel_url": cancel_url,
        "state": state,
        "percent": percent,
        "going": state in {"waiting", "running"},
    }


def _without(query: QueryDict, name: str) -> str:
    """The query with one filter taken away, from its first page on."""
    rest = query.copy()
    rest.pop(name, None)
    rest.pop("page", None)
    return f"?{rest.urlencode()}"


def _said(bound: BoundField, values: list[str]) -> str:
    """The chosen values in words: labels where the field has choices; beyond two the first and how many."""
    if bound.name == "division":
        return Division.objects.name_of(values[0]) or values[0]
    labels = {str(key): str(text) for key, text in getattr(bound.field, "choices", ())}
    said = [labels.get(value, value) for value in values if value]
    return "、".join(said) if len(said) <= 2 else f"{said[0]} 等 {len(said)} 项"
