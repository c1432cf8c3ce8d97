"""What a job's function is given: its arguments, its requester's scope, and a way to say how far it is."""

import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from threading import Event, Thread
from typing import Any, Self

import pghistory
from django.db import InterfaceError, OperationalError, connections
from django.db.models.functions import Now

from fupin.accounts import audit
from fupin.accounts.models import Post, User
from fupin.accounts.permissions import may
from fupin.accounts.scope import acting_as
from fupin.jobs.errors import Cancelled, JobRefused, LeaseLost
from fupin.jobs.kinds import KINDS
from fupin.jobs.models import Job, JobStatus

LEASE = timedelta(seconds=60)
"""How long a worker may be silent before another takes over its job."""

HEARTBEAT_SECONDS = 15.0
PROGRESS_SECONDS = 0.5
"""How often progress is written at most; the page looks every two seconds."""


class Work:
    """A job in the hands of one worker.

    What the worker says of the job goes over the connection ``record``, so that it is seen while the work's
    own transaction is still open.
    """

    def __init__(self, job: Job, lease: uuid.UUID, *, on: date) -> None:
        self.job = job
        self.arguments: Mapping[str, Any] = job.arguments
        self.on = on
        self.finished = False
        self.note = audit.Note(
            request_id=job.pk,
            action=f"job.{job.kind}",
            user=job.requested_by,
            post=job.post,
            object_key=f"job:{job.pk}",
            detail={"attempt": job.attempts},
        )
        """What the audit record will say; services add to it with ``audit.note``."""
        self._lease = lease
        self._next_progress = 0.0

    @contextmanager
    def scope(self) -> Iterator[User]:
        """Run a block in one transaction, as the requester and in the scope that his post has now.

        Raise JobRefused when the post has ended or lost the permission. A worker that has lost its lease
        meanwhile raises LeaseLost at the end of the block and nothing of it stays.
        """
        requester = self._requester()
        context = {"user": requester.pk, "post": self.job.post_id, "job": str(self.job.pk)}
        with acting_as(requester), pghistory.context(**context):
            yield requester
            self._hold()

    def progress(self, done: int, total: int | None = None, message: str = "") -> None:
        """Say how far the work is, as often as is handy; raise Cancelled or LeaseLost when it must stop."""
        if self.finished:
            raise RuntimeError("the job is finished: its own row is locked until the block ends")
        self.job.total = total
        now = time.monotonic()
        if now < self._next_progress and done != total:
            return
        self._next_progress = now + PROGRESS_SECONDS
        mine = Job.objects.using("record").filter(pk=self.job.pk, lease=self._lease, status=JobStatus.RUNNING)
        if not mine.update(done=done, total=total, message=message[:500], lease_until=Now() + LEASE):
            raise LeaseLost
        if mine.filter(cancel_requested_at__isnull=False).exists():
            raise Cancelled

    def finish(self, result: Mapping[str, Any] | None = None) -> None:
        """End the job well inside a ``scope()`` block: its last writes and its end stand or fall together."""
        self._hold()
        changes: dict[str, Any] = {
            "status": JobStatus.DONE,
            "result": dict(result or {}),
            "finished_at": Now(),
        }
        if self.job.total is not None:
            changes |= {"done": self.job.total, "total": self.job.total}
        Job.objects.filter(pk=self.job.pk).update(**changes)
        audit.write(self.note, audit.Outcome.DONE)
        self.finished = True

    def _hold(self) -> None:
        """Lock the job's row for the rest of the transaction, if the lease is still ours."""
        mine = Job.objects.select_for_update(no_key=True).filter(pk=self.job.pk, lease=self._lease)
        if not mine.values_list("pk", flat=True):
            raise LeaseLost

    def _requester(self) -> User:
        """Read again who asked for the work and which post he holds today."""
        post = (
            Post.objects.held_on(self.on)
            .filter(pk=self.job.post_id, user_id=self.job.requested_by_id, user__is_active=True)
            .select_related("user", "division")
            .first()
        )
        if post is None:
            raise JobRefused("提出任务时的岗位已经结束，任务没有执行")
        user = post.user
        user.post = post
        if not may(user, KINDS[self.job.kind].permission):
            raise JobRefused("岗位已没有这项权限，任务没有执行")
        return user


class Heartbeat:
    """Renews a lease from a thread of its own while the work goes on, however long one statement takes."""

    def __init__(self, job_id: uuid.UUID, lease: uuid.UUID) -> None:
        self._job_id = job_id
        self._lease = lease
        self._stop = Event()
        self._thread = Thread(target=self._beat, name=f"heartbeat {job_id}", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _beat(self) -> None:
        try:
            while not self._stop.wait(HEARTBEAT_SECONDS):
                try:
                    mine = Job.objects.using("record").filter(pk=self._job_id, lease=self._lease)
                    if not mine.filter(status=JobStatus.RUNNING).update(lease_until=Now() + LEASE):
                        return
                except (OperationalError, InterfaceError):
                    connections["record"].close()  # the database is away; try anew at the next beat
        finally:
            connections["record"].close()
