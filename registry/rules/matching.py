"""What it means that a member stands on another department's list, and where a household belongs (procedures §4.2, §5; policy §1).

Pure but for query twins: the database's own match (migration `matching`) is made from `MEANINGS`, the pages and tests read the same.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.db.models import Q

from fupin.accounts.roles import Role
from fupin.policy.cites import cites
from fupin.policy.standards import figure
from registry.codes import PoorType
from registry.codes.outside import HitState, ListKind
from registry.rules.card import MemberCard
from registry.rules.people import ABLE, AT_SCHOOL, age, at_school

LINKED: Final = frozenset({ListKind.DIBAO, ListKind.WUBAO})
"""Lists of civil affairs that are compared both ways, not only for hits."""


class Consequence(StrEnum):
    """What a hit asks for."""

    EXAMINE = "EXAMINE"
    """To be examined: it may bar the household; a waiver needs its evidence."""
    CHANGE = "CHANGE"
    """The member no longer counts: a natural change is to be entered."""
    RECORD = "RECORD"
    """The card says otherwise than the list: it is to be put right."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a kind of list asks for.

    `columns` are those that a file has beside name and ID number; of them `fact` tell one thing from another: of two cars each is a
    hit, the same car on the next list is not a new one. `blocks` says that the county does not pass a household while it is open.
    """

    consequence: Consequence
    task: str
    columns: Sequence[str]
    fact: Collection[str]
    blocks: bool
    suppliers: frozenset[Role]


_COUNTY: Final = frozenset({Role.COUNTY_ENTRY, Role.CITY, Role.PROVINCE})
_CIVIL: Final = _COUNTY | {Role.CIVIL_AFFAIRS}
_PLACE: Final = ("区划代码", "乡镇", "村")

MEANINGS: Final[Mapping[ListKind, Meaning]] = {
    ListKind.DIBAO: Meaning(
        Consequence.RECORD,
        "户卡没有记享受低保：核实后改正成员情况和户属性",
        (*_PLACE, "保障类别", "月保障金额", "享受起始"),
        (),
        blocks=True,
        suppliers=_CIVIL,
    ),
    ListKind.WUBAO: Meaning(
        Consequence.RECORD,
        "户卡没有记五保供养：核实后改正成员情况和户属性",
        (*_PLACE, "供养方式", "年供养标准", "享受起始"),
        (),
        blocks=True,
        suppliers=_CIVIL,
    ),
    ListKind.PAYROLL: Meaning(
        Consequence.EXAMINE,
        "家庭成员领取财政工资：核实后退回、清退，或说明不影响认定",
        ("工作单位", "人员类别", "区划代码"),
        ("工作单位",),
        blocks=True,
        suppliers=_COUNTY,
    ),
    ListKind.VEHICLE: Meaning(
        Consequence.EXAMINE,
        "名下有机动车：核实用途和价值后退回、清退，或说明不影响认定",
        ("号牌号码", "车辆类型", "品牌型号", "登记日期", "区划代码"),
        ("号牌号码",),
        blocks=True,
        suppliers=_COUNTY,
    ),
    ListKind.PROPERTY: Meaning(
        Consequence.EXAMINE,
        "名下有商品房、门面：核实后退回、清退，或说明不影响认定",
        ("房屋坐落", "用途", "建筑面积", "登记日期", "区划代码"),
        ("房屋坐落",),
        blocks=True,
        suppliers=_COUNTY,
    ),
    ListKind.BUSINESS: Meaning(
        Consequence.EXAMINE,
        "注册有公司或个体工商户：核实经营情况后退回、清退，或说明不影响认定",
        ("企业名称", "注册号", "身份", "注册资本", "登记日期", "区划代码"),
        ("注册号", "企业名称"),
        blocks=True,
        suppliers=_COUNTY,
    ),
    ListKind.DEATH: Meaning(
        Consequence.CHANGE,
        "已登记死亡，户卡仍计入人口：办理成员自然减少；全户死亡的办理自然注销",
        ("死亡日期", "区划代码"),
        (),
        blocks=True,
        suppliers=_CIVIL,
    ),
    ListKind.DISABILITY: Meaning(
        Consequence.RECORD,
        "持残疾人证，户卡健康状况没有记残疾：核实后改正",
        ("残疾类别", "残疾等级", "发证日期", "区划代码"),
        (),
        blocks=False,
        suppliers=_CIVIL,
    ),
}

NAME_HEADING: Final = "姓名"
ID_HEADING: Final = "身份号码"
PLACE_HEADING: Final = "区划代码"

_CLOSED: Final = frozenset({HitState.NOT_SAME, HitState.WAIVED, HitState.MENDED})
_DECISIONS: Final[Mapping[Consequence, tuple[HitState, ...]]] = {
    Consequence.EXAMINE: (HitState.WAIVED, HitState.NOT_SAME, HitState.CONFIRMED),
    Consequence.CHANGE: (HitState.CONFIRMED, HitState.NOT_SAME),
    Consequence.RECORD: (HitState.CONFIRMED, HitState.NOT_SAME, HitState.WAIVED),
}


def headings(kind: ListKind) -> tuple[str, ...]:
    """Return the columns of a list's template, name and ID number first."""
    return (NAME_HEADING, ID_HEADING, *MEANINGS[kind].columns)


