"""The tree of divisions, level by level."""

from typing import TypedDict

from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from fupin.accounts.doors import actor, door
from fupin.divisions.codes import Level, contains, lineage
from fupin.divisions.models import Division, Succession


class Step(TypedDict):
    """A link of the breadcrumb."""

    label: str
    url: str


@door("divisions.view")
@require_GET
def division_list(request: HttpRequest, code: int | None = None) -> HttpResponse:
    """Show a division of one's post, what became of it, and those directly below with the counties' marks."""
    post = actor(request).post
    if post is None:
        raise Http404
    home = post.division_id
    code = home if code is None else code
    if not contains(home, code):
        raise Http404
    division = get_object_or_404(Division, pk=code)
    today = timezone.localdate()
    children = (
        Division.objects.filter(parent=division)
        .valid_on(today)
        .select_related("county_profile")
        .annotate(
            count=Count(
                "children", filter=Q(children__valid_to__isnull=True) | Q(children__valid_to__gt=today)
            )
        )
        .order_by("code")
    )
    context = {
        "division": division,
        "below": Level(division.level + 1).label if division.level < Level.VILLAGE else "",
        "children": children,
        "successions": Succession.objects.filter(predecessor=division).order_by("successor_code"),
        "trail": _trail(home, division),
        "stands_in": any(child.is_present_day for child in children),
    }
    return render(request, "divisions/division_list.html", context)


def _trail(home: int, division: Division) -> list[Step]:
    """Return the way down from the division of one's post."""
    codes = [code for code in lineage(division.code) if contains(home, code)]
    names = Division.objects.in_bulk(codes)
    return [{"label": names[code].name, "url": reverse("division_tree", args=[code])} for code in codes]
