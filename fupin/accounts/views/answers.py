"""Answers that several pages of accounts give alike."""

from http import HTTPStatus
from typing import Any

from django.core.paginator import Page
from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from fupin.lib import paging

PAGE = "50"


def with_errors(request: HttpRequest, template: str, form: BaseForm, **context: Any) -> HttpResponse:
    """Render a page with its form: 422 where the form was sent and something in it is wrong."""
    wrong = form.is_bound and bool(form.errors)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    return render(request, template, {"form": form, **context}, status=status)


def page_of(request: HttpRequest, rows: QuerySet[Any]) -> Page[Any]:
    """Return the page of a list that ``?page=`` asks for; out of range the nearest, counted no further than any list."""
    return paging.page_of(rows, request.GET.get("page"), PAGE)
