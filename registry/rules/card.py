"""The household's card of one year as plain data: what forms, API, import and prints hold in common.

Field names are those of the data standard. `None` is 未采集, codes are strings, sets of codes tuples of
strings; money and areas are Decimal. An empty string counts as `None`, so that rows of the database fit.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Final

from registry.codes import LEAVING_CHANGES, Relation

NIL: Final = Decimal(0)
FEN: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class IncomeLine:
    """A line of an amount's 明细行: `kind` is the amount that it is part of (`wage_income`), in yuan."""

    kind: str
    amount: Decimal
    item: str = ""
    quantity: Decimal | None = None
    unit: str = ""
    unit_price: Decimal | None = None
    evidence: str = ""


@dataclass(slots=True)
class Income:
    """§3.2 收入支出 in yuan.

    Derived sums take an amount not collected as nothing; `complete` tells whether all are collected. `lines`
    make up the amounts where they were given; where only an amount is known there are none of its kind.
    """

    wage_income: Decimal | None = None
    business_income: Decimal | None = None
    property_income: Decimal | None = None
    tr_family_planning: Decimal | None = None
    tr_dibao: Decimal | None = None
    tr_wubao: Decimal | None = None
    tr_pension: Decimal | None = None
    tr_eco: Decimal | None = None
    tr_other: Decimal | None = None
    business_expense: Decimal | None = None
    lines: tuple[IncomeLine, ...] = ()

    @property
    def transfer_income(self) -> Decimal:
        """转移性收入: the sum of its six kinds."""
        return (
            (self.tr_family_planning or NIL)
            + (self.tr_dibao or NIL)
            + (self.tr_wubao or NIL)
            + (self.tr_pension or NIL)
            + (self.tr_eco or NIL)
            + (self.tr_other or NIL)
        )

    @property
    def gross_income(self) -> Decimal:
        """家庭总收入: wages, business, property and transfers."""
        earned = (self.wage_income or NIL) + (self.business_income or NIL) + (self.property_income or NIL)
        return earned + self.transfer_income

    @property
    def net_income(self) -> Decimal:
        """家庭纯收入: gross income less the outlay of the business."""
        return self.gross_income - (self.business_expense or NIL)

    @property
    def complete(self) -> bool:
        """Tell whether every amount has been collected (0 is collected)."""
        return all(getattr(self, name) is not None for name in self.__slots__ if name != "lines")


@dataclass(slots=True)
class Condition:
    """§3.3 生产生活条件."""

    arable_area: Decimal | None = None
    irrigated_area: Decimal | None = None
    forest_area: Decimal | None = None
    returned_forest_area: Decimal | None = None
    fruit_area: Decimal | None = None
    pasture_area: Decimal | None = None
    water_area: Decimal | None = None
    has_prod_power: bool | None = None
    has_life_power: bool | None = None
    has_tv: bool | None = None
    water_difficult: bool | None = None
    water_safe: bool | None = None
    tap_water: bool | None = None
    has_broadband: bool | None = None
    road_distance: Decimal | None = None
    road_type: str | None = None
    house_area: Decimal | None = None
    house_structure: str | None = None
    danger_level: str | None = None
    danger_appraiser: str | None = None
    danger_appraised_on: date | None = None
    renovate_year: int | None = None
    renovate_subsidy: Decimal | None = None
    fuel_type: str | None = None
    fuel_other: str | None = None
    has_toilet: bool | None = None
    in_coop: bool | None = None
    coop_code: str | None = None
    has_leading_ent: bool | None = None
    leading_ent_code: str | None = None
    has_leader: bool | None = None
    in_mutual_fund: bool | None = None
    is_credit_household: bool | None = None


@dataclass(frozen=True, slots=True)
class Subsidy:
    """One payment toward a relocation: from which of the seven channels of §27, yuan, in which year."""

    channel: str
    amount: Decimal
    year: int | None = None


