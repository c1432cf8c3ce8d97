"""Reads of clocks and reminders: the board, the lines of a mail, the days of a calendar."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import BigIntegerField, Count, F, QuerySet, Value
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Mod

from fupin.accounts.models import Post, User
from fupin.accounts.scope import enter_scope
from fupin.deadlines.models import Clock, Reminder
from fupin.deadlines.rules import Colour, Stage, in_colour, left_in_words
from fupin.divisions.codes import Level, code_range, level_of
from fupin.divisions.models import Division

_SPANS = (10**10, 10**8, 10**6, 10**3, 1)


@dataclass(slots=True)
class BoardRow:
    """A division on the board, with its running clocks by colour."""

    division: Division
    counts: dict[Colour, int] = field(default_factory=lambda: dict.fromkeys(Colour, 0))
    here: bool = False
    """The division at hand itself: clocks that lie at no division below it."""

    @property
    def total(self) -> int:
        """All its running clocks."""
        return sum(self.counts.values())

    @property
    def cells(self) -> list[tuple[Colour, int]]:
        """Its counts in the order of the heads."""
        return list(self.counts.items())


def board(clocks: QuerySet[Any, Any], code: int, today: date) -> list[BoardRow]:
    """Return the divisions right below ``code`` that have running clocks, the worst first."""
    level = level_of(code)
    below = Level(min(level + 1, Level.VILLAGE))
    low, high = code_range(code)
    division: Any = F("division_id")
    cut_to_child = CombinedExpression(
        division, "-", Mod(division, Value(_SPANS[below - 1])), output_field=BigIntegerField()
    )
    counted = (
        clocks.filter(closed_on__isnull=True, division_id__gte=low, division_id__lt=high)
        .order_by()
        .annotate(child=cut_to_child)
        .values("child")
        .annotate(**{colour.name: Count("pk", filter=in_colour(colour, today)) for colour in Colour})
    )
    found = {row["child"]: row for row in counted}
    divisions = Division.objects.in_bulk(list(found))
    rows = [
        BoardRow(divisions[child], {colour: row[colour.name] for colour in Colour}, here=child == code)
        for child, row in found.items()
        if child in divisions
    ]
    return sorted(rows, key=lambda row: ([-row.counts[colour] for colour in Colour], row.division.code))


def sums_of(rows: Iterable[BoardRow]) -> dict[Colour, int]:
    """Return the board's counts over all its divisions."""
    sums = dict.fromkeys(Colour, 0)
    for row in rows:
        for colour, count in row.counts.items():
            sums[colour] += count
    return sums


def lines_of(reminders: QuerySet[Reminder, Reminder], today: date) -> list[dict[str, object]]:
    """Return reminders gathered for a mail: one line for a title, stage, day and place, the most pressing first.

    Places are counties and townships by their path; beyond the clock's title, which names no person, nothing of the subject.
    """
    gathered = (
        reminders.order_by()
        .values("clock__title", "stage", "due_on", "division__path_name")
        .annotate(count=Count("pk"))
        .order_by("due_on", "clock__title", "division__path_name", "stage")
    )
    return [
        {
            "title": row["clock__title"],
            "stage": Stage(row["stage"]).label,
            "due_on": row["due_on"],
            "left": left_in_words_of(row["due_on"], today),
            "place": row["division__path_name"],
            "count": row["count"],
        }
        for row in gathered
    ]


def left_in_words_of(due_on: date, today: date) -> str:
    """Return the days left until a day as people say it."""
    return left_in_words(Clock(due_on=due_on), today)


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """What is due on one day in one's calendar, of one title."""

    title: str
    due_on: date
    basis: str
    count: int
    warn_days: int
    key: str


def calendar_of(user: User, today: date) -> list[CalendarDay]:
    """Return the running clocks that the user answers for under any post held today, gathered by title and day.

    Reads in the scope of each post in turn: to be called in a transaction, and the scope left afterwards.
    """
    days: dict[tuple[str, date], CalendarDay] = {}
    counted: set[int] = set()
    for post in Post.objects.held_on(today).filter(user=user).select_related("division").order_by("pk"):
        enter_scope(*post.code_range, user_id=user.pk)
        for clock in Clock.objects.running().answered_by(post).order_by("due_on", "pk").iterator():
            if clock.pk in counted:
                continue
            counted.add(clock.pk)
            key = (clock.title, clock.due_on)
            before = days.get(key)
            days[key] = CalendarDay(
                title=clock.title,
                due_on=clock.due_on,
                basis=clock.basis,
                count=1 + (before.count if before else 0),
                warn_days=clock.warn_days,
                key=f"{clock.kind}/{clock.title}",
            )
    return [days[key] for key in sorted(days, key=lambda key: (key[1], key[0]))]


MOST_SAID = 99
"""Counted to one more, and then said as 99+: the number stands on every page."""


def waiting_count(user: User) -> int:
    """Return how many reminders wait for the user under his present post, counted to 100."""
    return Reminder.objects.of(user).waiting().order_by("due_on")[: MOST_SAID + 1].count() if user.post else 0
