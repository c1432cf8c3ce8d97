"""Income and outgoings of a household's year (data-standard §3.2), in yuan."""

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Func
from django.db.models.expressions import CombinedExpression

TRANSFERS = ("tr_family_planning", "tr_dibao", "tr_wubao", "tr_pension", "tr_eco", "tr_other")
EARNINGS = ("wage_income", "business_income", "property_income")
AMOUNTS = (*EARNINGS, *TRANSFERS, "business_expense")
"""The ten amounts that are entered, line by line; everything else is derived from them."""


def _sum(names: tuple[str, ...]) -> CombinedExpression:
    first, second, *rest = names
    total = F(first) + F(second)
    for name in rest:
        total = total + F(name)
    return total


def yuan(label: str) -> "models.DecimalField[Decimal | None, Decimal | None]":
    """Return a column for an amount in yuan; NULL means not collected, 0 means none."""
    return models.DecimalField(
        label,
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
    )


class IncomeFacts(models.Model):
    """收入支出. Derived amounts are generated columns, so that no path can store a sum that differs from its parts (R-43)."""

    wage_income = yuan("工资性收入")
    business_income = yuan("生产经营性收入")
    property_income = yuan("财产性收入")
    tr_family_planning = yuan("计划生育金")
    tr_dibao = yuan("低保金")
    tr_wubao = yuan("五保金")
    tr_pension = yuan("养老保险金")
    tr_eco = yuan("生态补偿金")
    tr_other = yuan("其他转移性收入")
    business_expense = yuan("生产经营性支出")
    income_lines = models.JSONField(
        "收入明细",
        default=list,
        help_text="逐行：kind 收入项, item 项目, quantity 数量, unit 单位, unit_price 单价, amount 金额, evidence 证据；"
        "各项合计必须等于金额",
    )
    transfer_income = models.GeneratedField(
        expression=_sum(TRANSFERS),
        output_field=models.DecimalField(max_digits=14, decimal_places=2),
        db_persist=True,
        verbose_name="转移性收入",
    )
    gross_income = models.GeneratedField(
        expression=_sum(EARNINGS + TRANSFERS),
        output_field=models.DecimalField(max_digits=14, decimal_places=2),
        db_persist=True,
        verbose_name="家庭总收入",
    )
    net_income = models.GeneratedField(
        expression=_sum(EARNINGS + TRANSFERS) - F("business_expense"),
        output_field=models.DecimalField(max_digits=14, decimal_places=2),
        db_persist=True,
        verbose_name="家庭纯收入",
    )
    net_income_pc = models.GeneratedField(
        expression=Func(
            (_sum(EARNINGS + TRANSFERS) - F("business_expense"))
            / Func(F("member_count"), 0, function="NULLIF"),
            2,
            function="ROUND",
            output_field=models.DecimalField(max_digits=14, decimal_places=2),
        ),
        output_field=models.DecimalField(max_digits=14, decimal_places=2),
        db_persist=True,
        verbose_name="人均纯收入",
    )

    class Meta:
        abstract = True
