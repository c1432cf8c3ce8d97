"""Leaders and their villages, the provincial leaders' three-in-one links, and the plan of coverage (policy §18–§20)."""

from typing import ClassVar

import pghistory
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q

from fupin.accounts.scoped import DivisionKey, ScopedQuerySet
from fupin.divisions.models import Division
from registry.models.help.person import AssistPerson
from registry.models.help.reach import Days, ReachingQuerySet
from registry.models.help.team import is_village
from registry.rules.help.doubling import TIMES


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    model_name="LeaderVillageEvent",
    meta={"verbose_name": "领导包村变更"},
)
class LeaderVillage(models.Model):
    """领导包村: a leader raises one village's income per head to twice that of the base year within five years.

    He has it until it is done: ``done_on`` asks for the income that was reached and for the approval of another, and only then may he
    take another village; before, the exclusion constraint refuses it. ``choice_reason`` explains why not the poorest village was taken.
    """

    division = DivisionKey(verbose_name="村")
    person = models.ForeignKey(
        AssistPerson, models.RESTRICT, related_name="villages", verbose_name="包村领导"
    )
    since = models.DateField("起")
    base_year = models.PositiveSmallIntegerField("基年")
    base_income = models.DecimalField("基年农民人均纯收入", max_digits=12, decimal_places=2)
    choice_reason = models.CharField("选非最低收入村的说明", max_length=200, blank=True)
    reached_year = models.PositiveSmallIntegerField("达标年度", null=True, blank=True)
    reached_income = models.DecimalField(
        "达标年度人均纯收入", max_digits=12, decimal_places=2, null=True, blank=True
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="提出调整人",
    )
    proposed_on = models.DateField("提出调整日期", null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="批准人",
    )
    done_on = models.DateField("完成日期", null=True, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name="登记人"
    )
    entered_at = models.DateTimeField("登记时间", auto_now_add=True)

    objects = ScopedQuerySet["LeaderVillage"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "领导包村"
        indexes = [models.Index(name="leadervillage_division", fields=["division", "since"])]
        constraints = [
            models.CheckConstraint(
                name="leadervillage_in_a_village",
                condition=is_village(),
                violation_error_message="包村须落到行政村",
            ),
            models.CheckConstraint(
                name="leadervillage_base_above_zero",
                condition=Q(base_income__gt=0),
                violation_error_message="基年农民人均纯收入应大于 0",
            ),
            models.CheckConstraint(
                name="leadervillage_done_when_doubled",
                condition=Q(done_on__isnull=True, approved_by__isnull=True)
                | Q(
                    done_on__gt=F("since"),
                    approved_by__isnull=False,
                    reached_year__gt=F("base_year"),
                    reached_income__gte=F("base_income") * TIMES,
                ),
                violation_error_message="未达到翻番目标，不能调整包扶村",
            ),
            models.CheckConstraint(
                name="leadervillage_approved_by_another",
                condition=Q(approved_by__isnull=True)
                | (Q(proposed_by__isnull=False) & ~Q(approved_by=F("proposed_by"))),
                violation_error_message="提出人与批准人不能是同一人",
            ),
            ExclusionConstraint(
                name="leadervillage_one_until_done",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    (Days(F("since"), F("done_on")), RangeOperators.OVERLAPS),
                ],
                violation_error_message="一包五年不变：完成翻番并经批准后才能包新的村",
            ),
            ExclusionConstraint(
                name="leadervillage_one_leader_a_village",
                expressions=[
                    ("division", RangeOperators.EQUAL),
                    (Days(F("since"), F("done_on")), RangeOperators.OVERLAPS),
                ],
                violation_error_message="该村已有包村领导",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.division_id}"


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    model_name="ThreeInOneLinkEvent",
    meta={"verbose_name": "三合一联系变更"},
)
class ThreeInOneLink(models.Model):
    """“三合一”联系: a provincial leader, one of the 36 national poor counties, its enterprise and his village of stay.

    A part that is not known yet is left empty and alarmed; two links of one county are alarmed, not refused: both may be on paper.
    """

    division = DivisionKey(verbose_name="联系县")
    leader = models.ForeignKey(
        AssistPerson, models.RESTRICT, null=True, blank=True, related_name="links", verbose_name="省领导"
    )
    enterprise = models.CharField("扶贫开发企业", max_length=100, blank=True)
    enterprise_code = models.CharField("企业代码", max_length=18, blank=True)
    village = models.ForeignKey(
        Division, models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="住村包村点"
    )
    since = models.DateField("起")
    until = models.DateField("止", null=True, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name="登记人"
    )
    entered_at = models.DateTimeField("登记时间", auto_now_add=True)

    objects = ReachingQuerySet["ThreeInOneLink"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "“三合一”联系"
        constraints = [
            models.CheckConstraint(
                name="threeinonelink_in_order",
                condition=Q(until__isnull=True) | Q(until__gt=F("since")),
                violation_error_message="止日应晚于起日",
            ),
            models.CheckConstraint(
                name="threeinonelink_village_in_county",
                condition=Q(village__isnull=True)
                | Q(village__gt=F("division"), village__lt=F("division") + 1_000_000),
                violation_error_message="住村包村点应在联系县内",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.division_id} 三合一"


class ActivityKind(models.TextChoices):
    """What a provincial leader did for his county (policy-trace 18.2)."""

    GUIDANCE = "GUIDANCE", "指导发展思路"
    MEASURES = "MEASURES", "落实扶持措施"
    INDUSTRY = "INDUSTRY", "包扶村增收产业"
    ENTERPRISE = "ENTERPRISE", "督导企业"
    PROBLEM = "PROBLEM", "解决问题"


class Progress(models.TextChoices):
    """How far a problem has been dealt with."""

    NONE = "NONE", "无待办"
    OPEN = "OPEN", "待办理"
    WORKING = "WORKING", "办理中"
    SOLVED = "SOLVED", "已解决"


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    model_name="LinkActivityEvent",
    meta={"verbose_name": "联系活动变更"},
)
class LinkActivity(models.Model):
    """联系活动与问题: what was done, which problem was raised, how far it is dealt with."""

    division = DivisionKey(db_constraint=False, verbose_name="联系县")
    link = models.ForeignKey(
        ThreeInOneLink, models.RESTRICT, related_name="activities", verbose_name="三合一联系"
    )
    on = models.DateField("日期")
    kind = models.CharField("种类", max_length=20, choices=ActivityKind.choices)
    content = models.CharField("内容", max_length=500)
    progress = models.CharField("办理进度", max_length=10, choices=Progress.choices, default=Progress.NONE)
    due_on = models.DateField("办理时限", null=True, blank=True)
    solved_on = models.DateField("解决日期", null=True, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name="登记人"
    )
    entered_at = models.DateTimeField("登记时间", auto_now_add=True)

    objects = ReachingQuerySet["LinkActivity"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "联系活动"
        constraints = [
            models.CheckConstraint(
                name="linkactivity_problems_have_progress",
                condition=(Q(kind=ActivityKind.PROBLEM) & ~Q(progress=Progress.NONE))
                | (~Q(kind=ActivityKind.PROBLEM) & Q(progress=Progress.NONE)),
                violation_error_message="问题须写明办理进度",
            ),
            models.CheckConstraint(
                name="linkactivity_solved_iff_dated",
                condition=Q(progress=Progress.SOLVED, solved_on__isnull=False)
                | (~Q(progress=Progress.SOLVED) & Q(solved_on__isnull=True)),
                violation_error_message="已解决的须有解决日期",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.link_id} {self.on}"


class CoverageStage(models.Model):
    """分期分批计划: how many poor villages of a county have a team, and households somebody answerable, by a day."""

    division = DivisionKey(verbose_name="县")
    number = models.PositiveSmallIntegerField("期次")
    due_on = models.DateField("完成日期")
    villages = models.PositiveIntegerField("有队贫困村")
    households = models.PositiveIntegerField("有责任人贫困户")
    document = models.CharField("依据", max_length=100, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name="登记人"
    )
    entered_at = models.DateTimeField("登记时间", auto_now_add=True)
    written_at: ClassVar[str] = "entered_at"

    objects = ReachingQuerySet["CoverageStage"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "分期分批计划"
        constraints = [
            models.UniqueConstraint(
                name="coveragestage_once", fields=["division", "number"], violation_error_message="该期已登记"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.division_id} 第{self.number}期"
