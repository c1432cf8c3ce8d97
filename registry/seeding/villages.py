"""A village: what its land, roads and water are like, and what its table says once its households are known."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any, Final

from registry.codes import Health, Landform, PoorType, VillageAttr
from registry.rules.card import Card
from registry.rules.people import is_labourer
from registry.seeding.chance import Weighted, between, one_of, whole
from registry.seeding.names import Clans, given_name, hamlets

_LANDFORMS: Final = Weighted(
    (Landform.MOUNTAIN.value, 45), (Landform.HILLS.value, 38), (Landform.PLAIN.value, 17)
)
_CROPS: Final = {
    Landform.MOUNTAIN.value: ("谷子", "马铃薯", "莜麦", "红芸豆"),
    Landform.HILLS.value: ("玉米", "谷子", "红枣", "核桃"),
    Landform.PLAIN.value: ("玉米", "小麦", "蔬菜", "苹果"),
}
_DIRECTIONS: Final = {
    "01": "发展肉牛、绒山羊规模养殖",
    "02": "建设日光温室，发展设施蔬菜",
    "03": "种植黄芪、党参等中药材",
    "04": "发展谷子、红芸豆等小杂粮",
    "06": "依托山水窑居发展乡村旅游",
    "07": "建设核桃、红枣特色农业园区",
}
_DISASTERS: Final = (("01",), ("01", "03"), ("02",), ("04",), ("05",), ())


@dataclass(frozen=True, slots=True)
class Place:
    """An administrative village as the tree of divisions names it."""

    code: int
    name: str
    township: str
    county: str
    path_name: str


class Village:
    """What is the same for all households of a village."""

    def __init__(self, rng: Random, place: Place, *, poor: bool, walks: bool = False) -> None:
        self.place, self.poor = place, poor
        self.walks = walks
        """Its households and it itself begin as drafts: their cases bring them to where they stand."""
        self.clans = Clans(rng)
        self.hamlets = hamlets(rng, place.name, self.clans.first)
        self.landform = _LANDFORMS.draw(rng)
        self.mountain = self.landform == Landform.MOUNTAIN
        self.plain = self.landform == Landform.PLAIN
        self.crops = _CROPS[self.landform]
        self.paved = rng.random() < (0.72 if poor else 0.93)
        self.tapped = rng.random() < (0.55 if poor else 0.85)
        self.dry = not self.tapped and rng.random() < 0.5
        self.coop = rng.random() < 0.55
        self.leading_enterprise = rng.random() < 0.2
        self.mutual_fund = poor and rng.random() < 0.45
        self.clerk = self.clans.first + given_name(rng, "1", 1978)
        self.plan_exit_year = whole(rng, 2016, 2020) if poor else whole(rng, 2015, 2018)


def village_table(rng: Random, village: Village, year: int, cards: list[Card], phone: str) -> dict[str, Any]:
    """Return the village's table of the year by the standard's names; no count is smaller than what its cards add up to."""
    poor_households = len(cards)
    poor_people = [member for card in cards for _, member in card.counted]
    poor = len(poor_people)
    households = max(poor_households + 8, round(poor_households / between(rng, 0.22, 0.55)))
    rate = households / max(poor_households, 1)
    population = max(households, round(poor * rate * between(rng, 1.05, 1.25)), poor + 20)
    others = population - poor
    labor = sum(is_labourer(m, year) for m in poor_people) + round(others * between(rng, 0.48, 0.6))
    working = sum((m.work_months or 0) > 3 for m in poor_people)
    arable = _total(cards, "arable_area") + Decimal(round(others * between(rng, 1.2, 3.4)))
    irrigated = _total(cards, "irrigated_area") + (
        Decimal(round(float(arable) * 0.02)) if not village.plain else 0
    )
    dibao = sum(c.poor_type in {PoorType.DIBAO_POOR, PoorType.DIBAO} for c in cards)
    wubao = sum(c.poor_type == PoorType.WUBAO for c in cards)
    hamlets_count = len(village.hamlets)
    unpaved = 0 if village.paved else whole(rng, 0, hamlets_count - 1)
    relocate = whole(rng, 0, poor_households // 6) if village.mountain else 0
    women = sum(m.sex == "2" for m in poor_people) + round(others * between(rng, 0.46, 0.49))
    children = (
        sum(6 <= year - (m.birth_date or date(year, 1, 1)).year <= 15 for m in poor_people) + others // 11
    )
    tag = one_of(rng, tuple(_DIRECTIONS))
    return {
        "head": village.clerk,
        "head_post": "村党支部书记" if village.poor else "村委会主任",
        "head_phone": phone,
        "tags": (["02"] if village.poor and rng.random() < 0.3 else [])
        + (["05"] if village.mutual_fund else []),
        "dev_dir": _DIRECTIONS[tag],
        "dev_tags": [tag],
        "landform": village.landform,
        "alt": whole(rng, 1100, 1700) if village.mountain else whole(rng, 400, 1100),
        "party_members": max(3, population // 28),
        "cadre_grads": whole(rng, 0, 1),
        "natural_villages": hamlets_count,
        "households": households,
        "population": population,
        "rural_pop": population - others // 60,
        "dibao_households": dibao + whole(rng, 0, 2),
        "dibao_pop": sum(bool(m.is_dibao) for m in poor_people) + whole(rng, 2, 5),
        "wubao_households": wubao,
        "wubao_pop": sum(bool(m.is_wubao) for m in poor_people),
        "minority_pop": sum(m.ethnic != "01" for m in poor_people),
        "women_pop": women,
        "disabled_pop": sum(Health.DISABLED in m.health for m in poor_people) + others // 45,
        "labor": labor,
        "migrant": min(labor, working + round(others * between(rng, 0.12, 0.2))),
        "arable_area": arable,
        "irrigated_area": min(irrigated, arable),
        "forest_area": _total(cards, "forest_area") + Decimal(whole(rng, 100, 1800)),
        "returned_forest_area": _total(cards, "returned_forest_area") + Decimal(whole(rng, 0, 300)),
        "fruit_area": _total(cards, "fruit_area") + Decimal(whole(rng, 0, 160)),
        "pasture_area": _total(cards, "pasture_area") + Decimal(whole(rng, 0, 200)),
        "water_area": _total(cards, "water_area"),
        "net_income_pc": Decimal(whole(rng, 2400, 4100) if village.poor else whole(rng, 3900, 6800))
        + (year - 2013) * 420,
        "collective_income": Decimal(0) if village.poor else Decimal(whole(rng, 0, 80)) / 10,
        "ncms_pop": sum(bool(m.in_ncms) for m in poor_people) + round(others * 0.97),
        "resident_pension_pop": sum(bool(m.in_pension) for m in poor_people) + round(others * 0.5),
        "employee_pension_pop": others // 90,
        "paved_to_town": village.paved,
        "unpaved_to_town": Decimal(0) if village.paved else Decimal(whole(rng, 10, 120)) / 10,
        "nv_unpaved": unpaved,
        "nv_unpaved_km": Decimal(unpaved * whole(rng, 8, 30)) / 10,
        "has_bus": village.paved and rng.random() < 0.8,
        **_services(rng, village, cards, households, hamlets_count),
        "school_age_children": children,
        "enrolled_children": children - (1 if children and rng.random() < 0.1 else 0),
        "relocate_households": relocate,
        "relocate_pop": min(population, relocate * 3),
        "relocated_households": relocate // 3,
        "relocated_pop": min(population, relocate // 3 * 3),
        "disasters": list(one_of(rng, _DISASTERS)),
        **_team(rng, village),
        "plan_exit_year": max(village.plan_exit_year, year),
    }


def _services(
    rng: Random, village: Village, cards: list[Card], households: int, hamlets_count: int
) -> dict[str, Any]:
    """Return water, power, houses, clinics and what else the village has."""
    others = households - len(cards)
    unsafe = sum(c.condition.water_safe is False for c in cards)
    difficult = sum(bool(c.condition.water_difficult) for c in cards)
    tapped = sum(bool(c.condition.tap_water) for c in cards)
    dark = sum(c.condition.has_prod_power is False for c in cards)
    tv = sum(bool(c.condition.has_tv) for c in cards)
    net = sum(bool(c.condition.has_broadband) for c in cards)
    clinic = rng.random() < 0.9
    rooms = whole(rng, 2, 4) * 20
    tourism = whole(rng, 1, 6) if rng.random() < 0.06 else 0
    return {
        "unsafe_water": unsafe + (others // 6 if not village.tapped else 0),
        "diff_water": difficult + (others // 8 if village.dry else 0),
        "tap_households": tapped + (others * 9 // 10 if village.tapped else others // 9),
        "powered_nv": hamlets_count,
        "no_prod_power_nv": 1 if dark and hamlets_count > 1 else 0,
        "no_life_power_nv": 0,
        "no_prod_power_households": dark,
        "no_life_power_households": sum(c.condition.has_life_power is False for c in cards),
        "danger_c": sum(c.condition.danger_level == "3" for c in cards) + others // 30,
        "danger_d": sum(c.condition.danger_level == "4" for c in cards) + others // 60,
        "coops": whole(rng, 1, 3) if village.coop else 0,
        "coop_poor": sum(bool(c.condition.in_coop) for c in cards),
        "mutual_orgs": 1 if village.mutual_fund else 0,
        "mutual_size": Decimal(whole(rng, 15, 30)) if village.mutual_fund else Decimal(0),
        "tourism_households": tourism,
        "tourism_workers": tourism * 2,
        "farm_stays": tourism // 2,
        "tourism_income": Decimal(tourism and whole(rng, 60, 180) * 100),
        "clinics": 1 if clinic else 0,
        "clinic_area": Decimal(rooms if clinic else 0),
        "clinic_standard": clinic and rooms >= 60,
        "licensed_doctors": 1 if clinic and rng.random() < 0.15 else 0,
        "village_doctors": 1 if clinic else 0,
        "public_toilets": whole(rng, 0, 3),
        "garbage_points": whole(rng, 1, 4),
        "culture_rooms": 1,
        "tv_households": tv + others * 19 // 20,
        "broadband_households": net + others // 4,
        "broadband_schools": 0,
        "mobile_net_households": households // 3,
        "info_staff": 1,
        "kindergartens": 0,
        "primary_schools": 1 if households > 260 else 0,
    }


def _team(rng: Random, village: Village) -> dict[str, Any]:
    if not village.poor:
        return {}
    return {
        "team": f"{village.place.county}驻{village.place.name}工作队",
        "team_leader": village.clans.married_in(rng) + given_name(rng, "1", 1972),
        "team_since": date(2014, 6, whole(rng, 1, 30)),
        "lead": village.clans.married_in(rng) + given_name(rng, "1", 1968),
        "secretary": village.clans.married_in(rng) + given_name(rng, "1", 1980),
    }


def village_attr(village: Village) -> str:
    """Return CL25 村属性."""
    return VillageAttr.POOR.value if village.poor else VillageAttr.NOT_POOR.value


def _total(cards: Iterable[Card], name: str) -> Decimal:
    return sum((getattr(card.condition, name) for card in cards), Decimal(0))
