"""The roles of procedures.md §10, the level each stands at, and which of them one person may not hold together."""

from django.db import models

from fupin.divisions.codes import Level


class Role(models.TextChoices):
    """A role; together with a division and a term it makes a post."""

    VILLAGE = "VILLAGE", "村信息员"
    TEAM = "TEAM", "驻村工作队"
    TOWNSHIP = "TOWNSHIP", "乡镇专干"
    COUNTY_ENTRY = "COUNTY_ENTRY", "县扶贫办录入"
    COUNTY_REVIEW = "COUNTY_REVIEW", "县扶贫办审核"
    COUNTY_APPROVE = "COUNTY_APPROVE", "县扶贫办审批"
    LEADING_GROUP = "LEADING_GROUP", "县领导小组"
    CITY = "CITY", "市扶贫办"
    PROVINCE = "PROVINCE", "省扶贫办"
    CIVIL_AFFAIRS = "CIVIL_AFFAIRS", "民政"
    FINANCE = "FINANCE", "财政"
    LEADER = "LEADER", "包村领导"
    AUDITOR = "AUDITOR", "审计纪检"
    ENTERPRISE = "ENTERPRISE", "企业"
    SYSTEM_ADMIN = "SYSTEM_ADMIN", "系统管理员"
    SECURITY_ADMIN = "SECURITY_ADMIN", "安全管理员"
    LOG_ADMIN = "LOG_ADMIN", "审计管理员"


ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.LOG_ADMIN})
"""They run the system and read no business data (GB/T 22239 8.1.5)."""

BUSINESS = frozenset(Role) - ADMINISTRATORS

WRITERS = BUSINESS - {Role.AUDITOR, Role.LEADER}

LEVELS: dict[Role, frozenset[Level]] = {
    Role.VILLAGE: frozenset({Level.VILLAGE}),
    Role.TEAM: frozenset({Level.VILLAGE}),
    Role.TOWNSHIP: frozenset({Level.TOWNSHIP}),
    Role.COUNTY_ENTRY: frozenset({Level.COUNTY}),
    Role.COUNTY_REVIEW: frozenset({Level.COUNTY}),
    Role.COUNTY_APPROVE: frozenset({Level.COUNTY}),
    Role.LEADING_GROUP: frozenset({Level.COUNTY}),
    Role.CITY: frozenset({Level.CITY}),
    Role.PROVINCE: frozenset({Level.PROVINCE}),
    Role.CIVIL_AFFAIRS: frozenset({Level.COUNTY, Level.CITY, Level.PROVINCE}),
    Role.FINANCE: frozenset({Level.COUNTY, Level.CITY, Level.PROVINCE}),
    Role.LEADER: frozenset({Level.VILLAGE}),
    Role.AUDITOR: frozenset({Level.COUNTY, Level.CITY, Level.PROVINCE}),
    Role.ENTERPRISE: frozenset({Level.COUNTY, Level.CITY, Level.PROVINCE}),
    Role.SYSTEM_ADMIN: frozenset({Level.PROVINCE}),
    Role.SECURITY_ADMIN: frozenset({Level.PROVINCE}),
    Role.LOG_ADMIN: frozenset({Level.PROVINCE}),
}
"""At which level of division a post of the role may stand."""


def _pairs() -> frozenset[frozenset[Role]]:
    """Every pair of roles that one person may not hold at the same time within overlapping divisions (security.md §3)."""
    pairs = {
        frozenset({Role.COUNTY_ENTRY, Role.COUNTY_REVIEW}),
        frozenset({Role.COUNTY_ENTRY, Role.COUNTY_APPROVE}),
        frozenset({Role.COUNTY_REVIEW, Role.COUNTY_APPROVE}),
        frozenset({Role.COUNTY_APPROVE, Role.FINANCE}),
        frozenset({Role.SECURITY_ADMIN, Role.LOG_ADMIN}),
        frozenset({Role.SYSTEM_ADMIN, Role.LOG_ADMIN}),
        frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN}),
    }
    pairs |= {frozenset({administrator, role}) for administrator in ADMINISTRATORS for role in BUSINESS}
    pairs |= {frozenset({Role.AUDITOR, role}) for role in WRITERS}
    return frozenset(pairs)


INCOMPATIBLE = _pairs()
