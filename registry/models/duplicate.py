"""Pairs of households that look like one, and what was decided of each (lessons.md 10)."""

from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from fupin.accounts.scoped import DivisionKey, ScopedQuerySet
from registry.codes.duplicates import DuplicateDecision, DuplicateSign
from registry.models.household import Household
from registry.models.lineage import HouseholdLink


class DuplicateTicketQuerySet(ScopedQuerySet["DuplicateTicket"]):
    """Pairs by whether they wait."""

    def open(self) -> Self:
        """Keep what waits to be looked at; twin of `registry.rules.duplicates.is_open`."""
        return self.filter(Q(decision="") | ~Q(signs__contained_by=F("decided_signs")), gone_at__isnull=True)


class DuplicateTicket(models.Model):
    """疑似重复户: one row a pair for good, ``first`` being the older household, however many signs it has and however often it is found.

    ``division`` is the lowest that holds both. The refresh writes signs and moments, the trigger of migration `duplicates` the decision:
    the application holds no UPDATE on it. ``people`` are pairs of 人编号, first's and second's.
    """

    division = DivisionKey(verbose_name="所在区划")
    first = models.ForeignKey(Household, models.RESTRICT, related_name="+", verbose_name="甲户")
    second = models.ForeignKey(Household, models.RESTRICT, related_name="+", verbose_name="乙户")
    year = models.PositiveSmallIntegerField("年度")
    signs = ArrayField(
        models.CharField(max_length=10, choices=DuplicateSign.choices), verbose_name="迹象", default=list
    )
    people = models.JSONField("相同的人", default=list)
    weight = models.PositiveSmallIntegerField("轻重", default=0)
    found_at = models.DateTimeField("首次发现")
    seen_at = models.DateTimeField("最近一次查到")
    gone_at = models.DateTimeField("不再查到", null=True)
    decision = models.CharField(
        "结论", max_length=10, choices=DuplicateDecision.choices, blank=True, default=""
    )
    decided_signs = ArrayField(models.CharField(max_length=10), verbose_name="核查时的迹象", default=list)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, null=True, related_name="+", verbose_name="核查人"
    )
    decided_at = models.DateTimeField("核查时间", null=True)

    objects = DuplicateTicketQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "疑似重复户"
        indexes = [
            models.Index(name="duplicateticket_queue", fields=["division", "-weight", "id"]),
            models.Index(name="duplicateticket_second", fields=["second"]),
        ]
        constraints = [
            models.UniqueConstraint(
                name="duplicateticket_once",
                fields=["first", "second"],
                violation_error_message="这两户已有核查单",
            ),
            models.CheckConstraint(name="duplicateticket_in_order", condition=Q(first__lt=F("second"))),
            models.CheckConstraint(name="duplicateticket_has_signs", condition=Q(signs__len__gte=1)),
            models.CheckConstraint(
                name="duplicateticket_decided_by_somebody",
                condition=Q(decision="", decided_by__isnull=True, decided_at__isnull=True)
                | (~Q(decision="") & Q(decided_by__isnull=False, decided_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id}–{self.second_id}"


class DuplicateFinding(models.Model):
    """核查记录: what somebody decided of a pair and why; an empty decision takes the one before back. Written once."""

    division = DivisionKey(db_constraint=False, verbose_name="所在区划")
    ticket = models.ForeignKey(
        DuplicateTicket, models.RESTRICT, related_name="findings", verbose_name="疑似重复户"
    )
    decision = models.CharField("结论", max_length=10, choices=DuplicateDecision.choices, blank=True)
    reason = models.CharField("理由", max_length=500)
    link = models.ForeignKey(HouseholdLink, models.RESTRICT, null=True, related_name="+", verbose_name="并户")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name="核查人")
    at = models.DateTimeField("时间", auto_now_add=True)

    objects = ScopedQuerySet["DuplicateFinding"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "重复户核查记录"
        indexes = [models.Index(name="duplicatefinding_ticket", fields=["ticket", "id"])]
        constraints = [
            models.CheckConstraint(
                name="duplicatefinding_has_a_reason",
                condition=~Q(reason=""),
                violation_error_message="请写明理由",
            ),
            models.CheckConstraint(
                name="duplicatefinding_merged_iff_same",
                condition=Q(decision=DuplicateDecision.SAME, link__isnull=False)
                | (~Q(decision=DuplicateDecision.SAME) & Q(link__isnull=True)),
                violation_error_message="认定为一户的须随即并户",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.get_decision_display()}"
