"""Real workers, really killed, and a queue that forgets everything: every job is done once.

One test: the workers share the suite's queue, and FLUSHALL empties all of it.
"""

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
import redis
from celery import current_app
from django.conf import settings
from django.db import connection

from fupin import env
from fupin.jobs.models import Job, JobStatus
from fupin.jobs.services.asking import deliver
from fupin.jobs.services.sweeping import sweep
from tests.jobs.conftest import Ask, let_time_pass, marks_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0
QUEUE = "killed workers"


@pytest.fixture
def queue() -> Iterator[redis.Redis]:
    """Send tasks through the queue in earnest, under a name of this test's own.

    All processes of a run share the queue: whoever holds it keeps others waiting, else their workers would take each other's tasks.
    """
    with (Path(os.environ["FUPIN_TEST_HOME"]) / "queue.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        conf = current_app.conf
        before = conf.task_always_eager, conf.task_default_queue
        conf.task_always_eager, conf.task_default_queue = False, QUEUE
        client = redis.Redis.from_url(env.redis_url(0))
        yield client
        conf.task_always_eager, conf.task_default_queue = before
        client.flushall()
        client.close()


@contextmanager
def worker(log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a worker of one process on the test's database, as the database's worker login."""
    database = settings.DATABASES["default"]
    parts = urlsplit(env.database_urls()["DATABASE_URL_WORKER"])
    url = urlunsplit(parts._replace(path=f"/{connection.settings_dict['NAME']}"))
    assert database["USER"] == "fupin_web"
    environment = {
        **os.environ,
        "DATABASE_URL_WORKER": url,
        "FUPIN_LOGIN": "worker",
        "DJANGO_SETTINGS_MODULE": "fupin.settings.base",
    }
    command = [sys.executable, "-m", "celery", "-A", "fupin.celery", "worker", "-c", "1"]
    command += [
        "-Q",
        f"{QUEUE},celery",  # what the worker itself hands on goes to the product's own queue
        "--include",
        "tests.jobs.samples",
        "--without-gossip",
        "--without-mingle",
    ]
    with log.open("ab") as file:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=file, stderr=file, start_new_session=True
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def until(true: Callable[[], bool], log: Path) -> None:
    """Wait for something to become true, or fail with what the worker said."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, log.read_text(errors="replace")[-4000:]
        time.sleep(0.1)


def has(job: Job, status: JobStatus) -> bool:
    job.refresh_from_db()
    return job.status == status


def test_killed_workers_and_a_forgetful_queue_lose_nothing(
    ask: Ask, queue: redis.Redis, tmp_path: Path
) -> None:
    log = tmp_path / "worker.log"
    slow = ask("sample.slow", key="slow", seconds=120)
    with worker(log) as first:
        until(lambda: has(slow, JobStatus.RUNNING) and slow.done > 0, log)
        os.killpg(first.pid, signal.SIGKILL)
        first.wait()
    assert has(slow, JobStatus.RUNNING)
    assert sweep() == []

    Job.objects.filter(pk=slow.pk).update(arguments={"seconds": 0})
    waiting = [ask(key=f"waiting {number}") for number in range(20)]
    queue.flushall()
    for job in (slow, *waiting):
        let_time_pass(job)
    with worker(log):
        assert set(sweep()) == {slow.pk, *(job.pk for job in waiting)}
        for job in waiting[:5]:
            deliver(job.pk)  # a message that comes twice
        until(lambda: all(has(job, JobStatus.DONE) for job in (slow, *waiting)), log)
    assert slow.attempts == 2
    assert [marks_of(job) for job in (slow, *waiting)] == [1] * 21
