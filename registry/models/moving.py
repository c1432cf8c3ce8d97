"""A household that is to move to another county: one side asks, the other answers, and neither can do it alone (ADR 0004)."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from fupin.accounts.scoped import DivisionKey, ScopedQuerySet
from fupin.divisions.codes import code_range
from fupin.divisions.models import Division
from registry.codes import HouseholdStatus
from registry.models.household import Household


class MoveStatus(models.TextChoices):
    """Where the asking stands."""

    PROPOSED = "PROPOSED", "待答复"
    ACCEPTED = "ACCEPTED", "已迁入"
    REFUSED = "REFUSED", "已退回"
    WITHDRAWN = "WITHDRAWN", "已撤回"
    LAPSED = "LAPSED", "逾期未答"


class MovingQuerySet(ScopedQuerySet["MovingProposal"]):
    """Proposals, which two counties look at."""

    def within(self, code: int) -> Self:
        """Keep those that leave a division or ask to come to it."""
        low, high = code_range(code)
        leaving = Q(division_id__gte=low, division_id__lt=high)
        return self.filter(leaving | Q(to_division_id__gte=low, to_division_id__lt=high))

    def leaving(self, code: int) -> Self:
        """Keep those that leave a division."""
        return super().within(code)

    def coming(self, code: int) -> Self:
        """Keep those that ask to come to a division."""
        low, high = code_range(code)
        return self.filter(to_division_id__gte=low, to_division_id__lt=high)

    def open(self) -> Self:
        """Keep those without an answer, overdue ones too."""
        return self.filter(status=MoveStatus.PROPOSED)


class MovingProposal(models.Model):
    """跨县迁移商请: the county where a household is registered asks the one where it lives now to take it over.

    ``division`` stays the village that it leaves, whatever happens: the row is what that county keeps of it. What the other side
    sees before it accepts is this row and nothing else; the database fills in what it shows of the household, and writes every answer
    (migration `moving`). Days and who may ask or answer are decided there too.
    """

    division = DivisionKey(verbose_name="迁出村")
    to_division = models.ForeignKey(Division, models.RESTRICT, related_name="+", verbose_name="迁入县")
    household = models.ForeignKey(Household, models.RESTRICT, related_name="+", verbose_name="户")
    household_no = models.CharField("户编号", max_length=16, editable=False)
    head_name = models.CharField("户主", max_length=50, editable=False)
    persons = models.PositiveSmallIntegerField("人数", editable=False)
    standing = models.CharField("户的状态", max_length=2, choices=HouseholdStatus.choices, editable=False)
    reason = models.CharField("理由", max_length=500)
    answer_by = models.DateField("答复期限", help_text="当天答复仍算按时")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name="商请人"
    )
    asked_at = models.DateTimeField("商请时间", auto_now_add=True)
    status = models.CharField("现状", max_length=9, choices=MoveStatus.choices, default=MoveStatus.PROPOSED)
    to_village = models.ForeignKey(
        Division, models.RESTRICT, null=True, related_name="+", verbose_name="迁入村"
    )
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, null=True, related_name="+", verbose_name="答复人"
    )
    answered_at = models.DateTimeField("答复时间", null=True)
    answer_note = models.CharField("答复意见", max_length=500, blank=True)

    objects = MovingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "跨县迁移商请"
        indexes = [
            models.Index(name="moving_leaving", fields=["division", "status"]),
            models.Index(name="moving_coming", fields=["to_division", "status"]),
        ]
        constraints = [
            models.UniqueConstraint(
                name="moving_one_open",
                fields=["household"],
                condition=Q(status=MoveStatus.PROPOSED),
                violation_error_message="该户已有一件待答复的迁移商请",
            ),
            models.CheckConstraint(
                name="moving_has_a_reason",
                condition=~Q(reason=""),
                violation_error_message="请填写理由",
            ),
            models.CheckConstraint(
                name="moving_answered_by_another",
                condition=~Q(status__in=[MoveStatus.ACCEPTED, MoveStatus.REFUSED])
                | (Q(answered_by__isnull=False) & ~Q(answered_by=F("asked_by"))),
                violation_error_message="商请人与答复人不能是同一人",
            ),
            models.CheckConstraint(
                name="moving_answered_iff_not_open",
                condition=Q(status=MoveStatus.PROPOSED, answered_at__isnull=True)
                | (~Q(status=MoveStatus.PROPOSED) & Q(answered_at__isnull=False)),
                violation_error_message="现状与答复时间不一致",
            ),
            models.CheckConstraint(
                name="moving_to_a_village_iff_accepted",
                condition=Q(status=MoveStatus.ACCEPTED, to_village__isnull=False)
                | (~Q(status=MoveStatus.ACCEPTED) & Q(to_village__isnull=True)),
                violation_error_message="同意迁入须指明行政村",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.household_no} {self.get_status_display()}"

    def is_open(self) -> bool:
        """Tell whether nobody has answered yet."""
        return self.status == MoveStatus.PROPOSED

    def is_overdue(self, today: date) -> bool:
        """Tell whether the day for an answer has passed without one."""
        return self.is_open() and today > self.answer_by
