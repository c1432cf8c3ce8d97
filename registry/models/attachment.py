"""Files that belong to a card: photo, signed sheet, appraisal, proofs."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q

from fupin.accounts.scoped import DivisionKey, ScopedQuerySet
from registry.models.household import Household


class AttachmentKind(models.TextChoices):
    """What the file shows."""

    PHOTO = "PHOTO", "户主照片"
    SIGNED_SHEET = "SIGNED_SHEET", "农户签字表"
    HOUSE_APPRAISAL = "HOUSE_APPRAISAL", "危房鉴定报告"
    NO_ID_PROOF = "NO_ID_PROOF", "无证件身份证明"
    INCOME_EVIDENCE = "INCOME_EVIDENCE", "收入证据"
    OTHER = "OTHER", "其他"


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    model_name="AttachmentEvent",
    meta={"verbose_name": "附件变更"},
)
class Attachment(models.Model):
    """附件: one stored file. Withdrawn files stay on disk and in the table, marked; nothing is overwritten."""

    division = DivisionKey(db_constraint=False, verbose_name="所在村")
    household = models.ForeignKey(Household, models.RESTRICT, related_name="attachments", verbose_name="户")
    year = models.PositiveSmallIntegerField("年度")
    kind = models.CharField("种类", max_length=20, choices=AttachmentKind.choices)
    title = models.CharField("说明", max_length=100, blank=True)
    file = models.FileField("文件", upload_to="attachments/%Y/%m/", max_length=200)
    content_type = models.CharField("类型", max_length=60)
    size = models.PositiveIntegerField("字节数")
    sha256 = models.CharField("SHA-256", max_length=64)
    dated_on = models.DateField("文件日期", null=True, blank=True, help_text="签字或拍摄日期")
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name="上传人"
    )
    uploaded_at = models.DateTimeField("上传时间", auto_now_add=True)
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)

    objects = ScopedQuerySet["Attachment"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "附件"
        indexes = [models.Index(name="attachment_household", fields=["household", "year"])]
        constraints = [
            models.CheckConstraint(
                name="attachment_not_empty", condition=Q(size__gt=0), violation_error_message="文件是空的"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.title}"
