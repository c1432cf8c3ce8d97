"""A clock as a list shows it on a day: the days left in words, its colour, its stage."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from fupin.deadlines.models import Clock
from fupin.deadlines.rules import Colour, colour_on, left_in_words, stage_on

CHIPS: Final[Mapping[Colour, str]] = {
    Colour.RED: "bad",
    Colour.ORANGE: "soon",
    Colour.YELLOW: "warn",
    Colour.GREEN: "ok",
}
"""The colours as chips (components/chip.html); the words beside them say the same."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A line of a list."""

    clock: Clock
    left: str
    chip: str
    stage: str


def shown(clock: Clock, today: date) -> Shown:
    """Return the clock with what its day says; a closed one says whether it was kept."""
    if clock.closed_on is not None:
        late = clock.was_late
        return Shown(clock, "逾期办结" if late else clock.closed_because, "warn" if late else "quiet", "")
    return Shown(
        clock, left_in_words(clock, today), CHIPS[colour_on(clock, today)], stage_on(clock, today).label
    )
