"""What the division box asks while one types."""

from django.core.exceptions import BadRequest
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from fupin.accounts.doors import door
from fupin.divisions.codes import Level
from fupin.divisions.services.search import search


@door("divisions.view")
@require_GET
def division_search(request: HttpRequest) -> JsonResponse:
    """Answer ``{"results": [{code, name, path, level}]}`` for ``q`` and, where given, one ``level``."""
    level = _level(request.GET.get("level", ""))
    found = search(request.user, request.GET.get("q", "")[:60], on=timezone.localdate(), level=level)
    results = [
        {"code": str(one.code), "name": one.name, "path": one.path, "level": one.level.name} for one in found
    ]
    return JsonResponse({"results": results}, headers={"Cache-Control": "no-store"})


def _level(text: str) -> Level | None:
    """Return the level that a name (VILLAGE) or a number (5) means; nothing means any."""
    if not text:
        return None
    try:
        return Level(int(text)) if text.isdecimal() else Level[text.upper()]
    except (KeyError, ValueError) as error:
        raise BadRequest("no such level of division") from error
