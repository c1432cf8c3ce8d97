"""Cards as rows of the register's tables, derived columns and sealed values included."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import date, datetime
from random import Random
from typing import Any, Final
from uuid import UUID

from fupin.sheets.copying import CopyBuffer
from fupin.vault.cipher import encrypt
from fupin.vault.models import Sealed
from fupin.vault.sealing import SealedValue, mask, row_id
from registry.models import (
    Certificate,
    Household as HouseholdRow,
    HouseholdYear,
    LabourerYear,
    Member,
    MemberYear,
    NaturalVillage,
    Relocation,
    Training,
    Village as VillageRow,
    VillageYear,
)
from registry.reports import columns
from registry.rules.card import Card, MemberCard
from registry.rules.checks import check_card
from registry.rules.context import CheckContext
from registry.rules.labourer import IN_WORK, CertificateRow, LabourerCard, TrainingRow
from registry.rules.people import is_away_youth, is_labourer, is_stable, is_zero_employment
from registry.seeding.chance import one_of, whole
from registry.seeding.households import CLOSED_YEAR, GONE, YEARS, Household
from registry.seeding.keys import SHANGHAI, household_key, member_key, member_year_key, working_moment
from registry.seeding.labourers import make_labourer_card
from registry.seeding.names import keys_of
from registry.seeding.villages import Village, village_attr, village_table
from registry.services.mapping import index_of, stored_lines
from registry.services.remarks import open_in, remarks_of

CHECKED_ON: Final = date(2014, 12, 31)

_TRAINING: Final = tuple(field.name for field in fields(TrainingRow))
_CERTIFICATE: Final = tuple(field.name for field in fields(CertificateRow))
_LABOURER: Final = tuple(
    field.name
    for field in fields(LabourerCard)
    if field.name not in {"member_no", "trainings", "certificates", "posted"}
)
_REASONS: Final = ("已入户核实，情况属实", "已与本人核对", "凭证遗失，待补")


class Rows:
    """The rows of some villages, table by table, in the order in which they must be copied."""

    def __init__(self) -> None:
        self.sealed = CopyBuffer(Sealed)
        self.villages = CopyBuffer(VillageRow)
        self.village_years = CopyBuffer(VillageYear, numbered=False)
        self.natural_villages = CopyBuffer(NaturalVillage, numbered=False)
        self.households = CopyBuffer(HouseholdRow)
        self.household_years = CopyBuffer(HouseholdYear)
        self.relocations = CopyBuffer(Relocation, numbered=False)
        self.members = CopyBuffer(Member)
        self.member_years = CopyBuffer(MemberYear)
        self.labourers = CopyBuffer(LabourerYear)
        self.trainings = CopyBuffer(Training, numbered=False)
        self.certificates = CopyBuffer(Certificate, numbered=False)

    def copy(self, cursor: Any) -> dict[str, int]:
        """Copy everything and return the number of rows by table."""
        return {buffer.table: buffer.copy(cursor) for buffer in vars(self).values()}

    def add_village(
        self, rng: Random, village: Village, key: int, clerk: int, cards: list[list[Card]]
    ) -> None:
        """Add a village, its natural villages, and its table of each year."""
        code = village.place.code
        self.villages.add(
            {
                "id": key,
                "division_id": code,
                "status": "VN" if village.poor and not village.walks else "VD",
                "village_attr": village_attr(village),
                "first_identified_year": 2014 if village.poor and not village.walks else None,
                "is_demo": True,
                "entered_by_id": clerk,
                "entered_at": working_moment(rng, 6),
            }
        )
        for hamlet in village.hamlets:
            self.natural_villages.add({"division_id": code, "name": hamlet})
        phone = f"129{code // 1000 % 100_000:05}{code % 1000:03}"
        sealed = self._seal(code, "phone", phone)
        for year, of_year in zip(YEARS, cards, strict=True):
            table = village_table(rng, village, year, of_year, phone)
            del table["head_phone"]
            self.village_years.add(
                {
                    **table,
                    **_sealed("head_phone", sealed),
                    "division_id": code,
                    "village_id": key,
                    "year": year,
                    "updated_by_id": clerk,
                    "updated_at": working_moment(rng, 9 if year == CLOSED_YEAR else 12),
                }
            )

    def add_household(self, rng: Random, household: Household, clerk: int) -> None:
        """Add a household with its cards, its members and the cards of its labourers."""
        code, ordinal = household.village.place.code, household.ordinal
        identified = household.first_identified_year is not None
        entered_at = working_moment(rng, 4 if household.village.walks else 6 if identified else 11)
        self.households.add(
            {
                "id": ordinal,
                "division_id": code,
                "household_no": household.household_no,
                "status": household.begins_as,
                "first_identified_year": household.first_identified_year,
                "exit_year": 2014 if household.exited else None,
                "exited_on": date(2014, 12, whole(rng, 10, 28)) if household.exited else None,
                "entry_key": UUID(int=rng.getrandbits(128), version=4),
                "is_demo": True,
                "entered_by_id": clerk,
                "entered_at": entered_at,
            }
        )
        seats = self._add_members(household)
        phone: SealedValue | None = None
        for year, card in household.cards.items():
            phone = phone or self._seal(code, "phone", card.phone or "")
            in_work = frozenset(self._add_member_years(rng, household, card, seats, clerk))
            self._add_card(rng, household, card, phone, in_work, clerk)
            if card.relocation is not None:
                row: dict[str, Any] = {name: getattr(card.relocation, name) for name in columns.RELOCATION}
                row |= {"division_id": code, "household_year_id": household_key(ordinal, year)}
                self.relocations.add(row)

    def _add_members(self, household: Household) -> dict[str, tuple[int, SealedValue, SealedValue | None]]:
        """Add the persons; return by member number his seat, his sealed ID number and his sealed disability number."""
        code = household.village.place.code
        seats: dict[str, tuple[int, SealedValue, SealedValue | None]] = {}
        wanted = {member.member_no for card in household.cards.values() for member in card.members}
        for seat, person in enumerate(household.people, 1):
            if (member_no := household.member_no(seat)) not in wanted:
                continue
            sealed = self._seal(code, "id_no", person.id_no)
            disability = self._seal(code, "id_no", person.disability_no) if person.disability_no else None
            seats[member_no] = seat, sealed, disability
            full, initials = keys_of(person.name)
            self.members.add(
                {
                    "id": member_key(household.ordinal, seat),
                    "division_id": code,
                    "household_id": household.ordinal,
                    "member_no": member_no,
                    "name": person.name,
                    "name_pinyin": full,
                    "name_initials": initials,
                    "sex": person.sex,
                    "birth_date": person.born,
                    "id_type": "01",
                    **_sealed("id_no", sealed),
                    "ethnic": person.ethnic,
                }
            )
        return seats

    def _add_card(
        self,
        rng: Random,
        household: Household,
        card: Card,
        phone: SealedValue,
        in_work: frozenset[str],
        clerk: int,
    ) -> None:
        row: dict[str, Any] = {name: getattr(card, name) for name in columns.HOUSEHOLD}
        row |= {name: getattr(card.income, name) for name in columns.INCOME}
        row |= {column: getattr(card.condition, name) for name, column in columns.CONDITION.items()}
        row |= _sealed("phone", phone)
        if card.bank_account:
            row |= _sealed(
                "bank_account", self._seal(household.village.place.code, "account", card.bank_account)
            )
        full, initials = keys_of(card.head_name)
        remarks = _remarks(rng, household, card)
        row |= {
            "id": household_key(household.ordinal, card.year),
            "division_id": household.village.place.code,
            "household_id": household.ordinal,
            "year": card.year,
            "income_lines": stored_lines(card.income),
            "member_count": card.member_count,
            "head_name": card.head_name,
            "head_pinyin": full,
            "head_initials": initials,
            "labourer_count": sum(is_labourer(member, card.year) for member in card.members),
            "is_zero_employment": is_zero_employment(card, employed=in_work),
            "remarks": remarks,
            "open_remarks": open_in(remarks),
            "updated_by_id": clerk,
            "updated_at": working_moment(rng, 8 if card.year == CLOSED_YEAR else 12),
        }
        self.household_years.add(row)

    def _add_member_years(
        self,
        rng: Random,
        household: Household,
        card: Card,
        seats: Mapping[str, tuple[int, SealedValue, SealedValue | None]],
        clerk: int,
    ) -> Iterator[str]:
        """Add the members' rows of the card, and the cards of its labourers; yield who of them is in work."""
        code, ordinal, year = household.village.place.code, household.ordinal, card.year
        for place, member in enumerate(card.members, 1):
            member_no = member.member_no or ""
            seat, id_no, disability = seats[member_no]
            works = is_labourer(member, year)
            row: dict[str, Any] = {name: getattr(member, name) for name in columns.YEARLY}
            row |= {
                "id": member_year_key(ordinal, seat, year),
                "division_id": code,
                "member_id": member_key(ordinal, seat),
                "household_year_id": household_key(ordinal, year),
                "year": year,
                "seat": place,
                "is_labourer": works,
                "id_no_index": id_no.index,
                "is_live": household.status not in GONE,
            }
            if member.disability_no and disability:
                row |= _sealed("disability_no", disability)
            self.member_years.add(row)
            if works:
                labourer = make_labourer_card(rng, member, year, county=household.village.place.county)
                self._add_labourer(rng, household, member, labourer, seat, clerk)
                if labourer.emp_status in IN_WORK:
                    yield member_no

    def _add_labourer(
        self, rng: Random, household: Household, member: MemberCard, card: LabourerCard, seat: int, clerk: int
    ) -> None:
        code, key = household.village.place.code, member_key(household.ordinal, seat)
        row: dict[str, Any] = {name: getattr(card, name) for name in _LABOURER}
        row |= {
            "id": member_year_key(household.ordinal, seat, card.year),
            "division_id": code,
            "member_id": key,
            "member_year_id": member_year_key(household.ordinal, seat, card.year),
            "stable_emp": is_stable(card.longest_stay, card.year),
            "is_away_youth": is_away_youth(member, card.year),
            "updated_by_id": clerk,
            "updated_at": working_moment(rng, 8 if card.year == CLOSED_YEAR else 12),
        }
        self.labourers.add(row)
        for training in card.trainings:
            self.trainings.add(_part(training, _TRAINING, code, key))
        if card.year == max(household.cards):
            for certificate in card.certificates:
                self.certificates.add(_part(certificate, _CERTIFICATE, code, key))

    def _seal(self, division: int, kind: str, value: str) -> SealedValue:
        """Keep the value's ciphertext for the vault, and return what the business row keeps of it."""
        row = row_id()
        self.sealed.add(
            {
                "id": row,
                "division": division,
                "kind": kind,
                "ciphertext": encrypt(value, row=row, kind=kind),
                "sealed_at": _NOW,
            }
        )
        return SealedValue(id=row, index=index_of(kind, value), masked=mask(kind, value))


_NOW: Final = datetime.now(SHANGHAI)


def _sealed(name: str, value: SealedValue) -> dict[str, Any]:
    """Return the three columns that a business row keeps of a sealed value."""
    return {f"{name}_sealed": value.id, f"{name}_index": value.index, f"{name}_masked": value.masked}


def _part(row: object, names: tuple[str, ...], division: int, member: int) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names} | {"division_id": division, "member_id": member}


def _remarks(rng: Random, household: Household, card: Card) -> list[dict[str, str]]:
    """Return the remarks of a card that was given something to doubt, two of three with the clerk's reason."""
    if not household.doubtful or card.year == CLOSED_YEAR:
        return []
    known = frozenset(household.village.hamlets)
    context = CheckContext(today=CHECKED_ON, status=household.status, known_natural_villages=known)
    doubts = check_card(card, ctx=context)
    reasons = {f"{d.rule} {d.field}": one_of(rng, _REASONS) for d in doubts if rng.random() < 0.67}
    return remarks_of(doubts, reasons)
