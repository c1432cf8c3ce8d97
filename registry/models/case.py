"""The file of an identification: who did which step, when, on which evidence; and what may never be skipped."""

from typing import ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q

from fupin.accounts.roles import Role
from fupin.accounts.scoped import DivisionKey, ScopedQuerySet
from registry.codes import Cause
from registry.models.household import Household
from registry.models.rounds import Round
from registry.models.village import Village
from registry.rules.procedure import Track


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    model_name="CaseEvent",
    meta={"verbose_name": "识别档案变更"},
)
class Case(models.Model):
    """识别档案: one way of one household or village onto the register or off it.

    ``status`` is written by nobody: each step moves it, in the database (migration `steps`). A household or village has one open
    case at a time. ``persons`` are those who count against the quota: everybody on the card where the national standard was used, else
    nobody (procedures §2). Number, status, persons and closing are the database's to write.
    """

    division = DivisionKey(db_constraint=False, verbose_name="村")
    number = models.CharField("档案号", max_length=24, unique=True)
    track = models.CharField("事项", max_length=14, choices=Track.choices)
    round = models.ForeignKey(Round, models.RESTRICT, null=True, related_name="cases", verbose_name="轮次")
    household = models.ForeignKey(
        Household, models.RESTRICT, null=True, related_name="cases", verbose_name="户"
    )
    village = models.ForeignKey(Village, models.RESTRICT, null=True, related_name="cases", verbose_name="村")
    status = models.CharField("现状", max_length=3)
    persons = models.PositiveSmallIntegerField("人数", default=0)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name="立档人"
    )
    opened_on = models.DateField("立档日期")
    closed_on = models.DateField("结档日期", null=True)

    objects = ScopedQuerySet["Case"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "识别档案"
        indexes = [
            models.Index(
                name="case_waiting", fields=["division", "status"], condition=Q(closed_on__isnull=True)
            ),
            models.Index(name="case_round", fields=["round", "division"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="case_of_one_thing",
                condition=Q(household__isnull=False, village__isnull=True)
                | Q(household__isnull=True, village__isnull=False),
                violation_error_message="一份档案只能属于一户或一村",
            ),
            models.CheckConstraint(
                name="case_in_a_round",
                condition=Q(track__in=[Track.CLEARANCE, Track.CLOSURE], round__isnull=True)
                | (~Q(track__in=[Track.CLEARANCE, Track.CLOSURE]) & Q(round__isnull=False)),
                violation_error_message="纳入和退出须在一个轮次内办理",
            ),
            models.UniqueConstraint(
                name="case_one_open_household",
                fields=["household"],
                condition=Q(closed_on__isnull=True, household__isnull=False),
                violation_error_message="该户已有未结的档案",
            ),
            models.UniqueConstraint(
                name="case_one_open_village",
                fields=["village"],
                condition=Q(closed_on__isnull=True, village__isnull=False),
                violation_error_message="该村已有未结的档案",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class CaseStep(models.Model):
    """档案的一步: written once. What it moves, and what it may not move, is decided by the database's own copy of the table.

    ``card_version`` is the version of the card that the step decided on: a later change of the card voids the approvals after it.
    Votes are whole numbers; ``evidence`` names each paper by kind, number and place; pictures of them are the card's attachments.
    """

    division = DivisionKey(db_constraint=False, verbose_name="村")
    case = models.ForeignKey(Case, models.RESTRICT, related_name="steps", verbose_name="档案")
    number = models.PositiveSmallIntegerField("序号")
    name = models.CharField("步骤", max_length=30)
    source = models.CharField("由", max_length=3)
    target = models.CharField("至", max_length=3)
    on = models.DateField("日期")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name="经办人"
    )
    role = models.CharField("岗位", max_length=20, choices=Role.choices, blank=True)
    is_level = models.BooleanField("审批层级", default=False)
    opinion = models.CharField("意见", max_length=500, blank=True)
    cause = models.CharField("返贫原因", max_length=2, choices=Cause.choices, blank=True)
    evidence = models.JSONField("证据", default=list, help_text="逐件：kind 种类, note 文号、份数或存放处")
    representatives = models.PositiveSmallIntegerField("应到代表", null=True)
    attending = models.PositiveSmallIntegerField("实到", null=True)
    in_favour = models.PositiveSmallIntegerField("同意", null=True)
    card_version = models.PositiveIntegerField("户卡版本", null=True)
    at = models.DateTimeField("登记时间", auto_now_add=True)
    written_at: ClassVar[str] = "at"
    is_sealed: ClassVar[bool] = True
    follows_its_household: ClassVar[bool] = True

    objects = ScopedQuerySet["CaseStep"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "档案步骤"
        constraints = [
            models.UniqueConstraint(name="casestep_in_order", fields=["case", "number"]),
            models.CheckConstraint(
                name="casestep_votes_whole",
                condition=Q(representatives__isnull=True, attending__isnull=True, in_favour__isnull=True)
                | Q(
                    representatives__gt=0,
                    attending__lte=models.F("representatives"),
                    in_favour__lte=models.F("attending"),
                ),
                violation_error_message="票数不合：同意不多于实到，实到不多于应到",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.name}"
