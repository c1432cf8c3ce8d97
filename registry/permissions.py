"""Which role may do what on the register (procedures.md §10)."""

from collections.abc import Mapping
from typing import Final

from fupin.accounts.roles import Role

_VIEWERS: Final = frozenset(
    {
        Role.VILLAGE,
        Role.TEAM,
        Role.TOWNSHIP,
        Role.COUNTY_ENTRY,
        Role.COUNTY_REVIEW,
        Role.COUNTY_APPROVE,
        Role.LEADING_GROUP,
        Role.CITY,
        Role.PROVINCE,
        Role.CIVIL_AFFAIRS,
        Role.LEADER,
        Role.AUDITOR,
    }
)
_ENTRY: Final = frozenset({Role.VILLAGE, Role.TEAM, Role.TOWNSHIP, Role.COUNTY_ENTRY})
_OFFICES: Final = frozenset({Role.TOWNSHIP, Role.COUNTY_ENTRY})
_COUNTY: Final = frozenset({Role.COUNTY_ENTRY, Role.COUNTY_REVIEW, Role.COUNTY_APPROVE})

PERMISSIONS: Mapping[str, frozenset[Role]] = {
    "registry.view_household": _VIEWERS,
    "registry.view_village": _VIEWERS,
    "registry.view_labourer": _VIEWERS,
    "registry.enter_household": _ENTRY,
    "registry.change_household": _ENTRY,
    "registry.change_village": _ENTRY,
    "registry.change_labourer": _ENTRY,
    "registry.split_household": _OFFICES,
    "registry.correct_card": _OFFICES,
    "registry.approve_correction": frozenset({Role.COUNTY_REVIEW}),
    "registry.reveal": frozenset(
        {Role.TOWNSHIP, Role.COUNTY_REVIEW, Role.COUNTY_APPROVE, Role.CITY, Role.PROVINCE, Role.AUDITOR}
    ),
    "registry.print_card": _VIEWERS - {Role.LEADER},
    "registry.close_year": frozenset({Role.PROVINCE}),
    "sheets.export": frozenset({Role.TOWNSHIP, Role.CITY, Role.PROVINCE, Role.AUDITOR}) | _COUNTY,
}

ACTIONS: Mapping[str, str] = {
    "household.enter": "新建户卡",
    "household.change": "修改户卡",
    "household.lookup": "查证件号码",
    "household.print": "打印户卡",
    "registry.search": "查找",
    "draft.discard": "丢弃草稿",
    "village.change": "修改村表",
    "village.grid": "成批修改村内各户",
    "village.add_natural_village": "增加自然村",
    "village.print": "打印村表",
    "labourer.print": "打印劳动力表",
}
"""Acts in words, by the name under which the log keeps them."""
