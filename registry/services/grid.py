"""Save a village's year in one go: every household for itself, the good ones stored, the wrong ones told."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import transaction

from fupin.accounts.audit import note
from fupin.accounts.models import User
from fupin.accounts.permissions import require
from registry.errors import CardRefused, RegistryError, StaleCard
from registry.models import Household, HouseholdYear
from registry.reports.cards import read_card, read_cards
from registry.rules.card import Card, IncomeLine
from registry.rules.findings import Finding, error
from registry.services.cards import save_card
from registry.services.saved import SavedCard
from registry.services.starting import start_year
from registry.services.years import require_open


@dataclass(frozen=True, slots=True)
class GridRow:
    """What is to become different on a household's card: values by their path (`income.wage_income`).

    `version` is the card's as it was shown, None where the year had no card yet.
    """

    household_no: str
    version: int | None
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RowResult:
    """How a row ended: its findings, errors if it was refused; `version` is the card's afterwards."""

    household_no: str
    saved: bool
    version: int | None
    findings: tuple[Finding, ...] = ()


def save_grid(*, actor: User, village: int, year: int, rows: Sequence[GridRow], on: date) -> list[RowResult]:
    """Store the rows that break no rule, each household in a savepoint of its own, and report on every row.

    A household without a card of the year gets one from the year before. Raise Refused or YearClosed for all.
    """
    require(actor, "registry.change_household", at=village)
    require_open(year)
    numbers = [row.household_no for row in rows]
    households = {
        one.household_no: one for one in Household.objects.within(village).filter(household_no__in=numbers)
    }
    cards = cards_of_year(village, year, numbers)
    results = [
        _save(actor, households.get(row.household_no), cards.get(row.household_no), row, year, on)
        for row in rows
    ]
    saved = sum(result.saved for result in results)
    note(
        object_key=f"{village}/{year}",
        division=village,
        detail={
            "rows": len(rows),
            "saved": saved,
            "households": [one.household_no for one in results if one.saved],
        },
    )
    return results


def cards_of_year(village: int, year: int, numbers: Sequence[str]) -> dict[str, Card]:
    """Return the cards of a village's year by household number, with three queries."""
    rows = HouseholdYear.objects.within(village).filter(year=year, household__household_no__in=numbers)
    return {card.household_no or "": card for card in read_cards(rows.order_by("household__household_no"))}


def changed(card: Card, values: Mapping[str, Any]) -> Card:
    """Return the card with values at their paths; an amount typed anew stands without its old lines."""
    income = {
        path.removeprefix("income."): value for path, value in values.items() if path.startswith("income.")
    }
    condition = {
        path.removeprefix("condition."): value
        for path, value in values.items()
        if path.startswith("condition.")
    }
    lines: tuple[IncomeLine, ...] = tuple(
        line
        for line in card.income.lines
        if line.kind not in income or income[line.kind] == getattr(card.income, line.kind)
    )
    return replace(
        card,
        income=replace(card.income, **income, lines=lines),
        condition=replace(card.condition, **condition),
    )


def _save(
    actor: User, household: Household | None, card: Card | None, row: GridRow, year: int, on: date
) -> RowResult:
    if household is None:
        return _refused(row, error("R-20", "", "本村没有这一户"))
    try:
        with transaction.atomic():
            saved = save_row(actor, household, card, row, year, on)
    except CardRefused as refused:  # its findings are those of the rules
        return _refused(row, *(error(one.rule, one.field, one.message) for one in refused.findings))
    except StaleCard as stale:
        return _refused(row, *_theirs(stale, row))
    except RegistryError as told:
        return _refused(row, error("R-20", "", str(told)))
    return RowResult(row.household_no, True, saved.household_year.version, saved.findings)


def save_row(
    actor: User, household: Household, card: Card | None, row: GridRow, year: int, on: date
) -> SavedCard:
    """Write what becomes different on a household's card; without one the year begins with the year before's.

    Raise what `save_card` and `start_year` raise.
    """
    version = row.version
    if card is None:
        started = start_year(actor=actor, household=household, year=year, on=on).household_year
        card, version = read_card(started), started.version
    return save_card(
        actor=actor,
        household=household,
        card=changed(card, row.values),
        base_version=version,
        entry_key=uuid.uuid4(),
        on=on,
    )


def _theirs(stale: StaleCard, row: GridRow) -> list[Finding]:
    """Return, at the cells that somebody else has changed too, what he put there."""
    found = [
        error("R-20", one.field, f"{one.label}：{one.who}已改为{one.theirs or '空'}，请核对后再填")
        for one in stale.conflicts
        if one.field in row.values
    ]
    return found or [error("R-20", "", "此户在您填表期间已被他人修改，请刷新后再填")]


def _refused(row: GridRow, *findings: Finding) -> RowResult:
    return RowResult(row.household_no, False, row.version, findings)
