"""A notice before it is posted: seen by the offices of its division only."""

from typing import Any

from django.conf import settings
from django.db import models

from fupin.accounts.scoped import DivisionKey, ScopedQuerySet
from fupin.notices.kinds import Group
from fupin.notices.rules import Period, period


class NoticeText(models.Model):
    """What draft and posted notice have in common: all that is on the sheet but the rows."""

    number = models.CharField("编号", max_length=10, unique=True)
    kind = models.CharField("种类", max_length=30)
    kind_title = models.CharField("种类名称", max_length=30)
    group = models.CharField("类别", max_length=20, choices=Group.choices)
    division = DivisionKey(verbose_name="公示地")
    year = models.PositiveSmallIntegerField("年度")
    title = models.CharField("标题", max_length=120)
    doc_no = models.CharField("文号", max_length=60, blank=True)
    issuer = models.CharField("落款单位", max_length=60)
    contact_office = models.CharField("异议受理单位", max_length=60)
    contact_phone = models.CharField(
        "异议受理电话", max_length=13, blank=True, help_text="单位座机，不能是手机"
    )
    text = models.TextField("正文")
    headings = models.JSONField("栏目")
    unit = models.CharField("单位", max_length=4, default="户", help_text="一行算一户、一人、一村还是一项")
    posted_on = models.DateField("张贴日期")
    days = models.PositiveSmallIntegerField("天数")
    objectable = models.BooleanField("可提异议")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title

    @property
    def period(self) -> Period:
        """The days on which it stands."""
        return period(self.posted_on, self.days)


class DraftStatus(models.TextChoices):
    """What became of a draft."""

    DRAFT = "DRAFT", "待张贴"
    POSTED = "POSTED", "已张贴"
    DISCARDED = "DISCARDED", "已作废"


class NoticeDraft(NoticeText):
    """公示稿: drawn up from data, printed, and posted once; its rows are what the whitelist lets through."""

    rows: Any = models.JSONField("名单")
    status = models.CharField("状态", max_length=10, choices=DraftStatus.choices, default=DraftStatus.DRAFT)
    drawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name="拟稿人"
    )
    drawn_at = models.DateTimeField("拟稿时间", auto_now_add=True)

    objects = ScopedQuerySet["NoticeDraft"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "公示稿"
        indexes = [models.Index(name="noticedraft_division", fields=["division", "status"])]
        constraints = [
            models.CheckConstraint(
                name="noticedraft_days",
                condition=models.Q(days__gte=1),
                violation_error_message="公示至少一天",
            ),
        ]
