"""Households handed over to civil affairs, and what civil affairs answered."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from fupin.accounts.scoped import DivisionKey, ScopedQuerySet
from registry.codes.outside import Answer
from registry.models.household import Household


class TransferSlip(models.Model):
    """低保移送单: households without anybody able to work, sent to civil affairs, who answer for each by a day (procedures §5).

    Issued by a township or county; ``reply_due_on`` follows from the day on which it was sent.
    """

    division = DivisionKey(verbose_name="移送单位")
    number = models.CharField("编号", max_length=30, unique=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name="经办人"
    )
    made_on = models.DateField("制单日期")
    sent_on = models.DateField("送达日期", null=True)
    reply_due_on = models.DateField("回执期限", null=True)
    answered_on = models.DateField("回执日期", null=True)

    objects = ScopedQuerySet["TransferSlip"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "低保移送单"
        constraints = [
            models.CheckConstraint(
                name="transferslip_in_order",
                condition=(Q(sent_on__isnull=True, reply_due_on__isnull=True, answered_on__isnull=True))
                | (
                    Q(sent_on__gte=F("made_on"), reply_due_on__gt=F("sent_on"))
                    & (Q(answered_on__isnull=True) | Q(answered_on__gte=F("sent_on")))
                ),
                violation_error_message="日期应依次为制单、送达、回执",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class TransferLine(models.Model):
    """移送单的一户, with civil affairs' answer. A household stands on one unanswered slip at a time."""

    division = DivisionKey(db_constraint=False, verbose_name="所在村")
    slip = models.ForeignKey(TransferSlip, models.RESTRICT, related_name="lines", verbose_name="移送单")
    household = models.ForeignKey(Household, models.RESTRICT, related_name="transfers", verbose_name="户")
    year = models.PositiveSmallIntegerField("户卡年度")
    head_name = models.CharField("户主", max_length=50)
    members = models.PositiveSmallIntegerField("人口")
    net_income_pc = models.DecimalField("人均纯收入", max_digits=12, decimal_places=2, null=True)
    situation = models.CharField("情况", max_length=200, blank=True)
    result = models.CharField("回执结果", max_length=8, choices=Answer.choices, blank=True)
    result_on = models.DateField("办理日期", null=True)
    result_note = models.CharField("回执说明", max_length=200, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, null=True, related_name="+", verbose_name="回执人"
    )

    objects = ScopedQuerySet["TransferLine"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "移送户"
        constraints = [
            models.UniqueConstraint(name="transferline_once", fields=["slip", "household"]),
            models.UniqueConstraint(
                name="transferline_one_open",
                fields=["household"],
                condition=Q(result=""),
                violation_error_message="该户已在一张没有回执的移送单上",
            ),
            models.CheckConstraint(
                name="transferline_answered_whole",
                condition=Q(result="", result_on__isnull=True, answered_by__isnull=True)
                | (Q(result__in=["DIBAO", "WUBAO"], result_on__isnull=False, answered_by__isnull=False))
                | (
                    Q(result="DECLINED", result_on__isnull=False, answered_by__isnull=False)
                    & ~Q(result_note="")
                ),
                violation_error_message="回执须有结果、日期，不符合条件的写明原因",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slip_id} {self.household_id}"
