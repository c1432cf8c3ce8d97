"""A card of five that breaks no rule, and small changes to it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from fupin.lib import idnumber
from registry.rules.card import Card, Condition, Income, MemberCard
from registry.rules.context import CheckContext

TODAY = date(2014, 6, 20)
YEAR = 2013
Change = Callable[[Card], Card]


def number(born: str, sequence: int) -> str:
    """An ID number under a never-assigned address code; odd sequences are men's."""
    return idnumber.compose("149901", date.fromisoformat(born), sequence)


def person(name: str, born: str, sequence: int, relation: str, **more: object) -> MemberCard:
    grown = YEAR - int(born[:4]) >= 16
    values: dict[str, object] = {
        "name": name,
        "sex": "1" if sequence % 2 else "2",
        "id_type": "01",
        "id_no": number(born, sequence),
        "relation": relation,
        "ethnic": "01",
        "political": "13",
        "education": "03",
        "student": "01" if grown else None,
        "health": ("01",),
        "labor": "01" if grown else "04",
        "in_ncms": True,
        "in_pension": True if grown else None,
        "is_dibao": False,
        "is_wubao": False,
        "is_soldier": False,
    }
    return MemberCard(**{**values, **more})  # type: ignore[arg-type]


def good_card() -> Card:
    """任大海, his wife who works away, two children at school, his sick father."""
    return Card(
        year=YEAR,
        village_code="141124101200",
        natural_village="庙坪",
        address="临县白文镇庙坪村12号",
        phone="13903580001",
        id_standard="1",
        poor_type="01",
        cause_main="01",
        cause_other=("09",),
        plan_exit_year=2016,
        income=Income(
            wage_income=Decimal(6000),
            business_income=Decimal(5200),
            property_income=Decimal(300),
            tr_family_planning=Decimal(960),
            tr_dibao=Decimal(0),
            tr_wubao=Decimal(0),
            tr_pension=Decimal(1320),
            tr_eco=Decimal(480),
            tr_other=Decimal(200),
            business_expense=Decimal(2600),
        ),
        condition=Condition(
            arable_area=Decimal("12.5"),
            irrigated_area=Decimal(2),
            forest_area=Decimal(3),
            returned_forest_area=Decimal(4),
            fruit_area=Decimal("1.5"),
            pasture_area=Decimal(0),
            water_area=Decimal(0),
            has_prod_power=True,
            has_life_power=True,
            has_tv=True,
            water_difficult=False,
            water_safe=True,
            tap_water=False,
            road_distance=Decimal("0.8"),
            road_type="01",
            house_area=Decimal(75),
            house_structure="5",
            danger_level="2",
            fuel_type="03",
            has_toilet=False,
            in_coop=False,
            has_leading_ent=False,
            in_mutual_fund=False,
        ),
        members=(
            person("任大海", "1970-03-05", 11, "01"),
            person("高秀英", "1972-08-21", 22, "02", work_area="02", work_months=7),
            person("任小军", "2000-01-15", 13, "03", student="05"),
            person("任小兰", "2004-11-02", 24, "04", student="03", education="02"),
            person("任老栓", "1941-05-09", 15, "11", health=("02",), disease="慢性支气管炎", labor="03"),
        ),
    )


def context(**more: object) -> CheckContext:
    return CheckContext(today=TODAY, **more)  # type: ignore[arg-type]


def card_with(**changes: object) -> Change:
    return lambda card: replace(card, **changes)  # type: ignore[arg-type]


def income_with(**changes: object) -> Change:
    return lambda card: replace(card, income=replace(card.income, **changes))  # type: ignore[arg-type]


def condition_with(**changes: object) -> Change:
    return lambda card: replace(card, condition=replace(card.condition, **changes))  # type: ignore[arg-type]


def member_with(place: int, **changes: object) -> Change:
    def change(card: Card) -> Card:
        members = list(card.members)
        members[place] = replace(members[place], **changes)  # type: ignore[arg-type]
        return replace(card, members=tuple(members))

    return change


def joined_by(member: MemberCard) -> Change:
    return lambda card: replace(card, members=(*card.members, member))


def all_of(*changes: Change) -> Change:
    def change(card: Card) -> Card:
        for one in changes:
            card = one(card)
        return card

    return change
