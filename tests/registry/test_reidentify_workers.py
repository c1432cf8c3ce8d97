"""One worker, two at a time, or one killed with SIGKILL in the middle and followed by another: a re-identification comes to the same.

The tests follow each other: their workers share the suite's queue, and FLUSHALL empties all of it.
"""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import redis
from django.db import connections, transaction

from fupin.accounts.models import User
from fupin.accounts.scope import enter_scope
from fupin.divisions.codes import PROVINCE_CODE, code_range
from fupin.divisions.models import Division
from fupin.jobs.models import Job, JobStatus
from fupin.jobs.services.asking import deliver
from fupin.jobs.services.sweeping import sweep
from registry.models import ReidentificationCounty, ReidentificationFinding, ReidentificationRun
from registry.services import reidentification as runs
from tests.conftest import KELAN
from tests.jobs.conftest import let_time_pass
from tests.jobs.test_worker import PATIENCE, QUEUE, has, queue, until, worker
from tests.registry.factories import KELAN_VILLAGE, VILLAGE
from tests.registry.reidentifying import FALLEN_BACK, MAY_LEAVE, NEWLY_BELOW, STAYS, YEAR, household

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

__all__ = ["PATIENCE", "QUEUE", "queue"]


def see() -> None:
    enter_scope(*code_range(PROVINCE_CODE), user_id=None)


def found_by(run: ReidentificationRun) -> tuple[list[Any], list[Any]]:
    """Return what a run found and counted, but for its own keys and times."""
    names = (
        "division_id",
        "household_id",
        "listed",
        "reasons",
        "net_income",
        "member_count",
        "dropouts",
        "uninsured",
    )
    counted = (
        "division_id",
        "households",
        "may_leave",
        "newly_below",
        "fallen_back",
        "unchanged",
        "without_card",
    )
    with transaction.atomic():
        see()
        return (
            list(
                ReidentificationFinding.objects.filter(run=run).order_by("household_id").values_list(*names)
            ),
            list(
                ReidentificationCounty.objects.filter(run=run).order_by("division_id").values_list(*counted)
            ),
        )


def done_of(run: ReidentificationRun) -> int:
    with transaction.atomic():
        see()
        return ReidentificationCounty.objects.filter(run=run, done_at__isnull=False).count()


def ask(actor: User, in_scope: Callable[[User], Any]) -> ReidentificationRun:
    with in_scope(actor):
        return runs.ask(actor=actor, division=Division.objects.get(pk=PROVINCE_CODE), year=YEAR)


def job_of(run: ReidentificationRun) -> Job:
    return Job.objects.get(pk=run.job_id)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """What the workers say."""
    return tmp_path / "worker.log"


@pytest.fixture
def quiet(
    gao: User, bo: User, du: User, in_scope: Callable[[User], Any], queue: redis.Redis, log: Path
) -> ReidentificationRun:
    """A run of the province by one worker that nothing disturbs; in two counties somebody stands on every list."""
    for clerk, village in ((bo, VILLAGE), (du, KELAN_VILLAGE)):
        with in_scope(clerk):
            for facts in (MAY_LEAVE, NEWLY_BELOW, FALLEN_BACK, STAYS):
                household(clerk, facts, village=village)
    run = ask(gao, in_scope)
    with worker(log):
        until(lambda: has(job_of(run), JobStatus.DONE), log)
    assert len(found_by(run)[0]) == 6
    return run


@contextmanager
def held(*villages: int) -> Iterator[None]:
    """Hold households fast: who comes to their county is done with those before, and waits with half of it written."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute(
            "SELECT id FROM registry_household WHERE division = ANY (%s) ORDER BY id FOR UPDATE",
            [list(villages)],
        )
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def test_a_killed_worker_leaves_nothing_out_and_nothing_twice(
    gao: User, in_scope: Callable[[User], Any], quiet: ReidentificationRun, log: Path
) -> None:
    disturbed = ask(gao, in_scope)
    job = job_of(disturbed)
    with held(VILLAGE), worker(log) as first:
        until(lambda: waiting_in_the_middle() == 1, log)
        os.killpg(first.pid, signal.SIGKILL)
        first.wait()
    before = done_of(disturbed)
    total = len(found_by(disturbed)[1])
    assert 0 < before < total
    assert has(job, JobStatus.RUNNING)
    let_time_pass(job)
    end = time.monotonic() + PATIENCE
    while not sweep():
        assert time.monotonic() < end
    with worker(log):
        deliver(job.pk)  # a message that comes twice
        until(lambda: has(job, JobStatus.DONE), log)
    assert job.attempts == 2
    assert done_of(disturbed) == total
    assert found_by(disturbed) == found_by(quiet)
    with transaction.atomic():
        see()
        assert ReidentificationCounty.objects.get(run=disturbed, division_id=KELAN).may_leave == 1


def test_two_workers_at_once_come_to_the_same(
    gao: User, in_scope: Callable[[User], Any], quiet: ReidentificationRun, log: Path
) -> None:
    """Each is held at a county of its own at the same moment, when nobody but the two has done all the others."""
    shared = ask(gao, in_scope)
    job = job_of(shared)
    total = len(found_by(shared)[1])
    with worker(log), worker(log):
        with held(VILLAGE, KELAN_VILLAGE):
            until(lambda: waiting_in_the_middle() == 2, log)
            assert 0 < done_of(shared) <= total - 2
            assert has(job, JobStatus.RUNNING)
        until(lambda: has(job, JobStatus.DONE), log)
    assert job.attempts == 1
    assert done_of(shared) == total
    assert found_by(shared) == found_by(quiet)


def waiting_in_the_middle() -> int:
    """Return how many workers stand in the middle of a county: what they insert waits for the household's row."""
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT count(DISTINCT l.pid) FROM pg_locks l JOIN pg_locks w ON w.pid = l.pid"
            " WHERE NOT w.granted AND l.granted AND l.relation = 'registry_reidentificationfinding'::regclass"
        )
        return int(cursor.fetchone()[0])
