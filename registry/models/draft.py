"""Form drafts: what somebody is still typing. Not a card: no number, no uniqueness, seen by its author only (contract.md)."""

from django.conf import settings
from django.db import models


class FormDraft(models.Model):
    """录入草稿: the fields of a form as typed, encrypted as a whole, since ID numbers stand in it."""

    id = models.UUIDField(primary_key=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="作者"
    )
    form = models.CharField("表单", max_length=30)
    subject = models.CharField(
        "对象", max_length=40, blank=True, help_text="所改户卡的户编号与年度，新卡为空"
    )
    title = models.CharField("标题", max_length=80, blank=True)
    division = models.BigIntegerField("区划", null=True)
    payload = models.BinaryField("内容密文")
    sequence = models.PositiveBigIntegerField("序号", default=0, help_text="后到的旧稿不覆盖新稿")
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    saved_at = models.DateTimeField("保存时间", auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = "录入草稿"
        indexes = [models.Index(name="formdraft_author", fields=["author", "form", "-saved_at"])]

    def __str__(self) -> str:
        return self.title or str(self.id)
