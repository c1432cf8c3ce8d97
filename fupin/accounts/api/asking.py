"""How lists are asked: who asks, the filters of the pages, the object that was sent; and how OpenAPI describes them."""

from collections.abc import Mapping
from typing import Any

import django_filters as filters
from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from fupin.accounts.api.errors import Refusals
from fupin.accounts.models import User


def user_of(request: Request) -> User:
    """Return who asks; the door has let him in."""
    if not isinstance(request.user, User):
        raise TypeError("the door of this view lets in people who have not signed in")
    return request.user


def filtered(filter_set: filters.FilterSet) -> "QuerySet[Any]":
    """Return the rows that fit; raise 400 by field for a filter that means nothing."""
    if filter_set.is_valid():
        return filter_set.qs
    lines = [
        {"field": str(name), "rule": "", "message": str(message)}
        for name, messages in filter_set.errors.items()
        for message in messages
    ]
    raise Refusals(lines)


def ordered(rows: "QuerySet[Any]", *usual: str) -> "QuerySet[Any]":
    """Return the rows as asked, else in the usual order; the last word has the primary key, so that pages hold."""
    return rows.order_by(*(rows.query.order_by or usual), "pk")


def questions(filter_set: type[filters.FilterSet]) -> list[OpenApiParameter]:
    """Return a filter set's questions for OpenAPI."""
    return [_parameter(name, one) for name, one in filter_set.base_filters.items()]


def _parameter(name: str, one: filters.Filter) -> OpenApiParameter:
    several = isinstance(one, filters.MultipleChoiceFilter)
    choices = [str(key) for key, _ in one.extra.get("choices", ()) if key != ""]
    if isinstance(one, filters.OrderingFilter):
        choices = [sign + key for key in (one.param_map or {}).values() for sign in ("", "-")]
    kind: Any = int if isinstance(one, filters.NumberFilter) else str
    said = "；".join(f"{key} {text}" for key, text in one.extra.get("choices", ()))
    return OpenApiParameter(
        name,
        kind,
        description=f"{one.label or ''}{'：' + said if said else ''}",
        many=several,
        enum=choices or None,
    )


def object_in(request: Request) -> Mapping[str, Any]:
    """Return the object that was sent; raise 400 for anything else."""
    data: Any = request.data
    if not isinstance(data, Mapping):
        raise Refusals([{"field": "", "rule": "R-20", "message": "应提交一个 JSON 对象"}])
    return data
