"""Rows that stand at a level and serve all below it: a county's helper is seen by the village that he helps."""

from typing import Any, Self, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import F, Func, Value

from fupin.accounts.models import User
from fupin.accounts.scoped import ScopedQuerySet
from fupin.divisions.codes import lineage

M = TypeVar("M", bound=models.Model)


class ReachingQuerySet(ScopedQuerySet[M]):
    """Rows of a division that serve everything below it: seen from above and from below."""

    def reaching(self, code: int) -> Self:
        """Keep the rows that may serve the division ``code``: they stand at it or above it."""
        return self.filter(division_id__in=list(lineage(code)))

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Keep what lies below the user's post, and what serves it from above."""
        if isinstance(user, AnonymousUser) or user.post is None:
            return self.none()
        code = user.post.division_id
        return self.within(code) | self.reaching(code)


class Days(Func):
    """The days from one column to another as a half-open range; an empty end is open."""

    function = "DATERANGE"
    output_field = DateRangeField()

    def __init__(self, since: Any, until: Any, bounds: str = "[)") -> None:
        super().__init__(since, until, Value(bounds))


class YearsFrom(Func):
    """The day so many years after the day in a column."""

    template = "((%(expressions)s + interval '%(years)s years')::date)"
    output_field = models.DateField()

    def __init__(self, since: str, years: int) -> None:
        super().__init__(F(since), years=int(years))
