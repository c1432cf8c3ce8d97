"""The days whose reminders are out: what was missed while the system stood still is made up by them."""

from django.db import models


class WorkedDay(models.Model):
    """已提醒的日子: a day for which every rule was asked and every reminder given at least once."""

    day = models.DateField("日期", primary_key=True)
    finished_at = models.DateTimeField("完成时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "已提醒的日子"

    def __str__(self) -> str:
        return f"{self.day}"
