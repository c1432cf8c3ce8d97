"""What was done, for whom, whether it reached him, and what came of it (policy §2, §3; data-standard §3.5)."""

from typing import ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from fupin.accounts.scoped import DivisionKey, ScopedQuerySet
from registry.codes import MeasureKind
from registry.models.help.person import AssistPerson
from registry.models.help.plan import AssistPlan
from registry.models.household import Household
from registry.models.income import yuan
from registry.models.member import Member


class Stop(models.TextChoices):
    """How what a household still had to come ended after it left the register."""

    STOPPED = "STOPPED", "停付"
    CONTRACT = "CONTRACT", "按合同办结"


class DeliveredBy(models.TextChoices):
    """How help reached whom it was meant for (policy-trace 2.6)."""

    ACCOUNT = "ACCOUNT", "直达账户"
    IN_KIND = "IN_KIND", "实物、服务签收"


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    model_name="AssistMeasureEvent",
    meta={"verbose_name": "帮扶措施变更"},
)
class AssistMeasure(models.Model):
    """帮扶措施: what was done in a village on a day, by which kind (CL21), with whose money, and who answers for it.

    Whom it is for stands in its recipients. ``led_by`` is the enterprise, cooperative, large farmer or 农业技术骨干 that takes the poor
    along. One that was put down wrongly is withdrawn with its reason and counts nowhere.
    """

    division = DivisionKey(verbose_name="村")
    plan = models.ForeignKey(
        AssistPlan, models.RESTRICT, null=True, blank=True, related_name="measures", verbose_name="计划"
    )
    on = models.DateField("日期")
    kind = models.CharField("种类", max_length=2, choices=MeasureKind.choices)
    content = models.CharField("内容", max_length=200)
    money_source = models.CharField("资金来源", max_length=100, blank=True)
    amount = yuan("金额")
    project_no = models.CharField("项目库编号", max_length=30, blank=True)
    led_by = models.CharField("带动主体", max_length=100, blank=True)
    person = models.ForeignKey(AssistPerson, models.RESTRICT, related_name="measures", verbose_name="责任人")
    withdrawn_on = models.DateField("作废日期", null=True, blank=True)
    withdrawn_because = models.CharField("作废原因", max_length=200, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name="录入人"
    )
    entered_at = models.DateTimeField("录入时间", auto_now_add=True)

    objects = ScopedQuerySet["AssistMeasure"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "帮扶措施"
        indexes = [
            models.Index(name="assistmeasure_division", fields=["division", "on"]),
            models.Index(name="assistmeasure_person", fields=["person", "on"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="assistmeasure_withdrawn_for_a_reason",
                condition=Q(withdrawn_on__isnull=True, withdrawn_because="")
                | (Q(withdrawn_on__isnull=False) & ~Q(withdrawn_because="")),
                violation_error_message="作废措施须写明原因",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.get_kind_display()}"


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    model_name="MeasureRecipientEvent",
    meta={"verbose_name": "受益户变更"},
)
class MeasureRecipient(models.Model):
    """受益户: what a measure is to bring to one household or one of its members, and until when.

    A household that has left the register is refused by the trigger of migration `help_guards`; what it still had to come stands on the
    stop list until it is stopped or ended by contract.
    """

    division = DivisionKey(db_constraint=False, verbose_name="村")
    measure = models.ForeignKey(
        AssistMeasure, models.RESTRICT, related_name="recipients", verbose_name="措施"
    )
    household = models.ForeignKey(Household, models.RESTRICT, related_name="help", verbose_name="户")
    member = models.ForeignKey(
        Member, models.RESTRICT, null=True, blank=True, related_name="help", verbose_name="受益成员"
    )
    amount = yuan("应到户金额")
    runs_until = models.DateField("享受止期", null=True, blank=True, help_text="贴息、补贴分期的止日")
    stop = models.CharField("停止方式", max_length=10, choices=Stop.choices, blank=True)
    stopped_on = models.DateField("停止日期", null=True, blank=True)
    stopped_because = models.CharField("停止理由", max_length=200, blank=True)
    stopped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="停止经办人",
    )

    objects = ScopedQuerySet["MeasureRecipient"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "受益户"
        indexes = [models.Index(name="measurerecipient_household", fields=["household", "measure"])]
        constraints = [
            models.UniqueConstraint(
                name="measurerecipient_once",
                fields=["measure", "household", "member"],
                nulls_distinct=False,
                violation_error_message="该户（人）已在受益名单中",
            ),
            models.CheckConstraint(
                name="measurerecipient_stopped_for_a_reason",
                condition=Q(stop="", stopped_on__isnull=True, stopped_because="", stopped_by__isnull=True)
                | (
                    ~Q(stop="")
                    & Q(stopped_on__isnull=False, stopped_by__isnull=False)
                    & ~Q(stopped_because="")
                ),
                violation_error_message="停止须写明方式、日期和理由",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure_id} {self.household_id}"


class MeasureDelivery(models.Model):
    """到户记录: what came into a recipient's hands on a day: into the account, or in kind at a value, signed for. Written once."""

    division = DivisionKey(db_constraint=False, verbose_name="村")
    recipient = models.ForeignKey(
        MeasureRecipient, models.RESTRICT, related_name="deliveries", verbose_name="受益户"
    )
    on = models.DateField("日期")
    by = models.CharField("方式", max_length=10, choices=DeliveredBy.choices)
    amount = models.DecimalField("金额或折价", max_digits=12, decimal_places=2)
    signed_by = models.CharField("签收人", max_length=50, blank=True)
    account_masked = models.CharField("到账账号", max_length=30, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name="录入人"
    )
    entered_at = models.DateTimeField("录入时间", auto_now_add=True)
    written_at: ClassVar[str] = "entered_at"

    objects = ScopedQuerySet["MeasureDelivery"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "到户记录"
        indexes = [models.Index(name="measuredelivery_recipient", fields=["recipient"])]
        constraints = [
            models.CheckConstraint(
                name="measuredelivery_to_account_or_signed",
                condition=(Q(by=DeliveredBy.ACCOUNT) & ~Q(account_masked=""))
                | (Q(by=DeliveredBy.IN_KIND) & ~Q(signed_by="")),
                violation_error_message="到账须有账号，实物、服务须有签收人",
            ),
            models.CheckConstraint(
                name="measuredelivery_amount_not_negative",
                condition=Q(amount__gte=0),
                violation_error_message="金额不能为负",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recipient_id} {self.on}"


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    model_name="AssistEffectEvent",
    meta={"verbose_name": "帮扶成效变更"},
)
class AssistEffect(models.Model):
    """帮扶成效: what a measure brought a household, confirmed by it on a day or not yet."""

    division = DivisionKey(db_constraint=False, verbose_name="村")
    recipient = models.ForeignKey(
        MeasureRecipient, models.RESTRICT, related_name="effects", verbose_name="受益户"
    )
    on = models.DateField("日期")
    income_gain = models.DecimalField("年度增收额", max_digits=12, decimal_places=2)
    jobs = models.PositiveSmallIntegerField("就业人数", default=0)
    contribution = models.CharField("脱贫贡献说明", max_length=500)
    confirmed_by = models.CharField("农户确认人", max_length=50, blank=True)
    confirmed_on = models.DateField("农户确认日期", null=True, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name="录入人"
    )
    entered_at = models.DateTimeField("录入时间", auto_now_add=True)

    objects = ScopedQuerySet["AssistEffect"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "帮扶成效"
        indexes = [models.Index(name="assisteffect_recipient", fields=["recipient", "confirmed_on"])]
        constraints = [
            models.CheckConstraint(
                name="assisteffect_confirmed_by_somebody",
                condition=Q(confirmed_by="", confirmed_on__isnull=True)
                | (~Q(confirmed_by="") & Q(confirmed_on__gte=F("on"))),
                violation_error_message="农户确认须有确认人，日期不早于成效记录",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recipient_id} {self.on}"
