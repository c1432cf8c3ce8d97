"""R-16, R-31–R-34, R-71, R-82, R-91, R-95: the household as a whole."""

from collections.abc import Iterator
from typing import Final

from fupin.policy.cites import cites
from fupin.policy.standards import figure
from registry.codes import RELATION_SEX, Cause, Health, HouseholdStatus, Relation, Sex
from registry.rules.card import Card, MemberCard
from registry.rules.checks.registry import rule
from registry.rules.checks.words import at, who
from registry.rules.context import CheckContext
from registry.rules.findings import Finding, error, warning
from registry.rules.people import age, at_school, is_healthy, sex_of
from registry.standard.lists import label_of

ANNOUNCED: Final = frozenset(
    {
        HouseholdStatus.REGISTERED.value,
        HouseholdStatus.EXIT_NOMINATED.value,
        HouseholdStatus.EXIT_DELIBERATED.value,
        HouseholdStatus.EXIT_VERIFIED.value,
        HouseholdStatus.EXIT_ACCEPTED.value,
        HouseholdStatus.EXIT_NOTICE.value,
    }
)
"""States of a household on the register, its list having been announced."""

ASKED_WHO_ANSWERS: Final = ANNOUNCED | {
    HouseholdStatus.APPLIED.value,
    HouseholdStatus.DELIBERATED.value,
    HouseholdStatus.FIRST_NOTICE.value,
    HouseholdStatus.VILLAGE_REPORTED.value,
    HouseholdStatus.TOWNSHIP_PASSED.value,
    HouseholdStatus.SECOND_NOTICE.value,
    HouseholdStatus.COUNTY_PASSED.value,
    HouseholdStatus.RELAPSE_REVIEW.value,
    HouseholdStatus.OBJECTION.value,
}
"""States in which a household is a poor one or has asked to be: not a draft, not one voted down, not one that has left."""

_CHILDREN: Final = frozenset({Relation.SON.value, Relation.DAUGHTER.value})
_PARENTS: Final = frozenset({Relation.FATHER.value, Relation.MOTHER.value})
_SPOUSES_PARENTS: Final = frozenset(
    {
        Relation.WIFES_FATHER.value,
        Relation.WIFES_MOTHER.value,
        Relation.HUSBANDS_FATHER.value,
        Relation.HUSBANDS_MOTHER.value,
    }
)


@rule("R-82", "E", "空挂户")
def has_members(card: Card, _ctx: CheckContext) -> Iterator[Finding]:
    """Refuse a household in which nobody is left."""
    if not card.counted:
        yield error("R-82", "members", "家庭成员为空：年末没有在册成员，请登记成员或办理注销")


@rule("R-16", "E", "无户主或多户主")
def one_head(card: Card, _ctx: CheckContext) -> Iterator[Finding]:
    """Refuse a household without exactly one head."""
    heads = [place for place, member in card.counted if member.relation == Relation.HEAD]
    if card.counted and not heads:
        yield error("R-16", "members", "与户主关系：没有户主，请把户主的关系选为01")
    for place in heads[1:]:
        text = f"{who(place, card.members[place])}与户主关系：已有一名户主，一户只能有一名"
        yield error("R-16", at(place, "relation"), text)


@rule("R-31", "E", "主因因病而成员均健康")
@cites("§2", "深入分析扶贫对象致贫原因")
def illness_shown(card: Card, _ctx: CheckContext) -> Iterator[Finding]:
    """Refuse 因病 where everybody is healthy."""
    if card.cause_main == Cause.ILLNESS and card.counted and all(is_healthy(m) for _, m in card.counted):
        text = "主要致贫原因为01因病，但成员健康状况均为01健康，请核对"
        yield error("R-31", "cause_main", text)


@rule("R-32", "E", "主因因学而无在校生")
def schooling_shown(card: Card, _ctx: CheckContext) -> Iterator[Finding]:
    """Refuse 因学 where nobody is at school."""
    if card.cause_main == Cause.SCHOOLING and card.counted and not any(at_school(m) for _, m in card.counted):
        yield error("R-32", "cause_main", "主要致贫原因为03因学，但没有在校生，请核对")


