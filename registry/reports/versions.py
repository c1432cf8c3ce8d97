"""Every version of a card, rebuilt from what the database's triggers recorded."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.apps import apps
from django.db.models import Model

from registry.models import HouseholdYear
from registry.reports import columns
from registry.reports.assembly import card_of, member_card
from registry.reports.differences import Key
from registry.rules.card import Card

_DELETED: Final = "delete"


@dataclass(frozen=True, slots=True)
class Version:
    """A card as one save left it: who saved, when, and what the request said of it (its reason).

    `numbers` are the blind indexes of its sealed fields, which tell a new number where the masks look the same.
    """

    number: int
    card: Card
    numbers: Mapping[Key, bytes]
    saved_by: int
    saved_at: datetime
    context: Mapping[str, Any]


def card_versions(household_year: HouseholdYear) -> list[Version]:
    """Return the card's versions from the first on, with five queries however many there are.

    A save's rows are known by the moment of its transaction, in which all of them were written; versions are
    ordered by number, because a transaction that began earlier may have got the household's lock later.
    """
    saves = list(
        _events("HouseholdYearEvent")
        .filter(pgh_obj_id=household_year.pk)
        .select_related("pgh_context", "household")
        .order_by("pgh_id")
    )
    latest: dict[int, Any] = {save.version: save for save in saves}
    moments = [(save.pgh_created_at, save.version) for save in saves]
    years = _timeline(_events("MemberYearEvent").filter(household_year_id=household_year.pk), moments)
    people = _timeline(
        _events("MemberEvent").filter(
            pgh_obj_id__in={row.member_id for rows in years.values() for _, row in rows}
        ),
        moments,
    )
    moves = _timeline(_events("RelocationEvent").filter(household_year_id=household_year.pk), moments)
    return [
        Version(
            number=number,
            card=card_of(
                save,
                [member_card(person, row) for person, row in _members(number, years, people)],
                _relocation(number, moves),
            ),
            numbers=_numbers(save, _members(number, years, people)),
            saved_by=save.updated_by_id,
            saved_at=save.updated_at,
            context=(save.pgh_context.metadata if save.pgh_context else None) or {},
        )
        for number, save in sorted(latest.items())
    ]


_Timeline = dict[int, list[tuple[int, Any]]]
"""Object → its events in order, each with the version of the card to which it belongs."""


def _events(name: str) -> Any:
    return apps.get_model("registry", name)._default_manager


def _timeline(events: Any, moments: list[tuple[datetime, int]]) -> _Timeline:
    exact = dict(moments)
    timeline: _Timeline = {}
    for event in events.order_by("pgh_id"):
        number = exact.get(event.pgh_created_at)
        if number is None:
            number = max(
                (v for at, v in moments if at <= event.pgh_created_at),
                default=moments[0][1] if moments else 1,
            )
        timeline.setdefault(event.pgh_obj_id, []).append((number, event))
    return timeline


def _as_of(number: int, events: Iterable[tuple[int, Any]]) -> Any | None:
    known = [event for version, event in events if version <= number]
    return None if not known or known[-1].pgh_label == _DELETED else known[-1]


def _members(number: int, years: _Timeline, people: _Timeline) -> list[tuple[Any, Any]]:
    """Return the person and the year of everybody who stood on a version of the card, in the order of seats."""
    rows = [row for events in years.values() if (row := _as_of(number, events)) is not None]
    members = []
    for row in sorted(rows, key=lambda row: row.seat):
        events = people.get(row.member_id, [])
        members.append((_as_of(number, events) or (events[0][1] if events else row.member), row))
    return members


def _numbers(save: Any, members: Iterable[tuple[Any, Any]]) -> dict[Key, bytes]:
    """Return the blind indexes of a version's sealed fields."""
    found = {("", "", name): getattr(save, f"{name}_index") for name in columns.SEALED_HOUSEHOLD}
    for person, row in members:
        found["members", person.member_no, "id_no"] = person.id_no_index
        for name in columns.SEALED_YEARLY:
            found["members", person.member_no, name] = getattr(row, f"{name}_index")
    return {key: bytes(index) for key, index in found.items() if index is not None}


def _relocation(number: int, moves: _Timeline) -> Model | None:
    for events in moves.values():
        row: Model | None = _as_of(number, events)
        return row
    return None
