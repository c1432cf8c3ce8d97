"""Code lists CL01–CL27 of the data standard, and those of the labourer card.

A stored value is the official code, its label the official Chinese name. Lists that the standard gives
without codes (village tags, disasters, directions) are numbered here in its own order; 99 is 其他.
"""

from registry.codes.help import (
    HelperEducation,
    MeasureKind,
    UnitAffiliation,
)
from registry.codes.household import (
    DANGEROUS_LEVELS,
    Cause,
    DangerLevel,
    FuelType,
    HouseholdStatus,
    HouseStructure,
    IdentificationStandard,
    PoorType,
    RoadType,
)
from registry.codes.person import (
    LEAVING_CHANGES,
    RELATION_SEX,
    ChangeType,
    Education,
    EmploymentStatus,
    Ethnic,
    Health,
    Hukou,
    IdType,
    Labor,
    Political,
    Relation,
    Sex,
    Student,
    WorkArea,
)
from registry.codes.relocation import (
    FollowUp,
    ReclaimedTo,
    RelocationMode,
    ResettlementForm,
    ResettlementPlace,
)
from registry.codes.village import (
    DevelopmentTag,
    Disaster,
    Landform,
    VillageAttr,
    VillageStatus,
    VillageTag,
)

__all__ = [
    "DANGEROUS_LEVELS",
    "LEAVING_CHANGES",
    "RELATION_SEX",
    "Cause",
    "ChangeType",
    "DangerLevel",
    "DevelopmentTag",
    "Disaster",
    "Education",
    "EmploymentStatus",
    "Ethnic",
    "FollowUp",
    "FuelType",
    "Health",
    "HelperEducation",
    "HouseStructure",
    "HouseholdStatus",
    "Hukou",
    "IdType",
    "IdentificationStandard",
    "Labor",
    "Landform",
    "MeasureKind",
    "Political",
    "PoorType",
    "ReclaimedTo",
    "Relation",
    "RelocationMode",
    "ResettlementForm",
    "ResettlementPlace",
    "RoadType",
    "Sex",
    "Student",
    "UnitAffiliation",
    "VillageAttr",
    "VillageStatus",
    "VillageTag",
    "WorkArea",
]
