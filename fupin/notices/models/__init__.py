"""Drafts, what was posted, and what was objected to it."""

from fupin.notices.models.draft import DraftStatus, NoticeDraft
from fupin.notices.models.notice import Notice, NoticeLine, NoticePhoto, NoticeQuerySet
from fupin.notices.models.objection import Channel, Objection, ObjectionStatus

__all__ = [
    "Channel",
    "DraftStatus",
    "Notice",
    "NoticeDraft",
    "NoticeLine",
    "NoticePhoto",
    "NoticeQuerySet",
    "Objection",
    "ObjectionStatus",
]
