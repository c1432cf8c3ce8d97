"""Find the jobs that nobody works on though they are open, and see to them."""

import uuid
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from fupin.jobs.models import Job, JobStatus
from fupin.jobs.services.asking import OPEN, deliver
from fupin.jobs.services.running import MAX_ATTEMPTS

RESEND = timedelta(minutes=2)
"""How long a job may wait behind others before its message is sent again; a second message does no harm."""

_AT_ONCE = 500


@transaction.atomic
def sweep() -> list[uuid.UUID]:
    """Queue again what was never delivered or whose worker died; return which jobs.

    It may run twice at the same time. A job that was to be cancelled is cancelled; one that was cut off too
    often has failed.
    """
    overdue = Q(lease_until__lt=Now()) | Q(lease_until__isnull=True)
    stale = list(
        Job.objects.select_for_update(skip_locked=True)
        .filter(overdue, status__in=OPEN)
        .order_by("queued_at", "pk")[:_AT_ONCE]
    )
    cancelled = [job.pk for job in stale if job.cancel_requested_at is not None]
    hopeless = [job.pk for job in stale if job.attempts >= MAX_ATTEMPTS and job.pk not in cancelled]
    again = [job.pk for job in stale if job.pk not in {*cancelled, *hopeless}]
    _end(cancelled, JobStatus.CANCELLED, "已按要求取消")
    _end(hopeless, JobStatus.FAILED, "多次中断，没有完成；请重新提出，仍不行请告诉系统管理员")
    Job.objects.filter(pk__in=again).update(status=JobStatus.QUEUED, lease=None, lease_until=Now() + RESEND)
    for job_id in again:
        _deliver_on_commit(job_id)
    return again


def _deliver_on_commit(job_id: uuid.UUID) -> None:
    transaction.on_commit(lambda: deliver(job_id), robust=True)


def _end(job_ids: list[uuid.UUID], status: JobStatus, message: str) -> None:
    Job.objects.filter(pk__in=job_ids).update(
        status=status, message=message, finished_at=Now(), lease=None, lease_until=None
    )
