"""Keys that follow from a household's ordinal, and the moments at which its rows are said to have been written."""

from datetime import datetime, timedelta
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

from registry.seeding.chance import whole
from registry.seeding.households import YEARS
from registry.seeding.numbers import SEATS

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")


def household_key(ordinal: int, year: int) -> int:
    """Return the key of a household's card of a year; keys follow from ordinals, so that tables can be copied side by side."""
    return ordinal * len(YEARS) + YEARS.index(year)


def member_key(ordinal: int, seat: int) -> int:
    """Return the key of a member by his seat, counted from one."""
    return ordinal * SEATS + seat - 1


def member_year_key(ordinal: int, seat: int, year: int) -> int:
    """Return the key of a member's year, and of his labourer card."""
    return member_key(ordinal, seat) * len(YEARS) + YEARS.index(year)


def working_moment(rng: Random, month: int) -> datetime:
    """Return a working hour of 2014 in the month, at which a clerk might have saved the card."""
    day = datetime(2014, month, 1, 8, 30, tzinfo=SHANGHAI)
    return day + timedelta(days=whole(rng, 0, 27), minutes=whole(rng, 0, 560), seconds=whole(rng, 0, 59))
