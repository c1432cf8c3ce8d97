"""A household's card as it stands in the tables, with what is needed to write it anew."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from fupin.lib.masking import is_masked
from fupin.vault.sealing import mask
from registry.models import Household, HouseholdYear, LabourerYear, Member, MemberYear, Relocation
from registry.reports import columns
from registry.reports.assembly import card_of, member_card
from registry.reports.columns import values_of
from registry.rules.card import Card, MemberCard
from registry.rules.labourer import IN_WORK
from registry.services.checking import NOTHING, StoredNumbers
from registry.services.mapping import NOTHING_STORED, StoredCard, index_of


@dataclass(frozen=True, slots=True)
class Stored:
    """What the register has of a household in a year; nothing where it has no card yet."""

    rows: StoredCard = field(default=NOTHING_STORED)
    card: Card | None = None
    cards: Mapping[str, MemberCard] = field(default_factory=dict)
    """Everybody who ever was a member, by 人编号; of those not on this year's card only who they are."""
    numbers: StoredNumbers = field(default=NOTHING)

    @property
    def version(self) -> int | None:
        """The version of the year's card, None where there is none."""
        return self.rows.household_year.version if self.rows.household_year else None

    def missing_from(self, card: Card) -> list[MemberYear]:
        """Return the rows of this year's members who are no longer on the card."""
        named = {member.member_no for member in card.members}
        return [row for number, row in self.rows.members.items() if number not in named]


def load_stored(household: Household, year: int) -> Stored:
    """Return what is stored of the household and year, with four queries; the caller holds its lock."""
    people = {person.member_no: person for person in Member.objects.filter(household=household)}
    year_row = HouseholdYear.objects.filter(household=household, year=year).first()
    if year_row is None:
        return _of_the_year_before(household, year, people)
    year_row.household = household
    members = _members(year_row, people)
    relocation = Relocation.objects.filter(household_year=year_row).first()
    rows = StoredCard(year_row, members, people, relocation)
    cards = _cards(people, members)
    card = card_of(year_row, [cards[number] for number in members], relocation)
    return Stored(rows, card, cards, _numbers(people, cards, year_row))


def load_stored_many(households: Sequence[Household], year: int) -> dict[int, Stored]:
    """Return the same of many households by their keys, with five queries; the caller may hold their locks."""
    by_pk = {one.pk: one for one in households}
    people: dict[int, dict[str, Member]] = {pk: {} for pk in by_pk}
    for person in Member.objects.filter(household__in=by_pk).order_by("household_id", "member_no"):
        people[person.household_id][person.member_no] = person
    cards = HouseholdYear.objects.filter(household__in=by_pk, year__lte=year)
    latest: dict[int, HouseholdYear] = {}
    for newest in cards.order_by("household_id", "-year").distinct("household_id"):
        newest.household = by_pk[newest.household_id]
        latest[newest.household_id] = newest
    owners = {row.pk: row.household_id for row in latest.values()}
    persons = {person.pk: person for known in people.values() for person in known.values()}
    members: dict[int, dict[str, MemberYear]] = {pk: {} for pk in by_pk}
    for of_year in MemberYear.objects.filter(household_year__in=owners).order_by("household_year_id", "seat"):
        of_year.member = persons[of_year.member_id]
        members[owners[of_year.household_year_id]][of_year.member.member_no] = of_year
    moves = {row.household_year_id: row for row in Relocation.objects.filter(household_year__in=owners)}
    found = {}
    for pk in by_pk:
        row, own = latest.get(pk), members[pk]
        known = _cards(people[pk], own)
        if row is None or row.year != year:
            rows = StoredCard(people=people[pk], carried=row, carried_members=own)
            found[pk] = Stored(rows, None, known, _numbers(people[pk], known, row))
            continue
        move = moves.get(row.pk)
        card = card_of(row, [known[number] for number in own], move)
        rows = StoredCard(row, own, people[pk], move)
        found[pk] = Stored(rows, card, known, _numbers(people[pk], known, row))
    return found


