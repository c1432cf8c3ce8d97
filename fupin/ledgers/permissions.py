"""Who may look into the books; who may enter is said by the app whose business it is."""

from collections.abc import Mapping

from fupin.accounts.roles import Role

PERMISSIONS: Mapping[str, frozenset[Role]] = {
    "ledgers.view_account": frozenset(
        {
            Role.COUNTY_ENTRY,
            Role.COUNTY_REVIEW,
            Role.COUNTY_APPROVE,
            Role.CITY,
            Role.PROVINCE,
            Role.FINANCE,
            Role.AUDITOR,
        }
    ),
}

ACTIONS: Mapping[str, str] = {"ledgers.view_account": "查账"}
