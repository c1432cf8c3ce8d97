"""One at a time: two beats, or a task delivered twice, wait for each other and then find nothing left to do."""

from typing import Final

from django.db import connection

LOCK: Final = 0x7E41_0001
"""Keeps writers of clocks and reminders apart; the number is this room's own."""


def hold(lock: int) -> None:
    """Wait for an advisory lock and keep it until the transaction ends, also when the worker dies."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock])
