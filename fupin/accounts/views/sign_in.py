"""Signing in and out."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from fupin.accounts import audit
from fupin.accounts.answers import is_api, json_error

LOCKED = "这个账号连续输错 5 次，已暂停使用 30 分钟"


def locked_out(request: HttpRequest, response: HttpResponse | None, credentials: dict[str, Any], *args: Any) -> HttpResponse:
    """Answer whoever tries an account that is locked: the same for accounts that do not exist."""
    audit.note(outcome=audit.Outcome.REFUSED, detail={"locked": True})
    if is_api(request):
        return json_error(LOCKED, HTTPStatus.TOO_MANY_REQUESTS, retry_after=1800)
    answer = render(request, "accounts/locked_out.html", status=HTTPStatus.TOO_MANY_REQUESTS)
    answer["Retry-After"] = "1800"
    return answer
