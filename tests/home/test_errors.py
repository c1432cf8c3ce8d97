"""What a person and a program read when something can't be."""

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import RequestFactory

from fupin.accounts.errors import Refused
from fupin.home import errors

pytestmark = pytest.mark.django_db
BROKEN = Exception("secret")
CASES: list[tuple[Callable[..., HttpResponse], tuple[object, ...], int, str]] = [
    (errors.bad_request, (BROKEN,), 400, "看不懂"),
    (errors.forbidden, (PermissionDenied("secret"),), 403, "您的岗位不能做这一步"),
    (errors.forbidden, (Refused("此项须由县扶贫办审核办理"),), 403, "此项须由县扶贫办审核办理"),
    (errors.not_found, (BROKEN,), 404, "没有找到"),
    (errors.csrf_failure, ("secret",), 403, "页面已过期"),
    (errors.server_error, (), 500, "系统出错"),
]


@pytest.mark.parametrize(("handler", "arguments", "status", "says"), CASES)
def test_a_person_reads_a_page(
    rf: RequestFactory,
    handler: Callable[..., HttpResponse],
    arguments: tuple[object, ...],
    status: int,
    says: str,
) -> None:
    answer = handler(rf.get("/registry/"), *arguments)
    text = answer.content.decode()
    assert (answer.status_code, says in text, "secret" in text) == (status, True, False)


@pytest.mark.parametrize(("handler", "arguments", "status", "says"), CASES)
def test_a_program_gets_json(
    rf: RequestFactory,
    handler: Callable[..., HttpResponse],
    arguments: tuple[object, ...],
    status: int,
    says: str,
) -> None:
    answer = handler(rf.get("/api/v1/households/"), *arguments)
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/json")
    assert b"secret" not in answer.content


def test_too_fast_says_when_again(rf: RequestFactory) -> None:
    assert errors.too_many(rf.get("/"), seconds=61).headers["Retry-After"] == "61"
    assert "2 分钟" in errors.too_many(rf.get("/"), seconds=61).content.decode()
    assert errors.too_many(rf.get("/api/v1/"), seconds=61).headers["Retry-After"] == "61"
