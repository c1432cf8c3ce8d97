"""Relocation of a household as its card records it (data-standard §3.4; policy §25–§27)."""

import pghistory
from django.db import models
from django.db.models import F, Q

from fupin.accounts.scoped import DivisionKey, ScopedQuerySet
from registry.codes import FollowUp, ReclaimedTo, RelocationMode, ResettlementForm, ResettlementPlace
from registry.models.condition import measure, mu
from registry.models.household_year import HouseholdYear
from registry.models.income import yuan


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    model_name="RelocationEvent",
    meta={"verbose_name": "易地搬迁变更"},
)
class Relocation(models.Model):
    """易地搬迁: belongs to a household's card of a year; missing where nothing was asked."""

    division = DivisionKey(db_constraint=False, verbose_name="所在村")
    household_year = models.OneToOneField(
        HouseholdYear, models.RESTRICT, related_name="relocation", verbose_name="户年度卡"
    )
    willing = models.BooleanField("搬迁意愿", null=True, blank=True)
    mode = models.CharField("搬迁方式", max_length=2, choices=RelocationMode.choices, blank=True)
    form = models.CharField("安置方式", max_length=1, choices=ResettlementForm.choices, blank=True)
    place = models.CharField("安置地", max_length=1, choices=ResettlementPlace.choices, blank=True)
    old_homestead_area = mu("旧宅基地面积")
    reclaimed = models.BooleanField("旧宅基地是否复垦", null=True, blank=True)
    reclaimed_to = models.CharField("复垦为", max_length=1, choices=ReclaimedTo.choices, blank=True)
    persons = models.PositiveSmallIntegerField("搬迁人数", null=True, blank=True)
    build_area = measure("建房面积")
    build_cost = yuan("建房成本")
    subsidies = models.JSONField(
        "各渠道补助",
        default=list,
        blank=True,
        help_text="逐笔：channel 渠道（§27 七类之一）, amount 金额, year 年度",
    )
    own_funds = yuan("自筹资金")
    new_address = models.CharField("新址地址", max_length=200, blank=True)
    moved_in_on = models.DateField("入住日期", null=True, blank=True)
    demolished_on = models.DateField("旧房拆除日期", null=True, blank=True)
    follow_up = models.CharField("后续措施", max_length=1, choices=FollowUp.choices, blank=True)
    follow_up_note = models.CharField("后续措施说明", max_length=200, blank=True)

    objects = ScopedQuerySet["Relocation"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "易地搬迁"
        constraints = [
            models.CheckConstraint(
                name="relocation_reclaimed_to_what",
                condition=Q(reclaimed=True) | Q(reclaimed_to=""),
                violation_error_message="未复垦的旧宅基地不填复垦地类",
            ),
            models.CheckConstraint(
                name="relocation_demolished_after_moving",
                condition=Q(demolished_on__isnull=True)
                | Q(moved_in_on__isnull=True)
                | Q(demolished_on__gte=F("moved_in_on")),
                violation_error_message="旧房拆除日期不应早于入住日期",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.household_year_id} 搬迁"
