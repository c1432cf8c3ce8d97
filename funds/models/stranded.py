"""Money that has to go back to the province, its way there, and where the province sent it next (policy §6)."""

from datetime import date
from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import F, Q

from funds.models.allotment import Allotment
from funds.models.document import Appropriation
from funds.models.payment import Payment
from funds.models.use import Placement, entry_key, staff, yuan
from funds.rules.stranded import StrandedReason
from fupin.accounts.scoped import DivisionKey, ScopedQuerySet


class StrandingStatus(models.TextChoices):
    """How far the money is on its way back."""

    RECOGNISED = "RECOGNISED", "已认定"
    NOTIFIED = "NOTIFIED", "已通知"
    RETURNING = "RETURNING", "归还中"
    RETURNED = "RETURNED", "已归还"
    REDISTRIBUTED = "REDISTRIBUTED", "已调剂"


class StrandingQuerySet(ScopedQuerySet["Stranding"]):
    """Stranded money by whether it is back."""

    def open(self) -> "StrandingQuerySet":
        """Keep what has not wholly come back to the province."""
        return self.exclude(status__in=[StrandingStatus.RETURNED, StrandingStatus.REDISTRIBUTED])

    def overdue_on(self, day: date) -> "StrandingQuerySet":
        """Keep what should have been back before a day."""
        return self.open().filter(due_on__lt=day)


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    model_name="StrandingEvent",
    meta={"verbose_name": "滞留资金变更"},
)
class Stranding(models.Model):
    """滞留资金: the whole unpaid balance of a placement, or of what a county never placed; nothing is taken off it.

    ``recover_yuan`` is what was paid without standing work where a project can no longer be carried out; it is brought back and
    returned in full as well. ``arrived_year`` is the fiscal year in which the money was in place: it is due within the next.
    """

    division = DivisionKey(verbose_name="县")
    number = models.CharField("编号", max_length=20, unique=True)
    appropriation = models.ForeignKey(
        Appropriation, models.RESTRICT, related_name="strandings", verbose_name="资金文件"
    )
    placement = models.ForeignKey(
        Placement, models.RESTRICT, null=True, blank=True, related_name="strandings", verbose_name="资金落实"
    )
    reason = models.CharField("原因", max_length=14, choices=StrandedReason.choices)
    note = models.CharField("情况说明", max_length=200)
    unpaid_yuan = yuan("未支付余额（元）")
    recover_yuan = yuan("应追回（元）", default=0)
    arrived_year = models.PositiveSmallIntegerField("拨付到位年度")
    due_from = models.DateField("归还期起")
    due_on = models.DateField("归还期止")
    recognised_on = models.DateField("认定日期")
    recognised_by = staff("认定人", null=True)
    by_rule = models.BooleanField("系统按规则认定", default=False)
    notified_on = models.DateField("通知日期", null=True, blank=True)
    status = models.CharField(
        "状态", max_length=14, choices=StrandingStatus.choices, default=StrandingStatus.RECOGNISED
    )
    entry = entry_key()
    entered_at = models.DateTimeField("登记时间", auto_now_add=True)

    objects = StrandingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "滞留资金"
        indexes = [models.Index(name="stranding_division", fields=["division", "status", "due_on"])]
        constraints = [
            models.CheckConstraint(
                name="stranding_of_something",
                condition=Q(unpaid_yuan__gte=0, recover_yuan__gte=0)
                & (Q(unpaid_yuan__gt=0) | Q(recover_yuan__gt=0)),
                violation_error_message="滞留金额应大于 0",
            ),
            models.CheckConstraint(
                name="stranding_recovers_of_the_infeasible",
                condition=Q(recover_yuan=0) | Q(reason=StrandedReason.NOT_FEASIBLE, placement__isnull=False),
                violation_error_message="只有不再具备实施条件的项目才追回已付款",
            ),
            models.CheckConstraint(
                name="stranding_due_in_the_next_year",
                condition=Q(due_from__year=F("arrived_year") + 1, due_on__year=F("arrived_year") + 1)
                | Q(reason=StrandedReason.CARRY_OVER),
                violation_error_message="应在拨付到位的下一财政年度内归还",
            ),
            models.CheckConstraint(
                name="stranding_recognised_by_somebody_or_rule",
                condition=Q(by_rule=True, recognised_by__isnull=True)
                | Q(by_rule=False, recognised_by__isnull=False),
                violation_error_message="滞留资金须有认定人，或由系统按规则认定",
            ),
            models.CheckConstraint(
                name="stranding_booked_when_unpaid",
                condition=Q(unpaid_yuan=0, entry__isnull=True) | Q(unpaid_yuan__gt=0, entry__isnull=False),
                violation_error_message="未支付余额须全额转入滞留",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def owed(self) -> object:
        """What has to go back in all."""
        return self.unpaid_yuan + self.recover_yuan


class Recovery(models.Model):
    """追回: paid money that has no standing work behind it came back from whoever had it. Written once."""

    division = DivisionKey(db_constraint=False, verbose_name="县")
    stranding = models.ForeignKey(
        Stranding, models.RESTRICT, related_name="recoveries", verbose_name="滞留资金"
    )
    payment = models.ForeignKey(Payment, models.RESTRICT, related_name="recoveries", verbose_name="原支付")
    on = models.DateField("追回日期")
    amount_yuan = yuan("金额（元）")
    document_no = models.CharField("凭证号", max_length=60)
    entry = entry_key("追回分录", null=False)
    strand_entry = entry_key("转滞留分录", null=False)
    entered_by = staff("登记人")
    entered_at = models.DateTimeField("登记时间", auto_now_add=True)

    written_at: ClassVar[str] = "entered_at"
    objects = ScopedQuerySet["Recovery"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "追回"
        indexes = [models.Index(name="recovery_stranding", fields=["stranding"])]
        constraints = [
            models.CheckConstraint(
                name="recovery_amount_positive",
                condition=Q(amount_yuan__gt=0),
                violation_error_message="金额应大于 0",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.amount_yuan}"


class ReturnPart(models.TextChoices):
    """Which part of stranded money goes back: each goes whole."""

    UNPAID = "UNPAID", "未支付余额"
    RECOVERED = "RECOVERED", "追回款"


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    model_name="FundReturnEvent",
    meta={"verbose_name": "归还变更"},
)
class FundReturn(models.Model):
    """归还: stranded money sent back to the province's treasury, in full, and received there."""

    division = DivisionKey(db_constraint=False, verbose_name="县")
    number = models.CharField("编号", max_length=20, unique=True)
    stranding = models.ForeignKey(Stranding, models.RESTRICT, related_name="returns", verbose_name="滞留资金")
    part = models.CharField("部分", max_length=10, choices=ReturnPart.choices, default=ReturnPart.UNPAID)
    amount_yuan = yuan("金额（元）")
    sent_on = models.DateField("汇出日期")
    sent_by = staff("汇出经办人")
    document_no = models.CharField("凭证号", max_length=60)
    entry = entry_key("汇出分录", null=False)
    received_on = models.DateField("省级到账日期", null=True, blank=True)
    received_by = staff("省级到账登记人", null=True)
    received_entry = entry_key("到账分录")
    entered_at = models.DateTimeField("登记时间", auto_now_add=True)

    objects = ScopedQuerySet["FundReturn"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "归还"
        indexes = [models.Index(name="fundreturn_division", fields=["division", "received_on"])]
        constraints = [
            models.UniqueConstraint(
                name="fundreturn_once_a_part",
                fields=["stranding", "part"],
                violation_error_message="这部分已经归还过",
            ),
            models.CheckConstraint(
                name="fundreturn_amount_positive",
                condition=Q(amount_yuan__gt=0),
                violation_error_message="金额应大于 0",
            ),
            models.CheckConstraint(
                name="fundreturn_received_by_another",
                condition=Q(received_on__isnull=True, received_by__isnull=True, received_entry__isnull=True)
                | (
                    Q(received_on__gte=F("sent_on"), received_by__isnull=False, received_entry__isnull=False)
                    & ~Q(received_by=F("sent_by"))
                ),
                violation_error_message="到账须由汇出经办人以外的人登记，日期不早于汇出",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Redistribution(models.Model):
    """调剂: part or all of a returned sum allotted anew within the province, through the channel it came by. Written once."""

    division = DivisionKey(verbose_name="省")
    fund_return = models.ForeignKey(
        FundReturn, models.RESTRICT, related_name="redistributions", verbose_name="归还"
    )
    allotment = models.ForeignKey(
        Allotment, models.RESTRICT, related_name="redistributions", verbose_name="调剂下达"
    )
    amount_yuan = yuan("金额（元）")
    on = models.DateField("日期")
    document_no = models.CharField("文号", max_length=60)
    entry = entry_key(null=False, one=False)
    decided_by = staff("经办人")
    entered_at = models.DateTimeField("登记时间", auto_now_add=True)

    written_at: ClassVar[str] = "entered_at"
    objects = ScopedQuerySet["Redistribution"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "调剂"
        indexes = [models.Index(name="redistribution_return", fields=["fund_return"])]
        constraints = [
            models.CheckConstraint(
                name="redistribution_amount_positive",
                condition=Q(amount_yuan__gt=0),
                violation_error_message="金额应大于 0",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.amount_yuan}"
