"""Save a village's year in one go: every household for itself, the good ones stored, the wrong ones told."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from fupin.accounts.audit import note
from fupin.accounts.models import User
from fupin.accounts.permissions import require
from fupin.lib.masking import is_masked
from registry.codes import LEAVING_CHANGES
from registry.errors import CardRefused, HouseholdEnded, StaleCard
from registry.models import Household, HouseholdYear
from registry.reports.cards import read_cards
from registry.rules.card import Card, IncomeLine
from registry.rules.findings import Finding, error
from registry.services.cards import save_card
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
    cards = cards_to_change(village, year, numbers)
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


def cards_to_change(village: int, year: int, numbers: Sequence[str] | None = None) -> dict[str, Card]:
    """Return the cards of a village's year by household number, where there is none the last year's carried over."""
    rows = HouseholdYear.objects.within(village).filter(year__in=(year, year - 1))
    if numbers is not None:
        rows = rows.filter(household__household_no__in=numbers)
    found: dict[str, Card] = {}
    for card in read_cards(rows.order_by("year", "household__household_no")):
        found[card.household_no or ""] = card if card.year == year else carried(card, year)
    return found


def carried(card: Card, year: int) -> Card:
    """Return last year's card as the new year begins with it: who had left is gone, who had come just belongs."""
    return replace(
        card,
        year=year,
        filler=None,
        fill_date=None,
        members=tuple(
            replace(member, change_type=None, change_date=None)
            for member in card.members
            if member.change_type not in LEAVING_CHANGES
        ),
    )


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
    if household is None or card is None:
        return _refused(row, error("R-20", "", "本村没有这一户，或该户尚无上年户卡"))
    try:
        saved = save_card(
            actor=actor,
            household=household,
            card=changed(card, row.values),
            base_version=row.version,
            entry_key=uuid.uuid4(),
            on=on,
        )
    except CardRefused as refused:  # its findings are those of the rules
        return _refused(row, *(error(one.rule, one.field, one.message) for one in refused.findings))
    except StaleCard as stale:
        theirs = [
            error("R-20", one.field, f"{one.label}：{one.who}已改为 {_said(one.theirs)}，请核对后再填")
            for one in stale.conflicts
            if one.field in row.values
        ]
        return _refused(row, *(theirs or [error("R-20", "", "此户在您填表期间已被他人修改，请刷新后再填")]))
    except HouseholdEnded as ended:
        return _refused(row, error("R-20", "", str(ended)))
    return RowResult(row.household_no, True, saved.household_year.version, saved.findings)


def _said(text: str) -> str:
    return "（空）" if not text else "新的号码" if is_masked(text) else text


def _refused(row: GridRow, *findings: Finding) -> RowResult:
    return RowResult(row.household_no, False, row.version, findings)