def fact_of(kind: ListKind, note: Mapping[str, str]) -> str:
    """Return what tells one thing on the list from another of the same person; nothing where the person alone counts."""
    return "|".join(
        note.get(column, "") for column in MEANINGS[kind].columns if column in MEANINGS[kind].fact
    )[:120]


def said(kind: ListKind, note: Mapping[str, str], *, without: Collection[str] = ()) -> str:
    """Return what a row says beside name and number, in the order of the list's columns."""
    held = [column for column in MEANINGS[kind].columns if column in note and column not in without]
    return "，".join(f"{column} {note[column]}" for column in held)


def decisions(kind: ListKind) -> tuple[HitState, ...]:
    """Return what may be decided of a hit of a kind; the dead cannot be waived, they are counted or they are not."""
    return _DECISIONS[MEANINGS[kind].consequence]


def stands_in_the_way(kind: ListKind, state: str) -> bool:
    """Tell whether a hit keeps the county from passing the household: undecided, or true and not yet dealt with (procedures §4.2)."""
    return MEANINGS[kind].blocks and state not in _CLOSED


class Care(StrEnum):
    """Who looks after a household (procedures §5, 去向)."""

    DEVELOPMENT = "扶贫部门：开发式帮扶"
    BOTH = "低保金照发，加扶贫措施"
    CIVIL_AFFAIRS = "民政低保解决基本生存"
    SUPPORT = "民政供养"
    TRANSFER = "移送民政"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a household belongs; without `poor_type` the attribute waits for civil affairs' receipt."""

    care: Care
    poor_type: PoorType | None


@cites(
    "§1",
    "对失去劳动能力的贫困人口，由民政部门通过农村低保解决基本生存问题；对具备劳动能力的贫困人口，由扶贫部门组织落实帮扶措施",
)
def place_of(*, able: bool, dibao: bool, wubao: bool) -> Place:
    """Return where a household below the line belongs, by whether anybody in it can work and what civil affairs pays (procedures §5)."""
    if wubao:
        return Place(Care.SUPPORT, PoorType.WUBAO)
    if able:
        return Place(Care.BOTH, PoorType.DIBAO_POOR) if dibao else Place(Care.DEVELOPMENT, PoorType.GENERAL)
    return Place(Care.CIVIL_AFFAIRS, PoorType.DIBAO) if dibao else Place(Care.TRANSFER, None)


class Linkage(StrEnum):
    """The three lists of procedures §5, and the one that says nothing is wrong."""

    UNREGISTERED = "unregistered"
    UNLISTED = "unlisted"
    DOUBLE = "double"


LINKAGE_LABELS: Final[Mapping[Linkage, str]] = {
    Linkage.UNREGISTERED: "低保、五保在册而未建档",
    Linkage.UNLISTED: "建档为低保、五保而民政无",
    Linkage.DOUBLE: "两金并领",
}


@cites("§1", "坚持扶贫开发和农村最低生活保障制度有效衔接")
def linkages(*, on_card: bool, claims: bool, in_dibao: bool, in_wubao: bool) -> frozenset[Linkage]:
    """Return the lists on which a person stands.

    `on_card`: the person counts on a card; `claims`: that card says 低保 or 五保 of the person; the others: civil affairs' newest lists.
    """
    found = set()
    if (in_dibao or in_wubao) and not on_card:
        found.add(Linkage.UNREGISTERED)
    if on_card and claims and not (in_dibao or in_wubao):
        found.add(Linkage.UNLISTED)
    if in_dibao and in_wubao:
        found.add(Linkage.DOUBLE)
    return frozenset(found)


@cites("§1", "对失去劳动能力的贫困人口，由民政部门通过农村低保解决基本生存问题")
def can_work(member: MemberCard, year: int) -> bool:
    """Tell whether a member gives the household 劳动能力: able, 16 to 65, neither at school nor in the army (procedures §5)."""
    years = age(member, year)
    return (
        member.counted
        and member.labor in ABLE
        and not member.is_soldier
        and not at_school(member)
        and years is not None
        and figure("able_from", year) <= years <= figure("able_to", year)
    )


def is_able_to_work(year: int) -> Q:
    """Return the filter twin of `can_work` for rows of members' years."""
    return (
        Q(is_counted=True, labor__in=ABLE)
        & ~Q(is_soldier=True)
        & ~Q(student__in=AT_SCHOOL)
        & Q(
            member__birth_date__year__gte=year - int(figure("able_to", year)),
            member__birth_date__year__lte=year - int(figure("able_from", year)),
        )
    )
