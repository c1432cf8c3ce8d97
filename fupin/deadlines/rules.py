"""What a clock says on a day: its stage, its colour, and who stands above whoever lets it run out.

Days are days of the province, whatever zone the server keeps. A clock is due on a day and kept until that day's
end: the day after is the first day overdue.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from django.db.models import Case, CharField, Q, TextChoices, Value, When

from fupin.accounts.roles import LEVELS, Role
from fupin.divisions.codes import Level, cut, level_of

SHANXI: Final = ZoneInfo("Asia/Shanghai")

URGENT_DAYS: Final = 3
"""With so many days left, or fewer, a clock is marked apart from those that merely come near."""


class Stage(TextChoices):
    """How far a clock has run; each stage but the first is told once to each person concerned."""

    NOT_YET = "NOT_YET", "未到提醒日"
    WARN = "WARN", "将到期"
    DUE = "DUE", "今天到期"
    OVERDUE = "OVERDUE", "已逾期"
    ESCALATED = "ESCALATED", "逾期，已报上级"


class Colour(TextChoices):
    """The colour of a clock by the days that are left."""

    RED = "RED", "已逾期"
    ORANGE = "ORANGE", f"{URGENT_DAYS} 天内"
    YELLOW = "YELLOW", "临近"
    GREEN = "GREEN", "从容"


class Dated(Protocol):
    """What the rules need to know of a clock."""

    @property
    def starts_on(self) -> date:
        """The day on which it begins to run."""

    @property
    def due_on(self) -> date:
        """The last day on which the thing is done in time."""

    @property
    def warn_days(self) -> int:
        """How many days before the due day it warns."""

    @property
    def escalate_days(self) -> int | None:
        """How many days after the due day the level above is told; None: never."""


def day_of(now: datetime) -> date:
    """Return the day it is in Shanxi at a moment; a server that keeps UTC is still on the day before until 08:00."""
    return now.astimezone(SHANXI).date()


def warns_on(clock: Dated) -> date:
    """Return the first day of warning: so many days before it is due, and not before it runs."""
    return max(clock.starts_on, clock.due_on - timedelta(days=clock.warn_days))


def stage_on(clock: Dated, today: date) -> Stage:
    """Return how far an open clock has run on a day; twin of ``stage_case``."""
    if today > clock.due_on:
        overdue = (today - clock.due_on).days
        if clock.escalate_days is not None and overdue >= clock.escalate_days:
            return Stage.ESCALATED
        return Stage.OVERDUE
    if today == clock.due_on:
        return Stage.DUE
    return Stage.WARN if today >= warns_on(clock) else Stage.NOT_YET


def stage_case(today: date) -> Case:
    """Return the stage of a clock's row on a day, as an expression of its columns; twin of ``stage_on``."""
    return Case(
        When(escalate_on__lte=today, then=Value(Stage.ESCALATED.value)),
        When(due_on__lt=today, then=Value(Stage.OVERDUE.value)),
        When(due_on=today, then=Value(Stage.DUE.value)),
        When(warn_on__lte=today, then=Value(Stage.WARN.value)),
        default=Value(Stage.NOT_YET.value),
        output_field=CharField(),
    )


def days_left(clock: Dated, today: date) -> int:
    """Return the days until it is due: 0 on the day itself, negative when overdue."""
    return (clock.due_on - today).days


def left_in_words(clock: Dated, today: date) -> str:
    """Return the days that are left as people say it."""
    left = days_left(clock, today)
    if left == 0:
        return "今天到期"
    return f"还有 {left} 天" if left > 0 else f"逾期 {-left} 天"


def colour_on(clock: Dated, today: date) -> Colour:
    """Return the colour of an open clock on a day; twin of ``in_colour``."""
    left = days_left(clock, today)
    if left < 0:
        return Colour.RED
    if left <= URGENT_DAYS:
        return Colour.ORANGE
    return Colour.YELLOW if today >= warns_on(clock) else Colour.GREEN


def in_colour(colour: Colour, today: date) -> Q:
    """Return which rows have a colour on a day; twin of ``colour_on``."""
    urgent_until = today + timedelta(days=URGENT_DAYS)
    return {
        Colour.RED: Q(due_on__lt=today),
        Colour.ORANGE: Q(due_on__gte=today, due_on__lte=urgent_until),
        Colour.YELLOW: Q(due_on__gt=urgent_until, warn_on__lte=today),
        Colour.GREEN: Q(due_on__gt=urgent_until, warn_on__gt=today),
    }[colour]


_ABOVE: Final[dict[Role, Role]] = {
    Role.VILLAGE: Role.TOWNSHIP,
    Role.TEAM: Role.TOWNSHIP,
    Role.LEADER: Role.TOWNSHIP,
    Role.TOWNSHIP: Role.COUNTY_REVIEW,
    Role.COUNTY_ENTRY: Role.CITY,
    Role.COUNTY_REVIEW: Role.CITY,
    Role.COUNTY_APPROVE: Role.CITY,
    Role.LEADING_GROUP: Role.CITY,
    Role.CITY: Role.PROVINCE,
}
"""Whom the level above answers by; departments (民政, 财政, 审计, 企业) have their own post at each level."""


def _steps() -> Iterator[tuple[tuple[Role, Level], tuple[Role, Level]]]:
    """Yield what stands one level above each post."""
    for role, levels in LEVELS.items():
        higher = _ABOVE.get(role, role)
        for level in levels:
            standing = [one for one in LEVELS[higher] if one < level]
            if standing:
                yield (role, level), (higher, max(standing))


_STEP: Final = dict(_steps())


def above(role: Role, code: int) -> tuple[Role, int] | None:
    """Return the role and division one level above a post's, or None where nothing stands above it."""
    step = _STEP.get((role, level_of(code)))
    return (step[0], cut(code, step[1])) if step else None
