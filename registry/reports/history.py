"""What became of a household's cards: who changed which field, when, from what to what, why."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.apps import apps

from fupin.accounts.models import User
from registry.codes import HouseholdStatus
from registry.models import Household
from registry.reports.differences import differences
from registry.reports.versions import card_versions

ENTERED: Final = "建卡"
_STANDING: Final = {
    "status": "状态",
    "first_identified_year": "首次识别年度",
    "exit_year": "脱贫年度",
    "exited_on": "退出日期",
    "relapse_year": "返贫年度",
    "relapse_cause": "返贫原因",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One field changed by one save. `year` is None for what belongs to no year; sealed values are masked.

    A card's first version has one change whose `field` is empty and whose label is 建卡.
    """

    at: datetime
    who: str
    year: int | None
    version: int | None
    field: str
    label: str
    old: str
    new: str
    reason: str = ""


def card_history(household: Household) -> list[Change]:
    """Return every change of a household's cards and standing, the latest first; seven queries a year."""
    changes = [*_of_cards(household), *_of_standing(household)]
    names = dict(User.objects.filter(pk__in={who for who, _ in changes}).values_list("pk", "full_name"))
    named = [_named(change, names.get(who, "")) for who, change in changes]
    return sorted(named, key=lambda change: change.at, reverse=True)


def _of_cards(household: Household) -> Iterator[tuple[int, Change]]:
    for household_year in household.years.order_by("-year"):
        year = household_year.year
        before = None
        for version in card_versions(household_year):
            reason = str(version.context.get("reason") or "")
            where = (version.saved_at, "", year, version.number)
            if before is None:
                yield version.saved_by, Change(*where, "", ENTERED, "", f"第{version.number}版", reason)
            else:
                renumbered = [
                    k for k, index in version.numbers.items() if before.numbers.get(k, index) != index
                ]
                for found in differences(before.card, version.card, renumbered=renumbered):
                    change = Change(*where, found.field, found.label, found.old, found.new, reason)
                    yield version.saved_by, change
            before = version


def _of_standing(household: Household) -> Iterator[tuple[int, Change]]:
    events = apps.get_model("registry", "HouseholdEvent")._default_manager
    before: Any = None
    rows = events.filter(pgh_obj_id=household.pk).select_related("pgh_context").order_by("pgh_id")
    for event in rows.iterator():
        context = (event.pgh_context.metadata if event.pgh_context else None) or {}
        for name, label in _STANDING.items():
            if before is not None and getattr(before, name) != getattr(event, name):
                old, new = _said(name, getattr(before, name)), _said(name, getattr(event, name))
                reason = str(context.get("reason") or "")
                change = Change(event.pgh_created_at, "", None, None, name, label, old, new, reason)
                yield int(context.get("user") or household.entered_by_id), change
        before = event


def _said(name: str, value: object) -> str:
    if value in (None, ""):
        return ""
    return HouseholdStatus(str(value)).label if name == "status" else str(value)


def _named(change: Change, name: str) -> Change:
    return Change(change.at, name, *(getattr(change, part) for part in Change.__slots__[2:]))
