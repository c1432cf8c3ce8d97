"""Ask for work, take it back, ask for it again.

The job's row is written in the request's own transaction and is the outbox: when the message to the queue is
lost, the sweeper finds the row and sends another.
"""

import logging
import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from celery import current_app
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from kombu.exceptions import OperationalError as QueueAway

from fupin.accounts.models import User
from fupin.accounts.permissions import require
from fupin.jobs.errors import AlreadyUnderWay
from fupin.jobs.kinds import KINDS
from fupin.jobs.models import Job, JobStatus

log = logging.getLogger(__name__)

RUN = "fupin.jobs.tasks.run"
OPEN = (JobStatus.QUEUED, JobStatus.RUNNING)
ENDED_BADLY = (JobStatus.FAILED, JobStatus.CANCELLED)
DELIVERY = timedelta(seconds=30)
"""How long a message may be on its way; ``lease_until`` of a queued job is when the sweeper sends another."""


@transaction.atomic
def ask_for(*, kind: str, key: str, title: str, arguments: Mapping[str, Any], actor: User) -> Job:
    """Write down that ``actor`` wants this done under his present post; return the job.

    ``key`` says what the work is on: while a job with it is open no second one begins. Asked again by the
    same person it is the same job; raise AlreadyUnderWay when the open one is somebody else's, Refused when
    his post does not hold the kind's permission. Neither ``title`` nor ``arguments`` may hold an ID number,
    an account or a phone.
    """
    require(actor, KINDS[kind].permission)
    job = Job(id=uuid.uuid4(), kind=kind, key=key, title=title, arguments=dict(arguments))
    job.requested_by, job.post = actor, actor.post  # type: ignore[assignment]  # require() asks for a post
    try:
        return _queue(job)
    except AlreadyUnderWay:
        there = Job.objects.filter(key=key, status__in=OPEN, requested_by=actor).first()
        if there is None:
            raise
        return there


@transaction.atomic
def ask_again(*, job: Job, actor: User) -> Job:
    """Queue a job that failed or was cancelled once more, under the actor's present post.

    A job that has ended well or is still open stays as it is. Raise AlreadyUnderWay, Refused.
    """
    job = Job.objects.select_for_update().get(pk=job.pk, requested_by=actor)
    if job.status not in ENDED_BADLY:
        return job
    require(actor, KINDS[job.kind].permission)
    job.post = actor.post  # type: ignore[assignment]  # require() asks for a post
    job.status, job.attempts, job.done, job.total = JobStatus.QUEUED, 0, 0, None
    job.message, job.result, job.lease = "", {}, None
    job.cancel_requested_at = job.started_at = job.finished_at = None
    return _queue(job)


@transaction.atomic
def cancel(*, job: Job, actor: User) -> Job:
    """Take a job back: at once while it waits; a running one is told and stops at its next step."""
    job = Job.objects.select_for_update().get(pk=job.pk, requested_by=actor)
    if job.status == JobStatus.QUEUED:
        changes: dict[str, Any] = {"status": JobStatus.CANCELLED, "finished_at": Now()}
    elif job.status == JobStatus.RUNNING and job.cancel_requested_at is None:
        changes = {"cancel_requested_at": Now()}
    else:
        return job
    Job.objects.filter(pk=job.pk).update(**changes)
    job.refresh_from_db(fields=list(changes))
    return job


def deliver(job_id: uuid.UUID) -> None:
    """Tell the queue about a job; a queue that is away only delays it until the sweeper's next round."""
    try:
        current_app.tasks[RUN].apply_async((str(job_id),), retry=False)
    except QueueAway as error:
        log.warning("job %s is written but not delivered yet: %s", job_id, type(error).__name__)


def _queue(job: Job) -> Job:
    """Save a queued job and have it delivered once the transaction stands."""
    try:
        with transaction.atomic():
            job.save()
    except IntegrityError as error:
        if getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") != "job_once_while_open":
            raise
        raise AlreadyUnderWay from error
    Job.objects.filter(pk=job.pk).update(lease_until=Now() + DELIVERY)
    transaction.on_commit(lambda: deliver(job.pk), robust=True)
    return job
