"""The board: every division below with its running clocks by colour."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from fupin.accounts.doors import actor, door
from fupin.accounts.permissions import may
from fupin.deadlines.kinds import kinds_for
from fupin.deadlines.models import Clock
from fupin.deadlines.reports import board, sums_of
from fupin.deadlines.rules import Colour, day_of
from fupin.deadlines.views.shown import CHIPS
from fupin.divisions.codes import Level, contains, lineage
from fupin.divisions.models import Division


@door("deadlines.view")
@require_GET
def deadline_board(request: HttpRequest) -> HttpResponse:
    """Count the running clocks of a division of one's post by what lies below and by colour; each number opens its list."""
    user = actor(request)
    if user.post is None:
        raise Http404
    home = user.post.division_id
    asked = request.GET.get("division", "")
    code = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 12 else home
    if not contains(home, code):
        raise Http404
    division = get_object_or_404(Division, pk=code)
    today = day_of(timezone.now())
    kinds = kinds_for(lambda permission: may(user, permission))
    kind = request.GET.get("kind", "")
    clocks = Clock.objects.visible_to(user)
    if kind in {one.name for one in kinds}:
        clocks = clocks.filter(kind=kind)
    else:
        kind = ""
    rows = board(clocks, code, today)
    context = {
        "division": division,
        "trail": _trail(home, code, kind),
        "below": Level(min(division.level + 1, Level.VILLAGE)).label,
        "rows": rows,
        "opens": division.level < Level.TOWNSHIP,
        "sums": [(colour, count, CHIPS[colour]) for colour, count in sums_of(rows).items()],
        "total": sum(row.total for row in rows),
        "heads": [(colour, CHIPS[colour]) for colour in Colour],
        "kinds": kinds,
        "kind": kind,
        "today": today,
    }
    return render(request, "deadlines/deadline_board.html", context)


def _trail(home: int, code: int, kind: str) -> list[dict[str, str]]:
    """Return the way down from the division of one's post, the question kept."""
    codes = [one for one in lineage(code) if contains(home, one)]
    names = Division.objects.in_bulk(codes)
    kept: dict[str, str | int] = {"kind": kind} if kind else {}
    board_url = reverse("deadline_board")
    return [
        {"label": names[one].name, "url": f"{board_url}?{urlencode({'division': one, **kept})}"}
        for one in codes
    ]
