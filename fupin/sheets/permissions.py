"""Who may see the log of exports and who answers for large ones; who may export is for each app to say (`sheets.export`)."""

from collections.abc import Mapping
from typing import Final

from fupin.accounts.roles import Role

APPROVERS: Final = frozenset({Role.COUNTY_APPROVE, Role.CITY, Role.PROVINCE})
"""The second person for a file about many people, at the exported division or above it."""

PERMISSIONS: Mapping[str, frozenset[Role]] = {
    "sheets.approve_export": APPROVERS,
    "sheets.view_log": frozenset(
        {
            Role.TOWNSHIP,
            Role.COUNTY_ENTRY,
            Role.COUNTY_REVIEW,
            Role.COUNTY_APPROVE,
            Role.CITY,
            Role.PROVINCE,
            Role.CIVIL_AFFAIRS,
            Role.FINANCE,
            Role.AUDITOR,
            Role.LOG_ADMIN,
        }
    ),
}
"""One's own exports; the log administrator sees everybody's, and opens none."""

ACTIONS: Mapping[str, str] = {
    "sheets.ask_for_export": "要求导出",
    "sheets.ask_for_approval": "申请导出审批",
    "sheets.decide_approval": "审批导出",
    "sheets.start_approved": "按审批导出",
    "sheets.download": "下载导出文件",
    "sheets.export": "导出",
    "sheets.view_log": "查看导出记录",
}
