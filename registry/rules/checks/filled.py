"""R-11–R-20: what must be filled in, and what the field tables imply."""

from collections.abc import Iterator

from fupin.lib import phone
from fupin.lib.masking import is_masked
from fupin.policy.standards import figure
from registry.codes import Cause, Health, HouseholdStatus, PoorType, Relation, Student
from registry.rules.card import Card, MemberCard
from registry.rules.checks.registry import rule
from registry.rules.checks.words import at, who
from registry.rules.context import CheckContext
from registry.rules.findings import Finding, error, warning
from registry.rules.people import age, at_school, born
from registry.rules.tables import TableCheck
from registry.standard.household import CONDITION, HOUSEHOLD_YEAR, INCOME, RELOCATION
from registry.standard.member import MEMBER

_HOUSEHOLD = TableCheck(HOUSEHOLD_YEAR)
_INCOME = TableCheck(INCOME)
_CONDITION = TableCheck(CONDITION)
_RELOCATION = TableCheck(RELOCATION)
_MEMBER = TableCheck(MEMBER)
_LEFT = TableCheck(field for field in MEMBER if field.name in {"name", "sex", "id_type", "relation"})
_LONG_TERM_SICK = {Health.CHRONIC.value, Health.SERIOUS.value}


@rule("R-11", "E", "民族为空")
@rule("R-14", "E", "健康状况为空")
@rule("R-18", "E", "主要致贫原因为空")
@rule("R-19", "E", "生产生活条件必填项为空")
@rule("R-20", "E", "必填为空、值不在码表或不合字段表校验")
@rule("R-63", "E", "务工时间不在0–12个月")
def tables_filled(card: Card, ctx: CheckContext) -> Iterator[Finding]:
    """Hold every field against the standard's tables; of those who left, only who they are."""
    yield from _HOUSEHOLD.of_row(card, ctx.today)
    yield from _INCOME.of_row(card.income, ctx.today, prefix="income.")
    yield from _CONDITION.of_row(card.condition, ctx.today, prefix="condition.")
    if card.relocation is not None:
        yield from _RELOCATION.of_row(card.relocation, ctx.today, prefix="relocation.")
    for place, member in enumerate(card.members):
        table = _MEMBER if member.counted else _LEFT
        for finding in table.of_row(member, ctx.today, prefix=f"members[{place}].", who=who(place, member)):
            # The number of somebody without papers is given by the system when the card is saved.
            if not (finding.field.endswith(".id_no") and member.id_type == "90" and not member.id_no):
                yield finding


@rule("R-12", "E", "非在校生文化程度为空")
def education_filled(card: Card, _ctx: CheckContext) -> Iterator[Finding]:
    """Ask for 文化程度 of everybody known not to be at school."""
    for place, member in card.counted:
        if member.education or at_school(member):
            continue
        if member.student == Student.NOT_AT_SCHOOL or not _student_asked(member, card.year):
            text = f"{who(place, member)}文化程度未填：非在校生必填，学龄前选06"
            yield error("R-12", at(place, "education"), text)


@rule("R-13", "E", "6–23岁在校生状况为空")
def student_filled(card: Card, _ctx: CheckContext) -> Iterator[Finding]:
    """Ask for 在校生状况 between 6 and 23."""
    for place, member in card.counted:
        if not member.student and _student_asked(member, card.year):
            text = f"{who(place, member)}在校生状况未填：6–23岁必填，不在校选01"
            yield error("R-13", at(place, "student"), text)


@rule("R-15", "E", "16–65岁劳动能力为空")
def labor_filled(card: Card, _ctx: CheckContext) -> Iterator[Finding]:
    """Ask for 劳动能力 between 16 and 65."""
    low, high = figure("labour_asked_from", card.year), figure("labour_asked_to", card.year)
    for place, member in card.counted:
        if member.labor:
            continue
        years = age(member, card.year)
        if years is not None and low <= years <= high:
            text = f"{who(place, member)}劳动能力未填：{low}–{high}岁必填"
            yield error("R-15", at(place, "labor"), text)


@rule("R-20", "E", "户的填写条件")
def household_conditions(card: Card, ctx: CheckContext) -> Iterator[Finding]:
    """Hold the household against the column 校验 where it says more than one field alone can."""
    if card.village_code and not _is_village(card.village_code):
        text = "省市县乡村应选到行政村：12位代码，末三位在200–599之间"
        yield error("R-20", "village_code", text)
    if card.phone and not is_masked(card.phone) and not phone.is_phone(card.phone):
        yield error("R-20", "phone", "联系电话应为11位手机号，或带区号的固定电话，如0358-4422000")
    if card.cause_main == Cause.OTHER and not card.cause_note:
        yield error("R-20", "cause_note", "致贫原因说明未填：主要致贫原因为12其他时必填")
    if card.plan_exit_year and card.plan_exit_year < card.year:
        yield error("R-20", "plan_exit_year", f"计划脱贫年度不能早于本年度{card.year}年")
    if ctx.status == HouseholdStatus.EXITED and not card.exit_year:
        yield error("R-20", "exit_year", "脱贫年度未填：已脱贫的户必填")
    if bool(card.relapse_year) != bool(card.relapse_cause):
        empty, label = ("relapse_cause", "返贫原因") if card.relapse_year else ("relapse_year", "返贫年度")
        yield error("R-20", empty, f"{label}未填：返贫年度与返贫原因应同时填写")
    land = card.condition
    if (
        land.irrigated_area is not None
        and land.arable_area is not None
        and land.irrigated_area > land.arable_area
    ):
        text = f"有效灌溉面积{land.irrigated_area}亩大于耕地面积{land.arable_area}亩，请核对"
        yield error("R-20", "condition.irrigated_area", text)
    yield from _relocation_conditions(card)


