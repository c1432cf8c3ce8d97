"""Which role may do what with money (security.md §3): who drafts never approves, who approves never pays."""

from collections.abc import Mapping
from typing import Final

from fupin.accounts.roles import Role

_COUNTY: Final = frozenset({Role.COUNTY_ENTRY, Role.COUNTY_REVIEW, Role.COUNTY_APPROVE})
_OFFICES: Final = _COUNTY | {Role.CITY, Role.PROVINCE, Role.FINANCE, Role.AUDITOR}
"""Whoever follows money by his office; what of it lies in his division."""

PERMISSIONS: Mapping[str, frozenset[Role]] = {
    "funds.view_money": _OFFICES | {Role.TOWNSHIP, Role.LEADING_GROUP},
    "funds.view_statement": _OFFICES
    | {Role.VILLAGE, Role.TEAM, Role.LEADER, Role.TOWNSHIP, Role.LEADING_GROUP},
    # documents, budgets, allotment: the province; a second person of the province approves
    "funds.register_appropriation": frozenset({Role.PROVINCE}),
    "funds.approve_appropriation": frozenset({Role.PROVINCE, Role.FINANCE}),
    "funds.enter_budget": frozenset({Role.PROVINCE, Role.CITY, Role.FINANCE}),
    "funds.enter_factors": frozenset({Role.PROVINCE}),
    "funds.draft_scheme": frozenset({Role.PROVINCE}),
    "funds.approve_scheme": frozenset({Role.PROVINCE}),
    "funds.issue_allotment": frozenset({Role.PROVINCE, Role.FINANCE}),
    "funds.pass_on": frozenset({Role.CITY, Role.FINANCE}),
    "funds.receive": frozenset({Role.FINANCE}),
    # the county: entry drafts, approval approves, finance pays
    "funds.place_money": frozenset({Role.COUNTY_ENTRY}),
    "funds.approve_placement": frozenset({Role.COUNTY_APPROVE}),
    "funds.prepare_payment": frozenset({Role.COUNTY_ENTRY}),
    "funds.approve_payment": frozenset({Role.COUNTY_APPROVE}),
    "funds.pay": frozenset({Role.FINANCE}),
    "funds.accept_work": frozenset({Role.COUNTY_REVIEW, Role.COUNTY_APPROVE}),
    "funds.recognise_stranded": frozenset({Role.COUNTY_REVIEW, Role.FINANCE, Role.PROVINCE}),
    "funds.send_back": frozenset({Role.FINANCE}),
    "funds.receive_return": frozenset({Role.FINANCE, Role.PROVINCE}),
    "funds.redistribute": frozenset({Role.PROVINCE}),
    "funds.view_interest": _OFFICES,
    "funds.enter_interest": frozenset({Role.COUNTY_ENTRY}),
    "funds.approve_interest": frozenset({Role.COUNTY_APPROVE}),
    "funds.keep_pot": frozenset({Role.FINANCE}),
    "funds.view_gifts": _OFFICES,
    "funds.receive_gift": frozenset({Role.COUNTY_ENTRY, Role.PROVINCE}),
    "funds.spend_gifts": frozenset({Role.FINANCE}),
    "funds.disclose": frozenset({Role.COUNTY_ENTRY, Role.CITY, Role.PROVINCE}),
    # village funds: the village and the offices above it keep them, another person lends
    "funds.view_village_fund": _OFFICES | {Role.VILLAGE, Role.TEAM, Role.TOWNSHIP, Role.LEADING_GROUP},
    "funds.register_village_fund": frozenset({Role.TOWNSHIP, Role.COUNTY_ENTRY}),
    "funds.keep_village_fund": frozenset({Role.VILLAGE, Role.TOWNSHIP, Role.COUNTY_ENTRY}),
    "funds.lend_village_fund": frozenset({Role.TOWNSHIP, Role.COUNTY_REVIEW}),
}

ACTIONS: Mapping[str, str] = {
    "funds.register_appropriation": "登记资金文件",
    "funds.approve_appropriation": "复核资金文件",
    "funds.enter_budget": "登记预算",
    "funds.enter_factors": "登记分配因素",
    "funds.draft_scheme": "拟分配方案",
    "funds.approve_scheme": "审定分配方案",
    "funds.issue_allotment": "下达资金",
    "funds.pass_on": "转下资金",
    "funds.receive": "登记到账",
    "funds.place_money": "资金落实到项目",
    "funds.approve_placement": "批准落实",
    "funds.prepare_payment": "编制支付清单",
    "funds.approve_payment": "批准支付清单",
    "funds.pay": "支付资金",
    "funds.accept_work": "登记验收",
    "funds.recognise_stranded": "认定滞留资金",
    "funds.send_back": "归还资金",
    "funds.receive_return": "登记归还到账",
    "funds.redistribute": "调剂资金",
    "funds.view_interest": "查看贷款贴息",
    "funds.enter_interest": "登记贴息贷款和贴息单",
    "funds.approve_interest": "批准贴息单",
    "funds.keep_pot": "管理贴息资金",
    "funds.view_gifts": "查看捐赠",
    "funds.receive_gift": "登记捐赠",
    "funds.spend_gifts": "登记捐赠支出",
    "gifts.receive": "登记捐赠",
    "gifts.spend": "登记捐赠支出",
    "funds.disclose": "登记资金公示",
    "funds.refuse_placement": "退回资金落实",
    "funds.send_payment": "支付清单送银行",
    "funds.withdraw_payment": "作废支付清单",
    "funds.stop_payment": "停付",
    "funds.read_results": "读银行回盘",
    "funds.record_results": "登记支付结果",
    "funds.notify_stranded": "通知归还",
    "funds.recover": "登记追回",
    "funds.view_village_fund": "看村级互助资金",
    "funds.register_village_fund": "登记互助资金组织",
    "funds.keep_village_fund": "登记互助资金收支",
    "funds.lend_village_fund": "审批互助资金借款",
    "interest.register_loan": "登记贴息贷款",
    "interest.repaid": "登记提前还清",
    "interest.claim": "编制贴息单",
    "interest.decide": "审批贴息单",
    "interest.pay": "支付贴息",
    "interest.pot": "办理贴息资金",
}
