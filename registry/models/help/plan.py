"""What is planned for a village, a household or a labourer (policy §2; data-standard §3.5)."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q

from fupin.accounts.scoped import DivisionKey, ScopedQuerySet
from registry.codes import Cause, MeasureKind
from registry.models.help.person import AssistPerson
from registry.models.household import Household
from registry.models.household_year import FIRST_YEAR
from registry.models.income import yuan
from registry.models.member import Member


class HelpLevel(models.TextChoices):
    """For whom help is planned."""

    VILLAGE = "VILLAGE", "村"
    HOUSEHOLD = "HOUSEHOLD", "户"
    LABOURER = "LABOURER", "劳动力"


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    model_name="AssistPlanEvent",
    meta={"verbose_name": "帮扶计划变更"},
)
class AssistPlan(models.Model):
    """帮扶计划: what is to be done in a year, by which measure, with how much money, until when, and who answers for it.

    It hangs on the village itself, on a household, or on a household's labourer. A plan that was given up is withdrawn, not deleted.
    """

    division = DivisionKey(db_constraint=False, verbose_name="村")
    level = models.CharField("层次", max_length=10, choices=HelpLevel.choices)
    household = models.ForeignKey(
        Household, models.RESTRICT, null=True, related_name="plans", verbose_name="户"
    )
    member = models.ForeignKey(
        Member, models.RESTRICT, null=True, related_name="plans", verbose_name="劳动力"
    )
    year = models.PositiveSmallIntegerField("年度")
    cause = models.CharField("针对原因", max_length=2, choices=Cause.choices, blank=True)
    kind = models.CharField("措施种类", max_length=2, choices=MeasureKind.choices)
    goal = models.CharField("目标", max_length=200)
    project_no = models.CharField("项目库编号", max_length=30, blank=True)
    scale = models.CharField("规模", max_length=100, blank=True)
    amount = yuan("计划资金")
    income_gain = yuan("计划增收")
    due_on = models.DateField("时限")
    person = models.ForeignKey(AssistPerson, models.RESTRICT, related_name="plans", verbose_name="责任人")
    withdrawn_on = models.DateField("撤销日期", null=True, blank=True)
    withdrawn_because = models.CharField("撤销原因", max_length=200, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name="录入人"
    )
    entered_at = models.DateTimeField("录入时间", auto_now_add=True)

    objects = ScopedQuerySet["AssistPlan"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "帮扶计划"
        indexes = [
            models.Index(name="assistplan_household", fields=["household", "year"]),
            models.Index(name="assistplan_division", fields=["division", "year", "level"]),
            models.Index(name="assistplan_member", fields=["member", "year"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="assistplan_of_one_level",
                condition=Q(level=HelpLevel.VILLAGE, household__isnull=True, member__isnull=True)
                | Q(level=HelpLevel.HOUSEHOLD, household__isnull=False, member__isnull=True)
                | Q(level=HelpLevel.LABOURER, household__isnull=False, member__isnull=False),
                violation_error_message="计划应属于村、户或劳动力之一",
            ),
            models.CheckConstraint(
                name="assistplan_year_in_range",
                condition=Q(year__gte=FIRST_YEAR, year__lte=2100),
                violation_error_message="年度应不早于 2013",
            ),
            models.CheckConstraint(
                name="assistplan_withdrawn_for_a_reason",
                condition=Q(withdrawn_on__isnull=True, withdrawn_because="")
                | (Q(withdrawn_on__isnull=False) & ~Q(withdrawn_because="")),
                violation_error_message="撤销计划须写明原因",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.get_kind_display()}"
