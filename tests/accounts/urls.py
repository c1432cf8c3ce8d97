"""Addresses to try doors and scopes on."""

from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.template import engines
from django.template.response import TemplateResponse
from django.urls import include, path
from rest_framework import viewsets
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from fupin.accounts import audit
from fupin.accounts.doors import door
from fupin.accounts.models import PasswordRecord


def scope_now() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('app.lo', true) || '-' || current_setting('app.hi', true)")
        return str(cursor.fetchone()[0])


def write() -> None:
    PasswordRecord.objects.create(user_id=1, password="written")


@door("accounts.view_audit", audit="test.act")
def guarded(request: HttpRequest) -> HttpResponse:
    return HttpResponse(scope_now())


@door(None)
def anybody(request: HttpRequest) -> HttpResponse:
    return HttpResponse(scope_now())


@door(None, open=True)
def public(request: HttpRequest) -> HttpResponse:
    return HttpResponse(scope_now())


def doorless(request: HttpRequest) -> HttpResponse:
    return HttpResponse("never")


@door(None)
def rendered(request: HttpRequest) -> TemplateResponse:
    return TemplateResponse(request, engines["django"].from_string("{{ scope }}"), {"scope": scope_now})


@door(None)
def streamed(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(iter(lambda: scope_now() if next(turns) else "", ""))


turns = iter([])


@door(None, audit="test.write")
def writes(request: HttpRequest, how: str) -> HttpResponse:
    PasswordRecord.objects.create(user_id=request.user.pk, password="written")
    audit.note(object_key="thing\r\nforged: line", reason=request.POST.get("reason", ""))
    match how:
        case "raises":
            raise RuntimeError(how)
        case "missing":
            raise Http404
        case "fails":
            return HttpResponse(status=500)
        case "refuses":
            audit.note(outcome=audit.Outcome.REFUSED)
    return HttpResponse("written")


@door(None)
def killed(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    return HttpResponse("never")


@door(None, proof=True)
def weighty(request: HttpRequest) -> HttpResponse:
    return HttpResponse("done")


class Things(viewsets.ViewSet):
    doors = {"list": "accounts.view_audit", "create": "accounts.view_audit"}

    def list(self, request: Request) -> Response:
        return Response({"scope": scope_now(), "user": request.user.username})

    def create(self, request: Request) -> Response:
        PasswordRecord.objects.create(user_id=request.user.pk, password="written")
        raise Http404

    def retrieve(self, request: Request, pk: str) -> Response:
        return Response({})


router = SimpleRouter()
router.register("things", Things, basename="thing")

urlpatterns = [
    path("try/guarded/", guarded),
    path("try/anybody/", anybody, name="anybody"),
    path("try/public/", public),
    path("try/doorless/", doorless),
    path("try/rendered/", rendered),
    path("try/streamed/", streamed),
    path("try/writes/<how>/", writes),
    path("try/weighty/", weighty),
    path("try/killed/", killed),
    path("api/v1/", include(router.urls)),
    path("", include("fupin.accounts.urls")),
]
handler403 = "fupin.home.errors.forbidden"
handler404 = "fupin.home.errors.not_found"
handler500 = "fupin.home.errors.server_error"
