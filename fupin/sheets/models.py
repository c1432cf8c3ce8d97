"""The log of what left the system as a file."""

from django.conf import settings
from django.db import models


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
    job = models.ForeignKey("jobs.Job", models.RESTRICT, null=True, related_name="+", verbose_name="后台任务")

    class Meta:
        verbose_name = verbose_name_plural = "导出记录"
        indexes = [models.Index(name="exportlog_user_at", fields=["user", "-at"])]

    def __str__(self) -> str:
        return self.serial
