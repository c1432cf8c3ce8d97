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
    "registry.view_household": "查看户卡",
    "registry.view_village": "查看村表",
    "registry.view_labourer": "查看劳动力表",
    "registry.enter_household": "录入户卡",
    "registry.change_household": "修改户卡",
    "registry.reveal": "查看证件号码",
    "registry.search": "查找",
    "household.enter": "新建户卡",
    "household.change": "修改户卡",
    "household.lookup": "查证件号码",
    "household.reveal": "查看证件号码",
    "household.print": "打印户卡",
    "household.split": "分户",
    "household.merge": "并户",
    "household.move": "迁户",
    "household.undo": "撤销分户、并户、迁户",
    "correction.propose": "提出更正",
    "correction.decide": "审定更正",
    "attachment.add": "添加附件",
    "attachment.withdraw": "撤下附件",
    "draft.discard": "丢弃草稿",
    "village.change": "修改村表",
    "village.grid": "成批修改村内各户",
    "village.add_natural_village": "增加自然村",
    "village.print": "打印村表",
    "labourer.change": "修改劳动力表",
    "labourer.print": "打印劳动力表",
}
"""Acts in words, by the name under which the log keeps them."""
