"""What a person was told, and the one mail a day that tells it."""

from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from fupin.accounts.models import User
from fupin.accounts.scoped import DivisionKey, ScopedQuerySet
from fupin.deadlines.models.clock import Clock
from fupin.deadlines.rules import Stage


class Digest(models.Model):
    """每日提醒邮件: at most one a user a day. The row's lock is held while the mail goes out: two workers send one."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name="收件人"
    )
    day = models.DateField("日期")
    sent_at = models.DateTimeField("发出时间", null=True)
    attempts = models.PositiveSmallIntegerField("次数", default=0)
    failure = models.CharField("未发出原因", max_length=100, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "提醒邮件"
        constraints = [
            models.UniqueConstraint(
                name="digest_once_a_day",
                fields=["user", "day"],
                violation_error_message="每人每天一封提醒邮件",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.day}"


class ReminderQuerySet(ScopedQuerySet["Reminder"]):
    """Reminders by whose they are and whether they still matter."""

    def of(self, user: User | AnonymousUser) -> Self:
        """Keep what the user was told of the divisions of his present post."""
        return self.visible_to(user).filter(user_id=user.pk) if user.pk else self.none()

    def waiting(self) -> Self:
        """Keep those that nobody has acknowledged, of clocks that still run for the same day."""
        running = Q(clock__closed_on__isnull=True, due_on=models.F("clock__due_on"))
        return self.filter(running, acknowledged_at__isnull=True)


class Reminder(models.Model):
    """提醒: one person told once of one stage of one clock for one due day (security.md row 43)."""

    clock = models.ForeignKey(Clock, models.RESTRICT, related_name="reminders", verbose_name="时限")
    division = DivisionKey(db_constraint=False)
    stage = models.CharField("阶段", max_length=9, choices=Stage.choices)
    due_on = models.DateField("到期日")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, related_name="reminders", verbose_name="收件人"
    )
    day = models.DateField("提醒日")
    made_at = models.DateTimeField("提出时间", auto_now_add=True)
    digest = models.ForeignKey(
        Digest, models.RESTRICT, null=True, related_name="reminders", verbose_name="邮件"
    )
    acknowledged_at = models.DateTimeField("知悉时间", null=True)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "提醒"
        indexes = [
            models.Index(
                name="reminder_waiting",
                fields=["user", "due_on"],
                condition=Q(acknowledged_at__isnull=True),
            ),
            models.Index(name="reminder_to_mail", fields=["user"], condition=Q(digest__isnull=True)),
        ]
        constraints = [
            models.UniqueConstraint(
                name="reminder_once",
                fields=["clock", "stage", "due_on", "user"],
                violation_error_message="同一阶段只提醒一次",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.clock_id} {self.stage} → {self.user_id}"
