"""The pages that say what went wrong and how to go on. ``fupin.urls`` names them as handlers.

They read nothing from the database, since it may be what broke. A refusal says the reason that the view gave.
"""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404, the same for what does not exist and for what lies outside one's division."""
    return _page(request, "404", HTTPStatus.NOT_FOUND)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403 with the reason that the refusal carries."""
    return _page(request, "403", HTTPStatus.FORBIDDEN, reason=str(exception))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400: something in the address or the form cannot have come from our own page."""
    return _page(request, "400", HTTPStatus.BAD_REQUEST)


def too_many(request: HttpRequest, *, seconds: int) -> HttpResponse:
    """Answer 429 and say after how long it may be tried again."""
    answer = _page(request, "429", HTTPStatus.TOO_MANY_REQUESTS, minutes=-(-seconds // 60))
    answer["Retry-After"] = str(seconds)
    return answer


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403 where the form's token is missing or stale; ``reason`` is Django's and not for users."""
    return _page(request, "csrf", HTTPStatus.FORBIDDEN)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500; rendered without context processors, which might fail again."""
    return HttpResponse(render_to_string("errors/500.html"), status=HTTPStatus.INTERNAL_SERVER_ERROR)


def unavailable(request: HttpRequest, *, seconds: int = 30) -> HttpResponse:
    """Answer 503 while the database is away; rendered without context processors, which would ask it."""
    answer = HttpResponse(render_to_string("errors/503.html"), status=HTTPStatus.SERVICE_UNAVAILABLE)
    answer["Retry-After"] = str(seconds)
    return answer


def _page(request: HttpRequest, name: str, status: HTTPStatus, **context: object) -> HttpResponse:
    """Render an error page; to HTMX its status is enough (static/js/htmx_setup.js says what it means)."""
    return render(request, f"errors/{name}.html", context, status=status)
