"""A card into rows, without saving them, so that a save, an import and the seed store the same.

The way back is `registry.reports.cards`; both follow `registry.reports.columns`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from django.db import models

from fupin.lib.idnumber import person_key
from fupin.lib.masking import is_masked
from fupin.lib.pinyin import name_keys
from fupin.vault.cipher import blind_index, encrypt
from fupin.vault.models import Sealed
from fupin.vault.sealing import mask, row_id
from registry.codes import Relation as RelationToHead
from registry.models import Household, HouseholdYear, Member, MemberYear, Relocation
from registry.reports import columns
from registry.rules.card import Card, Income, IncomeLine, MemberCard
from registry.rules.people import is_labourer, is_zero_employment, labourers

TOTAL_ONLY: Final = "汇总录入"
"""The item of an amount's single line where only the total is known (data standard §3.2)."""


@dataclass(slots=True)
class CardRows:
    """What a card becomes: rows still to be saved, the vault's first; members in the order of the card."""

    household_year: HouseholdYear
    members: list[tuple[Member, MemberYear]]
    relocation: Relocation | None
    sealed: list[Sealed] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class StoredCard:
    """The rows that a card's year has already; `people` are members known from other years, by 人编号.

    Where the year has none, `carried` and `carried_members` are those of the latest year before: what is masked
    on the card of a new year is theirs.
    """

    household_year: HouseholdYear | None = None
    members: Mapping[str, MemberYear] = field(default_factory=dict)
    people: Mapping[str, Member] = field(default_factory=dict)
    relocation: Relocation | None = None
    carried: HouseholdYear | None = None
    carried_members: Mapping[str, MemberYear] = field(default_factory=dict)


NOTHING_STORED: Final = StoredCard()


def card_rows(
    card: Card,
    *,
    household: Household,
    author_id: int,
    stored: StoredCard = NOTHING_STORED,
    numbers: Iterator[str] | None = None,
    employed: frozenset[str] = frozenset(),
) -> CardRows:
    """Return the rows that a prepared card becomes; stored rows are altered in place, the rest made.

    `numbers` gives 人编号 to members without one, from 01 for a new household; its head gets the first.
    `employed` are the members whose labourer card says that they work. A masked number leaves the sealed one
    alone. Whoever has no papers must have his temporary number by now.
    """
    division = household.division_id
    sealer = _Sealer(division)
    year_row = stored.household_year or HouseholdYear(
        household=household, division_id=division, year=card.year
    )
    _fill_household_year(year_row, card, sealer, stored.carried)
    fill_derived(year_row, card, employed)
    if year_row._state.adding:
        year_row.updated_by_id = author_id
    card_numbers = numbers if numbers is not None else member_numbers(household.household_no)
    given = _given_numbers(card, card_numbers)
    seat = max((row.seat for row in stored.members.values()), default=0)
    members = []
    for member, number in zip(card.members, given, strict=True):
        row = stored.members.get(number)
        person = row.member if row else stored.people.get(number) or Member(member_no=number)
        if person._state.adding:
            person.household, person.division_id = household, division
        if row is None:
            seat += 1
            row = MemberYear(
                member=person, household_year=year_row, division_id=division, year=card.year, seat=seat
            )
        _fill_person(person, member, sealer)
        _fill_member_year(row, member, card.year, sealer, stored.carried_members.get(number))
        row.is_live = household.is_live
        row.id_no_index = person.id_no_index
        members.append((person, row))
    return CardRows(year_row, members, _relocation_row(card, year_row, stored.relocation), sealer.rows)


def member_numbers(household_no: str, *, after: int = 0) -> Iterator[str]:
    """Yield the household's 人编号 one after another, from the one behind `after`."""
    for serial in range(after + 1, 100):
        yield f"{household_no}{serial:02}"


def stored_lines(income: Income, before: Sequence[Mapping[str, Any]] = ()) -> list[dict[str, Any]]:
    """Return the lines of every amount as `income_lines` stores them; they sum to the amounts.

    Lines that were given stand. Where only an amount is known, its lines of before stay if they still sum to
    it; otherwise it has one line 汇总录入. An amount not collected has none, nor has one of nothing.
    """
    lines = [_line(line) for line in income.lines]
    for kind in columns.INCOME:
        amount: Decimal | None = getattr(income, kind)
        if not amount or any(line.kind == kind for line in income.lines):
            continue
        earlier = [dict(line) for line in before if line["kind"] == kind]
        if earlier and sum(Decimal(str(line["amount"])) for line in earlier) == amount:
            lines += earlier
        else:
            lines.append(_line(IncomeLine(kind, amount, TOTAL_ONLY)))
    return sorted(lines, key=lambda line: columns.INCOME.index(line["kind"]))


