"""The register's ledger: each household that comes onto the register of a village or leaves it, written by the database alone."""

from django.db import models
from django.db.models import Q

from fupin.accounts.scoped import DivisionKey, ScopedQuerySet
from registry.models.household import Household


class EntryWhy(models.TextChoices):
    """What brought a household onto the register or took it off."""

    CARRIED = "CARRIED", "期初转入"
    IDENTIFIED = "IDENTIFIED", "新识别"
    RELAPSED = "RELAPSED", "返贫纳入"
    RESTORED = "RESTORED", "撤销注销"
    MOVED = "MOVED", "迁村"
    LEFT = "LEFT", "脱贫退出"
    CLEARED = "CLEARED", "错评清退"
    CLOSED = "CLOSED", "自然注销"
    CORRECTED = "CORRECTED", "更正"


IN, OUT = 1, -1


class RegisterEntry(models.Model):
    """在册台账的一笔. Opening, in, out and closing of a village and year are sums of these rows, so they add up whatever happens.

    A trigger on the household writes them, with the day of the step that moved it; nobody else may. ``CARRIED`` is what stood on the
    register before steps were kept here.
    """

    division = DivisionKey(db_constraint=False, verbose_name="村")
    household = models.ForeignKey(
        Household, models.RESTRICT, related_name="register_entries", verbose_name="户"
    )
    on = models.DateField("日期")
    direction = models.SmallIntegerField("增减", choices=((IN, "增"), (OUT, "减")))
    why = models.CharField("事由", max_length=10, choices=EntryWhy.choices)

    objects = ScopedQuerySet["RegisterEntry"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "在册台账"
        indexes = [
            models.Index(
                name="registerentry_sums",
                fields=["division", "on"],
                include=["direction", "why", "household"],
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="registerentry_one_in_or_out",
                condition=Q(direction__in=(IN, OUT)),
                violation_error_message="一笔只记一户",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.household_id} {self.get_direction_display()} {self.on}"
