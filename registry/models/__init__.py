"""Tables of the register."""

from registry.models.announced import AnnouncedApproval, AnnouncedList, HouseholdOrigin
from registry.models.attachment import Attachment, AttachmentKind
from registry.models.case import Case, CaseStep
from registry.models.correction import CorrectionSlip, SlipStatus, YearClose
from registry.models.draft import FormDraft
from registry.models.duplicate import DuplicateFinding, DuplicateTicket
from registry.models.help import (
    AssistEffect,
    AssistMeasure,
    AssistPair,
    AssistPerson,
    AssistPlan,
    CoverageStage,
    LeaderVillage,
    LinkActivity,
    MeasureDelivery,
    MeasureRecipient,
    Organ,
    RosterEntry,
    TeamLeader,
    TeamPosting,
    ThreeInOneLink,
    VillageStay,
    Visit,
    WorkLog,
    WorkTeam,
)
from registry.models.household import LIVE, Household
from registry.models.household_year import HouseholdYear
from registry.models.labourer import Certificate, LabourerYear, Training
from registry.models.lineage import HouseholdLink, LinkKind
from registry.models.matching import MatchHit, OutsideList, OutsideRow
from registry.models.member import Member, MemberYear
from registry.models.moving import MoveStatus, MovingProposal
from registry.models.natural_village import NaturalVillage
from registry.models.paper import CasePaper
from registry.models.printed import PrintedSheet
from registry.models.register_entry import EntryWhy, RegisterEntry
from registry.models.reidentification import (
    ReidentificationCounty,
    ReidentificationFinding,
    ReidentificationRun,
)
from registry.models.relocation import Relocation
from registry.models.rounds import Quota, Round, RoundKind
from registry.models.sampling import Sample, SampledHousehold, SampleFinding
from registry.models.standing import HouseholdStanding
from registry.models.transfers import TransferLine, TransferSlip
from registry.models.transition import AllowedStep, MergerEnd, ProcedureFigure
from registry.models.village import Village, VillageOnFile, VillageYear

__all__ = [
    "LIVE",
    "AllowedStep",
    "AnnouncedApproval",
    "AnnouncedList",
    "AssistEffect",
    "AssistMeasure",
    "AssistPair",
    "AssistPerson",
    "AssistPlan",
    "Attachment",
    "AttachmentKind",
    "Case",
    "CasePaper",
    "CaseStep",
    "Certificate",
    "CorrectionSlip",
    "CoverageStage",
    "DuplicateFinding",
    "DuplicateTicket",
    "EntryWhy",
    "FormDraft",
    "Household",
    "HouseholdLink",
    "HouseholdOrigin",
    "HouseholdStanding",
    "HouseholdYear",
    "LabourerYear",
    "LeaderVillage",
    "LinkActivity",
    "LinkKind",
    "MatchHit",
    "MeasureDelivery",
    "MeasureRecipient",
    "Member",
    "MemberYear",
    "MergerEnd",
    "MoveStatus",
    "MovingProposal",
    "NaturalVillage",
    "Organ",
    "OutsideList",
    "OutsideRow",
    "PrintedSheet",
    "ProcedureFigure",
    "Quota",
    "RegisterEntry",
    "ReidentificationCounty",
    "ReidentificationFinding",
    "ReidentificationRun",
    "Relocation",
    "RosterEntry",
    "Round",
    "RoundKind",
    "Sample",
    "SampleFinding",
    "SampledHousehold",
    "SlipStatus",
    "TeamLeader",
    "TeamPosting",
    "ThreeInOneLink",
    "Training",
    "TransferLine",
    "TransferSlip",
    "Village",
    "VillageOnFile",
    "VillageStay",
    "VillageYear",
    "Visit",
    "WorkLog",
    "WorkTeam",
    "YearClose",
]
