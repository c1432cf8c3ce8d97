"""Readable numbers of what is done with money: kind, year, a serial that runs on over the whole province."""

from datetime import date

from django.db import connection


def next_number(kind: str, on: date) -> str:
    """Return a number such as ``LS2014-000012``; gaps show nothing but an act that was refused."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('funds_number')")
        return f"{kind}{on.year}-{int(cursor.fetchone()[0]):06}"
