"""What became of a division: renamed, merged, split or redrawn."""

from django.db import models

from fupin.divisions.models.division import Division


class SuccessionKind(models.TextChoices):
    """How one division follows another."""

    RENAMED = "RENAMED", "更名改码"
    MERGED = "MERGED", "合并"
    REDRAWN = "REDRAWN", "拆并重划"


class Succession(models.Model):
    """区划沿革: one predecessor and one successor code; a redrawn division has several rows (shanxi.md §2).

    The successor is kept as a bare code: present-day codes need not be divisions of this system.
    """

    predecessor = models.ForeignKey(
        Division, models.RESTRICT, related_name="successions", verbose_name="原区划"
    )
    successor_code = models.BigIntegerField("后继代码")
    successor_name = models.CharField("后继名称", max_length=60)
    year = models.PositiveSmallIntegerField("年份")
    kind = models.CharField("方式", max_length=10, choices=SuccessionKind.choices)

    class Meta:
        verbose_name = verbose_name_plural = "区划沿革"
        constraints = [
            models.UniqueConstraint(name="succession_once", fields=["predecessor", "successor_code"]),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor_id} → {self.successor_code}（{self.year}）"
