"""Who draws up, posts and takes down notices, and who deals with objections (procedures §4.2, §9, §10)."""

from collections.abc import Mapping

from fupin.accounts.roles import ADMINISTRATORS, Role

_OFFICES = frozenset(
    {Role.TOWNSHIP, Role.COUNTY_ENTRY, Role.COUNTY_REVIEW, Role.COUNTY_APPROVE, Role.CITY, Role.PROVINCE}
)

PERMISSIONS: Mapping[str, frozenset[Role]] = {
    "notices.view": frozenset(Role) - ADMINISTRATORS - {Role.ENTERPRISE},
    "notices.draw_up": _OFFICES | {Role.VILLAGE},
    "notices.post": _OFFICES | {Role.VILLAGE, Role.TEAM},
    "notices.take_down": frozenset({Role.TOWNSHIP, Role.COUNTY_REVIEW, Role.CITY, Role.PROVINCE}),
    "notices.record_objection": _OFFICES | {Role.VILLAGE, Role.TEAM},
    "notices.handle_objection": frozenset({Role.TOWNSHIP, Role.COUNTY_REVIEW, Role.CITY, Role.PROVINCE}),
}
"""Objections are dealt with from the township upwards: a village committee is not judge of its own list."""

ACTIONS: Mapping[str, str] = {
    "notices.view": "看公告公示",
    "notices.draw_up": "拟公示稿",
    "notices.redate": "改公示日期",
    "notices.discard": "作废公示稿",
    "notices.post": "张贴公示",
    "notices.add_photo": "补张贴照片",
    "notices.take_down": "撤下公示",
    "notices.object": "提出异议",
    "notices.look_up": "查异议答复",
    "notices.record_objection": "登记异议",
    "notices.handle_objection": "办理异议",
    "notices.accept_objection": "受理异议",
    "notices.decline_objection": "不予受理异议",
    "notices.settle_objection": "办结异议",
    "notices.reveal_objector": "查看异议人联系方式",
}
