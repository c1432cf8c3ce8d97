"""What a household lives on, and how it lives: income by line, land, house, water, roads."""

from datetime import date
from decimal import Decimal
from random import Random
from typing import Final

from registry.codes import DangerLevel, FuelType, HouseStructure, PoorType, RoadType
from registry.rules.card import Condition, Income, IncomeLine
from registry.seeding.chance import Weighted, between, one_of, whole
from registry.seeding.people import Person
from registry.seeding.villages import Village

PENSION: Final = {2013: 660, 2014: 780}
"""Yuan a year that somebody of sixty or more draws here; invented like every amount of this module."""

LEAST_SHARE: Final = 800
"""Yuan a year for which somebody still goes out to work."""

PRICES: Final = {
    "玉米": (Decimal("2.10"), "公斤"),
    "谷子": (Decimal("5.20"), "公斤"),
    "马铃薯": (Decimal("1.10"), "公斤"),
    "莜麦": (Decimal("3.40"), "公斤"),
    "红芸豆": (Decimal("6.80"), "公斤"),
    "红枣": (Decimal("3.60"), "公斤"),
    "核桃": (Decimal("16.00"), "公斤"),
    "小麦": (Decimal("2.30"), "公斤"),
    "蔬菜": (Decimal("1.60"), "公斤"),
    "苹果": (Decimal("4.20"), "公斤"),
}
_STRUCTURES: Final = {
    True: Weighted(("5", 40), ("6", 32), ("4", 16), ("3", 10), ("2", 2)),
    False: Weighted(("3", 40), ("2", 30), ("5", 16), ("4", 12), ("1", 2)),
}
_DANGER: Final = {
    HouseStructure.EARTH_CAVE.value: Weighted(("2", 30), ("3", 34), ("4", 22), ("9", 14)),
    HouseStructure.EARTH_TIMBER.value: Weighted(("1", 10), ("2", 40), ("3", 26), ("4", 12), ("9", 12)),
}
_SOUND: Final = Weighted(("1", 52), ("2", 34), ("3", 6), ("9", 8))


def make_income(
    rng: Random,
    people: list[Person],
    year: int,
    *,
    target: float,
    poor_type: str,
    condition: Condition,
    crops: tuple[str, ...],
) -> Income:
    """Return a year's income near `target` yuan a head, with the lines that it is made of.

    Wages are earned by whoever works (whose months in the year are set), business has its costs, allowances follow 属性.
    """
    lines: list[IncomeLine] = []
    transfers = _transfers(rng, people, year, poor_type, condition)
    rest = target * len(people) - sum(transfers.values())
    workers = [person for person in people if person.could_work(year)]
    able = any(person.labor(year) in {"01", "02"} for person in people)
    wages = _wages(rng, workers, year, max(rest, 900.0) * between(rng, 0.35, 0.7), lines) if workers else 0
    left = rest - wages
    rent = whole(rng, 5, 30) * 10 if left > 600 and rng.random() < 0.25 else 0
    left -= rent
    business, expense = Decimal(0), 0
    if able and left > 150 and condition.arable_area:
        expense = round(left * between(rng, 0.25, 0.7))
        business = _harvest(rng, left + expense, crops, lines)
    elif left > 100:
        transfers["tr_other"] += round(left)
    if rent:
        lines.append(IncomeLine("property_income", Decimal(rent), "土地流转金"))
    if expense:
        lines.append(IncomeLine("business_expense", Decimal(expense), "种子、化肥、农机作业"))
    return Income(
        wage_income=Decimal(wages),
        business_income=business,
        property_income=Decimal(rent),
        business_expense=Decimal(expense),
        lines=tuple(lines),
        **{kind: Decimal(amount) for kind, amount in transfers.items()},
    )


def _transfers(
    rng: Random, people: list[Person], year: int, poor_type: str, condition: Condition
) -> dict[str, int]:
    old = sum(person.age(year) >= 60 and person.pension for person in people)
    dibao = sum(person.is_dibao for person in people)
    wubao = sum(person.is_wubao for person in people)
    later = year - 2013
    return {
        "tr_family_planning": 960 if len(people) <= 3 and old and rng.random() < 0.06 else 0,
        "tr_dibao": dibao * 12 * (whole(rng, 80, 125) + 8 * later),
        "tr_wubao": wubao * 100 * (whole(rng, 14, 18) + later) if poor_type == PoorType.WUBAO else 0,
        "tr_pension": old * PENSION.get(year, 780),
        "tr_eco": int(condition.returned_forest_area or 0) * 90,
        "tr_other": int(condition.arable_area or 0) * 65,
    }


