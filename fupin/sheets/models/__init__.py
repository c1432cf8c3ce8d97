"""What left the system as a file, and what came in as one."""

from fupin.sheets.models.exports import MOST_UNAPPROVED, ApprovalStatus, ExportApproval, ExportLog
from fupin.sheets.models.imports import ImportBatch, ImportStatus, StagedUnit, Verdict

__all__ = [
    "MOST_UNAPPROVED",
    "ApprovalStatus",
    "ExportApproval",
    "ExportLog",
    "ImportBatch",
    "ImportStatus",
    "StagedUnit",
    "Verdict",
]
