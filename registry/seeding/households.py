"""A synthetic household with its cards: facts that agree with one another, so that every card passes every E rule."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from random import Random
from typing import Final

from registry.codes import Cause, Health, HouseholdStatus, PoorType, Relation, Student
from registry.rules.card import Card, Relocation
from registry.seeding import numbers
from registry.seeding.chance import Weighted, between, one_of, whole
from registry.seeding.doubts import give_doubt
from registry.seeding.families import FEMALE, MALE, Family
from registry.seeding.livelihood import make_condition, make_income
from registry.seeding.people import HEALTHY, Person, be_disabled, fall_ill, is_head, seek_work
from registry.seeding.villages import Village

CLOSED_YEAR: Final = 2013
OPEN_YEAR: Final = 2014
YEARS: Final = (CLOSED_YEAR, OPEN_YEAR)
LINES: Final = {2013: 2736, 2014: 2800}
"""Poverty lines that incomes are drawn around (fupin.policy.standards has them with their sources)."""

STATUSES: Final = Weighted(
    ("N", 850), ("D", 30), ("A", 8), ("M", 6), ("M-", 2), ("P1", 6), ("V", 4), ("T", 4), ("P2", 4), ("C", 4),
    ("X1", 14), ("X2", 6), ("X3", 5), ("X4", 3), ("XP", 6), ("O", 36), ("K", 6), ("Z", 4), ("S", 2),
)  # fmt: skip
"""CL24 of a thousand households at the end of 2014, the first round of identification being over."""

ON_THE_WAY: Final = frozenset({"D", "A", "M", "M-", "P1", "V", "T", "P2", "C", "S"})
"""Applied in 2014: no card of 2013, and not identified yet."""

LEAVING: Final = frozenset({"X1", "X2", "X3", "X4", "XP", "O"})
GONE: Final = frozenset({HouseholdStatus.REMOVED.value, HouseholdStatus.CLOSED.value})
"""Off the register before the card of 2014 was due."""

_BANKS: Final = ("县农村信用合作联社", "中国邮政储蓄银行", "中国农业银行")
_OTHER_CAUSES: Final = Weighted(
    ("04", 8), ("05", 14), ("06", 8), ("07", 34), ("09", 30), ("10", 12), ("11", 8)
)
_NOTE: Final = "因家庭变故，长期赡养多位老人"


@dataclass(slots=True)
class Household:
    """A household of the synthetic register, with one card a year."""

    ordinal: int
    household_no: str
    village: Village
    status: str
    people: list[Person]
    cards: dict[int, Card] = field(default_factory=dict)
    doubtful: bool = False
    """Whether the last card was given something to doubt (a W rule), and must be checked for its remarks."""

    @property
    def first_identified_year(self) -> int | None:
        """首次识别年度: 2014, when the first round of identification took place."""
        return None if self.status in ON_THE_WAY or self.village.walks else OPEN_YEAR

    @property
    def exited(self) -> bool:
        """Tell whether the household is 已脱贫."""
        return self.status == HouseholdStatus.EXITED and not self.village.walks

    @property
    def begins_as(self) -> str:
        """Return the status that its row is given: a draft's where its case is still to bring it to where it stands."""
        return HouseholdStatus.DRAFT.value if self.village.walks else self.status

    def member_no(self, seat: int) -> str:
        """Return 人编号 of whoever sits there, counted from one."""
        return f"{self.household_no}{seat:02}"


