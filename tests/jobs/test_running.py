"""Carrying jobs out: once, in the requester's scope of that moment, and with an end whatever happens."""

import logging
from collections.abc import Callable
from datetime import date
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connections
from django.db.models.functions import Now

from fupin.accounts.models import AuditRecord, Post, User
from fupin.accounts.models.audit import Outcome
from fupin.accounts.roles import Role
from fupin.jobs.errors import Cancelled, LeaseLost
from fupin.jobs.models import Job, JobStatus
from fupin.jobs.services.asking import cancel
from fupin.jobs.services.running import MAX_ATTEMPTS, carry_out, take_lease
from fupin.jobs.services.sweeping import sweep
from fupin.jobs.work import Work
from tests.jobs import samples
from tests.jobs.conftest import Ask, let_time_pass, marks_of

pytestmark = pytest.mark.django_db
DAY = date(2014, 6, 1)


def run(job: Job) -> Job:
    carry_out(job.pk, on=DAY)
    job.refresh_from_db()
    return job


def test_it_runs_in_the_scope_of_its_requester(ask: Ask) -> None:
    job = run(ask())
    assert job.status == JobStatus.DONE
    assert job.result["range"] == [141124000000, 141125000000]
    assert job.result["who"] == "bo"


def test_a_second_message_does_nothing(ask: Ask) -> None:
    job = run(ask())
    job = run(job)
    assert (job.attempts, marks_of(job)) == (1, 1)


def test_one_record_says_how_it_ended(ask: Ask, bo: User) -> None:
    job = run(ask())
    record = AuditRecord.objects.get(action="job.sample.mark")
    assert (record.outcome, record.user, record.post, record.object_key) == (
        Outcome.DONE,
        bo,
        bo.post,
        f"job:{job.pk}",
    )
    assert record.detail == {"attempt": 1, "rows": 1}


def end_post(bo: User) -> None:
    Post.objects.filter(user=bo).update(until=date(2014, 5, 1))


def disable(bo: User) -> None:
    User.objects.filter(pk=bo.pk).update(is_active=False)


def lose_right(bo: User) -> None:
    Post.objects.filter(user=bo).update(role=Role.LEADING_GROUP)


@pytest.mark.parametrize(
    ("change", "says"), [(end_post, "岗位已经结束"), (disable, "岗位已经结束"), (lose_right, "没有这项权限")]
)
def test_what_has_changed_since_holds(ask: Ask, bo: User, change: Callable[[User], None], says: str) -> None:
    job = ask()
    change(bo)
    job = run(job)
    assert (job.status, marks_of(job)) == (JobStatus.FAILED, 0)
    assert says in job.message
    assert AuditRecord.objects.get(action="job.sample.mark").outcome == Outcome.REFUSED


def test_a_smaller_scope_holds_at_run_time(ask: Ask, bo: User) -> None:
    job = ask()
    Post.objects.filter(user=bo).update(division=141124101000)
    assert run(job).result["range"] == [141124101000, 141124102000]


def test_a_refusal_is_told_in_its_own_words(ask: Ask) -> None:
    job = run(ask("sample.refused"))
    assert (job.status, job.message, marks_of(job)) == (JobStatus.FAILED, "文件里没有一行可用", 0)


def test_a_broken_job_ends_and_tells_nothing_of_people(ask: Ask, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        job = run(ask("sample.broken"))
    assert (job.status, marks_of(job)) == (JobStatus.FAILED, 0)
    assert "系统出错" in job.message
    assert "ValueError" in caplog.text
    assert "samples.py" in caplog.text
    assert "149901198001010018" not in caplog.text + job.message


def test_a_kind_that_no_longer_exists_fails(ask: Ask) -> None:
    job = ask()
    Job.objects.filter(pk=job.pk).update(kind="sample.of_last_year")
    assert run(job).status == JobStatus.FAILED


def test_cut_off_it_waits_for_another_try_until_it_was_tried_too_often(ask: Ask) -> None:
    job = ask("sample.cut_off")
    for attempt in range(1, MAX_ATTEMPTS + 1):
        job = run(job)
        assert (job.status, job.attempts) == (JobStatus.QUEUED, attempt)
    assert run(job).attempts == MAX_ATTEMPTS
    let_time_pass(job)
    assert sweep() == []
    job.refresh_from_db()
    assert job.status == JobStatus.FAILED
    assert "多次中断" in job.message


def hold(job: Job) -> Work:
    lease = take_lease(job.pk)
    assert lease is not None
    return Work(Job.objects.get(pk=job.pk), lease, on=DAY)


def test_a_lease_is_for_one(ask: Ask) -> None:
    job = ask()
    hold(job)
    assert take_lease(job.pk) is None
    let_time_pass(job)
    assert take_lease(job.pk) is not None


def test_a_dead_workers_job_is_done_by_another(ask: Ask) -> None:
    job = ask()
    hold(job)
    assert sweep() == []
    let_time_pass(job)
    assert sweep() == [job.pk]
    job = run(job)
    assert (job.status, job.attempts, marks_of(job)) == (JobStatus.DONE, 2, 1)


def test_a_worker_that_was_thought_dead_leaves_nothing(ask: Ask) -> None:
    job = ask()
    slow = hold(job)
    let_time_pass(job)
    sweep()
    run(job)
    with pytest.raises(LeaseLost), slow.scope():
        samples.leave_mark(slow)
    with pytest.raises(LeaseLost):
        slow.progress(1, 2)
    assert marks_of(job) == 1


def test_a_running_job_is_told_to_stop(ask: Ask, bo: User) -> None:
    job = ask()
    work = hold(job)
    work.progress(1, 10, "第一步")
    job.refresh_from_db()
    assert (job.done, job.total, job.message) == (1, 10, "第一步")
    assert cancel(job=job, actor=bo).status == JobStatus.RUNNING
    with pytest.raises(Cancelled):
        work.progress(10, 10)


def test_what_is_cancelled_before_it_runs_does_not_run(ask: Ask) -> None:
    job = ask()
    Job.objects.filter(pk=job.pk).update(cancel_requested_at=Now())
    job = run(job)
    assert (job.status, marks_of(job)) == (JobStatus.CANCELLED, 0)


def test_a_dead_workers_job_that_was_to_be_cancelled_is(ask: Ask, bo: User) -> None:
    job = ask()
    hold(job)
    cancel(job=job, actor=bo)
    let_time_pass(job)
    assert sweep() == []
    job.refresh_from_db()
    assert job.status == JobStatus.CANCELLED


def test_after_its_end_nothing_more_is_said(ask: Ask) -> None:
    work = hold(ask())
    with work.scope():
        work.finish()
        with pytest.raises(RuntimeError, match="finished"):
            work.progress(1)


def test_asking_and_sweeping_cost_the_same_for_many(ask: Ask, django_assert_num_queries: Any) -> None:
    for number in range(20):
        let_time_pass(ask(key=str(number)))
    with django_assert_num_queries(4):  # savepoint, look, queue again, release
        assert len(sweep()) == 20


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_one_does_it(ask: Ask) -> None:
    job = ask(key="race")
    Job.objects.filter(pk=job.pk).update(status=JobStatus.QUEUED, attempts=0, lease=None, finished_at=None)
    AuditRecord.objects.using("owner").all().delete()
    start = Barrier(8)

    def work() -> None:
        try:
            start.wait()
            carry_out(job.pk, on=DAY)
        finally:
            connections.close_all()

    threads = [Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    job.refresh_from_db()
    assert (job.status, job.attempts, marks_of(job)) == (JobStatus.DONE, 1, 1)
