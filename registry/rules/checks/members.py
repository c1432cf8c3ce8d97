"""R-61–R-66, R-72–R-76: a member's ability, work and schooling."""

from collections.abc import Iterator
from typing import Final

from registry.codes import Education, Labor, Student
from registry.rules.card import Card
from registry.rules.checks.registry import rule
from registry.rules.checks.words import at, who
from registry.rules.context import CheckContext
from registry.rules.findings import Finding, error, warning
from registry.rules.people import UNABLE, age, at_school, in_working_age, is_healthy, person

STAGE_OF_STUDENT: Final = {
    "02": 0, "03": 1, "04": 2, "05": 2, "06": 2, "07": 3, "08": 3, "09": 3, "10": 3, "11": 3, "12": 3,
    "13": 4, "14": 4, "15": 4, "16": 4,
}  # fmt: skip
"""CL10 → stage of schooling: before school, primary, junior, senior, college."""

STAGE_OF_EDUCATION: Final = {
    Education.ILLITERATE.value: 0,
    Education.PRESCHOOL_CHILD.value: 0,
    Education.PRIMARY.value: 1,
    Education.JUNIOR.value: 2,
    Education.SENIOR.value: 3,
    Education.COLLEGE.value: 4,
}
"""CL09 → the same stages."""

SENIOR_STAGE: Final = 3
_YOUNG_PUPILS: Final = frozenset({Student.PRESCHOOL.value, Student.PRIMARY.value})
ONE_YEAR_CODES: Final = frozenset(f"{code:02}" for code in range(4, 16))
"""CL10: the codes that name a single grade, in which nobody stays for three years."""


@rule("R-61", "W", "劳动年龄健康人口标“丧失劳动力”")
def lost_labour(card: Card, _ctx: CheckContext) -> Iterator[Finding]:
    """Doubt 丧失劳动力 of the healthy."""
    for place, member in card.counted:
        if member.labor == Labor.LOST and is_healthy(member) and in_working_age(member, card.year):
            text = f"{who(place, member)}劳动能力为03丧失劳动力，但健康且在劳动年龄，请核对"
            yield warning("R-61", at(place, "labor"), text)


@rule("R-62", "W", "劳动年龄、健康、非在校标“无劳动力”")
def no_labour(card: Card, _ctx: CheckContext) -> Iterator[Finding]:
    """Doubt 无劳动力 of the healthy who left school."""
    for place, member in card.counted:
        if (
            member.labor == Labor.NONE
            and is_healthy(member)
            and not at_school(member)
            and in_working_age(member, card.year)
        ):
            text = f"{who(place, member)}劳动能力为04无劳动力，但健康、不在校且在劳动年龄，请核对"
            yield warning("R-62", at(place, "labor"), text)


@rule("R-64", "E", "有务工地而务工时间为0（含空）")
def work_has_months(card: Card, _ctx: CheckContext) -> Iterator[Finding]:
    """Refuse work without months."""
    for place, member in card.counted:
        if member.work_area and not member.work_months:
            text = f"{who(place, member)}务工时间为0或未填，但填了务工状况，请补填月数"
            yield error("R-64", at(place, "work_months"), text)


@rule("R-65", "E", "无务工地而有务工时间")
def months_have_work(card: Card, _ctx: CheckContext) -> Iterator[Finding]:
    """Refuse months without work."""
    for place, member in card.counted:
        if member.work_months and not member.work_area:
            text = f"{who(place, member)}务工状况未填，但填了务工时间，请补填或清空月数"
            yield error("R-65", at(place, "work_area"), text)


@rule("R-66", "E", "无劳动力或丧失劳动力而有务工")
def able_to_work(card: Card, _ctx: CheckContext) -> Iterator[Finding]:
    """Refuse work of those who cannot."""
    for place, member in card.counted:
        if member.labor in UNABLE and (member.work_area or member.work_months):
            text = f"{who(place, member)}劳动能力为丧失或无劳动力，不能填务工，请核对"
            yield error("R-66", at(place, "labor"), text)


@rule("R-72", "W", "≤14岁在校状况为高中及以上")
def too_young(card: Card, _ctx: CheckContext) -> Iterator[Finding]:
    """Doubt a pupil of a senior school at 14 or less."""
    for place, member in card.counted:
        if STAGE_OF_STUDENT.get(member.student or "", 0) < SENIOR_STAGE:
            continue
        years = age(member, card.year)
        if years is not None and years <= 14:
            text = f"{who(place, member)}在校生状况为高中及以上，但只有{years}岁，请核对"
            yield warning("R-72", at(place, "student"), text)


@rule("R-73", "W", "≥20岁在校状况为小学及以下")
def too_old(card: Card, _ctx: CheckContext) -> Iterator[Finding]:
    """Doubt a pupil of a primary school at 20 or more."""
    for place, member in card.counted:
        if member.student not in _YOUNG_PUPILS:
            continue
        years = age(member, card.year)
        if years is not None and years >= 20:
            text = f"{who(place, member)}在校生状况为小学及以下，但已{years}岁，请核对"
            yield warning("R-73", at(place, "student"), text)


@rule("R-74", "W", "高中、中职在校生<15或>20岁")
def senior_age(card: Card, _ctx: CheckContext) -> Iterator[Finding]:
    """Doubt a pupil of a senior school below 15 or above 20."""
    for place, member in card.counted:
        if STAGE_OF_STUDENT.get(member.student or "") != SENIOR_STAGE:
            continue
        years = age(member, card.year)
        if years is not None and not 15 <= years <= 20:
            text = f"{who(place, member)}在校生状况为高中或中职，但为{years}岁，请核对"
            yield warning("R-74", at(place, "student"), text)


@rule("R-75", "W", "连续3年在校状况不变")
def moves_up(card: Card, ctx: CheckContext) -> Iterator[Finding]:
    """Doubt a pupil in one grade for three years; codes that span several years (小学) are left alone."""
    if not ctx.student_years:
        return
    for place, member in card.counted:
        before = ctx.student_years.get(person(member) or "", ())
        if member.student in ONE_YEAR_CODES and before[:2] == (member.student, member.student):
            text = f"{who(place, member)}在校生状况连续三年不变，请核对年级"
            yield warning("R-75", at(place, "student"), text)


@rule("R-76", "W", "文化程度与在校学段矛盾")
def education_fits(card: Card, _ctx: CheckContext) -> Iterator[Finding]:
    """Doubt a pupil beyond his 文化程度, as one of a junior school with 小学."""
    for place, member in card.counted:
        stage = STAGE_OF_STUDENT.get(member.student or "")
        reached = STAGE_OF_EDUCATION.get(member.education or "")
        if stage is not None and reached is not None and stage > reached:
            text = f"{who(place, member)}文化程度低于在校学段，请核对两项"
            yield warning("R-76", at(place, "education"), text)
