"""How the web is served: `gunicorn -c python:fupin.servers.gunicorn fupin.wsgi`, here and in Docker alike.

Two processes with threads fit two cores and little memory: the application is loaded once, before the fork,
and its pages are shared.
"""

import gc
import os
import sys
from pathlib import Path

from django.urls import URLPattern, URLResolver, get_resolver

bind = os.environ.get("FUPIN_BIND", f"0.0.0.0:{os.environ.get('PORT') or 8000}")
workers = int(os.environ.get("FUPIN_WEB_WORKERS") or 2)
threads = int(os.environ.get("FUPIN_WEB_THREADS") or 4)
preload_app = True
timeout = 60
graceful_timeout = 10
keepalive = 5
max_requests = 10_000  # a slow leak must not grow for months
max_requests_jitter = 1_000
limit_request_line = 8_190
loglevel = os.environ.get("FUPIN_WEB_LOGLEVEL", "warning")
accesslog = os.environ.get("FUPIN_ACCESS_LOG") or None
control_socket_disable = True
# a heartbeat on a disk that is full or slow would kill workers that are well
worker_tmp_dir = "/dev/shm" if sys.platform == "linux" and Path("/dev/shm").is_dir() else None  # noqa: S108


def when_ready(server: object) -> None:
    """Load what the first request would load, before the fork: its pages are then shared by all processes."""
    _load(get_resolver())
    gc.collect()
    gc.freeze()


def _load(resolver: URLResolver) -> None:
    for pattern in resolver.url_patterns:
        if not isinstance(pattern, URLPattern):
            _load(pattern)
