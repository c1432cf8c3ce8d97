"""A household on its way onto, on, or off the register."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q

from fupin.accounts.scoped import DivisionKey, ScopedQuerySet
from registry.codes import Cause, HouseholdStatus

LIVE = frozenset(HouseholdStatus.values) - {HouseholdStatus.REMOVED, HouseholdStatus.CLOSED}
"""Statuses in which a household keeps its members' ID numbers from standing on another card (R-04)."""


class HouseholdQuerySet(ScopedQuerySet["Household"]):
    """Households by what became of them."""


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    model_name="HouseholdEvent",
    meta={"verbose_name": "贫困户变更"},
)
class Household(models.Model):
    """贫困户: what stays the same from year to year. Its number is for life and is never given again (data-standard §1.3).

    ``division`` is the village that it lives in now; the first twelve digits of ``household_no`` are the village that gave the number.
    What the card says of a year stands in HouseholdYear. Rows are never deleted: a household ends by its status.
    """

    division = DivisionKey(verbose_name="所在村")
    household_no = models.CharField("户编号", max_length=16, unique=True)
    nat_household_id = models.CharField("国家系统户编号", max_length=32, blank=True)
    status = models.CharField(
        "状态", max_length=2, choices=HouseholdStatus.choices, default=HouseholdStatus.DRAFT
    )
    first_identified_year = models.PositiveSmallIntegerField("首次识别年度", null=True)
    exit_year = models.PositiveSmallIntegerField("脱贫年度", null=True)
    exited_on = models.DateField("退出日期", null=True)
    relapse_year = models.PositiveSmallIntegerField("返贫年度", null=True)
    relapse_cause = models.CharField("返贫原因", max_length=2, choices=Cause.choices, blank=True)
    entry_key = models.UUIDField("录入键", unique=True, help_text="由录入端生成：同一张卡提交两次只成一户")
    is_demo = models.BooleanField("演示数据", default=False)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name="录入人"
    )
    entered_at = models.DateTimeField("录入时间", auto_now_add=True)

    objects = HouseholdQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "贫困户"
        indexes = [
            models.Index(name="household_division_no", fields=["division", "household_no"]),
            models.Index(name="household_status", fields=["status", "division"]),
            models.Index(
                name="household_drafts", fields=["division"], condition=Q(status=HouseholdStatus.DRAFT)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="household_exited_iff_dated",
                condition=Q(status=HouseholdStatus.EXITED, exited_on__isnull=False, exit_year__isnull=False)
                | (~Q(status=HouseholdStatus.EXITED) & Q(exited_on__isnull=True)),
                violation_error_message="退出日期与状态不一致",
            ),
            models.CheckConstraint(
                name="household_relapse_has_cause",
                condition=Q(relapse_year__isnull=True, relapse_cause="")
                | (Q(relapse_year__isnull=False) & ~Q(relapse_cause="")),
                violation_error_message="返贫年度与返贫原因应同时填写",
            ),
            models.CheckConstraint(
                name="household_no_has_16_digits",
                condition=Q(household_no__regex=r"^[0-9]{16}$"),
                violation_error_message="户编号应为 16 位数字",
            ),
        ]

    def __str__(self) -> str:
        return self.household_no

    @property
    def is_live(self) -> bool:
        """Whether the household still stands: neither cleared as wrongly entered nor naturally closed."""
        return self.status in LIVE
