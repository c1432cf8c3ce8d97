"""What was posted: public, and never changed but by being taken down."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from fupin.accounts.scoped import DivisionKey, ScopedQuerySet
from fupin.notices.models.draft import NoticeDraft, NoticeText
from fupin.notices.rules import ReasonGroup


class NoticeQuerySet(ScopedQuerySet["Notice"]):
    """Posted notices by where and when they stand."""

    def standing_on(self, day: date) -> Self:
        """Keep those that can be read at their place on ``day`` and whose period has not ended."""
        return self.filter(posted_on__lte=day, last_on__gte=day, taken_down_on__isnull=True)

    def over_on(self, day: date) -> Self:
        """Keep those whose period had ended before ``day``."""
        return self.filter(last_on__lt=day)

    def of_subject(self, subject_key: str) -> Self:
        """Keep those with a row for something of an app's."""
        return self.filter(lines__subject_key=subject_key)


class Notice(NoticeText):
    """公示或公告: a row of its own, which everybody may read and only the offices of its division may write."""

    draft = models.OneToOneField(NoticeDraft, models.RESTRICT, related_name="notice", verbose_name="公示稿")
    first_on = models.DateField("起")
    last_on = models.DateField("止")
    passes_on = models.DateField("可进入下一步之日")
    line_count = models.PositiveIntegerField("行数")
    persons = models.PositiveIntegerField("人数", null=True)
    amount = models.DecimalField("金额", max_digits=16, decimal_places=2, null=True)
    place = models.CharField("张贴地点", max_length=60)
    check_code = models.CharField("校验码", max_length=12, unique=True)
    posted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name="张贴人"
    )
    posted_at = models.DateTimeField("登记时间", auto_now_add=True)
    taken_down_on = models.DateField("撤下日期", null=True, blank=True)
    taken_down_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, null=True, related_name="+", verbose_name="撤下人"
    )
    taken_down_because = models.CharField("撤下原因", max_length=200, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "公示"
        indexes = [
            models.Index(name="notice_division_last", fields=["division", "last_on"]),
            models.Index(name="notice_last", fields=["last_on", "id"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="notice_taken_down_by_somebody",
                condition=Q(taken_down_on__isnull=True, taken_down_by__isnull=True, taken_down_because="")
                | (Q(taken_down_on__isnull=False, taken_down_by__isnull=False) & ~Q(taken_down_because="")),
                violation_error_message="撤下公示要有日期、经办人和原因",
            ),
            models.CheckConstraint(
                name="notice_taken_down_after_posting",
                condition=Q(taken_down_on__isnull=True) | Q(taken_down_on__gte=F("posted_on")),
                violation_error_message="撤下日期不能早于张贴日期",
            ),
            models.CheckConstraint(
                name="notice_has_rows",
                condition=Q(line_count__gte=1),
                violation_error_message="公示名单是空的",
            ),
        ]

    def ended_early(self) -> bool:
        """Tell whether it was taken down before its days were over: then it counts for nothing."""
        return self.taken_down_on is not None and self.taken_down_on <= self.last_on


class NoticeLine(models.Model):
    """公示名单的一行: only columns of the whitelist (security.md row 26)."""

    notice = models.ForeignKey(Notice, models.RESTRICT, related_name="lines", verbose_name="公示")
    division = DivisionKey(db_constraint=False, verbose_name="公示地")
    position = models.PositiveIntegerField("序号")
    subject_key = models.CharField("所指", max_length=60, blank=True, help_text="由业务应用识别，不公开")
    name = models.CharField("户主", max_length=40)
    village = models.CharField("村", max_length=60, blank=True)
    natural_village = models.CharField("自然村", max_length=30, blank=True)
    persons = models.PositiveIntegerField("人口", null=True)
    kind = models.CharField("属性", max_length=20, blank=True)
    reason = models.CharField("主要原因", max_length=12, choices=ReasonGroup.choices, blank=True)
    amount = models.DecimalField("金额", max_digits=14, decimal_places=2, null=True)

    objects = ScopedQuerySet["NoticeLine"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "公示名单"
        indexes = [models.Index(name="noticeline_subject", fields=["subject_key"])]
        constraints = [
            models.UniqueConstraint(name="noticeline_position", fields=["notice", "position"]),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.name}"


class NoticePhoto(models.Model):
    """张贴照片: shows the sheet at its place, dated. Public like the notice; without the camera's hidden data."""

    notice = models.ForeignKey(Notice, models.RESTRICT, related_name="photos", verbose_name="公示")
    division = DivisionKey(db_constraint=False, verbose_name="公示地")
    taken_on = models.DateField("拍摄日期")
    file = models.FileField("照片", upload_to="notices/%Y/%m/", max_length=200)
    content_type = models.CharField("类型", max_length=20)
    size = models.PositiveIntegerField("字节数")
    sha256 = models.CharField("SHA-256", max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name="上传人"
    )
    uploaded_at = models.DateTimeField("上传时间", auto_now_add=True)

    objects = ScopedQuerySet["NoticePhoto"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "张贴照片"
        indexes = [models.Index(name="noticephoto_notice", fields=["notice"])]

    def __str__(self) -> str:
        return f"{self.taken_on} 张贴照片"
