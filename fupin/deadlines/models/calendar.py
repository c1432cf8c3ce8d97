"""The secret address under which a calendar program fetches a person's deadlines."""

from django.conf import settings
from django.db import models


class CalendarAddress(models.Model):
    """日历地址: whoever has it reads one person's deadlines without signing in; only its digest is kept, it is shown once."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.RESTRICT, related_name="calendar_address", verbose_name="用户"
    )
    digest = models.CharField("摘要", max_length=64, unique=True)
    made_at = models.DateTimeField("建立时间")
    closed_at = models.DateTimeField("停用时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "日历地址"

    def __str__(self) -> str:
        return f"{self.user_id} {self.made_at:%Y-%m-%d}"
