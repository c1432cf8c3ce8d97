"""Figures of policy by year, each with its source. A later document adds a row and never edits an old one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from fupin.policy.figures import Figure, figure_since as _figure
from fupin.policy.figures_of_money import MONEY

NATIONAL: Final = "1"
"""CL01 国家标准."""


class NoStandard(LookupError):
    """No figure is known for the year; the message names figure and year."""


@dataclass(frozen=True, slots=True)
class PovertyLine:
    """A poverty line in yuan a head and year, at the year's prices.

    `published` is false where the amount is common knowledge and not yet held against the document.
    """

    year: int
    standard: str
    amount: Decimal
    source: str
    published: bool = True


POVERTY_LINES: Final = (
    PovertyLine(2010, NATIONAL, Decimal(2300), "2010年不变价基准；国开办发〔2014〕24号摘录"),
    PovertyLine(2011, NATIONAL, Decimal(2536), "云南调查年鉴2017表4-2注3（国家统计局口径）"),
    PovertyLine(2012, NATIONAL, Decimal(2625), "云南调查年鉴2017表4-2注3（国家统计局口径）"),
    PovertyLine(
        2013, NATIONAL, Decimal(2736), "国开办发〔2014〕24号：以2013年农民人均纯收入2736元为识别标准"
    ),
    PovertyLine(2014, NATIONAL, Decimal(2800), "云南调查年鉴2017表4-2注4（农村常住居民人均可支配收入口径）"),
    PovertyLine(2015, NATIONAL, Decimal(2855), "云南调查年鉴2017表4-2注4"),
    PovertyLine(2016, NATIONAL, Decimal(2952), "云南调查年鉴2017表4-2注4"),
    PovertyLine(2017, NATIONAL, Decimal(2952), "通行说法，待核", published=False),
    PovertyLine(2018, NATIONAL, Decimal(2995), "通行说法，待核", published=False),
    PovertyLine(2019, NATIONAL, Decimal(3218), "通行说法，待核", published=False),
    PovertyLine(
        2020, NATIONAL, Decimal(4000), "国务院扶贫办负责人“4000元左右”，非统计公布值", published=False
    ),
)
"""Lines by year (procedures §1). The province's old line of 1,550 yuan ended with 2011 and stands nowhere."""


def poverty_line(
    year: int, *, standard: str = NATIONAL, lines: Iterable[PovertyLine] = POVERTY_LINES
) -> PovertyLine:
    """Return the line that the income of a year is held against (in 2014: income and line of 2013).

    `standard` is CL01. `lines` may add provincial and city lines, which may not lie below the national one.
    Raise NoStandard where there is none.
    """
    for line in lines:
        if line.year == year and line.standard == standard:
            return line
    raise NoStandard(f"没有{year}年的贫困线（识别标准{standard}）")


@dataclass(frozen=True, slots=True)
class ProvinceYear:
    """What the whole province comes to in a year: rate of poverty in percent, net income per farmer in yuan (procedures §3).

    `published` is false where a figure is common knowledge and not yet held against the document.
    """

    year: int
    poverty_rate: Decimal
    income_per_head: Decimal
    source: str
    published: bool = True


PROVINCE_YEARS: Final = (
    ProvinceYear(
        2013,
        Decimal("13.6"),
        Decimal(7154),
        "发生率：新华社2018-01-25“从13.6%”；人均纯收入为通行说法，待核",
        published=False,
    ),
)
"""Against these villages are identified; for a year that is missing here whoever looks gives the published figures himself."""


def province_year(year: int) -> ProvinceYear:
    """Return the province's own figures of a year; raise NoStandard where there are none."""
    for one in PROVINCE_YEARS:
        if one.year == year:
            return one
    raise NoStandard(f"没有{year}年全省的贫困发生率和农民人均纯收入")


