"""The kinds of work that the tests of jobs ask for."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db.models.functions import Now

from fupin.accounts.models import AuditRecord, User
from fupin.jobs.models import Job
from fupin.jobs.services.asking import ask_for
from tests.jobs import samples

Ask = Callable[..., Job]


@pytest.fixture
def ask(bo: User) -> Ask:
    """Return a function by which Bo asks for a job; nothing delivers it until the test says so."""

    def ask_for_it(
        kind: str = "sample.mark", *, key: str = "", actor: User | None = None, **arguments: object
    ) -> Job:
        return ask_for(
            kind=kind,
            key=key or kind,
            title="试一试",
            arguments=arguments,
            actor=bo if actor is None else actor,
        )

    return ask_for_it


def marks_of(job: Job) -> int:
    """How often the effect of a job stands."""
    return AuditRecord.objects.filter(action="sample", object_key=str(job.pk)).count()


def let_time_pass(job: Job) -> None:
    """Let the job's lease, or its message's time to arrive, have run out."""
    Job.objects.filter(pk=job.pk).update(lease_until=Now() - timedelta(seconds=1))


__all__ = ["Ask", "ask", "let_time_pass", "marks_of", "samples"]
