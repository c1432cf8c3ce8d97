"""A household's card of one year: the row that clerks type, lists show and totals count."""

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from fupin.accounts.scoped import DivisionKey, ScopedQuerySet
from registry.codes import Cause, IdentificationStandard, PoorType
from registry.models.condition import ConditionFacts
from registry.models.household import Household
from registry.models.income import IncomeFacts

FIRST_YEAR = 2013
LAST_PLAN_YEAR = 2020


class HouseholdYearQuerySet(ScopedQuerySet["HouseholdYear"]):
    """Cards by year."""


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    model_name="HouseholdYearEvent",
    meta={"verbose_name": "户年度变更"},
)
class HouseholdYear(IncomeFacts, ConditionFacts):
    """贫困户年度卡 (data-standard §3.1–§3.3).

    One row holds basic facts, income and living conditions of a year, so that a card is saved, versioned and kept in history
    as one thing. ``version`` grows by one with each save of the card, members included; a save names the version it started from.
    Columns under 派生 are written by the service from the members and the head; the amounts' sums are generated columns.
    """

    division = DivisionKey(db_constraint=False, verbose_name="所在村")
    # Tied by the key (household, division), which says more; found by the key (household, year).
    household = models.ForeignKey(
        Household,
        models.RESTRICT,
        db_constraint=False,
        db_index=False,
        related_name="years",
        verbose_name="户",
    )
    year = models.PositiveSmallIntegerField("年度")
    version = models.PositiveIntegerField("版本", default=1)

    natural_village = models.CharField("村民小组/自然村", max_length=50, blank=True)
    address = models.CharField("家庭住址", max_length=200, blank=True)
    phone_sealed = models.UUIDField("联系电话密文", null=True)
    phone_index = models.BinaryField("联系电话盲索引", max_length=16, null=True)
    phone_masked = models.CharField("联系电话", max_length=20, blank=True)
    bank_name = models.CharField("开户银行", max_length=60, blank=True)
    bank_account_sealed = models.UUIDField("银行账号密文", null=True)
    bank_account_index = models.BinaryField("银行账号盲索引", max_length=16, null=True)
    bank_account_masked = models.CharField("银行账号", max_length=30, blank=True)
    id_standard = models.CharField(
        "识别标准", max_length=1, choices=IdentificationStandard.choices, blank=True
    )
    poor_type = models.CharField("贫困户属性", max_length=2, choices=PoorType.choices, blank=True)
    cause_main = models.CharField("主要致贫原因", max_length=2, choices=Cause.choices, blank=True)
    cause_other = ArrayField(
        models.CharField(max_length=2, choices=Cause.choices),
        verbose_name="其他致贫原因",
        default=list,
        blank=True,
    )
    cause_note = models.CharField("致贫原因说明", max_length=500, blank=True)
    plan_exit_year = models.PositiveSmallIntegerField("计划脱贫年度", null=True, blank=True)
    is_martyr_family = models.BooleanField("是否军烈属", null=True, blank=True)
    is_one_child = models.BooleanField("独生子女户", null=True, blank=True)
    is_two_girls = models.BooleanField("双女户", null=True, blank=True)
    filler = models.CharField("填表人", max_length=50, blank=True)
    fill_date = models.DateField("填表日期", null=True, blank=True)

    # 派生
    member_count = models.PositiveSmallIntegerField("家庭人口数", default=0)
    labourer_count = models.PositiveSmallIntegerField("劳动力数", default=0)
    head_name = models.CharField("户主姓名", max_length=50, blank=True)
    head_pinyin = models.CharField("户主拼音", max_length=150, blank=True, db_collation="C")
    head_initials = models.CharField("户主拼音首字母", max_length=50, blank=True)
    is_zero_employment = models.BooleanField("是否零就业家庭", default=False)

    remarks = models.JSONField(
        "提示",
        default=list,
        help_text="逐条：rule 规则号, field 字段, message 说明, reason 已确认的理由（空为待说明）",
    )
    open_remarks = models.PositiveSmallIntegerField("待说明提示数", default=0)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name="修改人"
    )
    updated_at = models.DateTimeField("修改时间", auto_now=True)

    objects = HouseholdYearQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "贫困户年度卡"
        indexes = [
            # What lists filter by, count and add up stands in the index, so that a province is counted without reading its cards.
            models.Index(
                name="householdyear_list",
                fields=["year", "division", "household"],
                include=[
                    "id",
                    "poor_type",
                    "cause_main",
                    "id_standard",
                    "danger_level",
                    "water_difficult",
                    "is_zero_employment",
                    "open_remarks",
                    "member_count",
                    "net_income",
                ],
            ),
            models.Index(
                name="householdyear_remarks",
                fields=["year", "division", "household"],
                condition=Q(open_remarks__gt=0),
            ),
            models.Index(name="householdyear_updated", fields=["year", "-updated_at", "-id"]),
            models.Index(name="householdyear_income", fields=["year", "net_income_pc", "id"]),
            models.Index(
                name="householdyear_initials", fields=["head_initials"], opclasses=["text_pattern_ops"]
            ),
            models.Index(name="householdyear_pinyin", fields=["head_pinyin", "id"]),
            models.Index(name="householdyear_name", fields=["head_name"], opclasses=["text_pattern_ops"]),
            models.Index(
                name="householdyear_phone", fields=["phone_index"], condition=Q(phone_index__isnull=False)
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                name="householdyear_once_a_year",
                fields=["household", "year"],
                violation_error_message="该户本年度已有户卡",
            ),
            models.CheckConstraint(
                name="householdyear_year_in_range",
                condition=Q(year__gte=FIRST_YEAR, year__lte=2100),
                violation_error_message="年度应不早于 2013",
            ),
            models.CheckConstraint(
                name="householdyear_irrigated_within_arable",
                condition=Q(irrigated_area__isnull=True)
                | Q(arable_area__isnull=True)
                | Q(irrigated_area__lte=F("arable_area")),
                violation_error_message="有效灌溉面积不能大于耕地面积",
            ),
            models.CheckConstraint(
                name="householdyear_plan_exit_in_range",
                condition=Q(plan_exit_year__isnull=True)
                | Q(plan_exit_year__gte=F("year"), plan_exit_year__lte=LAST_PLAN_YEAR),
                violation_error_message="计划脱贫年度应在本年度至 2020 年之间",
            ),
            models.CheckConstraint(
                name="householdyear_other_causes_at_most_two",
                condition=Q(cause_other__len__lte=2) | Q(cause_other=[]),
                violation_error_message="其他致贫原因最多两项",
            ),
            models.CheckConstraint(
                name="householdyear_other_causes_not_main",
                condition=Q(cause_main="") | ~Q(cause_other__contains=[F("cause_main")]),
                violation_error_message="其他致贫原因不能与主要致贫原因相同",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.household_id} {self.year}"
