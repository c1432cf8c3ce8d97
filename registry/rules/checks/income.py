"""R-41–R-43, R-51–R-57, R-67, R-81: income, allowances, land."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Final

from fupin.lib.money import to_fen
from fupin.policy.cites import cites
from fupin.policy.standards import figure
from registry.codes import PoorType
from registry.rules.card import Card
from registry.rules.checks.registry import rule
from registry.rules.context import CheckContext
from registry.rules.findings import Finding, error, warning
from registry.rules.people import ABLE, age, is_dangerous, is_zero_employment, works_away
from registry.standard.household import INCOME


@rule("R-41", "W", "有生产经营收入无支出")
def business_costs(card: Card, _ctx: CheckContext) -> Iterator[Finding]:
    """Doubt business that costs nothing."""
    if card.income.business_income and not card.income.business_expense:
        text = "生产经营性支出为0，但有生产经营性收入，请核对支出"
        yield warning("R-41", "income.business_expense", text)


@rule("R-42", "W", "人均纯收入≤0（含空）或>100,000元")
def income_plausible(card: Card, _ctx: CheckContext) -> Iterator[Finding]:
    """Doubt a household that has nothing, or more than any poor one."""
    per_head = card.net_income_pc
    if per_head is None or per_head <= 0:
        text = "人均纯收入为空或不大于0，请核对各项收入和支出"
        yield warning("R-42", "income.net_income_pc", text)
    elif per_head > figure("income_per_head", card.year):
        yield warning(
            "R-42", "income.net_income_pc", f"人均纯收入{per_head}元超过100,000元，请核对单位是否为元"
        )


@rule("R-43", "E", "派生项不等于分项和")
def sums_agree(card: Card, ctx: CheckContext) -> Iterator[Finding]:
    """Refuse a derived value that the caller gave and that is not what it derives from."""
    for path, posted in card.posted.items():
        if path not in DERIVED or posted is None or posted == "":
            continue
        label, derive = DERIVED[path]
        right = derive(card, ctx)
        if posted != right:
            text = f"{label}填的是{_said(posted)}，按各分项应为{_said(right)}，请改正分项或留空由系统计算"
            yield error("R-43", path, text)


@rule("R-43", "E", "收入合计不等于明细之和")
def lines_agree(card: Card, _ctx: CheckContext) -> Iterator[Finding]:
    """Refuse an amount that its lines do not add up to, and a line that is not quantity times price."""
    totals: dict[str, Decimal] = {}
    for place, line in enumerate(card.income.lines):
        path = f"income.lines[{place}]"
        if line.kind not in _AMOUNTS:
            yield error("R-20", f"{path}.kind", f"第{place + 1}行明细的收入项“{line.kind}”不是录入项，请重选")
            continue
        name = f"第{place + 1}行明细（{_AMOUNTS[line.kind]}）金额"
        if line.amount < 0 or line.amount != to_fen(line.amount):
            yield error("R-20", f"{path}.amount", f"{name}应不小于0，最多2位小数")
        elif line.quantity is not None and line.unit_price is not None:
            product = to_fen(line.quantity * line.unit_price)
            if line.amount != product:
                text = f"{name}{line.amount}元不等于数量乘单价{product}元，请核对"
                yield error("R-43", f"{path}.amount", text)
        totals[line.kind] = totals.get(line.kind, Decimal(0)) + line.amount
    for kind, total in totals.items():
        if getattr(card.income, kind) != total:
            text = f"{_AMOUNTS[kind]}不等于明细之和{total}元，合计不能手改，请改明细"
            yield error("R-43", f"income.{kind}", text)


@rule("R-51", "E", "低保贫困户无享低保成员")
@cites("§1", "扶贫开发和农村最低生活保障制度有效衔接")
def dibao_poor_has_dibao(card: Card, _ctx: CheckContext) -> Iterator[Finding]:
    """Refuse 低保贫困户 without anybody on the allowance."""
    if card.poor_type == PoorType.DIBAO_POOR and card.counted and not _has_dibao(card):
        text = "贫困户属性为02低保贫困户，但没有成员享受农村低保，请改属性或成员"
        yield error("R-51", "poor_type", text)


@rule("R-52", "E", "一般贫困户有享低保成员")
def general_has_no_dibao(card: Card, _ctx: CheckContext) -> Iterator[Finding]:
    """Refuse 一般贫困户 with somebody on the allowance."""
    if card.poor_type == PoorType.GENERAL and _has_dibao(card):
        text = "贫困户属性为01一般贫困户，但有成员享受农村低保，请改属性或成员"
        yield error("R-52", "poor_type", text)


@rule("R-53", "W", "五保户有16–65岁劳动力")
def wubao_has_no_labour(card: Card, _ctx: CheckContext) -> Iterator[Finding]:
    """Doubt 五保户 with somebody able to work."""
    if card.poor_type != PoorType.WUBAO:
        return
    low, high = figure("labour_asked_from", card.year), figure("labour_asked_to", card.year)
    ages = [age(member, card.year) for _, member in card.counted if member.labor in ABLE]
    if any(years is not None and low <= years <= high for years in ages):
        yield warning("R-53", "poor_type", f"贫困户属性为04五保户，但有{low}–{high}岁的劳动力，请核对")


@rule("R-54", "W", "低保金与五保金同时大于0")
def one_allowance(card: Card, _ctx: CheckContext) -> Iterator[Finding]:
    """Doubt both allowances at once."""
    if card.income.tr_dibao and card.income.tr_wubao:
        yield warning("R-54", "income.tr_wubao", "低保金与五保金同时大于0，请核对是否两金并领")


@rule("R-55", "E", "一般户领低保金或五保金")
def general_draws_none(card: Card, _ctx: CheckContext) -> Iterator[Finding]:
    """Refuse 一般贫困户 that draws an allowance."""
    if card.poor_type != PoorType.GENERAL:
        return
    for name, label in (("tr_dibao", "低保金"), ("tr_wubao", "五保金")):
        if getattr(card.income, name):
            text = f"{label}大于0，但贫困户属性为01一般贫困户，请改属性或金额"
            yield error("R-55", f"income.{name}", text)


@rule("R-56", "W", "低保贫困户低保金为0（含空）")
def dibao_poor_draws(card: Card, _ctx: CheckContext) -> Iterator[Finding]:
    """Doubt 低保贫困户 that draws nothing."""
    if card.poor_type == PoorType.DIBAO_POOR and not card.income.tr_dibao:
        yield warning("R-56", "income.tr_dibao", "低保金为0或未填，但贫困户属性为02低保贫困户，请核对")


@rule("R-57", "W", "五保户五保金为0（含空）")
def wubao_draws(card: Card, _ctx: CheckContext) -> Iterator[Finding]:
    """Doubt 五保户 that draws nothing."""
    if card.poor_type == PoorType.WUBAO and not card.income.tr_wubao:
        yield warning("R-57", "income.tr_wubao", "五保金为0或未填，但贫困户属性为04五保户，请核对")


@rule("R-67", "W", "有工资性收入而无务工者，或反之")
def wages_and_work(card: Card, _ctx: CheckContext) -> Iterator[Finding]:
    """Doubt wages that nobody earned, and work that earned none."""
    if not card.counted:
        return
    working = any(works_away(member) for _, member in card.counted)
    if card.income.wage_income and not working:
        yield warning("R-67", "income.wage_income", "有工资性收入，但没有成员填务工状况，请核对")
    elif working and not card.income.wage_income:
        yield warning("R-67", "income.wage_income", "有成员填了务工状况，但工资性收入为0或未填，请核对")


@rule("R-81", "W", "人均耕地>50亩、人均林地>70亩、主干路距离>50公里")
def land_plausible(card: Card, _ctx: CheckContext) -> Iterator[Finding]:
    """Doubt land and distances that are probably in another unit."""
    people = card.member_count
    land = card.condition
    for name, label, limit in (
        ("arable_area", "耕地面积", "arable_per_head"),
        ("forest_area", "林地面积", "forest_per_head"),
    ):
        area: Decimal | None = getattr(land, name)
        if people and area and area > figure(limit, card.year) * people:
            text = f"{label}人均超过{figure(limit, card.year)}亩，请核对单位是否为亩"
            yield warning("R-81", f"condition.{name}", text)
    if land.road_distance and land.road_distance > figure("road_distance", card.year):
        text = f"与村主干路距离超过{figure('road_distance', card.year)}公里，请核对单位是否为公里"
        yield warning("R-81", "condition.road_distance", text)


_AMOUNTS: Final = {field.name: field.label for field in INCOME if field.need != "D"}


def _has_dibao(card: Card) -> bool:
    return any(member.is_dibao for _, member in card.counted)


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return "空" if value is None or value == "" else str(value)


Derive = Callable[[Card, CheckContext], object]

DERIVED: Final[dict[str, tuple[str, Derive]]] = {
    "member_count": ("家庭人口数", lambda card, _: card.member_count),
    "head_name": ("户主姓名", lambda card, _: card.head_name),
    "is_zero_employment": (
        "是否零就业家庭",
        lambda card, ctx: is_zero_employment(card, employed=ctx.employed),
    ),
    "income.transfer_income": ("转移性收入", lambda card, _: card.income.transfer_income),
    "income.gross_income": ("家庭总收入", lambda card, _: card.income.gross_income),
    "income.net_income": ("家庭纯收入", lambda card, _: card.income.net_income),
    "income.net_income_pc": ("人均纯收入", lambda card, _: card.net_income_pc),
    "condition.is_dangerous": ("是否危房户", lambda card, _: is_dangerous(card.condition)),
}
"""Derived values of a card by path: their Chinese name, and how they derive."""
