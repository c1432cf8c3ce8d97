"""Days of a notice and of an objection: natural days, counted from the day after (procedures §4)."""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Period:
    """The days on which a notice stands; it is over when the last one ends, at 24:00."""

    first: date
    last: date
    passes_on: date
    """The first day on which the next step may be taken."""

    @property
    def days(self) -> int:
        """How many days it stands."""
        return (self.last - self.first).days + 1

    def days_left(self, today: date) -> int:
        """Return how many whole days follow today; 0 on the last day, negative once it is over."""
        return (self.last - today).days


def period(posted_on: date, days: int) -> Period:
    """Return the days of a notice posted on a day: 2014-04-10 for 7 days → 04-11 to 04-17, passes on 04-18.

    The day of posting does not count; Sundays and holidays do. Raise ValueError for less than one day.
    """
    if days < 1:
        raise ValueError("a notice stands for at least one day")
    last = due_on(posted_on, days)
    return Period(posted_on + timedelta(days=1), last, last + timedelta(days=1))


def due_on(from_day: date, days: int) -> date:
    """Return the last day of a time limit that begins on the day after ``from_day``."""
    return from_day + timedelta(days=days)
