"""Follow the money: where a document's money went and stands, drawn and as a table; every number opens to its entries."""

from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from funds.models import Appropriation
from funds.reports.drawing import drawing_of
from funds.reports.flow import CountyFlow, Flow, flow_of
from funds.reports.flow_rows import FIGURES, rows_behind, sum_of
from funds.rules.clocks import due_on, overdue_days, overdue_weight
from fupin.accounts.doors import actor, door
from fupin.lib.paging import page_of
from projects.models import Project

_STAGES: Final = (
    ("received", "到县", "under_way", "在途"),
    ("placed", "落实到项目", "unplaced", "未落实"),
    ("paid", "到户", "unpaid", "未支付"),
    ("accepted", "验收合格", "to_accept", "待验收"),
)
"""Each stage's figure, its words, and what is short of it."""


def _day(asked: str, today: date) -> date:
    """The day asked for, else today; no day of the future."""
    try:
        return min(date.fromisoformat(asked), today)
    except ValueError:
        return today


def _number(asked: str) -> int | None:
    return int(asked) if asked.isascii() and asked.isdigit() else None


def _rows_url(appropriation: Appropriation, on: date, figure: str, **more: object) -> str:
    asked = {"figure": figure, "on": on.isoformat()} | {
        name: str(value) for name, value in more.items() if value
    }
    return f"{reverse('money_rows', args=[appropriation.pk])}?{urlencode(asked)}"


