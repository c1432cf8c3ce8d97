"""How households came from one another: split, merged, moved. Both histories stay (lessons.md 8)."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from fupin.accounts.scoped import DivisionKey, ScopedQuerySet
from registry.models.household import Household


class LinkKind(models.TextChoices):
    """What was done to the household."""

    SPLIT = "SPLIT", "分户"
    MERGE = "MERGE", "并户"
    MOVE = "MOVE", "迁移"


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    model_name="HouseholdLinkEvent",
    meta={"verbose_name": "户的分并迁变更"},
)
class HouseholdLink(models.Model):
    """户的分、并、迁. ``household`` is the one that it happened to; ``other`` the new household of a split or the one merged into.

    A move keeps household and number and names the villages. ``members`` are the numbers of the persons that changed households.
    ``undone_at`` marks an act that was taken back; the rows stay.
    """

    division = DivisionKey(db_constraint=False, verbose_name="所在村")
    household = models.ForeignKey(Household, models.RESTRICT, related_name="links", verbose_name="户")
    kind = models.CharField("方式", max_length=5, choices=LinkKind.choices)
    other = models.ForeignKey(
        Household,
        models.RESTRICT,
        null=True,
        related_name="links_from",
        verbose_name="对方户",
        db_constraint=True,
    )
    from_village = models.BigIntegerField("原村")
    to_village = models.BigIntegerField("新村")
    members = models.JSONField("涉及成员", default=list)
    on = models.DateField("日期")
    reason = models.CharField("理由", max_length=500)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name="经办人"
    )
    done_at = models.DateTimeField("办理时间", auto_now_add=True)
    undone_at = models.DateTimeField("撤销时间", null=True)

    objects = ScopedQuerySet["HouseholdLink"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "户的分并迁"
        constraints = [
            models.CheckConstraint(
                name="householdlink_other_iff_not_move",
                condition=(Q(kind=LinkKind.MOVE) & Q(other__isnull=True))
                | (~Q(kind=LinkKind.MOVE) & Q(other__isnull=False)),
                violation_error_message="分户、并户须指明对方户",
            ),
            models.CheckConstraint(
                name="householdlink_not_to_itself",
                condition=Q(other__isnull=True) | ~Q(other=F("household")),
                violation_error_message="不能与自身分并户",
            ),
            models.CheckConstraint(
                name="householdlink_has_a_reason",
                condition=~Q(reason=""),
                violation_error_message="请填写理由",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.household_id} {self.get_kind_display()}"
