"""What every rule number means, whichever table its check belongs to: for pages that explain a finding."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from registry.rules.checks import RULES

_OF_LEAVING: Final = {"R-93": "退出时收入未超线，或住房、饮水、教育、医疗未解决"}

_OF_VILLAGES: Final = {
    "R-94": "退出村到乡镇未通硬化路、垃圾堆放点为空",
    "F-11": "危房户数少于户卡",
    "F-12": "贫困村未填工作队、包村领导或第一书记",
}

TITLES: Final[Mapping[str, str]] = MappingProxyType(
    {**{number: rule.title for number, rule in RULES.items()}, **_OF_LEAVING, **_OF_VILLAGES}
)
"""Titles by rule number: the card's rules, those of leaving, then those of the village's table."""


def title_of(number: str) -> str:
    """Return what the rule asks, empty where no check bears the number."""
    return TITLES.get(number, "")
