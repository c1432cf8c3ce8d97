"""An objection to a notice or to one of its rows, from its filing to its answer."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from fupin.accounts.scoped import DivisionKey, ScopedQuerySet
from fupin.notices.models.notice import Notice, NoticeLine


class Channel(models.TextChoices):
    """How it came in."""

    WEB = "WEB", "网上"
    VISIT = "VISIT", "当面"
    PHONE = "PHONE", "电话"
    LETTER = "LETTER", "来信"


class ObjectionStatus(models.TextChoices):
    """How far it has come."""

    FILED = "FILED", "待受理"
    ACCEPTED = "ACCEPTED", "办理中"
    DECLINED = "DECLINED", "不予受理"
    SETTLED = "SETTLED", "已办结"


OPEN = (ObjectionStatus.FILED, ObjectionStatus.ACCEPTED)
"""What it concerns goes no further while it is one of these."""


class ObjectionQuerySet(ScopedQuerySet["Objection"]):
    """Objections by how far they have come and by when they are due."""

    def open(self) -> Self:
        """Keep those that have no answer yet."""
        return self.filter(status__in=OPEN)

    def overdue_on(self, day: date) -> Self:
        """Keep those whose present time limit ended before ``day``."""
        late = Q(status=ObjectionStatus.FILED, accept_due_on__lt=day)
        return self.filter(late | Q(status=ObjectionStatus.ACCEPTED, settle_due_on__lt=day))


class Objection(models.Model):
    """异议. Who objects lies sealed in the vault and may be nobody; the code that opens the answer is kept as a digest only."""

    number = models.CharField("编号", max_length=11, unique=True)
    notice = models.ForeignKey(Notice, models.RESTRICT, related_name="objections", verbose_name="公示")
    line = models.ForeignKey(
        NoticeLine, models.RESTRICT, null=True, related_name="objections", verbose_name="所指一行"
    )
    division = DivisionKey(db_constraint=False, verbose_name="公示地")
    subject_key = models.CharField("所指", max_length=60, blank=True)
    channel = models.CharField("途径", max_length=10, choices=Channel.choices)
    statement = models.TextField("异议内容", max_length=1000)
    name_sealed = models.UUIDField("姓名密文", null=True)
    name_masked = models.CharField("姓名", max_length=40, blank=True)
    phone_sealed = models.UUIDField("电话密文", null=True)
    phone_masked = models.CharField("电话", max_length=20, blank=True)
    entry_key = models.UUIDField("提交号", unique=True)
    code_digest = models.BinaryField("查询码摘要")
    filed_on = models.DateField("提出日期")
    filed_at = models.DateTimeField("提出时间", auto_now_add=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, null=True, related_name="+", verbose_name="登记人"
    )
    status = models.CharField(
        "状态", max_length=10, choices=ObjectionStatus.choices, default=ObjectionStatus.FILED
    )
    accept_due_on = models.DateField("受理期限")
    accepted_on = models.DateField("受理日期", null=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, null=True, related_name="+", verbose_name="受理人"
    )
    settle_due_on = models.DateField("办结期限", null=True)
    settled_on = models.DateField("办结日期", null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, null=True, related_name="+", verbose_name="办结人"
    )
    upheld = models.BooleanField("异议成立", null=True)
    finding = models.TextField("调查结论", max_length=2000, blank=True, help_text="内部留存，不公开")
    answer = models.TextField("答复", max_length=1000, blank=True, help_text="凭编号和查询码可查")

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "异议"
        indexes = [
            models.Index(name="objection_division_status", fields=["division", "status"]),
            models.Index(name="objection_notice", fields=["notice"]),
            models.Index(name="objection_subject", fields=["subject_key"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="objection_accepted_by_somebody",
                condition=Q(accepted_on__isnull=True, accepted_by__isnull=True, settle_due_on__isnull=True)
                | Q(accepted_on__isnull=False, accepted_by__isnull=False, settle_due_on__isnull=False),
                violation_error_message="受理要有日期、经办人和办结期限",
            ),
            models.CheckConstraint(
                name="objection_answered_when_over",
                condition=(
                    Q(status__in=OPEN, settled_on__isnull=True, settled_by__isnull=True, answer="")
                    | (
                        Q(
                            status__in=["DECLINED", "SETTLED"],
                            settled_on__isnull=False,
                            settled_by__isnull=False,
                        )
                        & ~Q(answer="")
                    )
                ),
                violation_error_message="办结要有日期、经办人和答复",
            ),
            models.CheckConstraint(
                name="objection_settled_one_way",
                condition=Q(status="SETTLED", upheld__isnull=False)
                | (~Q(status="SETTLED") & Q(upheld__isnull=True)),
                violation_error_message="办结要写明异议是否成立",
            ),
            models.CheckConstraint(
                name="objection_days_in_order",
                condition=(Q(accepted_on__isnull=True) | Q(accepted_on__gte=models.F("filed_on")))
                & (Q(settled_on__isnull=True) | Q(settled_on__gte=models.F("filed_on")))
                & (
                    Q(settled_on__isnull=True)
                    | Q(accepted_on__isnull=True)
                    | Q(settled_on__gte=models.F("accepted_on"))
                ),
                violation_error_message="受理、办结日期不能早于上一步",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def due_on(self) -> date | None:
        """By when the next act on it is due; nothing once it is over."""
        match self.status:
            case ObjectionStatus.FILED:
                return self.accept_due_on
            case ObjectionStatus.ACCEPTED:
                return self.settle_due_on
            case _:
                return None
