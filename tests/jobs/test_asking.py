"""Asking for work: written with the request, once, and never lost on the way to the queue."""

from typing import Any

import pytest
from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError as QueueAway

from fupin.accounts.errors import Refused
from fupin.accounts.models import User
from fupin.jobs.errors import AlreadyUnderWay
from fupin.jobs.models import Job, JobStatus
from fupin.jobs.services.asking import RUN, ask_again, cancel
from fupin.jobs.services.sweeping import sweep
from tests.jobs.conftest import Ask, let_time_pass, marks_of

pytestmark = pytest.mark.django_db


def test_a_job_is_delivered_when_the_request_stands(
    ask: Ask, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        job = ask()
        assert job.status == JobStatus.QUEUED
    job.refresh_from_db()
    assert (job.status, job.done, job.total, marks_of(job)) == (JobStatus.DONE, 1, 1, 1)


def test_a_request_that_is_rolled_back_asks_for_nothing(
    ask: Ask, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True) as callbacks, transaction.atomic():
        ask()
        transaction.set_rollback(True)
    assert not callbacks
    assert not Job.objects.exists()


def test_asked_twice_it_is_the_same_job(ask: Ask) -> None:
    assert ask(key="export 7") == ask(key="export 7")
    assert ask(key="export 8") != ask(key="export 7")
    assert Job.objects.count() == 2


def test_somebody_elses_open_job_is_not_handed_over(ask: Ask, tong: User) -> None:
    ask(key="village 7")
    with pytest.raises(AlreadyUnderWay):
        ask(key="village 7", actor=tong)


def test_the_key_is_free_again_after_the_end(ask: Ask, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        first = ask()
    assert ask() != first


def test_who_may_not_do_it_may_not_ask(ask: Ask, jin: User) -> None:
    with pytest.raises(Refused):
        ask(actor=jin)


def test_a_queue_that_is_away_delays_only(
    ask: Ask, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*args: object, **kwargs: object) -> None:
        raise QueueAway("no route to Redis")

    with monkeypatch.context() as patch:
        patch.setattr(current_app.tasks[RUN], "apply_async", away)
        with django_capture_on_commit_callbacks(execute=True):
            job = ask()
    job.refresh_from_db()
    assert job.status == JobStatus.QUEUED
    assert sweep() == []
    let_time_pass(job)
    with django_capture_on_commit_callbacks(execute=True):
        assert sweep() == [job.pk]
    job.refresh_from_db()
    assert (job.status, marks_of(job)) == (JobStatus.DONE, 1)


def test_a_waiting_job_is_cancelled_at_once(ask: Ask, bo: User, du: User) -> None:
    job = ask()
    with pytest.raises(Job.DoesNotExist):
        cancel(job=job, actor=du)
    assert cancel(job=job, actor=bo).status == JobStatus.CANCELLED
    assert cancel(job=job, actor=bo).status == JobStatus.CANCELLED


def test_a_cancelled_job_may_be_asked_for_again(
    ask: Ask, bo: User, django_capture_on_commit_callbacks: Any
) -> None:
    job = cancel(job=ask(), actor=bo)
    with django_capture_on_commit_callbacks(execute=True):
        ask_again(job=job, actor=bo)
    job.refresh_from_db()
    assert (job.status, job.attempts, marks_of(job)) == (JobStatus.DONE, 1, 1)
    assert ask_again(job=job, actor=bo).status == JobStatus.DONE


def test_not_again_while_another_with_its_key_is_open(ask: Ask, bo: User) -> None:
    cancelled = cancel(job=ask(), actor=bo)
    ask()
    with pytest.raises(AlreadyUnderWay):
        ask_again(job=cancelled, actor=bo)
