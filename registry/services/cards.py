"""Enter and change a household's card: the one path by which forms, API, imports and corrections write it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from uuid import UUID

from django.db import DataError, IntegrityError, transaction

from fupin.accounts.models import User
from fupin.accounts.permissions import require
from registry.codes import HouseholdStatus
from registry.errors import CardRefused, HouseholdEnded, StaleCard
from registry.models import Household, LabourerYear, MemberYear
from registry.reports import columns
from registry.reports.columns import values_of
from registry.rules.card import Card
from registry.rules.findings import Finding, error, errors_in, warnings_in
from registry.services.checking import findings_of
from registry.services.mapping import card_rows
from registry.services.numbers import next_household_no, next_member_numbers, with_temporary_numbers
from registry.services.preparing import prepared
from registry.services.refusals import named_village, refusal, village_of
from registry.services.remarks import remark
from registry.services.saved import SavedCard, noted
from registry.services.stale import conflicts_between
from registry.services.starting import start_year
from registry.services.stored import Stored, employed_members, load_stored, masks, named_by_id
from registry.services.storing import before_writing, insert_card, update_card
from registry.services.years import require_open

__all__ = ["SavedCard", "check", "refuse_errors", "save_card", "start_year", "write_change"]

NO_REASONS: Mapping[str, str] = MappingProxyType({})


def save_card(
    *,
    actor: User,
    household: Household | None,
    card: Card,
    base_version: int | None,
    entry_key: UUID,
    confirmed: Mapping[str, str] = NO_REASONS,
    on: date,
) -> SavedCard:
    """Store a card whole: a new household without `household`, else its card of the year.

    `base_version` is the version that the change started from, None for a year without a card. `entry_key` is
    made by whoever enters: the same key twice is the same household. `confirmed` gives reasons for warnings,
    by rule or by `rule field`. A masked number means unchanged.

    Raise CardRefused with everything that is wrong, IdNumberTaken where another card got there first,
    StaleCard where somebody saved in between, YearClosed, HouseholdEnded, NumbersExhausted, or Refused.
    """
    try:
        with transaction.atomic():
            if household is None:
                return _enter(actor, card, entry_key, confirmed, on)
            return _change(actor, household, card, base_version, confirmed, on)
    except (IntegrityError, DataError) as violation:
        raise refusal(violation, card, household) from violation


def check(*, actor: User, household: Household | None, card: Card, on: date) -> tuple[Card, list[Finding]]:
    """Return the card as it would be stored and everything wrong with it; nothing is stored.

    A card that names no village yet is checked as far as it goes.
    """
    stored = load_stored(household, card.year) if household else Stored()
    village = household.division_id if household else named_village(card)
    ready = _ready(card, actor=actor, household=household, stored=stored, on=on)
    return ready, findings_of(ready, village=village, on=on, household=household, stored=stored.numbers)


def _enter(actor: User, card: Card, entry_key: UUID, confirmed: Mapping[str, str], on: date) -> SavedCard:
    require(actor, "registry.enter_household", at=village_of(card))
    require_open(card.year)
    return enter_card(actor, card, entry_key, confirmed, on=on)


def enter_card(
    actor: User, card: Card, entry_key: UUID, confirmed: Mapping[str, str] = NO_REASONS, *, on: date
) -> SavedCard:
    """Check and store the card of a new household for an actor who may enter it, in a year that is open."""
    village = village_of(card)
    household_no = next_household_no(village)
    if (entered := _entered_before(entry_key, card.year)) is not None:
        return entered
    ready, findings = check(actor=actor, household=None, card=card, on=on)
    refuse_errors(findings)
    household = Household(
        division_id=village, household_no=household_no, entry_key=entry_key, entered_by=actor
    )
    household.save(force_insert=True)
    rows = card_rows(with_temporary_numbers(ready, village), household=household, author_id=actor.pk)
    remark(rows.household_year, findings, confirmed)
    insert_card(rows)
    noted(household, rows.household_year)
    return SavedCard(household, rows.household_year, tuple(warnings_in(findings)))


def _change(
    actor: User,
    household: Household,
    card: Card,
    base_version: int | None,
    confirmed: Mapping[str, str],
    on: date,
) -> SavedCard:
    household = Household.objects.select_for_update(of=("self",)).get(pk=household.pk)
    require(actor, "registry.change_household", at=household.division_id)
    if not household.is_live:
        raise HouseholdEnded(household.status)
    require_open(card.year)
    stored = load_stored(household, card.year)
    if stored.version != base_version:
        mine = _ready(card, actor=actor, household=household, stored=stored, on=on)
        return _settled(stored, mine, base_version)
    return write_change(
        actor=actor, household=household, stored=stored, card=card, confirmed=confirmed, on=on
    )


def write_change(
    *,
    actor: User,
    household: Household,
    stored: Stored,
    card: Card,
    confirmed: Mapping[str, str] = NO_REASONS,
    on: date,
) -> SavedCard:
    """Check and store the card of a household that the caller has locked, loaded and may change.

    A card that says nothing new keeps its version. Raise CardRefused.
    """
    ready = _ready(card, actor=actor, household=household, stored=stored, on=on)
    findings = findings_of(
        ready, village=household.division_id, on=on, household=household, stored=stored.numbers
    )
    gone = stored.missing_from(ready)
    refuse_errors([*findings, *_missing(gone, household)])
    before = before_writing(stored.rows)
    new = any(not member.member_no for member in ready.members)
    rows = card_rows(
        with_temporary_numbers(ready, household.division_id),
        household=household,
        author_id=actor.pk,
        stored=stored.rows,
        numbers=next_member_numbers(household) if new else iter(()),
        employed=employed_members(household, card.year),
    )
    remark(rows.household_year, findings, confirmed)
    if before is None:
        insert_card(rows)
    else:
        update_card(rows, before, gone=gone, author_id=actor.pk)
    noted(household, rows.household_year)
    return SavedCard(household, rows.household_year, tuple(warnings_in(findings)))


def refuse_errors(findings: Iterable[Finding]) -> None:
    """Raise CardRefused with every finding of level E, if there is one."""
    if errors := errors_in(findings):
        raise CardRefused(errors)


def _ready(card: Card, *, actor: User, household: Household | None, stored: Stored, on: date) -> Card:
    """Return the card as it will be stored; what identification and exit wrote is not for it to say."""
    ready = named_by_id(prepared(card, known=stored.cards, filler=actor.full_name, on=on), stored)
    if household is None:
        return ready
    standing = values_of(household, columns.STANDING)
    return replace(ready, household_no=household.household_no, **standing)


def _entered_before(entry_key: UUID, year: int) -> SavedCard | None:
    """Return what the same entry made before: a form sent twice makes one household."""
    household = Household.objects.filter(entry_key=entry_key).first()
    if household is None:
        return None
    household_year = household.years.get(year=year)
    household_year.household = household
    return SavedCard(household, household_year, ())


def _settled(stored: Stored, mine: Card, base_version: int | None) -> SavedCard:
    """Return the stored card if it says what mine says, sent twice perhaps; else raise StaleCard."""
    household_year, current = stored.rows.household_year, stored.card
    if household_year is None or current is None:
        raise StaleCard(base=base_version or 0, current=0)
    conflicts = conflicts_between(
        household_year, base=base_version, current=current, mine=masks(mine, stored)
    )
    if conflicts:
        raise StaleCard(base=base_version or 0, current=household_year.version, conflicts=conflicts)
    return SavedCard(household_year.household, household_year, ())


def _missing(gone: Iterable[MemberYear], household: Household) -> Iterator[Finding]:
    """Yield an error for each member who may not simply be taken off: only a draft may lose one."""
    with_cards = (
        set(LabourerYear.objects.filter(member_year__in=list(gone)).values_list("member_year_id", flat=True))
        if gone
        else set()
    )
    for row in gone:
        if household.status != HouseholdStatus.DRAFT:
            text = f"{row.member.name}不能从卡上去掉：人口减少请填变动类型和变动日期"
            yield error("R-20", "members", text)
        elif row.pk in with_cards:
            yield error("R-20", "members", f"{row.member.name}已有劳动力卡，不能从卡上去掉，请填变动类型")
