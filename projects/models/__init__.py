"""Tables of projects."""

from projects.models.beneficiary import ProjectHousehold
from projects.models.project import AllowedStep, Project, ProjectQuerySet, ProjectVillage
from projects.models.step import ProjectCheck, ProjectFile, ProjectStep

__all__ = [
    "AllowedStep",
    "Project",
    "ProjectCheck",
    "ProjectFile",
    "ProjectHousehold",
    "ProjectQuerySet",
    "ProjectStep",
    "ProjectVillage",
]
