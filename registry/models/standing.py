"""Where a household stands in a year: what re-identification asks of it, in one row."""

from django.db import models

from fupin.accounts.scoped import DivisionKey, ScopedQuerySet
from registry.models.household import Household


class HouseholdStanding(models.Model):
    """户的状况: a view of household, card and members of a year (migration 0019), one row a card.

    It shows whatever its reader may read of the tables beneath. ``dropouts`` are counted members of compulsory school age who are not
    at school, ``uninsured`` those who are not in the 新农合, ``unasked`` those of whom that is not known.
    """

    division = DivisionKey(db_constraint=False, on_delete=models.DO_NOTHING, verbose_name="所在村")
    household = models.ForeignKey(
        Household, models.DO_NOTHING, db_constraint=False, related_name="standings", verbose_name="户"
    )
    year = models.PositiveSmallIntegerField("年度")
    status = models.CharField("状态", max_length=2)
    exit_year = models.PositiveSmallIntegerField("脱贫年度", null=True)
    id_standard = models.CharField("识别标准", max_length=1, blank=True)
    net_income = models.DecimalField("家庭纯收入", max_digits=14, decimal_places=2, null=True)
    member_count = models.PositiveSmallIntegerField("家庭人口数")
    danger_level = models.CharField("危房等级", max_length=1, blank=True)
    water_safe = models.BooleanField("饮水是否安全", null=True)
    dropouts = models.IntegerField("失学辍学人数")
    uninsured = models.IntegerField("未参合人数")
    unasked = models.IntegerField("参合不明人数")

    objects = ScopedQuerySet["HouseholdStanding"].as_manager()

    class Meta:
        managed = False
        db_table = "registry_householdstanding"
        verbose_name = verbose_name_plural = "户的状况"

    def __str__(self) -> str:
        return f"{self.household_id} {self.year}"
