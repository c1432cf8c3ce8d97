"""How lists of the register are asked: as all lists are (`fupin.accounts.api.asking`), and for a year."""

import django_filters as filters
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from fupin.accounts.api.asking import (
    filtered as filtered,  # the register's viewsets ask for all of it here
    object_in as object_in,
    ordered as ordered,
    questions,
    user_of as user_of,
)
from fupin.accounts.api.errors import Refusals
from registry.models.household_year import FIRST_YEAR

LAST_YEAR = 2100
YEAR = OpenApiParameter("year", int, description="年度；不给则为最近一年")


def year_asked(request: Request) -> int | None:
    """Return the year of the address; raise 400 for what is none."""
    text = request.query_params.get("year", "")
    if not text:
        return None
    if text.isascii() and text.isdigit() and FIRST_YEAR <= int(text[:5]) <= LAST_YEAR:
        return int(text)
    raise Refusals([{"field": "year", "rule": "R-20", "message": f"year 应为 {FIRST_YEAR} 起的四位年份"}])


def parameters(filter_set: type[filters.FilterSet]) -> list[OpenApiParameter]:
    """Return a filter set's questions for OpenAPI, the year before them."""
    return [YEAR, *questions(filter_set)]
