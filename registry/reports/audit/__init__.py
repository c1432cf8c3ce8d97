"""The auditor's ready-made questions (National Audit Office 2017 no. 6), each defined in one place, and what samples came to."""

from registry.reports.audit import exits, helped, matched, targets
from registry.reports.audit.questions import QUESTIONS, Asked, Question

__all__ = ["QUESTIONS", "Asked", "Question", "exits", "helped", "matched", "targets"]
