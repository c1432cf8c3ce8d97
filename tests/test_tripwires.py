"""The tripwires trip."""

from typing import Any

import pytest
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import Client
from django.urls import path

from fupin.accounts.doors import door
from fupin.accounts.models import User
from fupin.divisions.models import Division
from fupin.jobs.models import Job
from tests.tripwires import NoOrder, Undefined, WroteWhileReading


@door(None, open=True)
def writing(request: HttpRequest) -> HttpResponse:
    Job.objects.filter(kind="none").update(kind="never")
    return HttpResponse("-")


urlpatterns = [path("writing/", writing)]


def test_undefined_variables() -> None:
    template = engines["django"].from_string("{% if nobody %}{{ nobody }}{% endif %}{{ somebody }}")
    assert template.render({"somebody": "x"}) == "x"
    assert engines["django"].from_string("{{ one.name }}-").render({"one": None}) == "-"
    with pytest.raises(Undefined, match="somebody"):
        template.render({})


@pytest.mark.django_db
@pytest.mark.urls(__name__)
def test_writes_while_reading(client: Client) -> None:
    with pytest.raises(WroteWhileReading, match="jobs_job"):
        client.get("/writing/")
    assert client.post("/writing/").status_code == 200


@pytest.mark.django_db
def test_slices_without_order() -> None:
    with pytest.raises(NoOrder):
        list(User.objects.order_by()[:3])
    assert list(User.objects.order_by("pk")[:3]) == []


@pytest.mark.parametrize(
    ("rows", "total"),
    [
        (Division.objects.order_by("code"), True),
        (Division.objects.order_by("name"), False),
        (Division.objects.order_by("name", "-pk"), True),
        (User.objects.order_by("full_name"), False),
        (User.objects.order_by("full_name", "username"), True),
    ],
)
def test_pages_whose_order_leaves_rows_equal(rows: Any, total: bool) -> None:
    if total:
        Paginator(rows, 20)
    else:
        with pytest.raises(NoOrder):
            Paginator(rows, 20)
