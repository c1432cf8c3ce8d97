"""资金文件: what money came by which document, what of it is set apart, and what each level put into its budget."""

from typing import Self

import pghistory
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from funds.codes.document import BudgetKind, DivisionList, FundKind, FundLevel
from fupin.accounts.models import User
from fupin.accounts.scoped import DivisionKey, ScopedQuerySet
from fupin.divisions.codes import PROVINCE_CODE
from fupin.ledgers.models import Entry

MOST_YUAN = 10**15
"""An amount of more digits is a slip of the pen: a hundred times what the province spends in a year."""


def yuan(name: str, **options: object) -> models.DecimalField:  # type: ignore[type-arg]
    """Return a column of yuan and fen."""
    return models.DecimalField(name, max_digits=18, decimal_places=2, **options)  # type: ignore[arg-type]


class AppropriationQuerySet(ScopedQuerySet["Appropriation"]):
    """Documents of money by who may look and what became of them."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Keep all for the province, elsewhere the approved ones of which something came to a county of the user's division."""
        if isinstance(user, AnonymousUser) or user.post is None:
            return self.none()
        if user.post.division_id == PROVINCE_CODE:
            return self
        low, high = user.post.division.code_range
        return self.filter(
            Exists(
                apps.get_model("funds", "Allotment")._default_manager.filter(
                    appropriation=OuterRef("pk"), division_id__gte=low, division_id__lt=high
                )
            )
        )

    def approved(self) -> Self:
        """Keep what a second person has approved: only that may be allotted."""
        return self.filter(approved_on__isnull=False)


