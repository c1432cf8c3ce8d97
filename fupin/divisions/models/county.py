"""What the state and the province say of a county: lists that decide over money, help and assessment."""

from django.db import models

from fupin.divisions.models.division import Division


class ContiguousArea(models.TextChoices):
    """集中连片特困地区 that reach into Shanxi (shanxi.md §1)."""

    NONE = "NONE", "不在片区"
    LVLIANG = "LVLIANG", "吕梁山区"
    YANSHAN_TAIHANG = "YANSHAN_TAIHANG", "燕山-太行山区"


class CountyProfile(models.Model):
    """县的属性: the three independent lists of 2014 and the two attributes of §15.

    ``is_national_poor`` are the 36 counties of §18, ``is_national_key`` the 35 national key counties (all but 大同县),
    ``is_provincial_key`` the 22 of the province. Source: shanxi.md §1.
    """

    division = models.OneToOneField(
        Division, models.RESTRICT, primary_key=True, verbose_name="县", related_name="county_profile"
    )
    is_national_poor = models.BooleanField("国定贫困县")
    is_national_key = models.BooleanField("国家扶贫开发工作重点县")
    is_provincial_key = models.BooleanField("省定贫困县")
    contiguous_area = models.CharField(
        "片区", max_length=20, choices=ContiguousArea.choices, default=ContiguousArea.NONE
    )
    is_limited_development = models.BooleanField("限制开发区域", null=True, help_text="名单未公布前为空")
    is_ecologically_fragile = models.BooleanField("生态脆弱", null=True, help_text="名单未公布前为空")

    class Meta:
        verbose_name = verbose_name_plural = "县的属性"
        constraints = [
            models.CheckConstraint(
                name="countyprofile_national_or_provincial",
                condition=~models.Q(is_national_poor=True, is_provincial_key=True),
                violation_error_message="一个县不能既是国定又是省定贫困县",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.division_id} 属性"