def make_household(rng: Random, village: Village, *, ordinal: int, serial: int) -> Household:
    """Return a household of the village; the ordinal makes its numbers the only ones of their kind in the province."""
    family = Family(rng, village.clans, ordinal, CLOSED_YEAR)
    status = STATUSES.draw(rng)
    if village.walks and status not in LEAVING:
        status = HouseholdStatus.REGISTERED.value
    household = Household(ordinal, f"{village.place.code}{serial:04}", village, status, family.people)
    _health(rng, family)
    for person in family.people:
        seek_work(rng, person, OPEN_YEAR)
    if household.status not in ON_THE_WAY | GONE:
        _changes(rng, family)
    poor_type = _poor_type(rng, family)
    one_child, two_girls = _birth_planning(family)
    old = all(person.age(OPEN_YEAR) >= 60 for person in family.people)
    condition = make_condition(rng, village, len(family.people), poor_old=old)
    if household.exited or (village.walks and status in LEAVING):
        condition.water_safe, condition.water_difficult, condition.has_life_power = True, False, True
        condition.danger_level, condition.danger_appraiser, condition.danger_appraised_on = "1", None, None
    hamlet = one_of(rng, village.hamlets)
    address = f"{village.place.path_name}{hamlet}{whole(rng, 1, 180)}号"
    cause = _cause(rng, family, poor_type)
    others = _causes_beside(rng, cause)
    plan = whole(rng, 2015, 2020)
    per_head = _income_per_head(rng, household.status)
    years = (OPEN_YEAR,) if household.status in ON_THE_WAY else YEARS
    for year in years[:1] if household.status in GONE else years:
        people = [person for person in family.people if person.stands_on(year)]
        income = make_income(
            rng,
            [person for person in people if not person.leaves_in(year)],
            year,
            target=per_head[year],
            poor_type=poor_type,
            condition=condition,
            crops=village.crops,
        )
        household.cards[year] = Card(
            year=year,
            village_code=str(village.place.code),
            natural_village=hamlet,
            address=address,
            phone=numbers.phone(ordinal),
            id_standard="1",
            poor_type=poor_type,
            cause_main=cause,
            cause_other=others,
            cause_note=_NOTE if cause == Cause.OTHER else None,
            exit_year=OPEN_YEAR if household.exited else None,
            plan_exit_year=OPEN_YEAR if household.exited else plan,
            is_martyr_family=ordinal % 211 == 0,
            is_one_child=one_child,
            is_two_girls=two_girls,
            filler=village.clerk,
            fill_date=_filled_on(rng, year, village),
            household_no=household.household_no,
            income=income,
            condition=condition,
            members=tuple(
                person.card(
                    year,
                    member_no=household.member_no(family.people.index(person) + 1),
                    township=village.place.township,
                    county=village.place.county,
                )
                for person in people
            ),
        )
    _last_touches(rng, household)
    return household


def _health(rng: Random, family: Family) -> None:
    for person in family.people:
        age = person.age(CLOSED_YEAR)
        likely = 0.02 if age < 16 else 0.09 if age < 46 else 0.2 if age <= 60 else 0.4
        if family.kind == "single_man":
            likely = 0.55
        fall_ill(rng, person, likely=likely)
    if family.kind == "single_man" and family.people[0].health == HEALTHY and rng.random() < 0.4:
        be_disabled(rng, family.people[0])


def _changes(rng: Random, family: Family) -> None:
    """Let some households lose or gain somebody in the open year; the head stays."""
    day = date(OPEN_YEAR, whole(rng, 1, 12), whole(rng, 1, 28))
    for person in family.people:
        age = person.age(OPEN_YEAR)
        if is_head(person):
            continue
        if age >= 70 and rng.random() < 0.05:
            person.change = (OPEN_YEAR, "01", day)
        elif person.relation == Relation.DAUGHTER and 20 <= age <= 27 and rng.random() < 0.08:
            person.change = (OPEN_YEAR, "02", day)
    spouse = next((p for p in family.people if p.relation == Relation.SPOUSE and p.change is None), None)
    if family.full() or spouse is None:
        return
    son = next(
        (p for p in family.people if p.relation == Relation.SON and 22 <= p.age(OPEN_YEAR) <= 29), None
    )
    if son is not None and rng.random() < 0.05:
        bride = family.add(Relation.DAUGHTER_IN_LAW, FEMALE, son.born.year + 1, married_in=True)
        bride.leaves_school = 16
        bride.change = (OPEN_YEAR, "05", day)
    elif 21 <= spouse.age(OPEN_YEAR) <= 36 and rng.random() < 0.05:
        boy = rng.random() < 0.53
        child = family.add(Relation.SON if boy else Relation.DAUGHTER, MALE if boy else FEMALE, OPEN_YEAR)
        child.change = (OPEN_YEAR, "06", child.born)


def _poor_type(rng: Random, family: Family) -> str:
    """Return CL02, and mark the members who draw an allowance; the head always does where anybody does."""
    people = family.people
    able = any(person.labor(year) in {"01", "02"} for person in people for year in YEARS)
    if not able:
        if len(people) == 1 and rng.random() < 0.42:
            people[0].is_wubao = True
            return PoorType.WUBAO.value
        if rng.random() < 0.15:
            return PoorType.GENERAL.value
        for person in people:
            person.is_dibao = True
        return PoorType.DIBAO.value
    if rng.random() < 0.27:
        everybody = rng.random() < 0.4
        for person in people:
            person.is_dibao = is_head(person) or everybody or person.health != HEALTHY
        return PoorType.DIBAO_POOR.value
    return PoorType.GENERAL.value


