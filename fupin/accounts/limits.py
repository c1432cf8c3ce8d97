"""A counter in the cache for what may be tried only so often. Redis being away stops nobody: the lockout by account still holds."""

import logging

from django.core.cache import cache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)


def exceeded(key: str, *, limit: int, seconds: int) -> bool:
    """Count one try under ``key`` and return whether there were more than ``limit`` within the last ``seconds``."""
    try:
        cache.add(key, 0, seconds)
        return cache.incr(key) > limit
    except ValueError:  # it expired between the two
        return False
    except RedisError:
        log.warning("the cache is away: %s is not counted", key.partition(":")[0])
        return False
