"""The pages that say what went wrong and how to go on; ``fupin.urls`` names them as handlers.

They read nothing from the database, since it may be what broke. A refusal says the reason that the view gave.
Programs that asked the API get the same as JSON.
"""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from fupin.accounts.answers import is_api, json_error
from fupin.accounts.errors import Refused


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404, the same for what does not exist and for what lies outside one's division."""
    if is_api(request):
        return json_error("没有这个对象，或不在您的范围内", HTTPStatus.NOT_FOUND)
    return _page(request, "404", HTTPStatus.NOT_FOUND)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403 with the reason that the refusal carries."""
    reason = str(exception) if isinstance(exception, Refused) else ""
    if is_api(request):
        return json_error(reason or "没有这项权限", HTTPStatus.FORBIDDEN)
    return _page(request, "403", HTTPStatus.FORBIDDEN, reason=reason)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400: something in the address or the form cannot have come from our own page."""
    if is_api(request):
        return json_error("请求有误", HTTPStatus.BAD_REQUEST)
    return _page(request, "400", HTTPStatus.BAD_REQUEST)


def too_many(request: HttpRequest, *, seconds: int) -> HttpResponse:
    """Answer 429 and say after how long it may be tried again."""
    if is_api(request):
        return json_error("请求太频繁，请稍后再试", HTTPStatus.TOO_MANY_REQUESTS, retry_after=seconds)
    answer = _page(request, "429", HTTPStatus.TOO_MANY_REQUESTS, minutes=-(-seconds // 60))
    answer["Retry-After"] = str(seconds)
    return answer


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403 where the form's token is missing or stale; ``reason`` is Django's and not for users."""
    if is_api(request):
        return json_error("缺少 CSRF 令牌，或已过期", HTTPStatus.FORBIDDEN)
    return _page(request, "csrf", HTTPStatus.FORBIDDEN)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500; rendered without context processors, which might fail again."""
    if is_api(request):
        return json_error("系统出错，没有保存，已记录", HTTPStatus.INTERNAL_SERVER_ERROR)
    said = {"request_id": getattr(request, "request_id", "")}
    return HttpResponse(render_to_string("errors/500.html", said), status=HTTPStatus.INTERNAL_SERVER_ERROR)


def _page(request: HttpRequest, name: str, status: HTTPStatus, **context: object) -> HttpResponse:
    """Render an error page; to HTMX its status is enough (static/js/htmx_setup.js says what it means)."""
    context["request_id"] = getattr(request, "request_id", "")
    return render(request, f"errors/{name}.html", context, status=status)