@rule("R-33", "E", "主因因残而无残疾人")
def disability_shown(card: Card, _ctx: CheckContext) -> Iterator[Finding]:
    """Refuse 因残 where nobody is disabled."""
    disabled = any(Health.DISABLED in member.health for _, member in card.counted)
    if card.cause_main == Cause.DISABILITY and card.counted and not disabled:
        yield error("R-33", "cause_main", "主要致贫原因为02因残，但没有健康状况为04残疾的成员，请核对")


@rule("R-34", "E", "其他原因与主因重复或超过2项")
def other_causes(card: Card, _ctx: CheckContext) -> Iterator[Finding]:
    """Refuse more than two other causes, the main one among them, or one twice."""
    others = card.cause_other
    if len(others) > 2:
        yield error("R-34", "cause_other", "其他致贫原因最多选2项")
    if card.cause_main and card.cause_main in others:
        yield error("R-34", "cause_other", "其他致贫原因不能与主要致贫原因相同")
    if len(set(others)) != len(others):
        yield error("R-34", "cause_other", "其他致贫原因不能重复")


@rule("R-71", "E", "与户主关系和性别不符；户主与配偶同性别")
def relation_sex(card: Card, _ctx: CheckContext) -> Iterator[Finding]:
    """Refuse a son who is a woman, and spouses of one sex."""
    head = sex_of(card.head) if card.head else None
    for place, member in card.counted:
        sex = sex_of(member)
        if not sex or sex == Sex.UNKNOWN or not member.relation:
            continue
        implied = RELATION_SEX.get(member.relation)
        if implied and sex != implied:
            relation = label_of("CL06", member.relation)
            text = f"{who(place, member)}与户主关系为“{relation}”，性别为{label_of('CL05', sex)}，请核对"
            yield error("R-71", at(place, "relation"), text)
        elif member.relation == Relation.SPOUSE and sex == head:
            text = f"{who(place, member)}与户主关系为配偶，但与户主同性别，请核对"
            yield error("R-71", at(place, "relation"), text)


@rule("R-95", "W", "父母与子女年龄差不足15岁")
def generation_gap(card: Card, _ctx: CheckContext) -> Iterator[Finding]:
    """Doubt parents hardly older than their children: head and children, head or spouse and parents."""
    head = card.head
    if head is None:
        return
    spouse = next((m for _, m in card.counted if m.relation == Relation.SPOUSE), None)
    for place, member in card.counted:
        if member.relation in _CHILDREN:
            elder, younger = head, member
        elif member.relation in _PARENTS:
            elder, younger = member, head
        elif member.relation in _SPOUSES_PARENTS and spouse is not None:
            elder, younger = member, spouse
        else:
            continue
        if _too_close(elder, younger, card.year):
            text = f"{who(place, member)}出生日期：父母与子女年龄差不足15岁，请核对关系和日期"
            yield warning("R-95", at(place, "birth_date"), text)


@rule("R-91", "W", "贫困户无帮扶责任人（公告后为E）")
@cites("§20", "每个贫困户都有帮扶责任人")
def has_assist_person(card: Card, ctx: CheckContext) -> Iterator[Finding]:
    """Doubt a household for which nobody answers; refuse it once it is on the register."""
    if ctx.has_assist_person is False:
        if ctx.status in ANNOUNCED:
            yield error("R-91", "assist_person", "帮扶责任人：该户还没有帮扶责任人，请先结对")
        else:
            yield warning("R-91", "assist_person", "帮扶责任人：该户还没有帮扶责任人，公告后请结对")


def _too_close(elder: MemberCard, younger: MemberCard, year: int) -> bool:
    older, newer = age(elder, year), age(younger, year)
    if older is None or newer is None:
        return False
    return older - newer < figure("parent_child_years", year)
