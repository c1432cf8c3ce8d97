"""Which tables have a history, found among the models: whatever django-pghistory tracks, and what is written once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models
from pghistory.models import Event

from fupin.accounts.scoped import DivisionKey

GONE = ("delete", "leave")
"""Labels of events after which an object is no longer there: deleted, or moved to another division."""


@dataclass(frozen=True, slots=True)
class Tracked:
    """A table with its table of events, and the columns that both have."""

    model: type[models.Model]
    event: type[models.Model]
    columns: tuple[str, ...]

    @property
    def table(self) -> str:
        """The name of the table."""
        return self.model._meta.db_table

    @property
    def events(self) -> str:
        """The name of the table of its events."""
        return self.event._meta.db_table

    @property
    def key(self) -> str:
        """The column by which a row is known."""
        return str(self.model._meta.pk.column)


@dataclass(frozen=True, slots=True)
class Sealed:
    """A table that grows and never changes: its key, its columns, when a row was written, and of which object it tells."""

    model: type[models.Model]
    key: str
    columns: tuple[str, ...]
    moment: str
    object: str
    with_context: bool

    @property
    def table(self) -> str:
        """The name of the table."""
        return self.model._meta.db_table


def tracked() -> Sequence[Tracked]:
    """Return the tables whose history triggers keep, in the order of their names."""
    events: list[Any] = [model for model in apps.get_models() if issubclass(model, Event)]
    models_of = [(event.pgh_tracked_model, event) for event in events if event.pgh_tracked_model is not None]
    found = [Tracked(model, event, _columns(model)) for model, event in models_of]
    return sorted(found, key=lambda one: one.table)


def written_once() -> Sequence[tuple[type[models.Model], str]]:
    """Return the tables that need no history, each with the column that tells since when a row is there."""
    return [(model, moment) for model in apps.get_models() if (moment := getattr(model, "written_at", None))]


def drawn_otherwise() -> Sequence[tuple[type[models.Model], str]]:
    """Return the tables whose past follows from other tables, each with the query that says how."""
    return [(model, query) for model in apps.get_models() if (query := getattr(model, "as_of_query", None))]


def sealed() -> Sequence[Sealed]:
    """Return the tables that the chain of seals covers: every event, and what `is_sealed` names besides."""
    events = [
        Sealed(one.event, "pgh_id", _columns(one.event), "pgh_created_at", "pgh_obj_id", with_context=True)
        for one in tracked()
    ]
    others = [_sealed(model) for model in apps.get_models() if getattr(model, "is_sealed", False)]
    return sorted([*events, *others], key=lambda one: one.table)


def _sealed(model: Any) -> Sealed:
    key = str(model._meta.pk.column)
    follows = getattr(model, "follows_its_household", False)  # to another village, though it is written once
    stays = tuple(
        str(field.column)
        for field in model._meta.concrete_fields
        if not (follows and isinstance(field, DivisionKey))
    )
    return Sealed(model, key, stays, getattr(model, "written_at", "at"), key, with_context=False)


def _columns(model: type[models.Model]) -> tuple[str, ...]:
    return tuple(str(field.column) for field in model._meta.concrete_fields)
