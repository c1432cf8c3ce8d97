"""A card against every rule, with what the rules need to know from the register."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from fupin.divisions.models import Division
from fupin.lib.masking import is_masked
from registry.models import AssistPair, Household, HouseholdYear, MemberYear, NaturalVillage
from registry.rules.card import Card, MemberCard
from registry.rules.checks import check_card
from registry.rules.checks.household import ASKED_WHO_ANSWERS
from registry.rules.context import CheckContext
from registry.rules.findings import Finding, error
from registry.rules.people import NUMBERED, person
from registry.services.holders import holders_of
from registry.services.mapping import index_of

_LIST_OF: Final = date(2014, 1, 1)
"""The day from which the list of divisions speaks; cards of 2013 were collected under it."""


@dataclass(frozen=True, slots=True)
class StoredNumbers:
    """What masked numbers on a card may stand for: members as stored, and their blind indexes, by 人编号."""

    cards: Mapping[str, MemberCard] = field(default_factory=dict)
    indexes: Mapping[str, bytes] = field(default_factory=dict)
    phone: str | None = None
    phone_index: bytes | None = None
    bank_account: str | None = None


NOTHING: StoredNumbers = StoredNumbers()


@dataclass(frozen=True, slots=True)
class Known:
    """What the register tells of a card before it is checked: looked up for one card, or for many at once.

    `holders`: blind index → where another household holds it; `students`: blind index → 在校生状况 of the two
    years before, the year before first; `phone_households`: how many other households gave its telephone;
    `has_assist_person`: whether somebody answers for it, None where that is not asked.
    """

    holders: Mapping[bytes, str] = field(default_factory=dict)
    students: Mapping[bytes, tuple[str | None, ...]] = field(default_factory=dict)
    phone_households: int = 0
    natural_villages: frozenset[str] | None = None
    division: Division | None = None
    has_assist_person: bool | None = None


def findings_of(
    card: Card,
    *,
    village: int | None,
    on: date,
    household: Household | None = None,
    stored: StoredNumbers = NOTHING,
) -> list[Finding]:
    """Return everything wrong with a prepared card, errors first. Seven queries at most, however many members it has."""
    indexes = id_indexes(card, stored)
    holders = holders_of(
        {index for place, index in indexes.items() if card.members[place].counted},
        year=card.year,
        village=village or 0,
        besides=household.household_no if household else None,
    )
    known = Known(
        holders=holders,
        students=student_years(
            [index for place, index in indexes.items() if card.members[place].student], card.year
        ),
        phone_households=_phone_households(card, stored, household),
        natural_villages=None if village is None else _natural_villages(village),
        division=None if village is None else Division.objects.filter(code=village).first(),
        has_assist_person=is_answered_for([household]).get(household.pk) if household else None,
    )
    return findings_with(
        card, known, indexes=indexes, village=village, on=on, household=household, stored=stored
    )


def findings_with(
    card: Card,
    known: Known,
    *,
    indexes: Mapping[int, bytes],
    village: int | None,
    on: date,
    household: Household | None = None,
    stored: StoredNumbers = NOTHING,
) -> list[Finding]:
    """Return the same where the register has been asked already; `indexes` are `id_indexes` of the card."""
    keys = {place: person(card.members[place]) or "" for place in indexes}
    context = CheckContext(
        today=on,
        status=household.status if household else "D",
        phone_households={card.phone: known.phone_households} if card.phone else {},
        known_natural_villages=known.natural_villages,
        id_owners={
            keys[place]: known.holders[index] for place, index in indexes.items() if index in known.holders
        },
        student_years={
            keys[place]: known.students[index] for place, index in indexes.items() if index in known.students
        },
        has_assist_person=known.has_assist_person,
    )
    found = [
        *(() if village is None else _village_findings(card, village, known.division)),
        *_masked_findings(card, stored, indexes),
        *check_card(card, ctx=context),
    ]
    found.sort(key=lambda finding: finding.level)
    return list(dict.fromkeys(found))


def id_indexes(card: Card, stored: StoredNumbers) -> dict[int, bytes]:
    """Return the blind index of each member's number by his place, of masked ones the stored index."""
    found = {}
    for place, member in enumerate(card.members):
        if member.id_no and not is_masked(member.id_no):
            found[place] = index_of("id_no", member.id_no)
        elif member.id_no and (index := stored.indexes.get(member.member_no or "")):
            found[place] = index
    return found


def _phone_households(card: Card, stored: StoredNumbers, household: Household | None) -> int:
    """Return in how many other households of the actor's scope the card's telephone stands this year."""
    if not card.phone:
        return 0
    index = stored.phone_index if is_masked(card.phone) else index_of("phone", card.phone)
    if index is None:
        return 0
    others = HouseholdYear.objects.filter(year=card.year, phone_index=index)
    if household is not None:
        others = others.exclude(household=household)
    return others.count()


