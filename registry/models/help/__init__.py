"""Tables of help: who helps whom, what was planned, done and came of it."""

from registry.models.help.leading import (
    ActivityKind,
    CoverageStage,
    LeaderVillage,
    LinkActivity,
    Progress,
    ThreeInOneLink,
)
from registry.models.help.measure import (
    AssistEffect,
    AssistMeasure,
    DeliveredBy,
    MeasureDelivery,
    MeasureRecipient,
    Stop,
)
from registry.models.help.pair import AssistPair, Visit
from registry.models.help.person import AssistPerson, Organ
from registry.models.help.plan import AssistPlan, HelpLevel
from registry.models.help.team import (
    LogKind,
    RosterEntry,
    RosterKind,
    TeamLeader,
    TeamPosting,
    VillageStay,
    WorkLog,
    WorkTeam,
)

__all__ = [
    "ActivityKind",
    "AssistEffect",
    "AssistMeasure",
    "AssistPair",
    "AssistPerson",
    "AssistPlan",
    "CoverageStage",
    "DeliveredBy",
    "HelpLevel",
    "LeaderVillage",
    "LinkActivity",
    "LogKind",
    "MeasureDelivery",
    "MeasureRecipient",
    "Organ",
    "Progress",
    "RosterEntry",
    "RosterKind",
    "Stop",
    "TeamLeader",
    "TeamPosting",
    "ThreeInOneLink",
    "VillageStay",
    "Visit",
    "WorkLog",
    "WorkTeam",
]
