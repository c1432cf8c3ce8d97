"""An administrative division with its validity dates."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q

from fupin.divisions.codes import Level, code_range


class DivisionQuerySet(models.QuerySet["Division"]):
    """Divisions by where they lie and when they exist. The tree is public: it carries no policy."""

    def within(self, code: int) -> Self:
        """Keep ``code`` and what lies below it."""
        low, high = code_range(code)
        return self.filter(code__gte=low, code__lt=high)

    def valid_on(self, day: date) -> Self:
        """Keep the divisions that exist on ``day``."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day), valid_from__lte=day)

    def name_of(self, typed: str) -> str:
        """Return the full name of the division whose 12-digit code was typed; nothing for what is no code."""
        code = typed.strip()
        if len(code) != 12 or not (code.isascii() and code.isdigit()):
            return ""
        return self.filter(pk=int(code)).values_list("path_name", flat=True).first() or ""

    def administrative_villages(self) -> Self:
        """Keep the villages on which a card may stand: last three digits 200–599 (data-standard §3.1)."""
        return self.filter(is_administrative_village=True)


class Division(models.Model):
    """行政区划: a province, city, county, township or village, known by its 12-digit code.

    The code's own digits say what lies above (data-standard §1.2), so ``parent`` is always the truncated code.
    """

    code = models.BigIntegerField("区划代码", primary_key=True)
    level = models.PositiveSmallIntegerField("级别", choices=Level.choices)
    name = models.CharField("名称", max_length=60)
    path_name = models.CharField(
        "全称", max_length=200, help_text="省以下各级名称连写，如 吕梁市临县白文镇庙坪村"
    )
    parent = models.ForeignKey(
        "self", models.RESTRICT, null=True, related_name="children", verbose_name="上级"
    )
    pinyin = models.CharField("拼音", max_length=200, help_text="全拼，不带声调和空格")
    initials = models.CharField("拼音首字母", max_length=60)
    is_administrative_village = models.BooleanField("可建户卡", default=False)
    present_code = models.BigIntegerField(
        "现行代码", null=True, help_text="2014 年清单不可得时按现行区划装入，此处记其现行代码"
    )
    is_present_day = models.BooleanField("现行区划代 2014 年", default=False)
    valid_from = models.DateField("启用日期")
    valid_to = models.DateField("停用日期", null=True, help_text="自该日起不再有效")

    objects = DivisionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "行政区划"
        indexes = [
            models.Index(name="division_initials", fields=["initials"], opclasses=["text_pattern_ops"]),
            models.Index(name="division_pinyin", fields=["pinyin"], opclasses=["text_pattern_ops"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="division_code_has_12_digits",
                condition=Q(code__gte=10**11, code__lt=10**12),
                violation_error_message="区划代码应为 12 位",
            ),
            models.CheckConstraint(
                name="division_only_province_has_no_parent",
                condition=Q(level=Level.PROVINCE, parent__isnull=True)
                | (~Q(level=Level.PROVINCE) & Q(parent__isnull=False)),
                violation_error_message="省以外的区划都应有上级",
            ),
            models.CheckConstraint(
                name="division_validity_in_order",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=models.F("valid_from")),
                violation_error_message="停用日期应晚于启用日期",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def code_range(self) -> tuple[int, int]:
        """The half-open range of codes at and below this division."""
        return code_range(self.code)
