"""R-01–R-05: numbers of persons."""

from collections.abc import Iterator
from typing import Final

from fupin.lib import idnumber
from fupin.lib.masking import is_masked
from fupin.policy.cites import cites
from registry.codes import IdType, Sex
from registry.rules.card import Card, MemberCard
from registry.rules.checks.registry import rule
from registry.rules.checks.words import at, who
from registry.rules.context import CheckContext
from registry.rules.findings import Finding, error
from registry.rules.people import NUMBERED, holder, person

LENGTHS: Final = frozenset({18, 20, 22})


@rule("R-01", "E", "证件号长度须为18、20或22位，15位须升级")
def id_length(card: Card, _ctx: CheckContext) -> Iterator[Finding]:
    """Refuse numbers of a length that no paper has; of fifteen digits, ask for the number of eighteen."""
    for place, member in _numbered(card):
        number = member.id_no or ""
        name = who(place, member)
        if len(number) == 15:
            text = f"{name}证件号码是15位旧号，需升级：请按新证或户口簿填18位号码"
            yield error("R-01", at(place, "id_no"), text)
        elif len(number) not in LENGTHS:
            text = f"{name}证件号码为{len(number)}位，居民身份证应为18位，残疾人证应为20或22位"
            yield error("R-01", at(place, "id_no"), text)
        elif member.id_type == IdType.RESIDENT and len(number) != 18:
            text = f"{name}证件号码为{len(number)}位，居民身份证应为18位；残疾证请把证件类型改为09"
            yield error("R-01", at(place, "id_no"), text)
    for place, member in enumerate(card.members):
        if member.id_type == IdType.NONE and member.id_no and not idnumber.is_temporary(member.id_no):
            text = f"{who(place, member)}证件号码应为临时号（LS和16位数字），由系统发给，请留空"
            yield error("R-01", at(place, "id_no"), text)


@rule("R-02", "E", "身份号码校验规则")
def id_valid(card: Card, ctx: CheckContext) -> Iterator[Finding]:
    """Refuse a number whose characters, birth date or check digit cannot be (GB 11643)."""
    for place, member in _numbered(card):
        number = member.id_no or ""
        if len(number) in LENGTHS and (wrong := idnumber.flaw(number[:18], today=ctx.today)):
            yield error("R-02", at(place, "id_no"), f"{who(place, member)}证件号码{wrong}")


@rule("R-03", "E", "残疾证不合规")
def disability_valid(card: Card, _ctx: CheckContext) -> Iterator[Finding]:
    """Refuse a disability number of the wrong form, or one that is another person's."""
    for place, member in enumerate(card.members):
        name = who(place, member)
        number, paper = member.disability_no, member.id_no or ""
        if number and not is_masked(number):
            if not idnumber.disability_well_formed(number):
                text = f"{name}残疾证号应为20位（身份号码、类别1–7、等级1–4）或22位（再加B和序号）"
                yield error("R-03", at(place, "disability_no"), text)
            elif member.id_type in NUMBERED and not is_masked(paper) and number[:18] != paper[:18]:
                text = f"{name}残疾证号前18位与本人身份号码不符，请核对"
                yield error("R-03", at(place, "disability_no"), text)
        is_paper = member.id_type == IdType.DISABLED and len(paper) in LENGTHS and not is_masked(paper)
        if is_paper and not idnumber.disability_well_formed(paper):
            text = f"{name}证件号码不是残疾人证号：应为20或22位，第19位类别1–7，第20位等级1–4"
            yield error("R-03", at(place, "id_no"), text)


@rule("R-04", "E", "省内人员重复")
@cites("§1", "精准识别")
def id_unique(card: Card, ctx: CheckContext) -> Iterator[Finding]:
    """Refuse a person who stands in this household twice, or in another of the same year."""
    seen: dict[str, int] = {}
    for place, member in card.counted:
        key = person(member)
        if key is None:
            continue
        name = who(place, member)
        if key in seen:
            text = f"{name}证件号码与本户第{seen[key] + 1}名成员重复"
            yield error("R-04", at(place, "id_no"), text)
        elif (elsewhere := ctx.id_owners.get(key)) is not None:
            text = f"{name}证件号码本年度已在另一户登记（{elsewhere}），请先核对，重复的一方须更正或注销"
            yield error("R-04", at(place, "id_no"), text)
        seen.setdefault(key, place)


@rule("R-05", "E", "性别、出生日期与号码不符")
def id_agrees(card: Card, _ctx: CheckContext) -> Iterator[Finding]:
    """Refuse a sex or a birth date other than the number's."""
    for place, member in enumerate(card.members):
        known = holder(member)
        if known is None:
            continue
        name = who(place, member)
        if member.sex and member.sex != known.sex:
            text = f"{name}性别与证件号码不符：号码为{Sex(known.sex).label}"
            yield error("R-05", at(place, "sex"), text)
        if member.birth_date and member.birth_date != known.birth_date:
            text = f"{name}出生日期与证件号码不符，请核对号码或日期"
            yield error("R-05", at(place, "birth_date"), text)


def _numbered(card: Card) -> Iterator[tuple[int, MemberCard]]:
    for place, member in enumerate(card.members):
        if member.id_type in NUMBERED and member.id_no and not is_masked(member.id_no):
            yield place, member