def is_answered_for(households: Iterable[Household]) -> dict[int, bool]:
    """Return by key whether somebody answers now for each household of which that is asked, in one question at most."""
    asked = {one.pk for one in households if one.status in ASKED_WHO_ANSWERS}
    if not asked:
        return {}
    answered = set(
        AssistPair.objects.filter(household__in=asked, end_date__isnull=True).values_list(
            "household_id", flat=True
        )
    )
    return {key: key in answered for key in asked}


def _natural_villages(village: int) -> frozenset[str]:
    return frozenset(NaturalVillage.objects.filter(division_id=village).values_list("name", flat=True))


def student_years(indexes: Sequence[bytes], year: int) -> dict[bytes, tuple[str | None, ...]]:
    """Return 在校生状况 of the two years before by blind index, the year before first."""
    if not indexes:
        return {}
    rows = MemberYear.objects.filter(
        year__in=(year - 1, year - 2), id_no_index__in=indexes, holds_id=True
    ).values_list("id_no_index", "year", "student")
    known: dict[bytes, list[str | None]] = {}
    for index, of_year, student in rows:
        known.setdefault(bytes(index), [None, None])[year - 1 - of_year] = student or None
    return {index: tuple(years) for index, years in known.items()}


def _village_findings(card: Card, village: int, division: Division | None) -> Iterator[Finding]:
    last_day = max(date(card.year, 12, 31), _LIST_OF)
    if card.village_code and card.village_code != str(village):
        yield error("R-20", "village_code", "省市县乡村与该户所在村不同，迁到别村请办理迁移")
    elif division is None or not division.is_administrative_village:
        yield error("R-20", "village_code", "省市县乡村应选行政村（代码末三位 200–599）")
    elif division.valid_from > last_day or (division.valid_to and division.valid_to <= last_day):
        yield error("R-20", "village_code", f"该村代码在{card.year}年末无效，请选当年有效的村")


def _masked_findings(card: Card, stored: StoredNumbers, indexes: Mapping[int, bytes]) -> Iterator[Finding]:
    """Yield what only the register can tell of masked numbers, and of members named by 人编号."""
    for name, label in (("phone", "联系电话"), ("bank_account", "银行账号")):
        value = getattr(card, name)
        if value and is_masked(value) and value != getattr(stored, name):
            yield error("R-20", name, f"{label}只有掩码，请填完整号码")
    seen: dict[bytes, int] = {}
    named: set[str] = set()
    for place, member in enumerate(card.members):
        path, who = f"members[{place}]", member.name or f"第{place + 1}名成员"
        known = stored.cards.get(member.member_no or "")
        if member.member_no and known is None:
            yield error(
                "R-20", f"{path}.member_no", f"{who}的人编号{member.member_no}不属于本户，新成员请留空"
            )
        if member.member_no in named:
            yield error("R-20", f"{path}.member_no", f"{who}的人编号{member.member_no}重复")
        named.add(member.member_no or "")
        yield from _masked_member(member, known, indexes.get(place), path, who)
        index = indexes.get(place)
        if index is not None and member.counted:
            if index in seen and person(member) != person(card.members[seen[index]]):
                yield error("R-04", f"{path}.id_no", f"{who}证件号码与本户第{seen[index] + 1}名成员重复")
            seen.setdefault(index, place)


def _masked_member(
    member: MemberCard, known: MemberCard | None, index: bytes | None, path: str, who: str
) -> Iterator[Finding]:
    for name, label in (("id_no", "证件号码"), ("disability_no", "残疾证号"), ("phone", "联系电话")):
        value = getattr(member, name)
        if value and is_masked(value) and (known is None or value != getattr(known, name)):
            yield error("R-20", f"{path}.{name}", f"{who}的{label}只有掩码，请填完整号码")
    number = member.id_no
    if number and is_masked(number) and known is not None:
        if member.id_type != known.id_type:
            yield error("R-01", f"{path}.id_no", f"{who}的证件类型已改，请填新证件的完整号码")
        elif known.id_type in NUMBERED:
            if member.sex and member.sex != known.sex:
                yield error("R-05", f"{path}.sex", f"{who}的性别与证件号码不符")
            if member.birth_date and member.birth_date != known.birth_date:
                yield error("R-05", f"{path}.birth_date", f"{who}的出生日期与证件号码不符，请核对号码或日期")
        certificate = member.disability_no
        numbered = known.id_type in NUMBERED and certificate and not is_masked(certificate)
        if numbered and certificate and index != index_of("id_no", certificate):
            text = f"{who}的残疾证号前18位与本人身份号码不符，请核对"
            yield error("R-03", f"{path}.disability_no", text)
    if (
        member.id_type == "90"
        and number
        and not is_masked(number)
        and (known is None or known.id_no != number)
    ):
        yield error("R-01", f"{path}.id_no", f"{who}的临时号由系统发给，请留空")