def _wages(rng: Random, workers: list[Person], year: int, budget: float, lines: list[IncomeLine]) -> int:
    """Share the budget out among as many workers as it feeds, as months at a monthly wage; return what they earned.

    Sets the months of those who work in the year.
    """
    total = 0
    workers = workers[: max(int(budget // LEAST_SHARE), 1)]
    for person in workers:
        near = person.work_area in {"01", "02"}
        monthly = whole(rng, 70, 130) * 10 if near else whole(rng, 120, 210) * 10
        share = budget / len(workers)
        months = min(max(round(share / monthly), 1), 11)
        if months * monthly > share * 1.6:
            monthly = max(round(share / months / 10) * 10, 300)
        person.months[year] = months
        total += months * monthly
        earned, wage = Decimal(months * monthly), Decimal(monthly)
        lines.append(IncomeLine("wage_income", earned, f"{person.name}务工", Decimal(months), "月", wage))
    return total


def _harvest(rng: Random, amount: float, crops: tuple[str, ...], lines: list[IncomeLine]) -> Decimal:
    """Write what was grown as quantities at a price, one or two crops; return its worth to the fen."""
    total = Decimal(0)
    chosen = [one_of(rng, crops)]
    if amount > 1500 and (second := one_of(rng, crops)) not in chosen:
        chosen.append(second)
    for crop in chosen:
        price, unit = PRICES[crop]
        quantity = max(round(amount / len(chosen) / float(price)), 1)
        worth = price * quantity
        lines.append(IncomeLine("business_income", worth, crop, Decimal(quantity), unit, price))
        total += worth
    return total


def make_condition(rng: Random, village: Village, size: int, *, poor_old: bool) -> Condition:
    """Return land and housing as the village has them."""
    mountain, plain = village.mountain, village.plain
    arable = _mu(size * between(rng, 1.2, 4.5) if not plain else size * between(rng, 0.8, 2.0))
    irrigated = _mu(float(arable) * (between(rng, 0.3, 0.95) if plain else between(rng, 0, 0.15)))
    structure = _STRUCTURES[not plain].draw(rng)
    danger = _DANGER.get(structure, _SOUND).draw(rng)
    dangerous = danger in {DangerLevel.C, DangerLevel.D}
    tapped = village.tapped and rng.random() < 0.85
    coop = village.coop and rng.random() < 0.25
    enterprise = village.leading_enterprise and rng.random() < 0.3
    return Condition(
        arable_area=arable,
        irrigated_area=irrigated,
        forest_area=_mu(size * between(rng, 0, 5)) if not plain and rng.random() < 0.5 else Decimal(0),
        returned_forest_area=_mu(size * between(rng, 0.5, 2.5))
        if mountain and rng.random() < 0.6
        else Decimal(0),
        fruit_area=_mu(size * between(rng, 0.2, 1.5)) if not mountain and rng.random() < 0.3 else Decimal(0),
        pasture_area=_mu(size * between(rng, 0, 6)) if mountain and rng.random() < 0.15 else Decimal(0),
        water_area=Decimal(0),
        has_prod_power=rng.random() < 0.94,
        has_life_power=rng.random() < 0.998,
        has_tv=rng.random() < (0.82 if poor_old else 0.93),
        water_difficult=village.dry and rng.random() < 0.8,
        water_safe=tapped or (not village.dry and rng.random() < 0.7),
        tap_water=tapped,
        has_broadband=not poor_old and rng.random() < 0.08,
        road_distance=Decimal(whole(rng, 0, 50 if mountain else 20)) / 10,
        road_type=_road(rng, village),
        house_area=Decimal(whole(rng, 24, 60) if poor_old else whole(rng, 40, 110)),
        house_structure=structure,
        danger_level=danger,
        danger_appraiser=f"{village.place.county}房屋安全鉴定站" if dangerous else None,
        danger_appraised_on=date(2014, whole(rng, 3, 5), whole(rng, 1, 28)) if dangerous else None,
        fuel_type=(FuelType.COAL if rng.random() < 0.62 else FuelType.FIREWOOD).value,
        has_toilet=rng.random() < 0.16,
        in_coop=coop,
        has_leading_ent=enterprise,
        leading_ent_code=f"BQ2014{village.place.code // 1_000_000 % 10_000:04}" if enterprise else None,
        has_leader=village.coop and rng.random() < 0.1,
        in_mutual_fund=village.mutual_fund and rng.random() < 0.35,
        is_credit_household=rng.random() < 0.12,
    )


def _road(rng: Random, village: Village) -> str:
    if not village.paved:
        return (RoadType.EARTH if rng.random() < 0.75 else RoadType.GRAVEL).value
    draw = rng.random()
    return (RoadType.CONCRETE if draw < 0.55 else RoadType.EARTH if draw < 0.85 else RoadType.GRAVEL).value


def _mu(area: float) -> Decimal:
    """Return an area in mu to one place."""
    return Decimal(round(area * 10)) / 10
