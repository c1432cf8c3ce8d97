"""What was done and what was seen: append-only, also to the application's own database roles."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class Outcome(models.TextChoices):
    """How an act ended."""

    DONE = "DONE", "完成"
    REFUSED = "REFUSED", "被拒"
    FAILED = "FAILED", "出错"


class AuditRecord(models.Model):
    """操作记录: one unsafe request, sign-in, refusal or job; who, when, from where, what, on which object, why, and how it ended."""

    at = models.DateTimeField("时间", auto_now_add=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, null=True, related_name="+", verbose_name="用户"
    )
    post = models.ForeignKey(
        "accounts.Post", models.RESTRICT, null=True, related_name="+", verbose_name="岗位"
    )
    division = models.BigIntegerField("区划", null=True, help_text="所作对象的区划代码")
    action = models.CharField("动作", max_length=60)
    object_key = models.CharField("对象", max_length=120, blank=True)
    outcome = models.CharField("结果", max_length=8, choices=Outcome.choices)
    reason = models.CharField("事由", max_length=500, blank=True)
    detail = models.JSONField("明细", default=dict)
    address = models.GenericIPAddressField("地址", null=True)
    request_id = models.UUIDField("请求号")
    is_sealed: ClassVar[bool] = True

    class Meta:
        verbose_name = verbose_name_plural = "操作记录"
        indexes = [
            models.Index(name="audit_user_at", fields=["user", "-at"]),
            models.Index(name="audit_object_at", fields=["object_key", "-at"]),
            models.Index(name="audit_at", fields=["-at", "-id"]),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.action}"


class AccessRecord(models.Model):
    """查阅记录: a right and a reason to open sealed values, committed before anything is decrypted (security.md row 23)."""

    id = models.UUIDField(primary_key=True)
    at = models.DateTimeField("时间", auto_now_add=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name="用户")
    post = models.ForeignKey(
        "accounts.Post", models.RESTRICT, null=True, related_name="+", verbose_name="岗位"
    )
    purpose = models.CharField("用途", max_length=40)
    reason = models.CharField("事由", max_length=500)
    object_key = models.CharField("对象", max_length=120)
    sealed = ArrayField(models.UUIDField(), verbose_name="打开的密文")

    class Meta:
        verbose_name = verbose_name_plural = "查阅记录"
        indexes = [
            models.Index(name="access_object_at", fields=["object_key", "-at"]),
            models.Index(name="access_user_at", fields=["user", "-at"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="access_has_a_reason", condition=~Q(reason=""), violation_error_message="查阅须填写事由"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.object_key}"
