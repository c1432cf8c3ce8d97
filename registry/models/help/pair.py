"""Who answers for which household, and his visits (policy §20; procedures §8)."""

from typing import ClassVar

import pghistory
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q

from fupin.accounts.scoped import DivisionKey, ScopedQuerySet
from registry.models.help.person import AssistPerson
from registry.models.help.reach import Days
from registry.models.household import Household


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    model_name="AssistPairEvent",
    meta={"verbose_name": "结对变更"},
)
class AssistPair(models.Model):
    """结对: one person answers for one household from a day to a day; the end is the first day on which he no longer does.

    A successor begins on the day on which the former ends: an overlap is refused by the exclusion constraint, a gap by the deferred
    trigger of migration `help_guards`. Without a successor a pair ends only because the household left; ``household_left`` says so.
    """

    division = DivisionKey(db_constraint=False, verbose_name="所在村")
    household = models.ForeignKey(Household, models.RESTRICT, related_name="pairs", verbose_name="户")
    person = models.ForeignKey(AssistPerson, models.RESTRICT, related_name="pairs", verbose_name="帮扶责任人")
    start_date = models.DateField("起")
    end_date = models.DateField("止", null=True, blank=True)
    household_left = models.BooleanField("因退出结束", default=False)
    reason = models.CharField("更换原因", max_length=200, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name="登记人"
    )
    entered_at = models.DateTimeField("登记时间", auto_now_add=True)

    objects = ScopedQuerySet["AssistPair"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "结对"
        indexes = [models.Index(name="assistpair_person", fields=["person", "end_date"])]
        constraints = [
            models.CheckConstraint(
                name="assistpair_in_order",
                condition=Q(end_date__isnull=True) | Q(end_date__gt=F("start_date")),
                violation_error_message="结对止日应晚于起日",
            ),
            models.CheckConstraint(
                name="assistpair_end_has_reason",
                condition=Q(end_date__isnull=True, household_left=False)
                | (Q(end_date__isnull=False) & ~Q(reason="")),
                violation_error_message="结束结对须写明原因",
            ),
            ExclusionConstraint(
                name="assistpair_one_at_a_time",
                expressions=[
                    ("household", RangeOperators.EQUAL),
                    (Days(F("start_date"), F("end_date")), RangeOperators.OVERLAPS),
                ],
                violation_error_message="该户这一时段已有帮扶责任人，更换须接在前任止日",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.household_id} {self.start_date}"


class Visit(models.Model):
    """入户走访: whoever answers for a household was there. Written once."""

    division = DivisionKey(db_constraint=False, verbose_name="所在村")
    household = models.ForeignKey(Household, models.RESTRICT, related_name="visits", verbose_name="户")
    person = models.ForeignKey(
        AssistPerson, models.RESTRICT, related_name="visits", verbose_name="帮扶责任人"
    )
    on = models.DateField("日期")
    content = models.CharField("走访内容", max_length=500)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name="登记人"
    )
    entered_at = models.DateTimeField("登记时间", auto_now_add=True)
    written_at: ClassVar[str] = "entered_at"

    objects = ScopedQuerySet["Visit"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "入户走访"
        constraints = [
            models.UniqueConstraint(
                name="visit_once_a_day",
                fields=["household", "person", "on"],
                violation_error_message="当日走访已登记",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.household_id} {self.on}"
