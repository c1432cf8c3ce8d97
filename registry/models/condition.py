"""Land, house, water, power and roads of a household's year (data-standard §3.3)."""

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from registry.codes import DangerLevel, FuelType, HouseStructure, RoadType

DANGEROUS = (DangerLevel.C, DangerLevel.D)


def mu(label: str) -> "models.DecimalField[Decimal | None, Decimal | None]":
    """Return a column for an area in mu."""
    return models.DecimalField(
        label,
        max_digits=10,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
    )


def measure(label: str) -> "models.DecimalField[Decimal | None, Decimal | None]":
    """Return a column for kilometres or square metres."""
    return models.DecimalField(
        label,
        max_digits=8,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
    )


def yes_no(label: str) -> "models.BooleanField[bool | None, bool | None]":
    """Return a column for 是/否; NULL means not collected."""
    return models.BooleanField(label, null=True, blank=True)


class ConditionFacts(models.Model):
    """生产生活条件."""

    arable_area = mu("耕地面积")
    irrigated_area = mu("有效灌溉面积")
    forest_area = mu("林地面积")
    returned_forest_area = mu("退耕还林面积")
    fruit_area = mu("林果面积")
    pasture_area = mu("牧草地面积")
    water_area = mu("水面面积")
    has_prod_power = yes_no("是否通生产用电")
    has_life_power = yes_no("是否通生活用电")
    has_tv = yes_no("是否通广播电视")
    water_difficult = yes_no("饮水是否困难")
    water_safe = yes_no("饮水是否安全")
    tap_water = yes_no("自来水是否入户")
    has_broadband = yes_no("是否通宽带")
    road_distance = measure("与村主干路距离")
    road_type = models.CharField("入户路类型", max_length=2, choices=RoadType.choices, blank=True)
    house_area = measure("住房面积")
    house_structure = models.CharField("房屋结构", max_length=1, choices=HouseStructure.choices, blank=True)
    danger_level = models.CharField("危房等级", max_length=1, choices=DangerLevel.choices, blank=True)
    is_dangerous = models.GeneratedField(
        expression=models.Case(
            models.When(danger_level="", then=None),
            default=Q(danger_level__in=DANGEROUS),
            output_field=models.BooleanField(),
        ),
        output_field=models.BooleanField(null=True),
        db_persist=True,
        verbose_name="是否危房户",
    )
    danger_appraiser = models.CharField("危房鉴定机构", max_length=100, blank=True)
    danger_appraised_on = models.DateField("危房鉴定日期", null=True, blank=True)
    renovate_year = models.PositiveSmallIntegerField("危改年度", null=True, blank=True)
    renovate_subsidy = models.DecimalField(
        "危改补助额", max_digits=12, decimal_places=2, null=True, blank=True
    )
    fuel_type = models.CharField("主要燃料类型", max_length=2, choices=FuelType.choices, blank=True)
    fuel_other = models.CharField("其他燃料名称", max_length=20, blank=True)
    has_toilet = yes_no("有无卫生厕所")
    in_coop = yes_no("是否加入农民专业合作组织")
    coop_code = models.CharField("合作社代码", max_length=18, blank=True)
    has_leading_ent = yes_no("是否有龙头企业带动")
    leading_ent_code = models.CharField("带动企业或项目号", max_length=30, blank=True)
    has_leader = yes_no("是否有致富带头人带动")
    in_mutual_fund = yes_no("是否加入村级互助资金")
    is_credit_household = yes_no("是否信用户")

    class Meta:
        abstract = True