@door("funds.view_money")
@require_GET
def money_flow(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a document's money on a day: the drawing, what is short, and a line for each county and its projects."""
    user = actor(request)
    appropriation = get_object_or_404(Appropriation.objects.visible_to(user), pk=pk)
    today = timezone.localdate()
    on = _day(request.GET.get("on", ""), today)
    flow = flow_of(user, appropriation, on=on)
    chosen = _number(request.GET.get("county", ""))
    if chosen is None and len(flow.counties) == 1:
        chosen = flow.counties[0].division.pk
    due = due_on(
        appropriation.issued_on,
        fiscal_year=appropriation.fiscal_year,
        advance=appropriation.is_advance,
        needs_prov_approval=appropriation.needs_prov_approval,
    )
    late = overdue_days(due, on) if flow.at_province else 0
    context = {
        "appropriation": appropriation,
        "flow": flow,
        "on": on,
        "today": today,
        "due": due,
        "late": late,
        "weight": overdue_weight(flow.at_province, due, on) if late else Decimal(0),
        "drawing": drawing_of(flow, _urls(flow, on), county=chosen),
        "stages": _stages(flow),
        "lines": [_line(flow, county, chosen) for county in flow.counties],
        "left": _left(flow),
        "trail": [
            {"label": "资金", "url": reverse("appropriation_list")},
            {"label": appropriation.number, "url": reverse("appropriation_page", args=[appropriation.pk])},
            {"label": "资金穿透", "url": ""},
        ],
    }
    return render(request, "funds/money_flow.html", context)


def _stages(flow: Flow) -> list[dict[str, Any]]:
    """The stages above the drawing: the amount that got so far, its share of the whole, and what is short of it."""
    whole = flow.registered if flow.whole else flow.total("came")

    def of(figure: str) -> Decimal:
        if figure == "to_accept":
            return flow.total("paid") - flow.total("accepted")
        return flow.total(figure)

    return [
        {
            "label": label,
            "amount": of(name),
            "url": _rows_url(flow.appropriation, flow.on, "issued" if name == "received" else name),
            "share": 100 * of(name) / whole if whole else None,
            "short": of(short),
            "short_label": short_label,
            "short_url": _rows_url(flow.appropriation, flow.on, short),
        }
        for name, label, short, short_label in _STAGES
    ]


def _left(flow: Flow) -> list[dict[str, Any]]:
    """Where what has not reached its use stands; together with what was paid it is the whole."""
    amounts = {
        "at_province": flow.at_province,
        "pool": flow.pool,
        "under_way": flow.total("under_way"),
        "unplaced": flow.total("unplaced"),
        "unpaid": flow.total("unpaid"),
        "owed": flow.total("owed"),
        "returning": flow.total("returning"),
    }
    return [
        {
            "label": FIGURES[name].label,
            "meaning": FIGURES[name].meaning,
            "amount": amount,
            "url": _rows_url(flow.appropriation, flow.on, name),
        }
        for name, amount in amounts.items()
        if amount
    ]


def _line(flow: Flow, county: CountyFlow, chosen: int | None) -> dict[str, Any]:
    """A county's line of the table, with the lines of its projects where it is opened."""
    code = county.division.pk
    opened = code == chosen
    asked = {"on": flow.on.isoformat()} | ({} if opened else {"county": str(code)})

    def url(figure: str, **more: object) -> str:
        return _rows_url(flow.appropriation, flow.on, figure, county=code, **more)

    def begun(day: date | None, since: date | None) -> int | None:
        return (day - since).days if day and since else None

    return {
        "county": county,
        "opened": opened,
        "toggle": f"{reverse('money_flow', args=[flow.appropriation.pk])}?{urlencode(asked)}",
        "urls": {
            name: url(name)
            for name in ("issued", "under_way", "unplaced", "placed", "paid", "accepted", "owed")
        },
        "issue_days": begun(county.issued_on, flow.appropriation.issued_on),
        "receive_days": begun(county.received_on, county.issued_on),
        "streams": [
            {
                "stream": stream,
                "project": stream.project,
                "urls": {
                    name: url(
                        name,
                        project=stream.project.pk if stream.project else "",
                        ledger="" if stream.project else stream.key.removeprefix("ledger"),
                    )
                    for name in ("placed", "paid", "accepted", "unpaid", "stranded", "to_accept")
                },
            }
            for stream in county.streams
        ]
        if opened
        else [],
    }


def _urls(flow: Flow, on: date) -> dict[str, str]:
    """The addresses behind the stops of the drawing."""
    base = reverse("money_flow", args=[flow.appropriation.pk])
    figures = {
        "document": "registered" if flow.whole else "issued",
        "again": "redistributed",
        **{name: name for name in ("at_province", "under_way", "unplaced", "paid", "stranded")},
        **{name: name for name in ("to_accept", "accepted", "owed", "returned")},
    }
    urls = {stop: _rows_url(flow.appropriation, on, figure) for stop, figure in figures.items()}
    for county in flow.counties:
        code = county.division.pk
        urls[f"county{code}"] = f"{base}?{urlencode({'on': on.isoformat(), 'county': str(code)})}"
        urls[f"county{code}-placed"] = urls[f"county{code}"]
        for stream in county.streams:
            if stream.project:
                urls[f"county{code}-{stream.key}"] = _rows_url(
                    flow.appropriation, on, "placed", county=code, project=stream.project.pk
                )
    return urls


@door("funds.view_money")
@require_GET
def money_rows(request: HttpRequest, pk: int) -> HttpResponse:
    """List the entries behind a number of the flow; their sum stands beneath and is the number."""
    user = actor(request)
    appropriation = get_object_or_404(Appropriation.objects.visible_to(user), pk=pk)
    figure = FIGURES.get(request.GET.get("figure", ""))
    if figure is None:
        raise Http404
    on = _day(request.GET.get("on", ""), timezone.localdate())
    county = _number(request.GET.get("county", ""))
    project = _number(request.GET.get("project", ""))
    ledger = request.GET.get("ledger", "")
    rows = rows_behind(user, appropriation, figure, on=on, county=county, project=project, ledger=ledger)
    page = page_of(rows, request.GET.get("page"))
    back = reverse("money_flow", args=[appropriation.pk])
    context = {
        "appropriation": appropriation,
        "figure": figure,
        "on": on,
        "project": Project.objects.visible_to(user).filter(pk=project).first() if project else None,
        "page": page,
        "rows": [{"posting": row, "amount": figure.sign * row.amount} for row in page.object_list],
        "sum": sum_of(rows, figure),
        "trail": [
            {"label": "资金", "url": reverse("appropriation_list")},
            {"label": appropriation.number, "url": back},
            {"label": figure.label, "url": ""},
        ],
        "back": f"{back}?{urlencode({'on': on.isoformat()} | ({'county': str(county)} if county else {}))}",
    }
    return render(request, "funds/money_rows.html", context)


urlpatterns: list[URLPattern] = [
    path("documents/<int:pk>/flow/", money_flow, name="money_flow"),
    path("documents/<int:pk>/rows/", money_rows, name="money_rows"),
]
