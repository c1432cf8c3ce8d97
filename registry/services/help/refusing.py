"""The database's refusals in words: it holds the terms, gaps and stops, so an act is tried and not asked about first."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Final

from django.db import IntegrityError, transaction

from fupin.accounts.constraints import message_of, name_of, said_by_database
from fupin.deadlines.services.refreshing import refresh_soon
from registry.errors import HelpRefused

_TRIGGERS: Final = frozenset(
    {
        "assistpair_household_left",
        "assistpair_no_gap",
        "delivery_before_the_stop",
        "help_for_the_registered",
        "help_member_of_household",
        "help_within_reach",
        "helper_is_not_poor",
        "linkactivity_while_linked",
        "log_in_its_village",
        "log_not_of_the_future",
        "log_on_a_day_of_the_roster",
        "measure_before_what_came_of_it",
        "measure_holds_its_recipients",
        "measure_still_stands",
        "measurerecipient_in_its_village",
        "threeinonelink_holds_its_activities",
        "visit_by_who_answers",
    }
)


@contextmanager
def spoken() -> Iterator[None]:
    """Carry an act out in a transaction of its own; what the database refuses is raised as HelpRefused with its words."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as violation:
        text = message_of(violation)
        if not text and name_of(violation) in _TRIGGERS:
            text = said_by_database(violation)
        if not text:
            raise
        raise HelpRefused(text) from violation


def clocks_changed(*kinds: str) -> None:
    """Let the clocks of help be asked again that rest on what was just done: by the end of their names, `pair` for `registry.help_pair`."""
    for kind in kinds:
        refresh_soon(f"registry.help_{kind}")


def not_future(day: date, today: date, what: str) -> None:
    """Raise HelpRefused for a day after today."""
    if day > today:
        raise HelpRefused(f"{what}不能晚于今天")


def needed(text: str, what: str) -> str:
    """Return the text without the spaces around it; raise HelpRefused where nothing is left."""
    found = text.strip()
    if not found:
        raise HelpRefused(f"请填写{what}")
    return found
