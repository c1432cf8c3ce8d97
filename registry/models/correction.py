"""Closing of years, and the slips by which a closed year is corrected all the same."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from fupin.accounts.scoped import DivisionKey, ScopedQuerySet
from registry.models.household_year import HouseholdYear
from registry.models.labourer import LabourerYear
from registry.models.village import VillageYear


class YearClose(models.Model):
    """年度关账: from then on the year's cards are read-only to every path but a correction slip (procedures §7)."""

    year = models.PositiveSmallIntegerField("年度", primary_key=True)
    closed_on = models.DateField("关账日期")
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, null=True, related_name="+", verbose_name="关账人"
    )
    document = models.CharField("依据文号", max_length=100, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "年度关账"

    def __str__(self) -> str:
        return str(self.year)


class SlipStatus(models.TextChoices):
    """Where a correction slip stands."""

    PROPOSED = "PROPOSED", "待审核"
    APPLIED = "APPLIED", "已更正"
    REJECTED = "REJECTED", "已退回"


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    model_name="CorrectionSlipEvent",
    meta={"verbose_name": "更正单变更"},
)
class CorrectionSlip(models.Model):
    """更正单: what is wrong on a card of a closed year, from what to what, why; made by one person, decided by another.

    ``changes`` is a list of {"field", "label", "old", "new"} with masked values; a new sealed value is named by its row in the vault.
    """

    division = DivisionKey(db_constraint=False, verbose_name="所在村")
    household_year = models.ForeignKey(
        HouseholdYear, models.RESTRICT, null=True, related_name="correction_slips", verbose_name="户年度卡"
    )
    village_year = models.ForeignKey(
        VillageYear, models.RESTRICT, null=True, related_name="correction_slips", verbose_name="村年度表"
    )
    labourer_year = models.ForeignKey(
        LabourerYear, models.RESTRICT, null=True, related_name="correction_slips", verbose_name="劳动力卡"
    )
    base_version = models.PositiveIntegerField("所依版本")
    payload = models.JSONField("更正后内容", default=dict)
    changes = models.JSONField("更正事项", default=list)
    reason = models.CharField("理由", max_length=500)
    evidence = models.CharField("依据", max_length=200, blank=True)
    status = models.CharField("状态", max_length=8, choices=SlipStatus.choices, default=SlipStatus.PROPOSED)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name="填单人"
    )
    made_at = models.DateTimeField("填单时间", auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="审核人",
    )
    decided_at = models.DateTimeField("审核时间", null=True, blank=True)
    decision_note = models.CharField("审核意见", max_length=500, blank=True)

    objects = ScopedQuerySet["CorrectionSlip"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "更正单"
        indexes = [models.Index(name="correctionslip_open", fields=["division", "status"])]
        constraints = [
            models.CheckConstraint(
                name="correctionslip_decided_by_another",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("made_by")),
                violation_error_message="填单人与审核人不能是同一人",
            ),
            models.CheckConstraint(
                name="correctionslip_decided_iff_not_proposed",
                condition=Q(status=SlipStatus.PROPOSED, decided_by__isnull=True, decided_at__isnull=True)
                | (~Q(status=SlipStatus.PROPOSED) & Q(decided_by__isnull=False, decided_at__isnull=False)),
                violation_error_message="审核状态与审核人不一致",
            ),
            models.CheckConstraint(
                name="correctionslip_has_a_reason",
                condition=~Q(reason=""),
                violation_error_message="请填写更正理由",
            ),
            models.CheckConstraint(
                name="correctionslip_of_one_thing",
                condition=Q(
                    household_year__isnull=False, village_year__isnull=True, labourer_year__isnull=True
                )
                | Q(household_year__isnull=True, village_year__isnull=False, labourer_year__isnull=True)
                | Q(household_year__isnull=True, village_year__isnull=True, labourer_year__isnull=False),
                violation_error_message="更正单只能针对一张户卡、一张村表或一张劳动力卡",
            ),
            models.UniqueConstraint(
                name="correctionslip_one_open_village",
                fields=["village_year"],
                condition=Q(status=SlipStatus.PROPOSED),
                violation_error_message="该村表已有一张待审核的更正单",
            ),
            models.UniqueConstraint(
                name="correctionslip_one_open_labourer",
                fields=["labourer_year"],
                condition=Q(status=SlipStatus.PROPOSED),
                violation_error_message="该劳动力卡已有一张待审核的更正单",
            ),
            models.UniqueConstraint(
                name="correctionslip_one_open",
                fields=["household_year"],
                condition=Q(status=SlipStatus.PROPOSED),
                violation_error_message="该户卡已有一张待审核的更正单",
            ),
        ]

    def __str__(self) -> str:
        return f"更正单 {self.pk}"

    @property
    def about(self) -> HouseholdYear | VillageYear | LabourerYear:
        """The card or table that it is about."""
        found = self.household_year or self.village_year or self.labourer_year
        assert found is not None  # noqa: S101  (a constraint says so)
        return found

    @property
    def year(self) -> int:
        """The closed year that it changes."""
        return self.about.year

    @property
    def what(self) -> str:
        """What it is about, in a word."""
        return "户卡" if self.household_year_id else "村表" if self.village_year_id else "劳动力卡"
