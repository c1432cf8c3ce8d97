"""What a card tells of a member: birth, age, sex, schooling, ability and work."""

from datetime import date
from typing import Final

from fupin.lib import idnumber
from fupin.lib.masking import is_masked
from fupin.policy.cites import cites
from fupin.policy.standards import figure
from registry.codes import DANGEROUS_LEVELS, Health, IdType, Labor, Sex, Student, WorkArea
from registry.rules.card import Card, Condition, MemberCard

NUMBERED: Final = frozenset({IdType.RESIDENT.value, IdType.DISABLED.value})
"""Papers whose number begins with an ID number."""

ABLE: Final = frozenset({Labor.ORDINARY.value, Labor.SKILLED.value})
UNABLE: Final = frozenset({Labor.LOST.value, Labor.NONE.value})
AT_SCHOOL: Final = frozenset(set(Student.values) - {Student.NOT_AT_SCHOOL.value})
BEYOND_COUNTY: Final = frozenset({WorkArea.PROVINCE.value, WorkArea.OUTSIDE.value})


def holder(member: MemberCard) -> idnumber.Holder | None:
    """Return what the member's number tells of him, None for papers without an ID number."""
    if member.id_type in NUMBERED and member.id_no:
        return idnumber.read(member.id_no[:18])
    return None


def person(member: MemberCard) -> str | None:
    """Return what tells a person apart on cards: the key of his ID number, of a masked one his 人编号."""
    if member.id_no and not is_masked(member.id_no):
        return idnumber.person_key(member.id_no)
    return member.member_no


def born(member: MemberCard) -> date | None:
    """Return 出生日期: that of the ID number, else the one written on the card."""
    known = holder(member)
    return known.birth_date if known else member.birth_date


def age(member: MemberCard, year: int) -> int | None:
    """Return full years of age on 31 December of the year, the day that the card speaks of."""
    day = born(member)
    return None if day is None else year - day.year


def sex_of(member: MemberCard) -> str | None:
    """Return 性别 as written, else as the ID number tells."""
    if member.sex:
        return member.sex
    known = holder(member)
    return known.sex if known else None


def at_school(member: MemberCard) -> bool:
    """Tell whether the member is 在校生."""
    return member.student in AT_SCHOOL


def works_away(member: MemberCard) -> bool:
    """Tell whether the member has 务工状况: works for a wage, near or far."""
    return bool(member.work_area)


def is_healthy(member: MemberCard) -> bool:
    """Tell whether health is exactly 健康."""
    return tuple(member.health) == (Health.HEALTHY,)


def in_working_age(member: MemberCard, year: int) -> bool:
    """Tell whether the member is in 劳动年龄 (CL12: men 16–60, women 16–55)."""
    years = age(member, year)
    last = "working_age_to_women" if sex_of(member) == Sex.FEMALE else "working_age_to_men"
    return years is not None and figure("working_age_from", year) <= years <= figure(last, year)


@cites("§1", "对贫困村、贫困户、贫困劳动力逐个建档立卡")
def is_labourer(member: MemberCard, year: int) -> bool:
    """Tell whether the member is a 贫困劳动力, who gets a card of his own (data standard §5).

    Able by CL12 and of working age, or older and still able; neither at school nor in the army.
    """
    if member.labor not in ABLE or member.is_soldier or not member.counted or at_school(member):
        return False
    years = age(member, year)
    return years is not None and years >= figure("working_age_from", year)


def labourers(card: Card) -> tuple[MemberCard, ...]:
    """Return the card's labourers."""
    return tuple(member for _, member in card.counted if is_labourer(member, card.year))


@cites("§28", "逐步消灭贫困地区农村“零就业家庭”")
def is_zero_employment(card: Card, *, employed: frozenset[str] = frozenset()) -> bool:
    """Tell whether 零就业家庭: at least one labourer, and nobody who works for a wage or is employed.

    `employed` holds the numbers of members whose labourer card says so.
    """
    if not labourers(card):
        return False
    return not any(works_away(m) or (m.member_no or "") in employed for _, m in card.counted)


@cites("§28", "特别是妇女劳动力")
def is_female(member: MemberCard) -> bool:
    """Tell whether 妇女劳动力: whom training is aimed at first."""
    return sex_of(member) == Sex.FEMALE


def is_dangerous(condition: Condition) -> bool | None:
    """Tell whether 危房户: a house of level C or D; None until the level is known."""
    return condition.danger_level in DANGEROUS_LEVELS if condition.danger_level else None


@cites("§2", "返乡")
def is_away_youth(member: MemberCard, year: int) -> bool:
    """Tell whether 外出青壮年: 16 to 45 and working outside the county."""
    years = age(member, year)
    if years is None or member.work_area not in BEYOND_COUNTY:
        return False
    return figure("away_youth_from", year) <= years <= figure("away_youth_to", year)


def is_stable(longest_stay: int | None, year: int) -> bool:
    """Tell whether 稳定就业: long enough without a break with one employer."""
    return longest_stay is not None and longest_stay >= figure("stable_employment_months", year)
