"""Kinds of work to try jobs on; a real worker imports them by ``--include``."""

import time
from typing import Any

from django.db import OperationalError, connection

from fupin.accounts.audit import note
from fupin.accounts.models import AuditRecord
from fupin.accounts.models.audit import Outcome
from fupin.jobs.errors import JobRefused
from fupin.jobs.kinds import job
from fupin.jobs.work import Work

PERMISSION = "registry.change_household"


def marks(work: Work) -> int:
    """Return how often the job's effect stands."""
    return AuditRecord.objects.filter(action="sample", object_key=str(work.job.pk)).count()


def leave_mark(work: Work) -> None:
    AuditRecord.objects.create(
        action="sample", object_key=str(work.job.pk), outcome=Outcome.DONE, request_id=work.job.pk
    )


@job("sample.mark", permission=PERMISSION)
def mark(work: Work) -> dict[str, Any]:
    """Leave one mark, together with the job's end."""
    with work.scope() as requester:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('app.lo'), current_setting('app.hi')")
            low, high = cursor.fetchone()
        leave_mark(work)
        note(detail={"rows": 1})
        work.progress(1, 1, "写一条")
        result = {"range": [int(low), int(high)], "who": requester.username, "url": "/jobs/", "label": "去看"}
        work.finish(result)
    return result


@job("sample.slow", permission=PERMISSION)
def slow(work: Work) -> None:
    """Take as long as told, in steps, and leave the mark at the end."""
    with work.scope():
        for step in range(100):
            work.progress(step, 100)
            time.sleep(work.arguments["seconds"] / 100)
        leave_mark(work)
        work.finish()


@job("sample.refused", permission=PERMISSION)
def refused(work: Work) -> None:
    with work.scope():
        leave_mark(work)
        raise JobRefused("文件里没有一行可用")


@job("sample.broken", permission=PERMISSION)
def broken(work: Work) -> None:
    with work.scope():
        leave_mark(work)
        raise ValueError("身份证号 149901198001010018 不对")


@job("sample.cut_off", permission=PERMISSION)
def cut_off(work: Work) -> None:
    raise OperationalError("the database went away")
