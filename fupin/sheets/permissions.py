"""Who may see the log of exports; who may export is for each app to say (`sheets.export`)."""

from collections.abc import Mapping

from fupin.accounts.roles import Role

PERMISSIONS: Mapping[str, frozenset[Role]] = {
    "sheets.view_log": frozenset(
        {
            Role.TOWNSHIP,
            Role.COUNTY_ENTRY,
            Role.COUNTY_REVIEW,
            Role.COUNTY_APPROVE,
            Role.CITY,
            Role.PROVINCE,
            Role.AUDITOR,
            Role.LOG_ADMIN,
        }
    ),
}
"""One's own exports; the log administrator sees everybody's, and opens none."""
