"""Server time of requests, in this process and without a network between."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connections
from django.http import HttpResponse

Request = Callable[[], HttpResponse]
"""Makes one request and returns its answer."""


OK = frozenset({200})


class WrongAnswer(Exception):
    """A request was answered otherwise than it should have been."""


@dataclass(slots=True)
class Query:
    """A statement as it was run, with its time in seconds."""

    sql: str
    params: Any
    seconds: float


@dataclass(slots=True)
class Timed:
    """The times of one kind of request in milliseconds, and how many queries one of them took."""

    times: list[float] = field(default_factory=list)
    queries: int = 0

    def at(self, share: float) -> float:
        """Return the time that this share of the requests did not exceed."""
        ordered = sorted(self.times)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def measure(make: Callable[[int], Request], *, times: int, expect: frozenset[int] = OK) -> Timed:
    """Make `times` requests one after another; what prepares a request is not timed. The first ones warm up."""
    timed = Timed()
    for number in range(-3, times):
        request = make(number)
        began = time.perf_counter()
        response = request()
        seconds = time.perf_counter() - began
        if response.status_code not in expect:
            raise WrongAnswer(f"answered with {response.status_code}")
        if number >= 0:
            timed.times.append(seconds * 1000)
    request = make(times)
    with queries() as seen:
        request()
    timed.queries = len(seen)
    return timed


@contextmanager
def queries() -> Iterator[list[Query]]:
    """Collect the statements that a block runs on any connection."""
    seen: list[Query] = []

    def record(
        execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            seen.append(Query(sql, params, time.perf_counter() - began))

    with ExitStack() as stack:
        for connection in connections.all():
            stack.enter_context(connection.execute_wrapper(record))
        yield seen
