"""One's own jobs in the browser; somebody else's do not exist."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models.functions import Now
from django.test import Client

from fupin.accounts.models import AuditRecord, User
from fupin.jobs.models import Job, JobStatus
from tests.jobs.conftest import Ask

pytestmark = pytest.mark.django_db
Sign = Callable[[User], Client]


def test_without_jobs_the_list_says_what_will_stand_there(client_for: Sign, bo: User) -> None:
    assert "还没有后台任务" in client_for(bo).get("/jobs/").content.decode()


def test_the_list_has_ones_own(client_for: Sign, ask: Ask, bo: User, tong: User) -> None:
    ask(key="mine")
    assert "试一试" in client_for(bo).get("/jobs/").content.decode()
    assert "试一试" not in client_for(tong).get("/jobs/").content.decode()


def test_the_list_costs_the_same_for_many(
    client_for: Sign, ask: Ask, bo: User, django_assert_max_num_queries: Any, django_assert_num_queries: Any
) -> None:
    browser = client_for(bo)
    ask(key="0")
    with django_assert_max_num_queries(15) as one:
        browser.get("/jobs/")
    for number in range(1, 60):
        ask(key=str(number))
    with django_assert_num_queries(len(one)):
        page = browser.get("/jobs/")
    assert "共 60 项" in page.content.decode()


def test_the_page_polls_in_the_background_while_it_goes_on(client_for: Sign, ask: Ask, bo: User) -> None:
    job = ask()
    Job.objects.filter(pk=job.pk).update(status=JobStatus.RUNNING, done=3, total=12, message="第 3 户")
    page = client_for(bo).get(f"/jobs/{job.pk}/").content.decode()
    assert 'hx-trigger="every 2s"' in page
    assert "X-Background" in page
    assert "3 / 12" in page
    assert "第 3 户" in page
    part = client_for(bo).get(f"/jobs/{job.pk}/", headers={"HX-Request": "true"}).content.decode()
    assert "3 / 12" in part
    assert "<html" not in part


def test_the_page_of_an_ended_job_polls_no_more(client_for: Sign, ask: Ask, bo: User) -> None:
    job = ask()
    result = {"url": "/jobs/", "label": "下载"}
    Job.objects.filter(pk=job.pk).update(status=JobStatus.DONE, result=result, finished_at=Now())
    page = client_for(bo).get(f"/jobs/{job.pk}/").content.decode()
    assert "every 2s" not in page
    assert '<a class="btn primary" href="/jobs/">下载</a>' in page


@pytest.mark.parametrize("path", ["", "cancel/", "again/"])
def test_somebody_elses_job_does_not_exist(
    client_for: Sign, ask: Ask, bo: User, tong: User, path: str
) -> None:
    job = ask()
    answer = client_for(tong).generic("GET" if not path else "POST", f"/jobs/{job.pk}/{path}")
    assert answer.status_code == 404
    job.refresh_from_db()
    assert job.status == JobStatus.QUEUED


def test_cancelling_leaves_one_record(client_for: Sign, ask: Ask, bo: User) -> None:
    job = ask()
    browser = client_for(bo)
    answer = browser.post(f"/jobs/{job.pk}/cancel/", follow=True)
    assert "任务已取消" in answer.content.decode()
    assert "已取消" in answer.content.decode()
    record = AuditRecord.objects.get(action="job.cancel")
    assert record.object_key == f"job:{job.pk}"
    assert "重新执行" in answer.content.decode()
    answer = browser.post(f"/jobs/{job.pk}/again/", follow=True)
    assert "任务已重新排队" in answer.content.decode()
    job.refresh_from_db()
    assert job.status == JobStatus.QUEUED


def test_asking_again_beside_an_open_one_is_refused_in_words(client_for: Sign, ask: Ask, bo: User) -> None:
    browser = client_for(bo)
    job = ask()
    browser.post(f"/jobs/{job.pk}/cancel/")
    ask()
    answer = browser.post(f"/jobs/{job.pk}/again/", follow=True)
    assert "同样的任务" in answer.content.decode()


@pytest.mark.parametrize("path", ["cancel/", "again/"])
def test_acts_are_posts(client_for: Sign, ask: Ask, bo: User, path: str) -> None:
    assert client_for(bo).get(f"/jobs/{ask().pk}/{path}").status_code == 405
