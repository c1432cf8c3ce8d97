"""Answers that stand in for a view's: to a browser a page or a redirect, to HTMX a move of the whole window, to the API JSON."""

from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

API = "/api/"


def is_api(request: HttpRequest) -> bool:
    """Return whether a program asks, not a browser's page."""
    return request.path_info.startswith(API)


def json_error(
    message: str, status: HTTPStatus, *, rule: str = "", retry_after: int | None = None
) -> JsonResponse:
    """Return an error as the API says errors."""
    answer = JsonResponse({"errors": [{"field": "", "rule": rule, "message": message}]}, status=status)
    if retry_after is not None:
        answer["Retry-After"] = str(retry_after)
    return answer


def lead_to(request: HttpRequest, name: str, **query: str) -> HttpResponse:
    """Lead the browser to the page ``name`` and, through ``next``, back to where it stands now."""
    url = f"{reverse(name)}?{urlencode({'next': standing_at(request)} | {key: value for key, value in query.items() if value})}"
    return HttpResponseClientRedirect(url) if _by_htmx(request) else HttpResponseRedirect(url)


def standing_at(request: HttpRequest) -> str:
    """Return the page to come back to: the one in the window, which for a form sent off is the page that the form stands on."""
    details: Any = getattr(request, "htmx", None)
    if _by_htmx(request):
        return details.current_url_abs_path or "/"
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    return _own_path(request, request.headers.get("Referer", "")) or "/"


def _own_path(request: HttpRequest, url: str) -> str:
    """The path of an address of this site, or nothing."""
    here = request.build_absolute_uri("/")
    return f"/{url.removeprefix(here)}" if url.startswith(here) else ""


def _by_htmx(request: HttpRequest) -> bool:
    return bool(getattr(request, "htmx", False))