@dataclass(slots=True)
class Relocation:
    """§3.4 易地搬迁."""

    willing: bool | None = None
    mode: str | None = None
    form: str | None = None
    place: str | None = None
    old_homestead_area: Decimal | None = None
    reclaimed: bool | None = None
    reclaimed_to: str | None = None
    persons: int | None = None
    build_area: Decimal | None = None
    build_cost: Decimal | None = None
    own_funds: Decimal | None = None
    new_address: str | None = None
    moved_in_on: date | None = None
    demolished_on: date | None = None
    follow_up: str | None = None
    follow_up_note: str | None = None
    subsidies: tuple[Subsidy, ...] = ()


@dataclass(slots=True)
class MemberCard:
    """§4 a member in the year. `id_no` is the full number: a MemberCard is never logged nor shown."""

    name: str | None = None
    sex: str | None = None
    id_type: str | None = None
    id_no: str | None = field(default=None, repr=False)
    relation: str | None = None
    birth_date: date | None = None
    member_no: str | None = None
    ethnic: str | None = None
    political: str | None = None
    education: str | None = None
    student: str | None = None
    school: str | None = None
    dropout_reason: str | None = None
    health: tuple[str, ...] = ()
    disability_no: str | None = field(default=None, repr=False)
    disease: str | None = None
    disease_level: str | None = None
    labor: str | None = None
    work_area: str | None = None
    work_months: int | None = None
    work_org: str | None = None
    work_place: str | None = None
    in_ncms: bool | None = None
    in_major_ins: bool | None = None
    in_pension: bool | None = None
    is_dibao: bool | None = None
    is_wubao: bool | None = None
    is_soldier: bool | None = None
    phone: str | None = field(default=None, repr=False)
    change_type: str | None = None
    change_date: date | None = None

    @property
    def counted(self) -> bool:
        """Tell whether the member still counts at the year's end (年末在册)."""
        return self.change_type not in LEAVING_CHANGES


@dataclass
class Card:
    """A household's card of one year (§3.1, with its income, conditions and members).

    `posted` holds derived values as the caller gave them, by path (`income.net_income`, `member_count`), so
    that they can be compared with what they should be (R-43); usually empty. A card is made for one check and
    not altered afterwards: what is counted from it is counted once.
    """

    year: int
    village_code: str | None = None
    natural_village: str | None = None
    address: str | None = None
    phone: str | None = field(default=None, repr=False)
    bank_name: str | None = None
    bank_account: str | None = field(default=None, repr=False)
    id_standard: str | None = None
    poor_type: str | None = None
    cause_main: str | None = None
    cause_other: tuple[str, ...] = ()
    cause_note: str | None = None
    exit_year: int | None = None
    relapse_year: int | None = None
    relapse_cause: str | None = None
    plan_exit_year: int | None = None
    is_martyr_family: bool | None = None
    is_one_child: bool | None = None
    is_two_girls: bool | None = None
    filler: str | None = None
    fill_date: date | None = None
    household_no: str | None = None
    income: Income = field(default_factory=Income)
    condition: Condition = field(default_factory=Condition)
    members: tuple[MemberCard, ...] = ()
    relocation: Relocation | None = None
    posted: Mapping[str, object] = field(default_factory=dict)

    @cached_property
    def counted(self) -> tuple[tuple[int, MemberCard], ...]:
        """Members who count at the year's end, each with its place in `members`."""
        return tuple((i, member) for i, member in enumerate(self.members) if member.counted)

    @property
    def member_count(self) -> int:
        """家庭人口数 at the year's end."""
        return len(self.counted)

    @cached_property
    def head(self) -> MemberCard | None:
        """户主: the first counted member whose relation is 01."""
        return next((m for _, m in self.counted if m.relation == Relation.HEAD), None)

    @property
    def head_name(self) -> str:
        """户主姓名, empty where there is no head."""
        return (self.head.name or "") if self.head else ""

    @cached_property
    def net_income_pc(self) -> Decimal | None:
        """人均纯收入 to two places, half up; None without members. For show, never to compare with a line."""
        if not self.member_count:
            return None
        return (self.income.net_income / self.member_count).quantize(FEN, ROUND_HALF_UP)
