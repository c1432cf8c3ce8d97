"""A village on the register, and its table of a year."""

from typing import ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from fupin.accounts.scoped import DivisionKey, ScopedQuerySet
from registry.codes import VillageAttr, VillageStatus
from registry.models.household_year import FIRST_YEAR, LAST_PLAN_YEAR
from registry.models.village_facts import VillageFacts
from registry.standard.fields import by_name
from registry.standard.village import NOT_ABOVE, VILLAGE_YEAR

_FIELDS = by_name(VILLAGE_YEAR)


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    model_name="VillageEvent",
    meta={"verbose_name": "村变更"},
)
class Village(models.Model):
    """贫困村: an administrative village with poor people in it. One row a division, for good."""

    division = DivisionKey(verbose_name="村")
    status = models.CharField(
        "状态", max_length=3, choices=VillageStatus.choices, default=VillageStatus.DRAFT
    )
    village_attr = models.CharField("村属性", max_length=1, choices=VillageAttr.choices, blank=True)
    first_identified_year = models.PositiveSmallIntegerField("首次识别年度", null=True)
    exited_on = models.DateField("退出日期", null=True)
    is_demo = models.BooleanField("演示数据", default=False)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name="录入人"
    )
    entered_at = models.DateTimeField("录入时间", auto_now_add=True)

    objects = ScopedQuerySet["Village"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "贫困村"
        constraints = [
            models.UniqueConstraint(
                name="village_once", fields=["division"], violation_error_message="该村已有村卡"
            ),
            models.CheckConstraint(
                name="village_exited_iff_dated",
                condition=Q(status=VillageStatus.EXITED, exited_on__isnull=False)
                | (~Q(status=VillageStatus.EXITED) & Q(exited_on__isnull=True)),
                violation_error_message="退出日期与状态不一致",
            ),
        ]

    def __str__(self) -> str:
        return str(self.division_id)


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    model_name="VillageYearEvent",
    meta={"verbose_name": "村年度变更"},
)
class VillageYear(VillageFacts):
    """村年度表 (data-standard §6). Numbers of poor households and persons are not stored: they are counted from the cards."""

    division = DivisionKey(db_constraint=False, verbose_name="村")
    village = models.ForeignKey(Village, models.RESTRICT, related_name="years", verbose_name="贫困村")
    year = models.PositiveSmallIntegerField("年度")
    version = models.PositiveIntegerField("版本", default=1)
    remarks = models.JSONField("提示", default=list)
    open_remarks = models.PositiveSmallIntegerField("待说明提示数", default=0)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name="修改人"
    )
    updated_at = models.DateTimeField("修改时间", auto_now=True)

    objects = ScopedQuerySet["VillageYear"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "村年度表"
        indexes = [models.Index(name="villageyear_list", fields=["year", "division"])]
        constraints = [
            models.UniqueConstraint(
                name="villageyear_once_a_year",
                fields=["village", "year"],
                violation_error_message="该村本年度已有村表",
            ),
            models.CheckConstraint(
                name="villageyear_year_in_range",
                condition=Q(year__gte=FIRST_YEAR, year__lte=2100),
                violation_error_message="年度应不早于 2013",
            ),
            models.CheckConstraint(
                name="villageyear_plan_exit_in_range",
                condition=Q(plan_exit_year__isnull=True)
                | Q(plan_exit_year__gte=FIRST_YEAR, plan_exit_year__lte=LAST_PLAN_YEAR),
                violation_error_message="脱贫退出计划年份应在 2013 至 2020 年之间",
            ),
            *(
                models.CheckConstraint(
                    name=f"villageyear_{part}_within_{whole}",
                    condition=Q(**{f"{part}__isnull": True})
                    | Q(**{f"{whole}__isnull": True})
                    | Q(**{f"{part}__lte": F(whole)}),
                    violation_error_message=f"{_FIELDS[part].label}不能大于{_FIELDS[whole].label}",
                )
                for part, whole in NOT_ABOVE
                if not part.startswith("poor_")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.division_id} {self.year}"


class VillageOnFile(models.Model):
    """A village and a year of which cards or a table lie on file.

    Written by triggers with the first of them, so that the villages of a province are listed and counted without looking each of them up
    among a million cards. A row stays when its last card moves away: the village then shows nothing.
    """

    division = DivisionKey(db_constraint=False, verbose_name="村")
    year = models.PositiveSmallIntegerField("年度")

    objects = ScopedQuerySet["VillageOnFile"].as_manager()
    as_of_query: ClassVar[str] = (
        "SELECT f.id, f.division, f.year FROM public.registry_villageonfile f WHERE EXISTS (SELECT FROM"
        " public.registry_householdyearevent e WHERE e.year = f.year AND e.division = f.division AND e.pgh_created_at < {moment})"
        " OR EXISTS (SELECT FROM public.registry_villageyearevent e WHERE e.year = f.year AND e.division = f.division"
        " AND e.pgh_created_at < {moment})"
    )

    class Meta:
        verbose_name = verbose_name_plural = "在册村年度"
        constraints = [models.UniqueConstraint(name="villageonfile_once", fields=["year", "division"])]

    def __str__(self) -> str:
        return f"{self.division_id} {self.year}"
