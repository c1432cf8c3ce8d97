"""Re-identification: a run over a division, the counties it is worked through by, and what it found (policy §3; procedures §6, §7)."""

from collections.abc import Iterator
from typing import Self, TypeVar

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q

from fupin.accounts.models import User
from fupin.accounts.scoped import DivisionKey, ScopedQuerySet
from fupin.divisions.codes import lineage
from fupin.jobs.models import Job, JobStatus
from registry.codes import DangerLevel, IdentificationStandard
from registry.models.case import Case
from registry.models.household import Household
from registry.models.rounds import Round
from registry.rules.reidentify import BROKEN, SECURED, Listed, Reason, Told, sentences

M = TypeVar("M", bound=models.Model)


class OverlappingQuerySet(ScopedQuerySet[M]):
    """Rows about a division that are read below it as well: what the province has found is also each county's."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Keep what lies in the user's division, and what spans it."""
        if isinstance(user, AnonymousUser) or user.post is None:
            return self.none()
        inside = self.within(user.post.division_id)
        return inside | self.filter(division_id__in=list(lineage(user.post.division_id)))


class ReidentificationRun(models.Model):
    """动态比对: the register of a division held against income, line and the conditions of leaving.

    With a round it is the statutory one of every third year, one a round; without, a what-if, at any time. Line and standard are kept as
    they were used. It has ended once every county is done; until then its job says how it goes.
    """

    division = DivisionKey(verbose_name="区划")
    year = models.PositiveSmallIntegerField("年度")
    income_year = models.PositiveSmallIntegerField("收入年度")
    standard = models.CharField("识别标准", max_length=1, choices=IdentificationStandard.choices)
    line = models.DecimalField("标准", max_digits=10, decimal_places=2)
    line_source = models.CharField("标准出处", max_length=200)
    round = models.OneToOneField(
        Round, models.RESTRICT, null=True, related_name="reidentification", verbose_name="轮次"
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.RESTRICT,
        null=True,
        related_name="+",
        verbose_name="发起人",
        help_text="空：在服务器上用命令发起",
    )
    asked_at = models.DateTimeField("发起时间", auto_now_add=True)
    job = models.ForeignKey(Job, models.RESTRICT, null=True, related_name="+", verbose_name="后台任务")
    finished_at = models.DateTimeField("完成时间", null=True)

    objects = OverlappingQuerySet["ReidentificationRun"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "动态比对"
        indexes = [models.Index(name="reidentificationrun_list", fields=["-year", "-id"])]
        constraints = [
            models.CheckConstraint(
                name="reidentificationrun_year_before",
                condition=Q(income_year=F("year") - 1),
                violation_error_message="比对用上一年度的收入",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} 年{'三年动态调整' if self.round_id else '试算'}"

    @property
    def state(self) -> JobStatus:
        """Where the run stands: done once its last county is, else as its job stands."""
        if self.finished_at is not None:
            return JobStatus.DONE
        return JobStatus.RUNNING if self.job is None else JobStatus(self.job.status)


class ReidentificationCounty(models.Model):
    """One county of a run, worked through in one transaction with its findings; a run below the county has one row of its own division.

    ``held_back`` are those on the register above the line for whom school, doctor, house or water is not secured; they, those of
    other standards and those without a card of the income's year move nowhere.
    """

    division = DivisionKey(verbose_name="县")
    run = models.ForeignKey(
        ReidentificationRun, models.RESTRICT, related_name="counties", verbose_name="动态比对"
    )
    households = models.PositiveIntegerField("比对户数", default=0)
    may_leave = models.PositiveIntegerField("可退出", default=0)
    newly_below = models.PositiveIntegerField("新低于线", default=0)
    fallen_back = models.PositiveIntegerField("返贫", default=0)
    unchanged = models.PositiveIntegerField("不变", default=0)
    held_back = models.PositiveIntegerField("收入过线、保障未落实", default=0)
    other_standard = models.PositiveIntegerField("省定、市定标准户", default=0)
    without_card = models.PositiveIntegerField("没有该年度户卡", default=0)
    done_at = models.DateTimeField("完成时间", null=True)

    objects = OverlappingQuerySet["ReidentificationCounty"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "动态比对分县"
        constraints = [
            models.UniqueConstraint(name="reidentificationcounty_once", fields=["run", "division"]),
            models.CheckConstraint(
                name="reidentificationcounty_adds_up",
                condition=Q(households=F("may_leave") + F("newly_below") + F("fallen_back") + F("unchanged")),
                violation_error_message="各清单与不变户数之和应等于比对户数",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.division_id}"


class FindingQuerySet(ScopedQuerySet["ReidentificationFinding"]):
    """Findings by why they were made."""

    def with_reason(self, reason: Reason) -> Self:
        """Keep those with a reason among theirs."""
        return self.alias(bit=F("reasons").bitand(reason.value)).filter(bit__gt=0)


class ReidentificationFinding(models.Model):
    """A household on one of the lists of a run, with the figures that put it there. Written once; only the case it led to is added.

    Reasons are the sum of `registry.rules.reidentify.Reason`; nothing keeps their history, because nothing changes them.
    """

    division = DivisionKey(db_constraint=False, verbose_name="村")
    run = models.ForeignKey(
        ReidentificationRun, models.RESTRICT, db_index=False, related_name="findings", verbose_name="动态比对"
    )
    household = models.ForeignKey(
        Household, models.RESTRICT, db_index=False, db_constraint=False, related_name="findings",
        verbose_name="户",
    )  # fmt: skip
    listed = models.SmallIntegerField("清单", choices=Listed.choices)
    reasons = models.SmallIntegerField("理由")
    net_income = models.DecimalField("家庭纯收入", max_digits=14, decimal_places=2, null=True)
    member_count = models.PositiveSmallIntegerField("家庭人口数")
    dropouts = models.PositiveSmallIntegerField("失学辍学人数")
    uninsured = models.PositiveSmallIntegerField("未参合人数")
    danger_level = models.CharField("危房等级", max_length=1, choices=DangerLevel.choices, blank=True)
    case = models.ForeignKey(
        Case, models.RESTRICT, null=True, db_index=False, related_name="findings", verbose_name="档案"
    )

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "动态比对清单"
        indexes = [
            models.Index(
                name="reidentificationfinding_list", fields=["run", "listed", "division", "household"]
            ),
            models.Index(
                name="reidentificationfinding_case", fields=["case"], condition=Q(case__isnull=False)
            ),
        ]
        constraints = [
            models.UniqueConstraint(name="reidentificationfinding_once", fields=["household", "run"]),
            models.CheckConstraint(
                name="reidentificationfinding_has_its_reasons",
                condition=Q(listed=Listed.MAY_LEAVE, reasons=SECURED.value)
                | Q(listed=Listed.NEWLY_BELOW, reasons=Reason.INCOME_BELOW.value)
                | Q(listed=Listed.FALLEN_BACK, reasons__gt=0, reasons__lte=BROKEN.value),
                violation_error_message="清单与理由不一致",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.household_id} {self.get_listed_display()}"

    def told(self) -> Iterator[str]:
        """Yield the reasons as sentences; needs the run at hand."""
        return sentences(
            Reason(self.reasons),
            Told(
                income_year=self.run.income_year,
                line=self.run.line,
                net_income=self.net_income,
                members=self.member_count,
                dropouts=self.dropouts,
                uninsured=self.uninsured,
                danger_level=self.danger_level,
            ),
        )
