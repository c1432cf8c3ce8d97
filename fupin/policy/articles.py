"""The forty-two articles of the province's 实施意见 of 2014, by number."""

import re
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Final

from fupin.policy.documents import OPINIONS_2014

_TITLES: Final = (
    "完善贫困人口建档立卡工作",
    "瞄准扶贫对象落实帮扶措施",
    "实行扶贫对象动态管理",
    "建立财政扶贫资金稳定增长机制",
    "改革财政扶贫资金分配办法",
    "加快财政扶贫资金拨付进度",
    "试点政府购买社会服务",
    "强化扶贫资源整合机制",
    "加强扶贫资金项目监管",
    "加大项目建设用地政策支持",
    "加大产业开发基地用地支持",
    "创新易地扶贫搬迁建设用地机制",
    "拓宽扶贫贴息资金使用范围",
    "优化金融支持扶贫开发环境",
    "改进贫困县考核机制",
    "建立扶贫开发激励机制",
    "实行扶贫开发问责制度",
    "完善省级领导联系帮扶制度",
    "长期坚持不断完善干部下乡住村领导干部包村增收活动",
    "建立驻村工作队制度",
    "完善政策支持体系",
    "抓好大企业大项目对接合作",
    "建立百企千村产业扶贫开发工程精准管理系统",
    "落实考核激励机制",
    "结合城镇化建设创新搬迁模式",
    "加大后续产业开发支持力度",
    "多措并举减轻搬迁群众负担",
    "扎实抓好千村万人就业培训行动计划",
    "加大科技扶贫工作力度",
    "启动实施人居环境治理“四个工程”",
    "扎实抓好贫困村危房改造工作",
    "扎实抓好村级道路畅通工作",
    "扎实抓好贫困村饮水安全工作",
    "扎实抓好贫困村用电保障工作",
    "扎实抓好教育扶贫工作",
    "扎实抓好卫生和计划生育工作",
    "扎实抓好文化建设工作",
    "扎实抓好贫困村信息化工作",
    "加强组织领导",
    "落实部门责任",
    "强化基层组织建设",
    "加强各级扶贫机构和队伍建设",
)


@dataclass(frozen=True, slots=True)
class Article:
    """One article: its number and its title, which is its first sentence."""

    number: int
    title: str

    @property
    def mark(self) -> str:
        """Return the number as it is cited: `§28`."""
        return f"§{self.number}"


ARTICLES: Final = MappingProxyType(
    {number: Article(number, title) for number, title in enumerate(_TITLES, start=1)}
)
"""Articles by number."""


def article(mark: str) -> Article:
    """Return the article cited as `§28`; raise KeyError where there is none."""
    if not mark.startswith("§") or not mark[1:].isdecimal():
        raise KeyError(mark)
    return ARTICLES[int(mark[1:])]


@cache
def article_texts() -> MappingProxyType[int, str]:
    """Return the wording of each article, as the document has it, by number."""
    parts = re.split(r"^(\d+)、", OPINIONS_2014.text(), flags=re.MULTILINE)
    numbered = zip(parts[1::2], parts[2::2], strict=True)
    return MappingProxyType({int(number): _first_paragraph(wording) for number, wording in numbered})


def _first_paragraph(wording: str) -> str:
    return wording.strip().split("\n", 1)[0].strip()
