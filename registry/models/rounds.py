"""Rounds of identification and the quotas under which they run (规模控制; policy §1, §3; procedures §2)."""

from typing import ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from fupin.accounts.scoped import DivisionKey, ScopedQuerySet
from registry.models.household_year import FIRST_YEAR


class RoundKind(models.TextChoices):
    """Why households are identified."""

    INITIAL = "INITIAL", "首次识别"
    ANNUAL = "ANNUAL", "年度动态管理"
    THREE_YEAR = "THREE_YEAR", "三年动态调整"


class Round(models.Model):
    """识别轮次: a window in which cases are opened, ordered by a document. One of a kind a year for the whole province.

    ``income_year`` is the year before: identification in 2014 holds the incomes of 2013 against the line of 2013 (procedures §1).
    """

    year = models.PositiveSmallIntegerField("年度")
    kind = models.CharField("种类", max_length=10, choices=RoundKind.choices)
    income_year = models.PositiveSmallIntegerField("收入年度")
    opens_on = models.DateField("开始日期")
    closes_on = models.DateField("截止日期")
    document = models.CharField("依据文号", max_length=100)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name="发起人"
    )
    opened_at = models.DateTimeField("发起时间", auto_now_add=True)
    written_at: ClassVar[str] = "opened_at"

    class Meta:
        verbose_name = verbose_name_plural = "识别轮次"
        constraints = [
            models.UniqueConstraint(
                name="round_once", fields=["year", "kind"], violation_error_message="该年度已有此种轮次"
            ),
            models.CheckConstraint(
                name="round_window_in_order",
                condition=Q(closes_on__gte=F("opens_on")),
                violation_error_message="截止日期不应早于开始日期",
            ),
            models.CheckConstraint(
                name="round_holds_the_year_before",
                condition=Q(income_year=F("year") - 1, income_year__gte=FIRST_YEAR),
                violation_error_message="识别用上一年度的收入",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} 年{self.get_kind_display().removeprefix('年')}"


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    model_name="QuotaEvent",
    meta={"verbose_name": "规模变更"},
)
class Quota(models.Model):
    """规模: how many persons may be on the register in a division, by one round.

    The quotas of a division's children add up to its own as soon as one of them is set (a deferred trigger says so). Changes are
    approved by the level above and stay in history; whoever lowers must lower before another is raised (先减后增).
    """

    division = DivisionKey(verbose_name="区划")
    round = models.ForeignKey(Round, models.RESTRICT, related_name="quotas", verbose_name="轮次")
    persons = models.PositiveIntegerField("人数")
    weight = models.DecimalField("权重", max_digits=18, decimal_places=6, default=0)
    basis = models.CharField("分解依据", max_length=200)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name="下达人"
    )
    set_at = models.DateTimeField("下达时间", auto_now=True)

    objects = ScopedQuerySet["Quota"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "规模"
        constraints = [
            models.UniqueConstraint(
                name="quota_once",
                fields=["round", "division"],
                violation_error_message="该区划本轮规模已下达",
            ),
            models.CheckConstraint(
                name="quota_weight_not_negative",
                condition=Q(weight__gte=0),
                violation_error_message="权重不能为负",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.division_id} {self.persons} 人"
