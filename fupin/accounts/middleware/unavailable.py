"""While PostgreSQL is away: 503 and when to try again, instead of a page of error 500."""

import sys
import uuid
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.core.signals import got_request_exception
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from fupin.accounts.answers import is_api, json_error

RETRY_AFTER = 30
AWAY = "数据库暂时不可用，已输入内容保存在本机草稿中，请稍候重试"


def _mark(sender: Any, request: HttpRequest | None = None, **kwargs: Any) -> None:
    """Mark the request whose exception is the database's absence, wherever between here and the template it was raised."""
    if request is not None and isinstance(sys.exc_info()[1], (OperationalError, InterfaceError)):
        request.database_away = True  # type: ignore[attr-defined]


got_request_exception.connect(_mark, dispatch_uid="accounts.database_away")


class DatabaseAway:
    """Answer 503 where the database could not be asked. The outermost of ours: it also gives the request its number."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; replace the error page of a missing database."""
        request.request_id = uuid.uuid4()  # type: ignore[attr-defined]
        answer = self.get_response(request)
        if answer.status_code == HTTPStatus.INTERNAL_SERVER_ERROR and getattr(
            request, "database_away", False
        ):
            answer = unavailable(request)
        answer["X-Request-ID"] = str(request.request_id)  # type: ignore[attr-defined]
        return answer


def unavailable(request: HttpRequest) -> HttpResponse:
    """Return the answer of a site whose database is away; it asks the database nothing."""
    if is_api(request):
        return json_error(AWAY, HTTPStatus.SERVICE_UNAVAILABLE, retry_after=RETRY_AFTER)
    page = render_to_string(
        "errors/503.html", {"reason": AWAY, "request_id": getattr(request, "request_id", "")}
    )
    answer = HttpResponse(page, status=HTTPStatus.SERVICE_UNAVAILABLE)
    answer["Retry-After"] = str(RETRY_AFTER)
    return answer