def _birth_planning(family: Family) -> tuple[bool, bool]:
    children = [p for p in family.people if p.relation in {Relation.SON, Relation.DAUGHTER}]
    girls = all(child.sex == FEMALE for child in children)
    return len(children) == 1, len(children) == 2 and girls


def _cause(rng: Random, family: Family, poor_type: str) -> str:
    """Return CL03, the main cause, such as the members bear out in both years (R-31–R-33)."""
    stay = [person for person in family.people if person.change is None]
    reasons: list[tuple[str, float]] = [("", 5.0), (Cause.OTHER.value, 0.05)]
    if any(Health.DISABLED in person.health for person in stay):
        reasons.append((Cause.DISABILITY.value, 14.0))
    if any(person.disease for person in stay):
        reasons.append((Cause.ILLNESS.value, 14.0))
    if any(person.student(y) > Student.GRADE_9 for person in stay for y in YEARS) and all(
        any(person.student(y) > Student.NOT_AT_SCHOOL for person in stay) for y in YEARS
    ):
        reasons.append((Cause.SCHOOLING.value, 12.0))
    if poor_type in {PoorType.WUBAO, PoorType.DIBAO} or family.kind in {"old_alone", "old_couple"}:
        reasons.append((Cause.NO_LABOUR.value, 9.0))
    return Weighted(*reasons).draw(rng) or _OTHER_CAUSES.draw(rng)


def _causes_beside(rng: Random, main: str) -> tuple[str, ...]:
    found: list[str] = []
    for _ in range(whole(rng, 0, 2)):
        cause = _OTHER_CAUSES.draw(rng)
        if cause != main and cause not in found:
            found.append(cause)
    return tuple(found)


def _income_per_head(rng: Random, status: str) -> dict[int, float]:
    """Return the income a head that each year aims at: below the line of 2013, and higher in 2014 by up to a third."""
    first = rng.triangular(950, LINES[2013], 2350) if rng.random() < 0.975 else between(rng, 2740, 3300)
    second = min(first * between(rng, 1.0, 1.3), LINES[2014] * 1.25)
    if status in LEAVING:
        second = LINES[2014] * between(rng, 1.12, 1.6)
    elif status in ON_THE_WAY:
        second = min(second, LINES[2014] - 60)
    return {2013: first, 2014: second}


def _filled_on(rng: Random, year: int, village: Village) -> date:
    if year == CLOSED_YEAR:
        first = 1 if village.walks else 5  # whoever applies has a card before that
        return date(2014, whole(rng, first, first + 3), whole(rng, 1, 28))
    return date(2014, whole(rng, 11, 12), whole(rng, 1, 28))


def _last_touches(rng: Random, household: Household) -> None:
    """Add account, relocation, and now and then something to doubt, to the card of the open year."""
    card = household.cards.get(OPEN_YEAR)
    if card is None:
        return
    if household.status not in ON_THE_WAY and rng.random() < 0.6:
        card.bank_name, card.bank_account = one_of(rng, _BANKS), numbers.account(household.ordinal)
    if card.condition.danger_level in {"3", "4"} and household.village.mountain and rng.random() < 0.25:
        card.relocation = _relocation(rng, card)
    if rng.random() < 0.035:
        household.doubtful = give_doubt(rng, card, ordinal=household.ordinal)


def _relocation(rng: Random, card: Card) -> Relocation:
    if rng.random() < 0.3:
        return Relocation(willing=False)
    near_town = rng.random() < 0.4
    return Relocation(
        willing=True,
        mode=one_of(rng, ("01", "02", "03")),
        form="1",
        place="a" if near_town else "c",
        old_homestead_area=Decimal(whole(rng, 2, 9)) / 10,
        persons=card.member_count,
        follow_up="1" if near_town else "2",
    )


def make_households(
    rng: Random, village: Village, *, count: int, ordinal: int, serial: int
) -> Iterator[Household]:
    """Yield the households of a village; ordinals and serials run on from the given ones."""
    for place in range(count):
        yield make_household(rng, village, ordinal=ordinal + place, serial=serial + place)
