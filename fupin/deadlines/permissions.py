"""Who may look at clocks: those who do the work and those who watch it; which kinds, each kind says by a permission of its own."""

from collections.abc import Mapping

from fupin.accounts.roles import BUSINESS, Role

PERMISSIONS: Mapping[str, frozenset[Role]] = {
    "deadlines.view": BUSINESS - {Role.ENTERPRISE},
    "deadlines.be_reminded": BUSINESS,
}

ACTIONS: Mapping[str, str] = {
    "deadlines.acknowledge": "知悉提醒",
    "deadlines.renew_calendar": "换日历地址",
    "deadlines.close_calendar": "停用日历地址",
}
