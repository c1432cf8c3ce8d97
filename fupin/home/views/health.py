"""Two addresses for machines: is this process alive, and may it be given work."""

from django.http import HttpRequest, HttpResponse, JsonResponse

from fupin.accounts.doors import door
from fupin.home import readiness


@door(None, open=True)
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer ``ok``: the process serves. It asks nobody else: a slow database must kill no web process."""
    return HttpResponse("ok", content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-store"})


@door(None, open=True)
def readyz(request: HttpRequest) -> JsonResponse:
    """Answer how database, queue and migrations stand, with 503 unless all are well, and no more."""
    found = readiness.look()
    return JsonResponse(
        {name: "ok" if well else "failed" for name, well in found.items()},
        status=200 if all(found.values()) else 503,
        headers={"Cache-Control": "no-store"},
    )