def _line(line: IncomeLine) -> dict[str, Any]:
    return {
        "kind": line.kind,
        "item": line.item or TOTAL_ONLY,
        "quantity": None if line.quantity is None else str(line.quantity),
        "unit": line.unit,
        "unit_price": None if line.unit_price is None else str(line.unit_price),
        "amount": f"{line.amount:.2f}",
        "evidence": line.evidence,
    }


def _given_numbers(card: Card, numbers: Iterator[str]) -> list[str]:
    """Return each member's 人编号: his own, else the next; of the new ones the head comes first."""
    new = [place for place, member in enumerate(card.members) if not member.member_no]
    new.sort(key=lambda place: card.members[place].relation != RelationToHead.HEAD)
    given = {place: next(numbers) for place in new}
    return [member.member_no or given[place] for place, member in enumerate(card.members)]


def _fill(row: models.Model, source: object, names: Iterable[tuple[str, str]]) -> None:
    for name, column in names:
        setattr(row, column, columns.stored(type(row), column, getattr(source, name)))


def _same(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    return ((name, name) for name in names)


def _fill_household_year(
    row: HouseholdYear, card: Card, sealer: "_Sealer", carried: HouseholdYear | None
) -> None:
    _fill(row, card, _same(columns.HOUSEHOLD))
    _fill(row, card.income, _same(columns.INCOME))
    row.income_lines = stored_lines(card.income, row.income_lines)
    _fill(row, card.condition, columns.CONDITION.items())
    sealer.fill(row, card, columns.SEALED_HOUSEHOLD, carried)


def fill_derived(row: HouseholdYear, card: Card, employed: frozenset[str]) -> None:
    """Set the columns that follow from the card's members (派生)."""
    keys = name_keys(card.head_name)
    row.member_count = card.member_count
    row.labourer_count = len(labourers(card))
    row.head_name, row.head_pinyin, row.head_initials = card.head_name, keys.full, keys.initials
    row.is_zero_employment = is_zero_employment(card, employed=employed)


def _fill_person(row: Member, member: MemberCard, sealer: "_Sealer") -> None:
    _fill(row, member, _same(columns.IDENTITY))
    row.name_pinyin, row.name_initials = name_keys(row.name)
    sealer.fill(row, member, columns.SEALED_IDENTITY)


def _fill_member_year(
    row: MemberYear, member: MemberCard, year: int, sealer: "_Sealer", carried: MemberYear | None
) -> None:
    _fill(row, member, _same(columns.YEARLY))
    sealer.fill(row, member, columns.SEALED_YEARLY, carried)
    row.is_labourer = is_labourer(member, year)


def _relocation_row(card: Card, year_row: HouseholdYear, row: Relocation | None) -> Relocation | None:
    if card.relocation is None:
        return row
    if row is None:
        row = Relocation(household_year=year_row, division_id=year_row.division_id)
    _fill(row, card.relocation, _same(columns.RELOCATION))
    row.subsidies = [
        {"channel": subsidy.channel, "amount": f"{subsidy.amount:.2f}", "year": subsidy.year}
        for subsidy in card.relocation.subsidies
    ]
    return row


@dataclass(slots=True)
class _Sealer:
    """Puts full numbers into new rows of the vault, kept for one INSERT; masked ones stay as they are."""

    division: int
    rows: list[Sealed] = field(default_factory=list)

    def fill(
        self,
        row: models.Model,
        source: object,
        fields: Mapping[str, str],
        carried: models.Model | None = None,
    ) -> None:
        """Set `<name>_sealed`, `_index` and `_masked` of a row from a card's fields of these kinds.

        What is masked stays as it is in the row, in a new one as it is in the row of the year before.
        """
        for name, kind in fields.items():
            value: str | None = getattr(source, name)
            if value is None or not is_masked(value):
                self._fill_one(row, name, kind, value)
            elif carried is not None:
                for part in ("sealed", "index", "masked"):
                    setattr(row, f"{name}_{part}", getattr(carried, f"{name}_{part}"))

    def _fill_one(self, row: models.Model, name: str, kind: str, value: str | None) -> None:
        if value is None:
            setattr(row, f"{name}_sealed", None)
            setattr(row, f"{name}_index", None)
            setattr(row, f"{name}_masked", "")
            return
        index, masked = index_of(kind, value), mask(kind, value)
        before = getattr(row, f"{name}_index")
        # Beyond an ID number's eighteen characters the index tells nothing, so a certificate is sealed again.
        known = before is not None and bytes(before) == index and len(value) <= 18
        if known and getattr(row, f"{name}_masked") == masked:
            return
        key = row_id()
        self.rows.append(
            Sealed(id=key, division=self.division, kind=kind, ciphertext=encrypt(value, row=key, kind=kind))
        )
        setattr(row, f"{name}_sealed", key)
        setattr(row, f"{name}_index", index)
        setattr(row, f"{name}_masked", masked)


def index_of(kind: str, value: str) -> bytes:
    """Return the blind index of a full number; of an ID number or certificate, that of the person."""
    return blind_index(kind, person_key(value) if kind == "id_no" else value)
