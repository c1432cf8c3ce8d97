"""The log of what left the system as a file, and the second person's word on those that hold many people."""

from datetime import datetime
from typing import ClassVar, Final

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from fupin.accounts.scoped import DivisionKey, ScopedQuerySet

MOST_UNAPPROVED: Final = 500
"""A file about more people than these needs a second person's approval (GB/T 35273 7.1)."""


class ApprovalStatus(models.TextChoices):
    """Where an asking for approval stands."""

    WAITING = "WAITING", "待审批"
    APPROVED = "APPROVED", "已批准"
    REFUSED = "REFUSED", "已退回"


class ExportApproval(models.Model):
    """导出审批: who wants to take out more than 500 people, what for, and the other person who answers for it.

    ``asked`` are the arguments of the export, so that what is approved is what is made. Written once; the database sets the days,
    sees that the second person is another one with a post there, and refuses the log row of a file without it (migration
    `approvals`).
    """

    division = DivisionKey(verbose_name="范围")
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name="申请人"
    )
    post = models.ForeignKey("accounts.Post", models.RESTRICT, related_name="+", verbose_name="岗位")
    kind = models.CharField("内容", max_length=40)
    title = models.CharField("标题", max_length=120)
    asked = models.JSONField("导出参数", default=dict)
    filters = models.JSONField("筛选", default=dict)
    persons = models.PositiveIntegerField("涉及人数")
    reason = models.CharField("用途", max_length=500)
    asked_at = models.DateTimeField("申请时间", auto_now_add=True)
    expires_at = models.DateTimeField("有效期至", null=True)
    status = models.CharField(
        "状态", max_length=8, choices=ApprovalStatus.choices, default=ApprovalStatus.WAITING
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, null=True, related_name="+", verbose_name="审批人"
    )
    decided_at = models.DateTimeField("审批时间", null=True)
    note = models.CharField("审批意见", max_length=500, blank=True)

    objects = ScopedQuerySet["ExportApproval"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "导出审批"
        indexes = [
            models.Index(name="exportapproval_waiting", fields=["division"], condition=Q(status="WAITING")),
            models.Index(name="exportapproval_mine", fields=["requested_by", "-asked_at"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="exportapproval_by_another",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("requested_by")),
                violation_error_message="申请人与审批人不能是同一人",
            ),
            models.CheckConstraint(
                name="exportapproval_decided_iff_not_waiting",
                condition=Q(status=ApprovalStatus.WAITING, decided_by__isnull=True, decided_at__isnull=True)
                | (~Q(status=ApprovalStatus.WAITING) & Q(decided_by__isnull=False, decided_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="exportapproval_has_a_reason",
                condition=~Q(reason="") & (~Q(status=ApprovalStatus.REFUSED) | ~Q(note="")),
                violation_error_message="申请须写明用途，退回须写明意见",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.get_status_display()}"

    @property
    def made(self) -> "ExportLog | None":
        """The file that was made on it."""
        found: ExportLog | None = getattr(self, "log", None)
        return found

    def is_expired(self, now: datetime) -> bool:
        """Tell whether nothing can be decided or made on it any more."""
        return self.expires_at is not None and now >= self.expires_at

    def covers(self, persons: int, now: datetime) -> bool:
        """Tell whether a file about so many people may be made on it."""
        return self.status == ApprovalStatus.APPROVED and not self.is_expired(now) and persons <= self.persons


class ExportLog(models.Model):
    """导出记录: who took what out, when, by which filter, how many rows, and the digests that prove a file."""

    serial = models.CharField("编号", max_length=24, unique=True)
    at = models.DateTimeField("时间", auto_now_add=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name="导出人"
    )
    post = models.ForeignKey(
        "accounts.Post", models.RESTRICT, null=True, related_name="+", verbose_name="岗位"
    )
    kind = models.CharField("内容", max_length=40)
    title = models.CharField("标题", max_length=120)
    format = models.CharField("格式", max_length=5)
    division = models.BigIntegerField("范围")
    filters = models.JSONField("筛选", default=dict)
    as_of = models.DateTimeField("数据截至")
    rows = models.PositiveIntegerField("行数")
    persons = models.PositiveIntegerField("涉及人数", default=0)
    sums = models.JSONField("合计", default=dict)
    rows_sha256 = models.CharField("数据行 SHA-256", max_length=64)
    file_sha256 = models.CharField("文件 SHA-256", max_length=64)
    file_size = models.PositiveBigIntegerField("字节数")
    approval = models.OneToOneField(
        ExportApproval, models.RESTRICT, null=True, related_name="log", verbose_name="导出审批"
    )
    job = models.ForeignKey("jobs.Job", models.RESTRICT, null=True, related_name="+", verbose_name="后台任务")
    is_sealed: ClassVar[bool] = True

    class Meta:
        verbose_name = verbose_name_plural = "导出记录"
        indexes = [models.Index(name="exportlog_user_at", fields=["user", "-at"])]

    def __str__(self) -> str:
        return self.serial
