"""F-01–F-08: warnings that stand in the field tables (“告警”) and have no number in the catalogue."""

from collections.abc import Iterator
from typing import Final

from fupin.lib import bankcard, idnumber
from fupin.lib.masking import is_masked
from fupin.policy.standards import figure
from registry.codes import Education, IdType, Political
from registry.rules.card import Card
from registry.rules.checks.registry import rule
from registry.rules.checks.words import at, who
from registry.rules.context import CheckContext
from registry.rules.findings import Finding, warning
from registry.rules.people import age, holder

_ORGANISED: Final = frozenset(
    {
        Political.PARTY_MEMBER.value,
        Political.PROBATIONARY_MEMBER.value,
        Political.YOUTH_LEAGUE.value,
    }
)


@rule("F-01", "W", "同一电话用于3户以上")
def phone_shared(card: Card, ctx: CheckContext) -> Iterator[Finding]:
    """Doubt a telephone that more than three households gave."""
    others = ctx.phone_households.get(card.phone, 0) if card.phone else 0
    if others + 1 > figure("phone_households", card.year):
        yield warning("F-01", "phone", f"联系电话已有另外{others}户使用，请核对")


@rule("F-02", "W", "银行账号不像银行卡号")
def account_plausible(card: Card, _ctx: CheckContext) -> Iterator[Finding]:
    """Doubt an account that is no card's number; a passbook's need not be one."""
    account = card.bank_account
    if account and not is_masked(account) and not bankcard.looks_like_card(account):
        text = "银行账号不是16–19位卡号或校验位不符，请核对；存折号可说明后保留"
        yield warning("F-02", "bank_account", text)


@rule("F-03", "W", "身份号码地址码不在区划代码内")
def area_plausible(card: Card, _ctx: CheckContext) -> Iterator[Finding]:
    """Doubt an address code that never was; divisions change, so that it refuses nothing."""
    for place, member in card.counted:
        known = holder(member)
        if known is not None and not idnumber.area_known(known.area):
            text = f"{who(place, member)}证件号码前6位不是已知的区划代码，请核对"
            yield warning("F-03", at(place, "id_no"), text)


@rule("F-04", "W", "自然村是新名")
def hamlet_known(card: Card, ctx: CheckContext) -> Iterator[Finding]:
    """Doubt a natural village that its village's list does not have; saving the card adds it."""
    known = ctx.known_natural_villages
    if card.natural_village and known is not None and card.natural_village not in known:
        text = f"村民小组/自然村“{card.natural_village}”不在本村自然村表中，保存后将加入该表，请核对名称"
        yield warning("F-04", "natural_village", text)


@rule("F-05", "W", "政治面貌与年龄不符")
def political_age(card: Card, _ctx: CheckContext) -> Iterator[Finding]:
    """Doubt a member of the Party below 18, of the Youth League outside 14–27."""
    for place, member in card.counted:
        if member.political not in _ORGANISED or (years := age(member, card.year)) is None:
            continue
        if member.political != Political.YOUTH_LEAGUE and years < 18:
            text = f"{who(place, member)}政治面貌为中共党员或预备党员，但不满18岁，请核对"
            yield warning("F-05", at(place, "political"), text)
        elif member.political == Political.YOUTH_LEAGUE and not 14 <= years < 28:
            text = f"{who(place, member)}政治面貌为共青团员，但不在14–27岁，请核对"
            yield warning("F-05", at(place, "political"), text)


@rule("F-06", "W", "学龄前儿童已满7岁")
def preschool_age(card: Card, _ctx: CheckContext) -> Iterator[Finding]:
    """Doubt 学龄前儿童 of seven or more."""
    for place, member in card.counted:
        if member.education != Education.PRESCHOOL_CHILD:
            continue
        years = age(member, card.year)
        if years is not None and years >= 7:
            text = f"{who(place, member)}文化程度为06学龄前儿童，但已{years}岁，请核对"
            yield warning("F-06", at(place, "education"), text)


@rule("F-07", "W", "住房面积为0")
def has_house(card: Card, _ctx: CheckContext) -> Iterator[Finding]:
    """Doubt a household without a house; an empty area is R-19."""
    if card.condition.house_area is not None and card.condition.house_area == 0:
        yield warning("F-07", "condition.house_area", "住房面积为0，请核对；确无住房请说明")


@rule("F-08", "W", "军官证户另核")
def officer_verified(card: Card, _ctx: CheckContext) -> Iterator[Finding]:
    """Ask how an officer's household was verified: in 2014 only ID and disability papers are taken."""
    for place, member in card.counted:
        if member.id_type == IdType.OFFICER:
            text = f"{who(place, member)}证件类型为02军官证，该户须另行核实，请说明核实情况"
            yield warning("F-08", at(place, "id_type"), text)
