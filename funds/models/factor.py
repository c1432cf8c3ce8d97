"""因素: by what money is shared out among counties, and what each county's figure was (F-01)."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery

from funds.codes.allotment import Direction
from fupin.accounts.scoped import DivisionKey, ScopedQuerySet


class FactorKind(models.Model):
    """因素: the four that the policy names, and others that a document adds (等). The same for the whole province."""

    code = models.CharField("代码", max_length=30, unique=True)
    title = models.CharField("名称", max_length=30, unique=True)
    direction = models.CharField("方向", max_length=4, choices=Direction.choices)
    unit = models.CharField("单位", max_length=10)
    document_no = models.CharField("依据", max_length=100)
    place = models.PositiveSmallIntegerField("次序", default=99)

    class Meta:
        verbose_name = verbose_name_plural = "分配因素"
        constraints = [
            models.CheckConstraint(
                name="factorkind_by_a_document",
                condition=~Q(document_no=""),
                violation_error_message="新增因素须有依据文号",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class FactorValueQuerySet(ScopedQuerySet["FactorValue"]):
    """Figures of counties; later ones stand in the place of earlier ones."""

    def standing(self) -> Self:
        """Keep the latest figure of each county, year and factor."""
        latest = (
            self.model.objects.filter(
                division=OuterRef("division"), year=OuterRef("year"), kind=OuterRef("kind")
            )
            .order_by("-id")
            .values("id")[:1]
        )
        return self.filter(pk=Subquery(latest))


class FactorValue(models.Model):
    """因素值: a county's figure of a year with its source and the day it is of. Written once; a correction is another row."""

    division = DivisionKey(verbose_name="县")
    year = models.PositiveSmallIntegerField("年度")
    kind = models.ForeignKey(FactorKind, models.RESTRICT, related_name="values", verbose_name="因素")
    value = models.DecimalField("数值", max_digits=18, decimal_places=4)
    data_on = models.DateField("数据日期")
    source = models.CharField("来源", max_length=200)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, null=True, related_name="+", verbose_name="登记人"
    )
    entered_at = models.DateTimeField("登记时间", auto_now_add=True)

    objects = FactorValueQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "因素值"
        indexes = [models.Index(name="factorvalue_latest", fields=["division", "year", "kind", "-id"])]
        constraints = [
            models.CheckConstraint(
                name="factorvalue_positive",
                condition=Q(value__gt=0),
                violation_error_message="因素值应大于 0；缺数据的留空，不得填 0",
            ),
            models.CheckConstraint(
                name="factorvalue_says_where_from",
                condition=~Q(source=""),
                violation_error_message="请填数据来源",
            ),
            models.CheckConstraint(
                name="factorvalue_not_before_its_year",
                condition=Q(data_on__year__gte=F("year")),
                violation_error_message="数据日期不能早于所属年度",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.division_id} {self.year} {self.kind_id} {self.value}"
