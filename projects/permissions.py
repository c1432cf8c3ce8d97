"""Which role may do what with projects (procedures §10, funds.md F-06): who enters never reviews, who reviews never approves."""

from collections.abc import Mapping
from typing import Final

from fupin.accounts.roles import Role

_COUNTY: Final = frozenset({Role.COUNTY_ENTRY, Role.COUNTY_REVIEW, Role.COUNTY_APPROVE})
_LOCAL: Final = frozenset({Role.VILLAGE, Role.TEAM, Role.TOWNSHIP, Role.LEADER})
_ABOVE: Final = frozenset({Role.CITY, Role.PROVINCE})

PERMISSIONS: Mapping[str, frozenset[Role]] = {
    "projects.view_project": _LOCAL | _COUNTY | _ABOVE | {Role.LEADING_GROUP, Role.FINANCE, Role.AUDITOR},
    "projects.enter_project": frozenset({Role.COUNTY_ENTRY}),
    "projects.change_beneficiaries": frozenset({Role.COUNTY_ENTRY, Role.TOWNSHIP}),
    "projects.add_file": _COUNTY | {Role.TOWNSHIP, Role.PROVINCE},
    "projects.take_step": _COUNTY | {Role.TOWNSHIP, Role.PROVINCE, Role.FINANCE},
    "projects.check_project": _ABOVE,
    "projects.mend_finding": frozenset({Role.COUNTY_ENTRY, Role.COUNTY_REVIEW}),
    "projects.draw_up_notice": frozenset({Role.COUNTY_ENTRY}),
}

ACTIONS: Mapping[str, str] = {
    "projects.view_project": "查看项目",
    "projects.enter_project": "录入项目",
    "projects.change_project": "修改项目",
    "projects.change_beneficiaries": "登记项目受益户",
    "projects.add_households": "增加项目受益户",
    "projects.remove_household": "移除项目受益户",
    "projects.add_village": "增加项目村",
    "projects.remove_village": "移除项目村",
    "projects.add_file": "上传项目材料",
    "projects.withdraw_file": "撤下项目材料",
    "projects.take_step": "办理项目环节",
    "projects.check_project": "登记项目抽查",
    "projects.close_finding": "项目抽查问题销号",
    "projects.mend_finding": "登记项目整改",
    "projects.draw_up_notice": "拟项目公示稿",
}
