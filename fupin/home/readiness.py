"""Whether this process can work: database and queue answer, the tables are those of this version."""

import logging
from collections.abc import Callable

import redis
from django.db import DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor

from fupin import env

log = logging.getLogger(__name__)

SECONDS = 2
"""How long the queue may take to answer."""

_seen_migrated: list[bool] = []
"""Not empty once the tables were found up to date: they don't go back while the process runs."""


def look() -> dict[str, bool]:
    """Return for each thing that work depends on whether it is well."""
    checks: dict[str, Callable[[], bool]] = {
        "database": _database,
        "queue": _queue,
        "migrations": _migrations,
    }
    return {name: _well(name, check) for name, check in checks.items()}


def _well(name: str, check: Callable[[], bool]) -> bool:
    try:
        return check()
    except (DatabaseError, redis.RedisError) as error:
        log.warning("not ready: %s: %s", name, type(error).__name__)
        return False


def _database() -> bool:
    # The connection outside the request's transaction: what is broken there must not break this.
    with connections["record"].cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))


def _queue() -> bool:
    client = redis.Redis.from_url(env.redis_url(0), socket_timeout=SECONDS, socket_connect_timeout=SECONDS)
    try:
        return bool(client.ping())
    finally:
        client.close()


def _migrations() -> bool:
    if not _seen_migrated:
        executor = MigrationExecutor(connections["record"])
        if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
            _seen_migrated.append(True)
    return bool(_seen_migrated)
