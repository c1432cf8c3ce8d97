"""For whom a project is: households of the register and their members, each with what was promised (policy §2, §3)."""

from typing import Self

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q

from fupin.accounts.scoped import DivisionKey, ScopedQuerySet
from projects.models.project import Project
from registry.models import AssistMeasure, Household, Member


class ProjectHouseholdQuerySet(ScopedQuerySet["ProjectHousehold"]):
    """Beneficiaries by whether they still stand on the list."""

    def standing(self) -> Self:
        """Keep those that were not taken off the list."""
        return self.filter(removed_on__isnull=True)


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    model_name="ProjectHouseholdEvent",
    meta={"verbose_name": "项目受益户变更"},
)
class ProjectHousehold(models.Model):
    """项目受益户: a household, or one of its labourers, that a project is to reach, and with how much.

    It stands in the village of its household. The database refuses one that is not on the register when it is put on the list; one
    that is taken off keeps its row, dated and with the reason.
    """

    division = DivisionKey(db_constraint=False, verbose_name="村")
    project = models.ForeignKey(Project, models.RESTRICT, related_name="households", verbose_name="项目")
    household = models.ForeignKey(Household, models.RESTRICT, related_name="projects", verbose_name="户")
    member = models.ForeignKey(
        Member, models.RESTRICT, null=True, blank=True, related_name="projects", verbose_name="劳动力"
    )
    measure = models.ForeignKey(
        AssistMeasure, models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="帮扶措施"
    )
    promised_yuan = models.DecimalField(
        "承诺金额（元）", max_digits=12, decimal_places=2, null=True, blank=True
    )
    promised = models.CharField("承诺内容", max_length=100, blank=True)
    added_on = models.DateField("列入日期")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name="列入人"
    )
    removed_on = models.DateField("移出日期", null=True, blank=True)
    removed_because = models.CharField("移出原因", max_length=200, blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, null=True, related_name="+", verbose_name="移出人"
    )

    objects = ProjectHouseholdQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "项目受益户"
        indexes = [
            models.Index(name="projecthousehold_household", fields=["household", "project"]),
            models.Index(name="projecthousehold_division", fields=["division", "project"]),
        ]
        constraints = [
            models.UniqueConstraint(
                name="projecthousehold_once",
                fields=["project", "household", "member"],
                condition=Q(removed_on__isnull=True),
                nulls_distinct=False,
                violation_error_message="该户（人）已在本项目名单中",
            ),
            models.CheckConstraint(
                name="projecthousehold_promise_not_negative",
                condition=Q(promised_yuan__isnull=True) | Q(promised_yuan__gte=0),
                violation_error_message="承诺金额不能为负",
            ),
            models.CheckConstraint(
                name="projecthousehold_removed_for_a_reason",
                condition=Q(removed_on__isnull=True, removed_because="", removed_by__isnull=True)
                | (
                    Q(
                        removed_on__isnull=False,
                        removed_on__gte=models.F("added_on"),
                        removed_by__isnull=False,
                    )
                    & ~Q(removed_because="")
                ),
                violation_error_message="移出须写明日期和原因，日期不早于列入日期",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.household_id}"
