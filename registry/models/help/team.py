"""Work teams: in which village, under whom, who serves in them, and what they did (policy §19, §20)."""

from typing import ClassVar

import pghistory
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Mod
from django.db.models.lookups import GreaterThanOrEqual, LessThan

from fupin.accounts.scoped import DivisionKey, ScopedQuerySet
from registry.models.help.person import AssistPerson, Organ
from registry.models.help.reach import Days, ReachingQuerySet, YearsFrom
from registry.models.household import Household
from registry.rules.help.terms import LEADER_YEARS, TEAM_YEARS

__all__ = [
    "LogKind",
    "RosterEntry",
    "RosterKind",
    "TeamLeader",
    "TeamPosting",
    "VillageStay",
    "WorkLog",
    "WorkTeam",
]


def is_village() -> Q:
    """Return whether ``division`` is an administrative village: its last three digits are 200–599 (data-standard §1.2)."""
    part = Mod(F("division"), 1000, output_field=models.BigIntegerField())
    return Q(GreaterThanOrEqual(part, 200)) & Q(LessThan(part, 600))


class WorkTeam(models.Model):
    """驻村工作队. ``division`` is the county, city or province that keeps it; which village it serves stands in its posting."""

    division = DivisionKey(verbose_name="派驻区划")
    name = models.CharField("名称", max_length=100)
    organ = models.ForeignKey(Organ, models.RESTRICT, related_name="teams", verbose_name="派出单位")
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name="登记人"
    )
    entered_at = models.DateTimeField("登记时间", auto_now_add=True)
    written_at: ClassVar[str] = "entered_at"

    objects = ReachingQuerySet["WorkTeam"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "驻村工作队"
        constraints = [
            models.UniqueConstraint(
                name="workteam_once", fields=["division", "name"], violation_error_message="已有同名工作队"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TeamPosting(models.Model):
    """驻村: a team serves one village for five years. Written once: neither its village nor its day can be changed.

    A second posting of the team within the five years is refused by the exclusion constraint, a township by the check on the code.
    """

    division = DivisionKey(verbose_name="村")
    team = models.ForeignKey(WorkTeam, models.RESTRICT, related_name="postings", verbose_name="工作队")
    since = models.DateField("进驻日期")
    document = models.CharField("派驻文号", max_length=100)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name="登记人"
    )
    entered_at = models.DateTimeField("登记时间", auto_now_add=True)
    written_at: ClassVar[str] = "entered_at"

    objects = ScopedQuerySet["TeamPosting"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "驻村"
        indexes = [models.Index(name="teamposting_division", fields=["division", "since"])]
        constraints = [
            models.CheckConstraint(
                name="teamposting_in_a_village",
                condition=is_village(),
                violation_error_message="驻村工作队须直接包到行政村，不能包乡、包片",
            ),
            ExclusionConstraint(
                name="teamposting_five_years",
                expressions=[
                    ("team", RangeOperators.EQUAL),
                    (Days(F("since"), YearsFrom("since", TEAM_YEARS)), RangeOperators.OVERLAPS),
                ],
                violation_error_message="驻村工作队一定五年不变，五年内不能改驻他村",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.team_id} {self.division_id}"


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    model_name="TeamLeaderEvent",
    meta={"verbose_name": "队长变更"},
)
class TeamLeader(models.Model):
    """队长: one at a time, for two years, and never the same man twice running. The team stays, the man changes."""

    division = DivisionKey(db_constraint=False, verbose_name="派驻区划")
    team = models.ForeignKey(WorkTeam, models.RESTRICT, related_name="leaders", verbose_name="工作队")
    person = models.ForeignKey(AssistPerson, models.RESTRICT, related_name="led_teams", verbose_name="队长")
    since = models.DateField("任职日期")
    until = models.DateField("卸任日期", null=True, blank=True)
    reason = models.CharField("提前更换原因", max_length=200, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name="登记人"
    )
    entered_at = models.DateTimeField("登记时间", auto_now_add=True)

    objects = ReachingQuerySet["TeamLeader"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "队长"
        constraints = [
            models.CheckConstraint(
                name="teamleader_in_order",
                condition=Q(until__isnull=True) | Q(until__gt=F("since")),
                violation_error_message="卸任日期应晚于任职日期",
            ),
            models.CheckConstraint(
                name="teamleader_two_years_or_reason",
                condition=Q(until__isnull=True)
                | Q(until__gte=YearsFrom("since", LEADER_YEARS))
                | ~Q(reason=""),
                violation_error_message="队长两年一换，不满两年更换须写明原因",
            ),
            ExclusionConstraint(
                name="teamleader_one_at_a_time",
                expressions=[
                    ("team", RangeOperators.EQUAL),
                    (Days(F("since"), F("until")), RangeOperators.OVERLAPS),
                ],
                violation_error_message="该队这一时段已有队长",
            ),
            ExclusionConstraint(
                name="teamleader_not_twice_running",
                expressions=[
                    ("team", RangeOperators.EQUAL),
                    ("person", RangeOperators.EQUAL),
                    (Days(F("since"), F("until"), "[]"), RangeOperators.OVERLAPS),
                ],
                violation_error_message="队长两年一换，同一人不能接任自己",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.team_id} {self.person_id}"


class RosterKind(models.TextChoices):
    """As what somebody serves in a village (policy-trace 20.3)."""

    TEAM_MEMBER = "TEAM_MEMBER", "驻村工作队员"
    DESIGNATED = "DESIGNATED", "定点扶贫队员"
    STAYING_CADRE = "STAYING_CADRE", "下乡住村干部"
    VILLAGE_GRADUATE = "VILLAGE_GRADUATE", "大学生村官"


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    model_name="RosterEntryEvent",
    meta={"verbose_name": "名册变更"},
)
class RosterEntry(models.Model):
    """驻村名册: somebody serves in a village from a day to a day; the end is the first day on which he no longer does."""

    division = DivisionKey(verbose_name="村")
    person = models.ForeignKey(AssistPerson, models.RESTRICT, related_name="roster", verbose_name="人员")
    kind = models.CharField("类别", max_length=20, choices=RosterKind.choices)
    team = models.ForeignKey(
        WorkTeam, models.RESTRICT, null=True, blank=True, related_name="roster", verbose_name="工作队"
    )
    since = models.DateField("起")
    until = models.DateField("止", null=True, blank=True)
    is_young_cadre = models.BooleanField("青年干部培养锻炼", default=False)
    incentive = models.CharField("激励", max_length=200, blank=True)
    support = models.CharField("保障措施", max_length=200, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name="登记人"
    )
    entered_at = models.DateTimeField("登记时间", auto_now_add=True)

    objects = ScopedQuerySet["RosterEntry"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "驻村名册"
        constraints = [
            models.CheckConstraint(
                name="rosterentry_in_a_village",
                condition=is_village(),
                violation_error_message="名册须落到行政村",
            ),
            models.CheckConstraint(
                name="rosterentry_in_order",
                condition=Q(until__isnull=True) | Q(until__gt=F("since")),
                violation_error_message="止日应晚于起日",
            ),
            models.CheckConstraint(
                name="rosterentry_members_have_a_team",
                condition=~Q(kind=RosterKind.TEAM_MEMBER) | Q(team__isnull=False),
                violation_error_message="驻村工作队员须写明工作队",
            ),
            ExclusionConstraint(
                name="rosterentry_once_at_a_time",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("division", RangeOperators.EQUAL),
                    (Days(F("since"), F("until")), RangeOperators.OVERLAPS),
                ],
                violation_error_message="该人这一时段已在本村名册",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.division_id}"


class LogKind(models.TextChoices):
    """What a day's work was for (policy §20)."""

    REGISTERING = "REGISTERING", "建档立卡"
    INCOME_PROJECT = "INCOME_PROJECT", "增收项目"
    TRAINING = "TRAINING", "就业培训"
    MEASURE = "MEASURE", "到户措施"


class WorkLog(models.Model):
    """工作日志: what somebody on the roster did on a day for a card or a project. Written once, on a day of his term only."""

    division = DivisionKey(db_constraint=False, verbose_name="村")
    entry = models.ForeignKey(RosterEntry, models.RESTRICT, related_name="logs", verbose_name="名册")
    on = models.DateField("日期")
    kind = models.CharField("事项", max_length=20, choices=LogKind.choices)
    household = models.ForeignKey(
        Household, models.RESTRICT, null=True, blank=True, related_name="work_logs", verbose_name="服务的户"
    )
    project_no = models.CharField("服务的项目", max_length=30, blank=True)
    content = models.CharField("工作内容", max_length=500)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name="登记人"
    )
    entered_at = models.DateTimeField("登记时间", auto_now_add=True)
    written_at: ClassVar[str] = "entered_at"

    objects = ScopedQuerySet["WorkLog"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "工作日志"
        indexes = [models.Index(name="worklog_entry", fields=["entry", "-on"])]
        constraints = [
            models.CheckConstraint(
                name="worklog_serves_card_or_project",
                condition=Q(household__isnull=False) | ~Q(project_no=""),
                violation_error_message="日志须写明服务的户卡或项目",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.on}"


class VillageStay(models.Model):
    """住村: the days that somebody on the roster lived in the village, both counted. Written once."""

    division = DivisionKey(db_constraint=False, verbose_name="村")
    entry = models.ForeignKey(RosterEntry, models.RESTRICT, related_name="stays", verbose_name="名册")
    first_day = models.DateField("首日")
    last_day = models.DateField("末日")
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name="登记人"
    )
    entered_at = models.DateTimeField("登记时间", auto_now_add=True)
    written_at: ClassVar[str] = "entered_at"

    objects = ScopedQuerySet["VillageStay"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "住村"
        constraints = [
            models.CheckConstraint(
                name="villagestay_in_order",
                condition=Q(last_day__gte=F("first_day")),
                violation_error_message="末日不应早于首日",
            ),
            ExclusionConstraint(
                name="villagestay_no_day_twice",
                expressions=[
                    ("entry", RangeOperators.EQUAL),
                    (Days(F("first_day"), F("last_day"), "[]"), RangeOperators.OVERLAPS),
                ],
                violation_error_message="住村日期与已登记的重叠",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.first_day}"

    @property
    def days(self) -> int:
        """The days lived in the village."""
        return (self.last_day - self.first_day).days + 1
