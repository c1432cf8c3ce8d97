"""Looking back: a block of code, or a page, that reads the register as it stood at the end of a day.

```python
with as_of(date(2014, 6, 30)):
    HouseholdYear.objects.visible_to(user)   # as they were that night
```

Every query of the block reads the past, with its filters, joins and sums; writing is refused by the database.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from functools import wraps
from typing import Any, Final, TypeVar

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone

from fupin.history.past import SCHEMA

ASKED_BY: Final = "as_of"
"""The name of the day in an address."""

FIRST_DAY: Final = date(2013, 1, 1)

V = TypeVar("V", bound=Callable[..., HttpResponse])


class NoSuchDay(ValueError):
    """The day cannot be looked back to: no date, or one that is still to come."""


def end_of(day: date) -> datetime:
    """Return the moment at which a day is over in Shanxi."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def day_from(text: str) -> date | None:
    """Return the day that a text names, None where it is empty; raise NoSuchDay."""
    if not text.strip():
        return None
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        raise NoSuchDay(f"日期应写成 2014-06-30 的样式：{text[:20]}") from None
    if not FIRST_DAY <= day <= timezone.localdate():
        raise NoSuchDay(f"只能查看 {FIRST_DAY} 至今天的数据：{day}")
    return day


def day_asked(query: QueryDict) -> date | None:
    """Return the day that an address asks for, None for the present; raise NoSuchDay."""
    return day_from(query.get(ASKED_BY, ""))


@contextmanager
def as_of(day: date | None, *, using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """Let the block read the register as it stood when `day` was over; None reads the present. In a transaction only."""
    if day is None:
        yield
    else:
        with at_moment(end_of(day).isoformat(), using=using):
            yield


@contextmanager
def at_moment(moment: str, *, using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """Let the block read what had been written before a moment, a time as PostgreSQL reads it."""
    connection = connections[using]
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("the past is looked at in a transaction")
    with transaction.atomic(using=using):  # whatever is raised, the path goes back with the savepoint
        _look(connection, moment, f"{SCHEMA}, public")
        yield
        _look(connection, "", "public")


def _look(connection: Any, moment: str, path: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('app.as_of', %s, true), set_config('search_path', %s, true)", [moment, path]
        )


def past_days(view: V) -> V:
    """Let a page be asked `?as_of=2014-06-30`: it is drawn from what stood that night. `request.as_of` says which day."""

    @wraps(view)
    def look(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            day = day_asked(request.GET)
        except NoSuchDay as wrong:
            messages.error(request, str(wrong))
            return redirect(present_address(request))
        request.as_of = day  # type: ignore[attr-defined]
        if day is None:
            return view(request, *args, **kwargs)
        if request.method not in {"GET", "HEAD"}:
            raise BadRequest("过去的数据只能查看，不能改动")
        with as_of(day):
            return view(request, *args, **kwargs)

    return look  # type: ignore[return-value]


def day_of(request: HttpRequest) -> date | None:
    """Return the day that a page shows, None for the present."""
    return getattr(request, "as_of", None)


def present_address(request: HttpRequest) -> str:
    """Return the address of the same page as it stands now."""
    rest = request.GET.copy()
    rest.pop(ASKED_BY, None)
    return f"{request.path}?{rest.urlencode()}" if rest else request.path
