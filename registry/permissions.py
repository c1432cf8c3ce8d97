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

_ACTORS: Final = frozenset(
    {
        Role.VILLAGE,
        Role.TEAM,
        Role.TOWNSHIP,
        Role.COUNTY_REVIEW,
        Role.COUNTY_APPROVE,
        Role.LEADING_GROUP,
        Role.CITY,
        Role.PROVINCE,
    }
)
"""Whoever takes some step of some case; which, says `registry.rules.transitions`."""

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
    "registry.view_case": _VIEWERS,
    "registry.open_case": frozenset({Role.VILLAGE, Role.TOWNSHIP, Role.COUNTY_APPROVE}),
    "registry.take_step": _ACTORS,
    "registry.open_round": frozenset({Role.PROVINCE}),
    "registry.set_quota": frozenset({Role.PROVINCE, Role.CITY, Role.COUNTY_APPROVE, Role.TOWNSHIP}),
    "registry.view_help": _VIEWERS,
    "registry.change_help": _ENTRY,
    "registry.assign_help": _OFFICES | {Role.CITY, Role.PROVINCE},
    "registry.stop_help": _OFFICES,
    "registry.assign_leader": frozenset({Role.COUNTY_ENTRY, Role.CITY, Role.PROVINCE}),
    "registry.approve_leader_change": frozenset({Role.COUNTY_APPROVE, Role.CITY, Role.PROVINCE}),
    "registry.link_counties": frozenset({Role.PROVINCE}),
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
    "registry.view_case": "查看识别档案",
    "case.open": "立档",
    "case.step": "办理识别、退出步骤",
    "case.batch": "成批办理步骤",
    "round.open": "发起识别轮次",
    "quota.set": "下达规模",
    "quota.change": "调整规模",
    "registry.view_help": "查看帮扶",
    "registry.change_help": "登记帮扶",
    "registry.assign_help": "安排帮扶力量",
    "registry.stop_help": "停止享受",
    "registry.assign_leader": "安排领导包村",
    "registry.approve_leader_change": "批准调整包扶村",
    "registry.link_counties": "登记“三合一”联系",
    "help.pair": "结对",
    "help.end_pair": "结束结对",
    "help.visit": "登记走访",
    "help.plan": "制定帮扶计划",
    "help.withdraw_plan": "撤销帮扶计划",
    "help.measure": "登记帮扶措施",
    "help.withdraw_measure": "作废帮扶措施",
    "help.recipient": "增加受益户",
    "help.deliver": "登记到户",
    "help.effect": "登记帮扶成效",
    "help.confirm_effect": "农户确认成效",
    "help.stop": "停止享受",
    "help.organ": "登记单位",
    "help.person": "登记帮扶责任人",
    "help.team": "组建工作队",
    "help.post_team": "工作队进驻",
    "help.leader": "更换队长",
    "help.enrol": "列入名册",
    "help.leave_roster": "离任",
    "help.log": "登记工作日志",
    "help.stay": "登记住村",
    "help.take_village": "领导包村",
    "help.propose_adjustment": "提出调整包扶村",
    "help.approve_adjustment": "批准调整包扶村",
    "help.link": "登记“三合一”联系",
    "help.activity": "登记联系活动",
    "help.problem": "办理联系问题",
    "help.coverage": "登记分期分批计划",
}
"""Acts in words, by the name under which the log keeps them."""
