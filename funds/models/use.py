"""What a county does with money it has received: it goes to a project of the pool or to one of the named ledgers, and is accepted."""

from decimal import Decimal
from typing import Any, ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from funds.codes.allotment import NamedLedger
from funds.models.document import Appropriation
from fupin.accounts.scoped import DivisionKey, ScopedQuerySet
from fupin.ledgers.models import Entry
from projects.codes import UseWay
from projects.models import Project
from registry.models import Household


def yuan(label: str, *, null: bool = False, **kwargs: Any) -> Any:
    """Return a column for an amount in yuan, exact to the 分."""
    return models.DecimalField(label, max_digits=18, decimal_places=2, null=null, blank=null, **kwargs)


def staff(label: str, *, null: bool = False) -> Any:
    """Return a key to a member of staff."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, null=null, blank=null, related_name="+", verbose_name=label
    )


def entry_key(label: str = "分录", *, null: bool = True, one: bool = True) -> Any:
    """Return a key to the entry of the ledger that an act made."""
    made: Any = models.OneToOneField if one else models.ForeignKey
    return made(Entry, models.RESTRICT, null=null, blank=null, related_name="+", verbose_name=label)


class PlacementStatus(models.TextChoices):
    """How far a placement is."""

    DRAFT = "DRAFT", "待批准"
    APPROVED = "APPROVED", "已落实"
    REFUSED = "REFUSED", "已退回"


class PlacementQuerySet(ScopedQuerySet["Placement"]):
    """Placements by how far they are."""

    def standing(self) -> "PlacementQuerySet":
        """Keep those that were approved: money lies on them or went through them."""
        return self.filter(status=PlacementStatus.APPROVED)


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    model_name="PlacementEvent",
    meta={"verbose_name": "资金落实变更"},
)
class Placement(models.Model):
    """资金落实: received money put on a project of the pool, or on a named ledger (policy §6).

    One person of the county drafts, another approves; approving moves the money. ``investment_yuan`` is what a project of 民办公助
    costs in all: the subsidy keeps below its share of that.
    """

    division = DivisionKey(verbose_name="县")
    number = models.CharField("编号", max_length=20, unique=True)
    appropriation = models.ForeignKey(
        Appropriation, models.RESTRICT, related_name="placements", verbose_name="资金文件"
    )
    project = models.ForeignKey(
        Project, models.RESTRICT, null=True, blank=True, related_name="placements", verbose_name="项目"
    )
    ledger = models.CharField("专账", max_length=20, choices=NamedLedger.choices, blank=True)
    amount_yuan = yuan("金额（元）")
    use_way = models.CharField("使用方式", max_length=12, choices=UseWay.choices)
    use_way_reason = models.CharField("未采用竞争方式的理由", max_length=200, blank=True)
    investment_yuan = yuan("项目总投资（元）", null=True)
    document_no = models.CharField("批准文号", max_length=60)
    status = models.CharField(
        "状态", max_length=10, choices=PlacementStatus.choices, default=PlacementStatus.DRAFT
    )
    drafted_on = models.DateField("拟定日期")
    drafted_by = staff("拟定人")
    decided_on = models.DateField("审批日期", null=True, blank=True)
    approved_by = staff("审批人", null=True)
    refused_because = models.CharField("退回原因", max_length=200, blank=True)
    entry = entry_key()
    entered_at = models.DateTimeField("登记时间", auto_now_add=True)

    objects = PlacementQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "资金落实"
        indexes = [
            models.Index(name="placement_division", fields=["division", "status"]),
            models.Index(name="placement_project", fields=["project"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="placement_project_or_ledger",
                condition=Q(project__isnull=False, ledger="") | (Q(project__isnull=True) & ~Q(ledger="")),
                violation_error_message="资金只能落实到一个项目库内项目，或一本专账",
            ),
            models.CheckConstraint(
                name="placement_amount_positive",
                condition=Q(amount_yuan__gt=0),
                violation_error_message="金额应大于 0",
            ),
            models.CheckConstraint(
                name="placement_other_way_for_a_reason",
                condition=~Q(use_way=UseWay.OTHER) | ~Q(use_way_reason=""),
                violation_error_message="使用方式填“其他”的，须写明理由",
            ),
            models.CheckConstraint(
                name="placement_private_run_below_investment",
                condition=~Q(use_way=UseWay.PRIVATE_RUN)
                | Q(investment_yuan__isnull=False, investment_yuan__gte=F("amount_yuan")),
                violation_error_message="民办公助须填项目总投资，补助不能超过总投资",
            ),
            models.CheckConstraint(
                name="placement_decided_by_another",
                condition=Q(
                    status=PlacementStatus.DRAFT,
                    decided_on__isnull=True,
                    approved_by__isnull=True,
                    entry__isnull=True,
                )
                | (
                    Q(decided_on__isnull=False, approved_by__isnull=False)
                    & ~Q(approved_by=F("drafted_by"))
                    & (
                        Q(status=PlacementStatus.APPROVED, entry__isnull=False, refused_because="")
                        | (Q(status=PlacementStatus.REFUSED, entry__isnull=True) & ~Q(refused_because=""))
                    )
                ),
                violation_error_message="落实须由拟定人以外的人审批，退回须写明原因",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def place(self) -> str:
        """Where the money lies, in words."""
        return self.project.name if self.project is not None else self.get_ledger_display()


class AcceptanceResult(models.TextChoices):
    """What an acceptance found."""

    PASS = "PASS", "合格"
    MEND = "MEND", "整改"


class Acceptance(models.Model):
    """验收: work that a placement pays for was looked at on a day, all of it or one household's, and passed or is to be mended.

    For 以奖代补 and 先建后补 ``checked_yuan`` is what may be paid for it: the standard times the quantity that was found. Written once.
    """

    division = DivisionKey(db_constraint=False, verbose_name="县")
    placement = models.ForeignKey(
        Placement, models.RESTRICT, related_name="acceptances", verbose_name="资金落实"
    )
    household = models.ForeignKey(
        Household, models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="户"
    )
    on = models.DateField("验收日期")
    result = models.CharField("结果", max_length=4, choices=AcceptanceResult.choices)
    standard_yuan = yuan("奖补标准（元）", null=True)
    quantity = models.DecimalField("核定量", max_digits=14, decimal_places=2, null=True, blank=True)
    checked_yuan = yuan("核定金额（元）", null=True)
    inspector = models.CharField("验收单位和人员", max_length=100)
    document_no = models.CharField("验收文号", max_length=60)
    opinion = models.CharField("意见", max_length=200, blank=True)
    entry = entry_key()
    entered_by = staff("登记人")
    entered_at = models.DateTimeField("登记时间", auto_now_add=True)

    written_at: ClassVar[str] = "entered_at"
    objects = ScopedQuerySet["Acceptance"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "验收"
        indexes = [models.Index(name="acceptance_placement", fields=["placement", "on"])]
        constraints = [
            models.CheckConstraint(
                name="acceptance_checked_not_negative",
                condition=Q(checked_yuan__isnull=True) | Q(checked_yuan__gte=Decimal(0)),
                violation_error_message="核定金额不能为负",
            ),
            models.CheckConstraint(
                name="acceptance_money_only_when_passed",
                condition=Q(result=AcceptanceResult.PASS) | Q(entry__isnull=True, checked_yuan__isnull=True),
                violation_error_message="需整改的不核定金额",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.get_result_display()}"
