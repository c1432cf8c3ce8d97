"""A project of the pool, and where it stands (funds.md F-06; policy §6, §9)."""

from datetime import date
from decimal import Decimal
from typing import Self

import pghistory
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Mod

from fupin.accounts.models import User
from fupin.accounts.scoped import DivisionKey, ScopedQuerySet
from fupin.divisions.codes import code_range, lineage
from projects.codes import Industry, ProjectKind, Stage, UseWay
from projects.rules.stages import DONE, EDITABLE, ENDED, RECEIVES_MONEY


class ProjectQuerySet(ScopedQuerySet["Project"]):
    """Projects by where they are and how far they have come."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Keep those of the user's division, and those of a higher one that are for a village of his."""
        if isinstance(user, AnonymousUser) or user.post is None:
            return self.none()
        low, high = code_range(user.post.division_id)
        here = Q(division_id__gte=low, division_id__lt=high)
        above = [code for code in lineage(low) if code != low]
        if not above:
            return self.filter(here)
        mine = ProjectVillage.objects.filter(
            project=OuterRef("pk"), division_id__gte=low, division_id__lt=high
        )
        return self.filter(here | Q(Exists(mine), division_id__in=above))

    def can_receive_money(self) -> Self:
        """Keep those on which money may be placed: in a year's plan or later, neither failed nor closed."""
        return self.filter(stage__in=RECEIVES_MONEY)

    def going_on(self) -> Self:
        """Keep those that have been approved and have not come to an end."""
        return self.exclude(stage__in=[*EDITABLE, *ENDED])

    def start_overdue(self, day: date) -> Self:
        """Keep those in a plan that should have started before ``day``."""
        return self.filter(
            stage__in=[Stage.PLANNED, Stage.FUNDED], started_on__isnull=True, planned_start_on__lt=day
        )

    def finish_overdue(self, day: date) -> Self:
        """Keep those in a plan that should have been finished before ``day``."""
        return self.filter(
            stage__in=[Stage.PLANNED, Stage.FUNDED, Stage.BUILDING],
            finished_on__isnull=True,
            planned_finish_on__lt=day,
        )

    def acceptance_overdue(self, day: date) -> Self:
        """Keep those in a plan that should have been accepted before ``day``."""
        return self.filter(
            stage__in=[Stage.PLANNED, Stage.FUNDED, Stage.BUILDING],
            accepted_on__isnull=True,
            planned_accept_on__lt=day,
        )


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    model_name="ProjectEvent",
    meta={"verbose_name": "项目变更"},
)
class Project(models.Model):
    """扶贫项目: what is to be built or done where, for whom, with how much money, who carries it out and who supervises it.

    ``division`` is the county, township or village in which it stands. ``stage`` and the days of what has happened are written by the
    steps, no other way; from the approval on its facts stand still.
    """

    division = DivisionKey(verbose_name="所在地")
    county = models.GeneratedField(
        verbose_name="县",
        expression=F("division") - Mod(F("division"), 1_000_000),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )
    number = models.CharField("项目编号", max_length=16, unique=True)
    name = models.CharField("项目名称", max_length=40)
    kind = models.CharField("类别", max_length=12, choices=ProjectKind.choices)
    industry = models.CharField("产业", max_length=10, choices=Industry.choices, blank=True)
    year = models.PositiveSmallIntegerField("计划年度", help_text="列入哪一年的年度计划")
    content = models.TextField("建设内容", max_length=1000)
    place = models.CharField("建设地点", max_length=100)
    planned_yuan = models.DecimalField("计划投资（元）", max_digits=18, decimal_places=2)
    money_sources = models.CharField("资金来源", max_length=200)
    subsidy_standard = models.CharField("补助标准", max_length=200, blank=True)
    procurement = models.CharField("招标采购方式", max_length=100, blank=True)
    goals = models.CharField("质量与效益目标", max_length=500)
    use_way = models.CharField("使用方式", max_length=12, choices=UseWay.choices)
    use_way_reason = models.CharField("未用竞争方式的理由", max_length=200, blank=True)
    is_to_household = models.BooleanField("到户项目", default=False)
    needs_prov_approval = models.BooleanField("须省级审批", default=False)
    prov_approval_reason = models.CharField("须省级审批的理由", max_length=200, blank=True)
    implementing_unit = models.CharField("实施（使用责任）单位", max_length=80)
    responsible_person = models.CharField("实施负责人", max_length=40)
    supervising_unit = models.CharField("监管责任单位", max_length=80)
    supervising_person = models.CharField("监管责任人", max_length=40)
    approving_unit = models.CharField("审批单位", max_length=80)
    hotline = models.CharField("监督电话", max_length=20)
    planned_start_on = models.DateField("计划开工日期")
    planned_finish_on = models.DateField("计划完工日期")
    planned_accept_on = models.DateField("计划验收日期")

    stage = models.CharField("环节", max_length=10, choices=Stage.choices, default=Stage.DRAFT)
    stage_on = models.DateField("进入环节日期", null=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, null=True, related_name="+", verbose_name="审批人"
    )
    approved_on = models.DateField("批准日期", null=True)
    started_on = models.DateField("开工日期", null=True)
    finished_on = models.DateField("完工日期", null=True)
    accepted_on = models.DateField("验收日期", null=True)
    ended_on = models.DateField("结束日期", null=True)

    entry_key = models.UUIDField("录入键", unique=True, help_text="同一张表提交两次只成一个项目")
    is_demo = models.BooleanField("演示数据", default=False)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name="录入人"
    )
    entered_at = models.DateTimeField("录入时间", auto_now_add=True)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "扶贫项目"
        indexes = [
            models.Index(name="project_division", fields=["division", "stage", "-id"]),
            models.Index(name="project_county_year", fields=["county", "year", "stage"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="project_not_above_county",
                condition=Q(county__gt=F("county") - Mod(F("county"), 100_000_000)),
                violation_error_message="项目须落在县、乡镇或村",
            ),
            models.CheckConstraint(
                name="project_money_positive",
                condition=Q(planned_yuan__gt=0),
                violation_error_message="计划投资应大于 0",
            ),
            models.CheckConstraint(
                name="project_industry_of_an_industry",
                condition=Q(kind=ProjectKind.INDUSTRY) & ~Q(industry="")
                | ~Q(kind=ProjectKind.INDUSTRY) & Q(industry=""),
                violation_error_message="产业开发项目须选产业，其他项目不选",
            ),
            models.CheckConstraint(
                name="project_other_way_for_a_reason",
                condition=Q(use_way=UseWay.OTHER) & ~Q(use_way_reason="")
                | ~Q(use_way=UseWay.OTHER) & Q(use_way_reason=""),
                violation_error_message="使用方式填“其他”须写理由，填竞争方式的不写",
            ),
            models.CheckConstraint(
                name="project_province_for_a_reason",
                condition=Q(needs_prov_approval=True) & ~Q(prov_approval_reason="")
                | Q(needs_prov_approval=False, prov_approval_reason=""),
                violation_error_message="须省级审批的项目要写理由，切块资金项目由县级批准",
            ),
            models.CheckConstraint(
                name="project_days_in_order",
                condition=Q(
                    planned_finish_on__gte=F("planned_start_on"),
                    planned_accept_on__gte=F("planned_finish_on"),
                ),
                violation_error_message="计划日期应依次为开工、完工、验收",
            ),
            models.CheckConstraint(
                name="project_done_in_order",
                condition=(
                    Q(finished_on__isnull=True)
                    | Q(started_on__isnull=False, finished_on__gte=F("started_on"))
                )
                & (
                    Q(accepted_on__isnull=True)
                    | Q(finished_on__isnull=False, accepted_on__gte=F("finished_on"))
                ),
                violation_error_message="实际日期应依次为开工、完工、验收",
            ),
            models.CheckConstraint(
                name="project_approved_by_another",
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("entered_by")),
                violation_error_message="录入人不能批准自己录入的项目",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    @property
    def is_editable(self) -> bool:
        """Whether its facts may still be changed."""
        return self.stage in EDITABLE

    @property
    def can_receive_money(self) -> bool:
        """Whether money may be placed on it."""
        return self.stage in RECEIVES_MONEY

    @property
    def is_done(self) -> bool:
        """Whether its work has been accepted."""
        return self.stage in DONE

    @property
    def planned_wan(self) -> Decimal:
        """The planned money in 万元."""
        return self.planned_yuan / 10_000


class ProjectVillage(models.Model):
    """项目村: a village that a project is for; there it is disclosed."""

    division = DivisionKey(verbose_name="村")
    project = models.ForeignKey(Project, models.RESTRICT, related_name="villages", verbose_name="项目")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name="经办人"
    )

    objects = ScopedQuerySet["ProjectVillage"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "项目村"
        indexes = [models.Index(name="projectvillage_division", fields=["division", "project"])]
        constraints = [
            models.UniqueConstraint(
                name="projectvillage_once",
                fields=["project", "division"],
                violation_error_message="该村已是项目村",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.division_id}"


class AllowedStep(models.Model):
    """允许的环节: the database's copy of `projects.rules.stages`; only its owner writes it, a migration does.

    What stands in no row is refused by the trigger on the steps, whoever asks and by whatever way.
    """

    source = models.CharField("由", max_length=10)
    target = models.CharField("至", max_length=10)
    name = models.CharField("步骤", max_length=20)
    label = models.CharField("说法", max_length=20)
    actors = ArrayField(models.CharField(max_length=20), verbose_name="经办岗位")
    files = ArrayField(models.CharField(max_length=12), verbose_name="须有材料")
    opinion = models.BooleanField("须写意见")
    document = models.BooleanField("须填文号")
    beneficiaries = models.BooleanField("到户须有名单")
    others = models.BooleanField("须另一人")
    by_province = models.BooleanField("省批项目", null=True)
    after_notices = models.BooleanField("须公示期满")
    posted = models.BooleanField("须已公告")

    class Meta:
        db_table = "projects_transition"
        verbose_name = verbose_name_plural = "允许的环节"
        constraints = [
            models.UniqueConstraint(
                name="projects_transition_once",
                fields=["source", "name", "target", "by_province"],
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source}→{self.target} {self.label}"
