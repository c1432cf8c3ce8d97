"""Errors as the API says them: ``{"errors": [{"field", "rule", "message"}]}`` with the right status."""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError as DjangoValidationError
from django.db import IntegrityError
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from fupin.accounts.constraints import message_of

WHOLE = "non_field_errors"


class Conflict(exceptions.APIException):
    """409: what was sent rests on a version that is no longer the latest; ``body`` carries both versions."""

    status_code = HTTPStatus.CONFLICT
    default_detail = "内容已被他人改动"

    def __init__(self, message: str, body: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.body = dict(body or {})


class Refusals(exceptions.APIException):
    """400 with errors that carry the number of their rule."""

    status_code = HTTPStatus.BAD_REQUEST

    def __init__(self, errors: list[dict[str, str]]) -> None:
        super().__init__("提交的内容有误")
        self.errors = errors


def handle(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """Return the answer to an exception of a view, or None for one that is a fault of ours (500)."""
    if isinstance(error, Http404):
        error = exceptions.NotFound("没有找到")
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied(str(error) or "您的岗位没有这项权限")
    elif isinstance(error, DjangoValidationError):
        error = exceptions.ValidationError(_of_django(error))
    elif isinstance(error, IntegrityError) and (message := message_of(error)):
        error = exceptions.ValidationError({WHOLE: [message]})
    answer = exception_handler(error, dict(context))
    if answer is None:
        return None
    answer.data = _body(error)
    request = context.get("request")
    if request is not None:
        # DRF turns exceptions into answers before Django's middleware sees them: what the view wrote goes all the same.
        request._request.raised = True
    return answer


def _body(error: Exception) -> dict[str, Any]:
    if isinstance(error, Refusals):
        return {"errors": error.errors}
    if isinstance(error, Conflict):
        return {"errors": [_line("", str(error.detail))], **error.body}
    if isinstance(error, exceptions.APIException):
        return {"errors": list(_lines(error.detail))}
    return {"errors": [_line("", str(error))]}


def _lines(detail: Any, field: str = "") -> Iterator[dict[str, str]]:
    """Yield one line an error; the field of a nested one is its path with dots, as ``members.0.id_no``."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            own = field if name == WHOLE else f"{field}.{name}" if field else str(name)
            yield from _lines(inner, own)
    elif isinstance(detail, (list, tuple)):
        for index, inner in enumerate(detail):
            nested = isinstance(inner, (Mapping, list, tuple))
            yield from _lines(inner, f"{field}.{index}" if nested and field else field)
    else:
        yield _line(field, str(detail), rule=_rule(getattr(detail, "code", "")))


def _line(field: str, message: str, *, rule: str = "") -> dict[str, str]:
    return {"field": field, "rule": rule, "message": message}


def _rule(code: Any) -> str:
    """The number of a rule of the data standard, where a serializer gave one as its error's code."""
    return str(code) if code and str(code)[:1] == "R" and str(code)[1:2] in "-0123456789" else ""


def _of_django(error: DjangoValidationError) -> Any:
    return error.message_dict if hasattr(error, "error_dict") else {WHOLE: error.messages}