@rule("R-20", "E", "贫困户属性与成员低保、五保标志一致")
def poor_type_agrees(card: Card, _ctx: CheckContext) -> Iterator[Finding]:
    """Refuse a 属性 that the members' marks contradict, where §7 has no number of its own (R-51, R-52)."""
    wubao = any(member.is_wubao for _, member in card.counted)
    if card.poor_type == PoorType.WUBAO and not wubao and card.counted:
        yield error("R-20", "poor_type", "贫困户属性为04五保户，但没有成员五保供养，请改属性或成员")
    if card.poor_type == PoorType.GENERAL and wubao:
        yield error("R-20", "poor_type", "贫困户属性为01一般贫困户，但有成员五保供养，请改属性或成员")
    if card.poor_type == PoorType.DIBAO and card.counted and not any(m.is_dibao for _, m in card.counted):
        yield error("R-20", "poor_type", "贫困户属性为03低保户，但没有成员享受农村低保，请改属性或成员")


@rule("R-20", "E", "成员的填写条件")
def member_conditions(card: Card, _ctx: CheckContext) -> Iterator[Finding]:
    """Hold each member against the column 校验 where it says more than one field alone can."""
    for place, member in enumerate(card.members):
        name = who(place, member)
        if member.name and not 2 <= len(member.name.strip()) <= 25:
            yield error("R-20", at(place, "name"), f"{name}姓名应为2–25字")
        if born(member) is None and not member.id_no:
            yield error("R-20", at(place, "birth_date"), f"{name}出生日期未填：没有身份号码时必填")
        if bool(member.change_type) != bool(member.change_date):
            empty, label = ("change_date", "变动日期") if member.change_type else ("change_type", "变动类型")
            yield error("R-20", at(place, empty), f"{name}{label}未填：变动类型与变动日期应同时填写")
        elif member.change_date and not member.counted and member.change_date.year > card.year:
            text = f"{name}变动日期晚于{card.year}年末：年末仍在册，应记入下一年度的户卡"
            yield error("R-20", at(place, "change_date"), text)
        if member.counted:
            yield from _counted_conditions(card, place, member)


def _counted_conditions(card: Card, place: int, member: MemberCard) -> Iterator[Finding]:
    name = who(place, member)
    years = age(member, card.year)
    if member.is_dibao and member.is_wubao:
        text = f"{name}享受农村低保与五保供养只能选一项"
        yield error("R-20", at(place, "is_wubao"), text)
    if len(set(member.health)) != len(member.health) or (
        len(member.health) > 1 and Health.HEALTHY in member.health
    ):
        yield error("R-20", at(place, "health"), f"{name}健康状况选01健康时不能再选其他，同一项不能重复")
    if not member.disease and not _LONG_TERM_SICK.isdisjoint(member.health):
        yield error("R-20", at(place, "disease"), f"{name}患病名称未填：长期慢性病、患有大病者必填")
    if member.phone and not is_masked(member.phone) and not phone.is_phone(member.phone):
        yield error("R-20", at(place, "phone"), f"{name}联系电话应为11位手机号，或带区号的固定电话")
    if years is None:
        return
    if (
        member.student == Student.NOT_AT_SCHOOL
        and not member.dropout_reason
        and figure("compulsory_from", card.year) <= years <= figure("compulsory_to", card.year)
    ):
        text = f"{name}失学辍学原因未填：6–15岁不在校者必填"
        yield error("R-20", at(place, "dropout_reason"), text)
    pension_asked = years >= figure("pension_asked_from", card.year) and not at_school(member)
    if member.in_pension is None and pension_asked:
        text = f"{name}参加城乡居民养老保险未填：16岁以上非在校者必填"
        yield error("R-20", at(place, "in_pension"), text)


@rule("R-20", "E", "配偶至多一人")
def one_spouse(card: Card, _ctx: CheckContext) -> Iterator[Finding]:
    """Refuse a second 配偶."""
    spouses = [place for place, member in card.counted if member.relation == Relation.SPOUSE]
    for place in spouses[1:]:
        text = f"{who(place, card.members[place])}与户主关系：配偶至多一人，请核对"
        yield error("R-20", at(place, "relation"), text)


@rule("R-17", "W", "残疾人无残疾证号")
def disability_numbered(card: Card, _ctx: CheckContext) -> Iterator[Finding]:
    """Doubt a disability without its certificate; with the certificate as paper, its number is known."""
    for place, member in card.counted:
        if Health.DISABLED in member.health and not member.disability_no and member.id_type != "09":
            text = f"{who(place, member)}残疾证号未填：有证请补填，未办证请说明"
            yield warning("R-17", at(place, "disability_no"), text)


def _relocation_conditions(card: Card) -> Iterator[Finding]:
    move = card.relocation
    if move is None:
        return
    if move.place and not move.follow_up:
        text = "后续措施未填：定了安置地的搬迁户必填其一（进城入镇选1，城郊、中心村选2）"
        yield error("R-20", "relocation.follow_up", text)
    if move.reclaimed and not move.reclaimed_to:
        yield error("R-20", "relocation.reclaimed_to", "复垦为未填：旧宅基地已复垦时必填")


def _student_asked(member: MemberCard, year: int) -> bool:
    years = age(member, year)
    if years is None:
        return False
    return figure("student_asked_from", year) <= years <= figure("student_asked_to", year)


def _is_village(code: str) -> bool:
    return len(code) == 12 and code.isascii() and code.isdecimal() and 200 <= int(code[9:]) <= 599
