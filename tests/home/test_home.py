"""The first page: what waits for whom, each figure with the list behind it."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from fupin.accounts.models import Post, User
from fupin.accounts.roles import Role
from fupin.accounts.scope import enter_scope
from fupin.home.todo import SOURCES, Todo, todos
from fupin.jobs.models import Job
from registry.models import CorrectionSlip, FormDraft, HouseholdYear
from registry.reports.years import entry_year
from tests.conftest import KELAN, person
from tests.registry.factories import saved

pytestmark = pytest.mark.django_db
Sign = Callable[[User], Client]


def waiting(user: User) -> dict[str, Todo]:
    enter_scope(*user.post.code_range, user_id=user.pk)  # type: ignore[union-attr]
    return {todo.label: todo for todo in todos(user)}


def left_by(author: User) -> None:
    enter_scope(*author.post.code_range, user_id=author.pk)  # type: ignore[union-attr]
    FormDraft.objects.create(id=uuid4(), author=author, form="household", payload=b"-")


def job_of(user: User, key: str) -> None:
    assert user.post is not None
    Job.objects.create(id=uuid4(), kind="sample", title="导出", key=key, requested_by=user, post=user.post)


def test_nothing_waits_and_the_page_says_so(client_for: Sign, bo: User) -> None:
    page = client_for(bo).get("/").content.decode()
    assert "没有等您办的事" in page
    assert "县扶贫办录入" in page
    assert "吕梁市临县" in page


def test_without_a_post_it_says_how_to_get_one(client_for: Sign, bo: User) -> None:
    Post.objects.filter(user=bo).update(until=date(2014, 5, 1))
    page = client_for(bo).get("/").content.decode()
    assert "没有在任的岗位" in page
    assert "安全管理员" in page


def test_whoever_has_not_signed_in_is_led_to_sign_in(client: Client) -> None:
    answer = client.get("/")
    assert answer.status_code == 302
    assert "next=" in answer.headers["Location"]


def test_what_a_clerk_left_waits_for_him(bo: User, tong: User) -> None:
    left_by(bo)
    card = saved(bo, year=entry_year())
    HouseholdYear.objects.filter(pk=card.household_year.pk).update(open_remarks=2)
    found = waiting(bo)
    assert found["我没有填完的表"].count == 1
    assert found["还是草稿的户"].url.endswith(f"?year={entry_year()}&status=D")
    assert found["有提示待说明的户卡"].count == 1
    assert found["有户卡而没有村表的村"].count == 1
    assert "我没有填完的表" not in waiting(tong)


def test_a_slip_waits_for_the_reviewer_and_not_for_its_maker(
    see_all: Callable[[], None], bo: User, chen: User, du: User
) -> None:
    card = saved(bo)
    CorrectionSlip.objects.create(
        division_id=card.household_year.division_id,
        household_year=card.household_year,
        base_version=1,
        reason="人口有误",
        made_by=bo,
    )
    assert waiting(chen)["等我审核的更正单"].count == 1
    assert waiting(bo)["我提出、还没有审核的更正单"].count == 1
    assert "等我审核的更正单" not in waiting(bo)
    sibling = person("sibling", Role.COUNTY_REVIEW, KELAN)
    assert "等我审核的更正单" not in waiting(sibling)


def test_a_post_waits_for_a_second_security_administrator(db: None, bo: User) -> None:
    first = person("first", Role.SECURITY_ADMIN, 140000000000)
    second = person("second", Role.SECURITY_ADMIN, 140000000000)
    Post.objects.create(
        user=bo, role=Role.LEADER, division_id=141124101200, since=date(2014, 1, 1), granted_by=first
    )
    assert waiting(second)["等我批准的岗位"].count == 1
    assert "等我批准的岗位" not in waiting(first)


def test_a_running_job_waits_for_nobody_else(db: None, bo: User, tong: User) -> None:
    job_of(bo, "k")
    assert waiting(bo)["正在进行的后台任务"] == Todo(
        "正在进行的后台任务", 1, "项", "/jobs/", "可看进度，可取消"
    )
    assert "正在进行的后台任务" not in waiting(tong)


def test_administrators_are_asked_nothing_about_households(see_all: Callable[[], None], bo: User) -> None:
    saved(bo)
    admin = person("admin", Role.SECURITY_ADMIN, 140000000000)
    assert waiting(admin) == {}


def test_the_page_costs_the_same_for_many(
    client_for: Sign,
    bo: User,
    django_assert_max_num_queries: Any,
    django_assert_num_queries: Any,
) -> None:
    browser = client_for(bo)
    with django_assert_max_num_queries(30) as once:
        browser.get("/")
    for number in range(5):
        left_by(bo)
        job_of(bo, str(number))
    with django_assert_num_queries(len(once)):
        page = browser.get("/").content.decode()
    assert "5 份" in page
    assert "5 项" in page


def test_every_source_asks_for_a_permission_that_exists() -> None:
    from fupin.accounts.permissions import declared

    assert {source.permission for source in SOURCES} - {""} <= declared().keys()
