"""How often a program may ask. Redis being away stops nobody."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import UserRateThrottle

log = logging.getLogger(__name__)

if TYPE_CHECKING:  # DRF imports this module while its own views are still being loaded
    from rest_framework.views import APIView


class CallerThrottle(UserRateThrottle):
    """Count by user; let everybody pass while the counter can't be reached."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Return whether the caller may ask now."""
        try:
            return super().allow_request(request, view)
        except RedisError:
            log.warning("the cache is away: calls are not counted")
            return True