FIGURES: Final[tuple[Figure, ...]] = (
    *MONEY,
    _figure("working_age_from", 16, "周岁", "劳动年龄起", "村级指标解释；贫困人口劳动力状况填法"),
    _figure("working_age_to_men", 60, "周岁", "男劳动年龄止", "村级指标解释；贫困人口劳动力状况填法"),
    _figure("working_age_to_women", 55, "周岁", "女劳动年龄止", "村级指标解释；贫困人口劳动力状况填法"),
    _figure("labour_asked_from", 16, "周岁", "劳动能力必填起", "R-15"),
    _figure("labour_asked_to", 65, "周岁", "劳动能力必填止", "R-15"),
    _figure("student_asked_from", 6, "周岁", "在校生状况必填起", "R-13"),
    _figure("student_asked_to", 23, "周岁", "在校生状况必填止", "R-13"),
    _figure("compulsory_from", 6, "周岁", "辍学原因必填起", "数据标准§4"),
    _figure("compulsory_to", 15, "周岁", "辍学原因必填止", "数据标准§4"),
    _figure("pension_asked_from", 16, "周岁", "城乡居民养老保险必填起", "数据标准§4"),
    _figure("away_youth_from", 16, "周岁", "外出青壮年起", "数据标准§5（本标准自定）"),
    _figure("away_youth_to", 45, "周岁", "外出青壮年止", "数据标准§5（本标准自定）"),
    _figure("stable_employment_months", 6, "月", "稳定就业：连续在同一单位", "数据标准§5（本标准自定）；§28"),
    _figure("parent_child_years", 15, "岁", "父母与子女年龄差", "R-95（本标准自定）"),
    _figure("arable_per_head", 50, "亩", "人均耕地告警", "R-81"),
    _figure("forest_per_head", 70, "亩", "人均林地告警", "R-81"),
    _figure("road_distance", 50, "公里", "与村主干路距离告警", "R-81"),
    _figure("income_per_head", 100_000, "元", "人均纯收入告警", "R-42"),
    _figure("phone_households", 3, "户", "同一电话用于几户以上告警", "数据标准§1.5（本标准自定）"),
    _figure("water_distance", 1000, "米", "饮水困难：取水水平距离", "CL18，入户调查表"),
    _figure("water_height", 100, "米", "饮水困难：取水垂直高差", "CL18，入户调查表"),
    _figure("water_months", 6, "月", "饮水困难：年缺水期", "CL18，入户调查表，缺水天数口径未核实"),
    _figure("poor_village_rate_ratio", "2.0", "倍", "贫困村“一高”：贫困发生率为全省的倍数", "procedures §3"),
    _figure("poor_village_income_ratio", "0.60", "", "贫困村“一低”：人均纯收入为全省的比例", "procedures §3"),
    _figure(
        "quota_mode", 2, "", "规模控制：2硬、1软、0关", "procedures §2：2014年起严格控制规模", since=2014
    ),
    _figure("quota_mode", 0, "", "规模控制：2硬、1软、0关", "procedures §2：2017年起应纳尽纳", since=2017),
    _figure("quorum_part", 2, "", "村民代表到会比例，分子", "procedures §4.2（本标准自定）"),
    _figure("quorum_of", 3, "", "村民代表到会比例，分母", "procedures §4.2（本标准自定）"),
    _figure("majority_part", 1, "", "到会代表同意比例，分子", "procedures §4.2（本标准自定）"),
    _figure("majority_of", 2, "", "到会代表同意比例，分母", "procedures §4.2（本标准自定）"),
    _figure(
        "village_notice_days",
        7,
        "日",
        "贫困村纳入、退出公示天数",
        "procedures §3、§6；比照识别（本系统自定）",
    ),
    _figure("exit_rate", "2.00", "%", "村退出：贫困发生率低于", "2016年退出意见（中部）", since=2016),
    _figure("pub1_days", 7, "日", "第一次公示天数", "procedures §4，通行7天"),
    _figure("pub2_days", 7, "日", "第二次公示天数", "procedures §4，通行7天"),
    _figure("announce_days", 7, "日", "公告天数", "procedures §4，通行7天"),
    _figure("exit_notice_days", 7, "日", "退出公示天数", "procedures §6；比照识别（本系统自定）"),
    _figure(
        "fund_notice_days",
        10,
        "日",
        "资金、项目公示天数",
        "2018年《关于完善扶贫资金项目公告公示制度的指导意见》",
    ),
    _figure("posting_record_days", 3, "日", "张贴后最迟几日内登记并回传照片", "procedures §9（本系统自定）"),
    _figure("objection_accept_days", 5, "日", "异议受理期限", "procedures §4.2"),
    _figure("objection_settle_days", 10, "日", "异议办结期限，自受理起", "procedures §4.2"),
    _figure(
        "transfer_reply_days",
        30,
        "日",
        "低保移送单回执期限，自送达次日起",
        "procedures §5 期限参数（本系统自定）",
    ),
    _figure("matching_months", 3, "月", "与民政名册比对的间隔", "procedures §5：每季"),
    _figure("able_from", 16, "周岁", "有劳动能力起", "procedures §5（本标准自定）"),
    _figure("able_to", 65, "周岁", "有劳动能力止", "procedures §5（本标准自定）"),
    _figure(
        "adjust_cycle", 3, "年", "动态调整的周期，自首次识别 2014 年起", "§3 原则上每三年一次；procedures §7"
    ),
    _figure("effect_months", 12, "月", "帮扶措施满几月无成效记录提醒责任人", "procedures §7（本系统自定）"),
    _figure("pair_gap_days", 30, "日", "在册户没有帮扶责任人几日后提醒", "procedures §8（本系统自定）"),
    _figure("team_leader_warn_days", 60, "日", "队长任满前几日提醒", "procedures §8（本系统自定）"),
    _figure(
        "team_silent_days", 30, "日", "工作队几日没有日志列为沉默", "procedures §8 比照空窗（本系统自定）"
    ),
)
"""Parameters of the rules of register and money; where a source is the standard's own proposal it says so."""


def _by_key() -> Mapping[str, tuple[Figure, ...]]:
    keys = {figure.key for figure in FIGURES}
    return MappingProxyType(
        {
            key: tuple(sorted((f for f in FIGURES if f.key == key), key=lambda f: f.since, reverse=True))
            for key in keys
        }
    )


_FIGURES: Final = _by_key()


@lru_cache(maxsize=1024)
def figure(key: str, year: int) -> Decimal:
    """Return a parameter as it stands for a year; raise KeyError if unknown, NoStandard if none yet."""
    for row in _FIGURES[key]:
        if row.since <= year:
            return row.value
    raise NoStandard(f"没有{year}年的参数{key}")
