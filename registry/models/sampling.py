"""Samples for a look at the field: what was drawn by which seed, and what was found there (policy-trace 3.6)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from fupin.accounts.scoped import DivisionKey, ScopedQuerySet
from registry.codes.sampling import SampleItem, Stratum
from registry.models.household import Household


class Sample(models.Model):
    """抽样: households drawn from the register of a division and year by a stated seed.

    Written once, with the size of what it was drawn from.
    """

    division = DivisionKey(verbose_name="范围")
    year = models.PositiveSmallIntegerField("年度")
    seed = models.CharField("种子", max_length=40)
    stratum = models.CharField("分层", max_length=10, choices=Stratum.choices)
    size = models.PositiveSmallIntegerField("样本户数")
    frame = models.PositiveIntegerField("总体户数")
    purpose = models.CharField("用途", max_length=200)
    drawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name="抽样人"
    )
    drawn_at = models.DateTimeField("抽样时间", auto_now_add=True)

    objects = ScopedQuerySet["Sample"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "抽样"
        indexes = [models.Index(name="sample_division", fields=["division", "-id"])]
        constraints = [
            models.CheckConstraint(
                name="sample_within_its_frame",
                condition=Q(size__gte=1, size__lte=models.F("frame")),
                violation_error_message="样本户数应在 1 和总体户数之间",
            ),
            models.CheckConstraint(
                name="sample_seeded_for_a_purpose",
                condition=~Q(seed="") & ~Q(purpose=""),
                violation_error_message="请填种子和用途",
            ),
        ]

    def __str__(self) -> str:
        return f"CY{self.year}-{self.pk:05}"


class SampledHousehold(models.Model):
    """样本户: a household of a sample, in the order drawn, with the version of its card at that time. Written once."""

    division = DivisionKey(db_constraint=False, verbose_name="所在村")
    sample = models.ForeignKey(Sample, models.RESTRICT, related_name="households", verbose_name="抽样")
    household = models.ForeignKey(Household, models.RESTRICT, related_name="+", verbose_name="户")
    seat = models.PositiveSmallIntegerField("序号")
    stratum = models.CharField("层", max_length=50)
    card_version = models.PositiveIntegerField("抽样时户卡版本")

    objects = ScopedQuerySet["SampledHousehold"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "样本户"
        constraints = [
            models.UniqueConstraint(name="sampledhousehold_once", fields=["sample", "household"]),
            models.UniqueConstraint(name="sampledhousehold_one_seat", fields=["sample", "seat"]),
        ]

    def __str__(self) -> str:
        return f"{self.sample_id} {self.seat}"


class SampleFinding(models.Model):
    """复核记录: what the card said of an item and what was found. Written once; a later one of the same item stands in its place."""

    division = DivisionKey(db_constraint=False, verbose_name="所在村")
    sampled = models.ForeignKey(
        SampledHousehold, models.RESTRICT, related_name="findings", verbose_name="样本户"
    )
    item = models.CharField("项目", max_length=20, choices=SampleItem.choices)
    recorded = models.CharField("卡上", max_length=100)
    found = models.CharField("复核", max_length=100)
    agrees = models.BooleanField("一致")
    note = models.CharField("说明", max_length=500, blank=True)
    found_on = models.DateField("入户日期")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name="复核人")
    at = models.DateTimeField("登记时间", auto_now_add=True)

    objects = ScopedQuerySet["SampleFinding"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "复核记录"
        indexes = [models.Index(name="samplefinding_latest", fields=["sampled", "item", "-id"])]
        constraints = [
            models.CheckConstraint(
                name="samplefinding_says_what_was_found",
                condition=Q(agrees=True) | ~Q(found=""),
                violation_error_message="不一致的须填复核值",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sampled_id} {self.get_item_display()}"