def _of_the_year_before(household: Household, year: int, people: Mapping[str, Member]) -> Stored:
    """Return what a new year's card may refer to by masks: the latest card before it."""
    before = HouseholdYear.objects.filter(household=household, year__lt=year).order_by("-year").first()
    members = _members(before, people) if before else {}
    rows = StoredCard(people=people, carried=before, carried_members=members)
    cards = _cards(people, members)
    return Stored(rows, None, cards, _numbers(people, cards, before))


def _members(year_row: HouseholdYear, people: Mapping[str, Member]) -> dict[str, MemberYear]:
    by_pk = {person.pk: person for person in people.values()}
    rows = {}
    for row in MemberYear.objects.filter(household_year=year_row).order_by("seat"):
        row.member = by_pk[row.member_id]
        rows[row.member.member_no] = row
    return rows


def _cards(people: Mapping[str, Member], members: Mapping[str, MemberYear]) -> dict[str, MemberCard]:
    known = {number: member_card(row.member, row) for number, row in members.items()}
    return {**{number: _identity(person) for number, person in people.items()}, **known}


def named_by_id(card: Card, stored: Stored) -> Card:
    """Return the card with 人编号 filled in for members who gave only the ID number of somebody known."""
    by_index = {index: number for number, index in stored.numbers.indexes.items()}
    taken = {member.member_no for member in card.members}
    members = []
    for member in card.members:
        if not member.member_no and member.id_no and not is_masked(member.id_no):
            number = by_index.get(index_of("id_no", member.id_no))
            if number is not None and number not in taken:
                taken.add(number)
                members.append(replace(member, member_no=number))
                continue
        members.append(member)
    return replace(card, members=tuple(members))


def employed_members(household: Household, year: int) -> frozenset[str]:
    """Return the members whose labourer card of the year says that they work, by 人编号."""
    at_work = LabourerYear.objects.filter(member__household=household, year=year, emp_status__in=IN_WORK)
    return frozenset(at_work.values_list("member__member_no", flat=True))


def _identity(person: Member) -> MemberCard:
    return MemberCard(
        member_no=person.member_no,
        **values_of(person, columns.IDENTITY),
        id_no=person.id_no_masked,
    )


def _numbers(
    people: Mapping[str, Member], cards: Mapping[str, MemberCard], row: HouseholdYear | None
) -> StoredNumbers:
    return StoredNumbers(
        cards=cards,
        indexes={number: bytes(person.id_no_index) for number, person in people.items()},
        phone=row.phone_masked or None if row else None,
        phone_index=bytes(row.phone_index) if row and row.phone_index else None,
        bank_account=row.bank_account_masked or None if row else None,
    )


def masks(card: Card, stored: Stored) -> Card:
    """Return a prepared card as everybody may see it, numbers that are as stored under the stored mask."""
    row = stored.rows.household_year
    return replace(
        card,
        phone=_mask("phone", card.phone, row.phone_index if row else None),
        bank_account=_mask("account", card.bank_account, row.bank_account_index if row else None),
        members=tuple(_masked_member(member, stored) for member in card.members),
    )


def _masked_member(member: MemberCard, stored: Stored) -> MemberCard:
    row = stored.rows.members.get(member.member_no or "")
    return replace(
        member,
        id_no=_mask("id_no", member.id_no, stored.numbers.indexes.get(member.member_no or "")),
        disability_no=_mask("id_no", member.disability_no, row.disability_no_index if row else None),
        phone=_mask("phone", member.phone, row.phone_index if row else None),
    )


def _mask(kind: str, value: str | None, index: bytes | memoryview | None) -> str | None:
    if value is None or is_masked(value):
        return value
    shown = mask(kind, value)
    return shown if index is not None and bytes(index) == index_of(kind, value) else f"{shown}（新填）"
