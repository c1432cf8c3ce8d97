"""What the register tells of some hundred cards at once, in a fixed number of questions."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count

from fupin.divisions.models import Division
from fupin.lib.masking import is_masked
from registry.models import Household, HouseholdYear, NaturalVillage
from registry.rules.card import Card
from registry.services.checking import Known, is_answered_for, student_years
from registry.services.holders import Held, held, places_told
from registry.services.mapping import index_of
from registry.services.stored import Stored, load_stored_many


@dataclass(slots=True)
class Lookups:
    """The answers."""

    households: Mapping[str, tuple[Household, Stored]]
    entered: Mapping[UUID, Household]
    held: Mapping[bytes, Sequence[Held]]
    students: Mapping[bytes, tuple[str | None, ...]]
    phones: Mapping[bytes, int]
    natural_villages: Mapping[int, frozenset[str]]
    divisions: Mapping[int, Division]
    answered: Mapping[int, bool]

    def of(
        self,
        card: Card,
        indexes: Mapping[int, bytes],
        village: int | None,
        in_file: int,
        besides: Household | None = None,
    ) -> Known:
        """Return what is known of one card; `in_file` other households of the workbook gave the same telephone."""
        number = besides.household_no if besides else None
        holding = [
            one
            for place, index in indexes.items()
            if index in self.held and card.members[place].counted
            for one in self.held[index]
            if number is None or one.household_no != number
        ]
        others = in_file
        if card.phone and not is_masked(card.phone):
            others += self.phones.get(index_of("phone", card.phone), 0) if self.phones else 0
        return Known(
            holders=places_told(holding, village or 0) if holding else {},
            students=self.students,
            phone_households=others,
            natural_villages=None if village is None else self.natural_villages.get(village, frozenset()),
            division=self.divisions.get(village or 0),
            has_assist_person=self.answered.get(besides.pk) if besides else None,
        )

    def only_holder(self, indexes: Mapping[int, bytes], card: Card) -> str | None:
        """Return the household in scope that holds every numbered member of the card, if there is one."""
        counted = [index for place, index in indexes.items() if card.members[place].counted]
        owners = [{one.household_no for one in self.held.get(index, ())} for index in counted]
        common = set.intersection(*owners) - {None} if owners else set()
        return next(iter(common), None) if len(common) == 1 else None


def look_up(
    cards: Sequence[tuple[Card, Mapping[int, bytes]]],
    *,
    numbers: Iterable[str],
    entry_keys: Iterable[UUID],
    year: int,
    within: int,
) -> Lookups:
    """Ask the register about some cards and their blind indexes; `numbers` are the 户编号 given, `within` the division of the asker."""
    wanted = [number for number in numbers if number]
    households = {
        one.household_no: one for one in Household.objects.within(within).filter(household_no__in=wanted)
    }
    stored = load_stored_many(list(households.values()), year) if households else {}
    indexes: set[bytes] = set()
    pupils: set[bytes] = set()
    phones: set[bytes] = set()
    villages: set[int] = {one.division_id for one in households.values()}
    for card, own in cards:
        indexes.update(own.values())
        pupils.update(index for place, index in own.items() if card.members[place].student)
        if card.phone and not is_masked(card.phone):
            phones.add(index_of("phone", card.phone))
        if card.village_code and card.village_code.isdigit() and len(card.village_code) == 12:
            villages.add(int(card.village_code))
    for one in stored.values():
        indexes.update(one.numbers.indexes.values())
        pupils.update(one.numbers.indexes.values())
    holders: dict[bytes, list[Held]] = defaultdict(list)
    for found in held(indexes, year):
        holders[found.index].append(found)
    names: dict[int, set[str]] = defaultdict(set)
    for village, name in NaturalVillage.objects.filter(division_id__in=villages).values_list(
        "division_id", "name"
    ):
        names[village].add(name)
    same_phone = (
        HouseholdYear.objects.filter(year=year, phone_index__in=phones)
        .order_by()
        .values_list("phone_index")
        .annotate(Count("pk"))
    )
    return Lookups(
        households={number: (one, stored[one.pk]) for number, one in households.items()},
        entered={one.entry_key: one for one in Household.objects.filter(entry_key__in=list(entry_keys))},
        held=holders,
        students=student_years(list(pupils), year),
        phones=Counter({bytes(index): count for index, count in same_phone}) if phones else Counter(),
        natural_villages={village: frozenset(found) for village, found in names.items()},
        divisions=Division.objects.in_bulk(villages),
        answered=is_answered_for(households.values()),
    )
