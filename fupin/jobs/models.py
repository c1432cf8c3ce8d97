"""A job: asked for by a person, carried out by whichever worker holds its lease."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class JobStatus(models.TextChoices):
    """Where a job stands."""

    QUEUED = "QUEUED", "排队中"
    RUNNING = "RUNNING", "进行中"
    DONE = "DONE", "已完成"
    FAILED = "FAILED", "未完成"
    CANCELLED = "CANCELLED", "已取消"


class Job(models.Model):
    """后台任务. The row is written with the request that asks for the work, so it can't be lost between the database and the queue.

    A worker takes a lease and renews it; a sweeper hands out again what was queued but never delivered or whose lease ran out.
    ``key`` makes the same request once: a second job with the same open key is refused by the database.
    """

    id = models.UUIDField(primary_key=True)
    kind = models.CharField("种类", max_length=40)
    title = models.CharField("标题", max_length=120)
    arguments = models.JSONField("参数", default=dict)
    key = models.CharField("唯一键", max_length=120)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, related_name="jobs", verbose_name="发起人"
    )
    post = models.ForeignKey("accounts.Post", models.RESTRICT, related_name="+", verbose_name="岗位")
    status = models.CharField("状态", max_length=9, choices=JobStatus.choices, default=JobStatus.QUEUED)
    done = models.PositiveBigIntegerField("已处理", default=0)
    total = models.PositiveBigIntegerField("总数", null=True)
    message = models.CharField("说明", max_length=500, blank=True)
    result = models.JSONField("结果", default=dict)
    attempts = models.PositiveSmallIntegerField("次数", default=0)
    lease = models.UUIDField("租约", null=True)
    lease_until = models.DateTimeField("租约至", null=True)
    cancel_requested_at = models.DateTimeField("要求取消", null=True)
    queued_at = models.DateTimeField("提出时间", auto_now_add=True)
    started_at = models.DateTimeField("开始时间", null=True)
    finished_at = models.DateTimeField("结束时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "后台任务"
        indexes = [
            models.Index(name="job_open", fields=["status", "lease_until"]),
            models.Index(name="job_mine", fields=["requested_by", "-queued_at"]),
        ]
        constraints = [
            models.UniqueConstraint(
                name="job_once_while_open",
                fields=["key"],
                condition=Q(status__in=["QUEUED", "RUNNING"]),
                violation_error_message="同样的任务正在进行",
            ),
            models.CheckConstraint(
                name="job_finished_iff_ended",
                condition=Q(status__in=["QUEUED", "RUNNING"], finished_at__isnull=True)
                | Q(status__in=["DONE", "FAILED", "CANCELLED"], finished_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title
