"""Re-identification, fanned out by county over the workers."""

import time
import uuid
from collections.abc import Mapping
from typing import Any, Final

from celery import current_app, shared_task
from django.urls import reverse
from django.utils import timezone
from kombu.exceptions import OperationalError as QueueAway

from fupin.accounts.models import Post, User
from fupin.accounts.permissions import Refused, roles_for
from fupin.accounts.scope import acting_as, whole_province
from fupin.deadlines.rules import day_of
from fupin.jobs.errors import JobRefused, LeaseLost
from fupin.jobs.kinds import job
from fupin.jobs.models import Job, JobStatus
from fupin.jobs.work import Work
from registry.errors import ReidentificationRefused
from registry.models import ReidentificationRun, Round, RoundKind
from registry.rules.reidentify import is_adjustment_year
from registry.services import reidentification as reidentifying

COUNTY: Final = "registry.tasks.reidentify_county"
LOOK_AGAIN_SECONDS: Final = 0.3


@job(reidentifying.KIND, permission=reidentifying.PERMISSION)
def reidentify(work: Work) -> Mapping[str, Any]:
    """Hand a run's counties out to whoever of the workers is free, and work through them too until none is left.

    The job itself takes counties, so that a single worker gets through; whoever is killed at one has locked it, and leaves it undone.
    """
    with work.scope():
        run = ReidentificationRun.objects.get(pk=work.arguments["run"])
        total = run.counties.count()
        left = reidentifying.undone(run)
    work.progress(total - len(left), total, "分县比对")
    for code in left[1:]:
        _hand_out(work.job.pk, code)
    while True:
        with work.scope():
            counts = reidentifying.work_on(run)
            left = reidentifying.undone(run)
        work.progress(total - len(left), total, f"已比对 {total - len(left)} 个县，共 {total} 个")
        if not left:
            break
        if counts is None:
            time.sleep(LOOK_AGAIN_SECONDS)
    with work.scope():
        reidentifying.finish(run)
        result = {"url": reverse("reidentification_run", args=[run.pk]), "label": "查看三张清单"}
        work.finish(result)
    return result


def _hand_out(job_id: uuid.UUID, code: int) -> None:
    """Offer a county to the other workers; when the queue is away the job does it itself."""
    try:
        current_app.tasks[COUNTY].apply_async((str(job_id), code), retry=False)
    except QueueAway:
        return


@shared_task(name=COUNTY, ignore_result=True)
def reidentify_county(job_id: str, code: int) -> None:
    """Work through one county of a run, if its job still goes on and nobody else is at it. May come twice, late or never."""
    found = Job.objects.select_related("requested_by", "post").filter(
        pk=uuid.UUID(job_id), status=JobStatus.RUNNING, cancel_requested_at__isnull=True
    )
    job_of_run = found.first()
    if job_of_run is None or job_of_run.lease is None:
        return
    work = Work(job_of_run, job_of_run.lease, on=timezone.localdate())
    try:
        with work.scope():
            run = ReidentificationRun.objects.get(pk=work.arguments["run"])
            reidentifying.work_on(run, code)
    except (LeaseLost, JobRefused):
        return  # another has the job, or it ends: the county is undone and stays for whoever goes on


@shared_task(name="registry.tasks.reidentify_when_due", ignore_result=True)
def reidentify_when_due() -> None:
    """Ask for the statutory run of every three-year round whose window is open and that has none, in the name of who opened it.

    May come twice: a round has one run. Where he holds no post of the kind any more nobody is asked in his stead; the clock of the
    year reminds the province.
    """
    today = day_of(timezone.now())
    waiting = Round.objects.filter(
        kind=RoundKind.THREE_YEAR,
        opens_on__lte=today,
        closes_on__gte=today,
        reidentification__isnull=True,
    )
    with whole_province():
        rounds = [
            one
            for one in waiting.order_by("year").select_related("opened_by")
            if is_adjustment_year(one.year)
        ]
    for one in rounds:
        actor = _under_his_post(one.opened_by)
        if actor is None:
            continue
        try:
            with acting_as(actor):
                assert actor.post is not None  # noqa: S101  (_under_his_post gave it)
                reidentifying.ask(actor=actor, division=actor.post.division, year=one.year, in_round=one)
        except (ReidentificationRefused, Refused):
            continue


def _under_his_post(user: User) -> User | None:
    """Return a user under a post of his that may ask for a run of the province today."""
    roles = roles_for(reidentifying.PERMISSION)
    post = (
        Post.objects.held_on(timezone.localdate())
        .filter(user=user, user__is_active=True, role__in=roles)
        .select_related("division")
        .order_by("division_id", "pk")
        .first()
    )
    if post is None:
        return None
    user.post = post
    return user
