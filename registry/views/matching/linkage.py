"""The three lists of 低保衔接 (procedures §5): on civil affairs' lists without a card, on a card without them, and on both their lists."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.views.decorators.http import require_GET

from fupin.accounts.doors import actor, door
from fupin.accounts.permissions import may
from fupin.lib.paging import page_of
from fupin.sheets.exports import PERMISSION
from registry.codes.outside import ListKind
from registry.forms.filters import in_division
from registry.models import OutsideList, OutsideRow
from registry.reports.matching import linkage
from registry.reports.years import entry_year
from registry.rules.matching import LINKAGE_LABELS, LINKED, Linkage, said
from registry.views import card_page

_PLACE: Final = frozenset({"乡镇", "村", "区划代码"})


@door("registry.view_matching")
@require_GET
def linkage_list(request: HttpRequest) -> HttpResponse:
    """Show one of the three lists, against the newest lists of civil affairs."""
    user, year = actor(request), entry_year()
    asked = request.GET.get("list", "")
    kind = Linkage(asked) if asked in list(Linkage) else Linkage.UNREGISTERED
    rows = linkage(kind, user, year)
    division = request.GET.get("division", "").strip()
    if division:
        rows = in_division(rows, division)
    page = page_of(rows, request.GET.get("page"), request.GET.get("size"), late=True)
    lists = OutsideList.objects.standing().filter(kind__in=LINKED).select_related("division")
    context = {
        "kind": kind,
        "label": LINKAGE_LABELS[kind],
        "year": year,
        "page": page,
        "rows": [
            (row, *(("", "") if kind == Linkage.UNLISTED else _listed(row))) for row in page.object_list
        ],
        "lists": lists.order_by("-as_of", "-pk")[:6],
        "tabs": [
            (label, f"?list={one}" + (f"&division={division}" if division.isdigit() else ""), one == kind)
            for one, label in LINKAGE_LABELS.items()
        ],
        "division": division,
        "may_export": may(user, PERMISSION),
        "export_kind": f"linkage_{kind}",
        "trail": card_page.trail(user.post.division_id if user.post else None),
    }
    return render(request, "registry/matching/linkage.html", context)


def _listed(row: OutsideRow) -> tuple[str, str]:
    """Return where a row says that the person lives, and what else it says."""
    place = " ".join(filter(None, (row.note.get("乡镇"), row.note.get("村") or row.division.name)))
    return place, said(ListKind(row.list.kind), row.note, without=_PLACE)


urlpatterns: list[URLPattern] = [path("matching/linkage/", linkage_list, name="linkage_list")]
