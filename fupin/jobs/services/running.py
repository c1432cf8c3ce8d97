"""Carry a job out, whoever asks for it and however often."""

import logging
import traceback
import uuid
from datetime import date, timedelta

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce, Now

from fupin.accounts import audit
from fupin.accounts.errors import Refused
from fupin.jobs.errors import Cancelled, JobRefused, LeaseLost
from fupin.jobs.kinds import KINDS
from fupin.jobs.models import Job, JobStatus
from fupin.jobs.work import LEASE, Heartbeat, Work

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 5
RETRY_AFTER = timedelta(seconds=15)


def carry_out(job_id: uuid.UUID, *, on: date) -> None:
    """Do a job's work if nobody else is doing it or has done it; otherwise do nothing.

    Whatever the work raises ends the job with words for its requester. Only where the database was away, or a
    deadlock had to be broken, is it queued again.
    """
    lease = take_lease(job_id)
    if lease is None:
        return
    job = Job.objects.select_related("requested_by", "post").get(pk=job_id)
    work = Work(job, lease, on=on)
    with Heartbeat(job_id, lease), audit.gathering(work.note):
        try:
            _run(work)
        except LeaseLost:
            log.warning("job %s: the lease ran out, another worker has it", job_id)
        except Cancelled:
            _end(work, lease, JobStatus.CANCELLED, "已按要求取消")
        except (JobRefused, Refused) as refusal:
            _end(work, lease, JobStatus.FAILED, str(refusal), audit.Outcome.REFUSED)
        except (OperationalError, InterfaceError) as error:
            log.warning("job %s: interrupted by %s, queued again", job_id, type(error).__name__)
            _mine(job_id, lease).update(status=JobStatus.QUEUED, lease=None, lease_until=Now() + RETRY_AFTER)
        except Exception as error:  # noqa: BLE001  (a job must never stay in "running")
            log.error("job %s failed: %s, %s", job_id, type(error).__name__, _where(error))
            _end(work, lease, JobStatus.FAILED, "系统出错，已记录；改动已全部撤回，可以重新提出")


def take_lease(job_id: uuid.UUID) -> uuid.UUID | None:
    """Make this worker the only one on the job; return its lease, or None where there is nothing to do."""
    lease = uuid.uuid4()
    free = Q(status=JobStatus.QUEUED) | Q(status=JobStatus.RUNNING, lease_until__lt=Now())
    taken = Job.objects.filter(free, pk=job_id, attempts__lt=MAX_ATTEMPTS).update(
        status=JobStatus.RUNNING,
        lease=lease,
        lease_until=Now() + LEASE,
        attempts=F("attempts") + 1,
        started_at=Coalesce("started_at", Now()),
    )
    return lease if taken else None


def _run(work: Work) -> None:
    kind = KINDS.get(work.job.kind)
    if kind is None:
        raise JobRefused("这一版系统已没有这种任务")
    if work.job.cancel_requested_at is not None:
        raise Cancelled
    result = kind.run(work)
    if not work.finished:
        with transaction.atomic():
            work.finish(result)


def _end(
    work: Work,
    lease: uuid.UUID,
    status: JobStatus,
    message: str,
    outcome: audit.Outcome = audit.Outcome.FAILED,
) -> None:
    with transaction.atomic():
        if _mine(work.job.pk, lease).update(
            status=status, message=message[:500], finished_at=Now(), lease=None, lease_until=None
        ):
            audit.write(work.note, outcome)


def _where(error: BaseException) -> str:
    """Return where it broke and not what it said: messages of the database hold people's data."""
    frames = traceback.extract_tb(error.__traceback__)
    return " < ".join(f"{frame.name} {frame.filename}:{frame.lineno}" for frame in reversed(frames))


def _mine(job_id: uuid.UUID, lease: uuid.UUID) -> QuerySet[Job]:
    return Job.objects.filter(pk=job_id, lease=lease, status=JobStatus.RUNNING)