class Appropriation(models.Model):
    """资金文件: an amount that the centre or the province gives for a fiscal year (policy-trace 4.1, 6.1).

    Anybody of the offices may read the document, since each county has its part of it; only the province writes. From approval by a
    second person on nothing of it changes. ``fiscal_year`` is the year of the money, which announced in advance lies after `issued_on`.
    """

    division = DivisionKey(verbose_name="区划")
    number = models.CharField("文号", max_length=100, unique=True)
    level = models.CharField("级次", max_length=10, choices=FundLevel.choices)
    kind = models.CharField("资金类别", max_length=20, choices=FundKind.choices)
    fiscal_year = models.PositiveSmallIntegerField("预算年度")
    issued_on = models.DateField("下达日期")
    received_on = models.DateField("收文日期")
    is_advance = models.BooleanField("提前下达", default=False)
    purpose = models.CharField("用途", max_length=200)
    amount_yuan = yuan("金额（元）")
    needs_prov_approval = models.BooleanField("须省级审批的项目", default=False)
    approval_reason = models.CharField("须省级审批的理由", max_length=300, blank=True)
    exception_reason = models.CharField(
        "不按期下达的理由", max_length=300, blank=True, help_text="原则上与中央资金同限，例外须写明"
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, null=True, related_name="+", verbose_name="登记人"
    )
    entered_at = models.DateTimeField("登记时间", auto_now_add=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, null=True, related_name="+", verbose_name="复核人"
    )
    approved_on = models.DateField("复核日期", null=True)
    entry = models.OneToOneField(Entry, models.RESTRICT, null=True, related_name="+", verbose_name="登记凭证")

    objects = AppropriationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "资金文件"
        indexes = [models.Index(name="appropriation_latest", fields=["-issued_on", "-id"])]
        constraints = [
            models.CheckConstraint(
                name="appropriation_of_the_province",
                condition=Q(division=PROVINCE_CODE),
                violation_error_message="资金文件由省级登记",
            ),
            models.CheckConstraint(
                name="appropriation_amount_sensible",
                condition=Q(amount_yuan__gt=0, amount_yuan__lt=MOST_YUAN),
                violation_error_message="金额应大于 0，整数位不超过 15 位",
            ),
            models.CheckConstraint(
                name="appropriation_received_after_issue",
                condition=Q(received_on__gte=F("issued_on")),
                violation_error_message="收文日期不能早于下达日期",
            ),
            models.CheckConstraint(
                name="appropriation_advance_before_its_year",
                condition=Q(is_advance=False) | Q(issued_on__year__lt=F("fiscal_year")),
                violation_error_message="提前下达的资金应在预算年度之前下达",
            ),
            models.CheckConstraint(
                name="appropriation_exempt_with_reason",
                condition=Q(needs_prov_approval=False) | ~Q(approval_reason=""),
                violation_error_message="须省级审批的项目应写明理由",
            ),
            models.CheckConstraint(
                name="appropriation_by_two",
                condition=Q(approved_on__isnull=True, approved_by__isnull=True)
                | Q(approved_on__isnull=False, entered_by__isnull=True)
                | (Q(approved_on__isnull=False, approved_by__isnull=False) & ~Q(approved_by=F("entered_by"))),
                violation_error_message="登记人不能复核自己的文件",
            ),
            models.CheckConstraint(
                name="appropriation_entered_in_the_books",
                condition=Q(approved_on__isnull=True, entry__isnull=True)
                | Q(approved_on__isnull=False, entry__isnull=False),
                violation_error_message="复核的文件须有记账凭证",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class CarveOut(models.Model):
    """重大任务单列: what the centre or the province keeps out of the block grants for a task, by its own document (5.3)."""

    division = DivisionKey(db_constraint=False, verbose_name="区划")
    appropriation = models.ForeignKey(
        Appropriation, models.RESTRICT, related_name="carve_outs", verbose_name="资金文件"
    )
    task = models.CharField("任务", max_length=200)
    amount_yuan = yuan("金额（元）")
    document_no = models.CharField("依据文号", max_length=100)
    answerable = models.CharField("责任人", max_length=60)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, null=True, related_name="+", verbose_name="登记人"
    )

    objects = ScopedQuerySet["CarveOut"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "重大任务单列"
        indexes = [models.Index(name="carveout_appropriation", fields=["appropriation", "id"])]
        constraints = [
            models.CheckConstraint(
                name="carveout_amount_positive",
                condition=Q(amount_yuan__gt=0, amount_yuan__lt=MOST_YUAN),
                violation_error_message="金额应大于 0，整数位不超过 15 位",
            ),
            models.CheckConstraint(
                name="carveout_by_a_document",
                condition=~Q(document_no="") & ~Q(answerable="") & ~Q(task=""),
                violation_error_message="重大任务单列须有任务、文号和责任人",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task} {self.amount_yuan}"


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    model_name="AnnualBudgetEvent",
    meta={"verbose_name": "年度预算变更"},
)
class AnnualBudget(models.Model):
    """年度预算: what a level puts up for the fight against poverty in a year, working funds apart (F-03, policy-trace 4.1–4.3).

    ``general_expenditure_yuan`` is the level's spending of the general budget, against which the share is seen (优化支出结构).
    """

    division = DivisionKey(verbose_name="区划")
    year = models.PositiveSmallIntegerField("年度")
    kind = models.CharField("类别", max_length=20, choices=BudgetKind.choices)
    amount_yuan = yuan("金额（元）")
    general_expenditure_yuan = yuan("一般预算支出（元）", null=True, blank=True)
    document_no = models.CharField("依据文号", max_length=100)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, null=True, related_name="+", verbose_name="登记人"
    )
    entered_at = models.DateTimeField("登记时间", auto_now=True)

    objects = ScopedQuerySet["AnnualBudget"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "年度预算"
        constraints = [
            models.UniqueConstraint(
                name="annualbudget_once",
                fields=["division", "year", "kind"],
                violation_error_message="该区划该年度此类预算已登记",
            ),
            models.CheckConstraint(
                name="annualbudget_not_negative",
                condition=Q(amount_yuan__gte=0, amount_yuan__lt=MOST_YUAN),
                violation_error_message="金额不能为负，整数位不超过 15 位",
            ),
            models.CheckConstraint(
                name="annualbudget_share_of_something",
                condition=Q(general_expenditure_yuan__isnull=True)
                | Q(general_expenditure_yuan__gt=0, general_expenditure_yuan__gte=F("amount_yuan")),
                violation_error_message="一般预算支出应大于 0，且不少于扶贫投入",
            ),
            models.CheckConstraint(
                name="annualbudget_by_a_document",
                condition=~Q(document_no=""),
                violation_error_message="请填依据文号",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.division_id} {self.year} {self.get_kind_display()}"


class ListedDivision(models.Model):
    """名单: a division that a document puts on a list (省直管县, 财政收入状况好的市县); taken off by `until`."""

    division = DivisionKey(verbose_name="区划")
    listed_as = models.CharField("名单", max_length=20, choices=DivisionList.choices)
    since = models.DateField("起")
    until = models.DateField("止", null=True, blank=True)
    document_no = models.CharField("依据文号", max_length=100)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, null=True, related_name="+", verbose_name="登记人"
    )

    objects = ScopedQuerySet["ListedDivision"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "财政名单"
        constraints = [
            models.UniqueConstraint(
                name="listeddivision_once",
                fields=["division", "listed_as"],
                condition=Q(until__isnull=True),
                violation_error_message="已在名单上",
            ),
            models.CheckConstraint(
                name="listeddivision_in_order",
                condition=Q(until__isnull=True) | Q(until__gt=F("since")),
                violation_error_message="止期应晚于起期",
            ),
            models.CheckConstraint(
                name="listeddivision_by_a_document",
                condition=~Q(document_no=""),
                violation_error_message="请填依据文号",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.division_id} {self.get_listed_as_display()}"
