"""The demonstration beyond the cards: a round with quotas, cases in every state, help, lists of others, and clocks of every colour."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from time import perf_counter
from typing import Final

from django.utils.module_loading import autodiscover_modules

from fupin.deadlines.rules import day_of
from fupin.deadlines.services.running import run
from registry.seeding.comparing import Comparing
from registry.seeding.helping import Helping
from registry.seeding.identifying import Identification, read_standing, wanted_quotas
from registry.seeding.offices import Offices, leave_posts_waiting
from registry.seeding.officials import add_helpers
from registry.seeding.quotas import open_rounds, set_quotas
from registry.seeding.serving import Serving
from registry.seeding.shares import Share

Played = Callable[[Offices, date, str], None]
PLAYED: Final[list[Played]] = []


def also_played(play: Played) -> Played:
    """Register what an app above the register adds to the demonstration, in its module `demonstration`; it gets offices, day and seed."""
    PLAYED.append(play)
    return play


def play(*, offices: Offices, shares: Sequence[Share], now: datetime, seed: str) -> float:
    """Play the demonstration up to this moment and return the seconds that it took; the same seed and day give the same rows."""
    began = perf_counter()
    today = day_of(now)
    rounds = open_rounds(offices, today)
    standing = read_standing()
    set_quotas(offices, rounds[0], wanted_quotas(standing))
    Identification(offices, rounds, standing, today, seed).play(shares)
    helpers = add_helpers(offices, seed)
    Helping(offices, helpers, today, seed).play()
    Serving(offices, helpers, today, seed).play()
    Comparing(offices, today, seed).play()
    autodiscover_modules("demonstration")
    for also in PLAYED:
        also(offices, today, seed)
    leave_posts_waiting(offices)
    run(now=now)
    return perf_counter() - began
