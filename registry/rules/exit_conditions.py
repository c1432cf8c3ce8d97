"""What must hold before a household leaves the register (R-93; procedures §6), and who may not be answerable for one (R-92)."""

from collections.abc import Collection, Iterator
from decimal import Decimal

from fupin.policy.cites import cites
from fupin.policy.standards import figure
from registry.codes import DANGEROUS_LEVELS, Student
from registry.rules.card import Card
from registry.rules.findings import Finding, error
from registry.rules.people import age
from registry.rules.poverty import above_line


@cites("§3", "按照农户家庭收入变化情况，实现扶贫对象有进有出动态管理")
def exit_refusals(card: Card, *, line: Decimal) -> list[Finding]:
    """Return every reason for which a household may not leave: income must exceed the year's line, on it is not enough.

    `card` and `line` are of the same year. What is not written on the card is not secured.
    """
    return [*_income(card, line), *_house_and_water(card), *_school_and_doctor(card)]


def _income(card: Card, line: Decimal) -> Iterator[Finding]:
    if not above_line(card.income.net_income, card.member_count, line):
        yield error("R-93", "income", f"人均纯收入未超过 {card.year} 年度标准 {line} 元")


def _house_and_water(card: Card) -> Iterator[Finding]:
    if card.condition.danger_level in DANGEROUS_LEVELS:
        yield error("R-93", "condition.danger_level", "住房为 C、D 级危房，尚未改造")
    if card.condition.water_safe is not True:
        yield error("R-93", "condition.water_safe", "饮水安全还没有解决")


def _school_and_doctor(card: Card) -> Iterator[Finding]:
    first, last = figure("compulsory_from", card.year), figure("compulsory_to", card.year)
    for place, member in card.counted:
        years = age(member, card.year)
        name = member.name or f"第 {place + 1} 人"
        if member.student == Student.NOT_AT_SCHOOL and years is not None and first <= years <= last:
            yield error("R-93", f"members[{place}].student", f"{name}在义务教育阶段失学辍学")
        if member.in_ncms is not True:
            yield error("R-93", f"members[{place}].in_ncms", f"{name}没有参加新农合")


def assist_person_refusal(id_no_index: bytes, poor: Collection[bytes]) -> str:
    """Return why a person may not be answerable for a household (R-92), nothing where he may: he is poor himself.

    `poor` are the blind indexes of ID numbers on the register.
    """
    return "帮扶责任人是在册贫困人口，请另选（R-92）" if id_no_index in poor else ""
