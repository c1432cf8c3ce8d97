"""Lists that were announced before the system was there: how their households come onto the register."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from fupin.accounts.roles import Role
from fupin.accounts.scoped import DivisionKey, ScopedQuerySet
from registry.models.household import Household

FIRST_YEAR_ON_PAPER = 1986
"""The year in which poverty counties were first named; no list is older."""


class AnnouncedList(models.Model):
    """已公告名单: a workbook of households that had been identified and announced before; the announcement is attached.

    Its households are drafts until two persons of the county's office, neither of them its sender, have approved it; then the
    database registers them, and them alone. What the list was drawn up by stays beside each household (policy §1 “在现有工作基础上”).
    """

    division = DivisionKey(verbose_name="县")
    batch = models.OneToOneField(
        "sheets.ImportBatch", models.RESTRICT, related_name="+", verbose_name="导入批次"
    )
    identified_year = models.PositiveSmallIntegerField("识别年度")
    old_standard = models.CharField("原标准", max_length=200)
    source = models.CharField("来源", max_length=200)
    document = models.CharField("公告文号", max_length=100)
    announced_on = models.DateField("公告日期")
    announcement = models.FileField("公告文件", upload_to="announced/%Y/%m/", max_length=200)
    content_type = models.CharField("类型", max_length=60)
    sha256 = models.CharField("SHA-256", max_length=64)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name="提出人"
    )
    proposed_at = models.DateTimeField("提出时间", auto_now_add=True)

    objects = ScopedQuerySet["AnnouncedList"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "已公告名单"
        constraints = [
            models.CheckConstraint(
                name="announcedlist_years_in_order",
                condition=Q(identified_year__gte=FIRST_YEAR_ON_PAPER)
                & Q(announced_on__year__gte=models.F("identified_year")),
                violation_error_message="公告日期不能早于识别年度",
            ),
        ]

    def __str__(self) -> str:
        return self.document


class AnnouncedApproval(models.Model):
    """名单批准: one of the two signatures under a list; the second registers its households."""

    division = DivisionKey(db_constraint=False, verbose_name="县")
    of_list = models.ForeignKey(
        AnnouncedList, models.RESTRICT, related_name="approvals", verbose_name="已公告名单"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name="批准人")
    role = models.CharField("岗位", max_length=20, choices=Role.choices)
    opinion = models.CharField("意见", max_length=500)
    at = models.DateTimeField("时间", auto_now_add=True)

    objects = ScopedQuerySet["AnnouncedApproval"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "名单批准"
        constraints = [
            models.UniqueConstraint(
                name="announcedapproval_two_persons",
                fields=["of_list", "by"],
                violation_error_message="同一人不能批准两次",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.of_list_id} {self.by_id}"


class HouseholdOrigin(models.Model):
    """原档来源: the list by which a household came onto the register, with the standard of then."""

    division = DivisionKey(db_constraint=False, verbose_name="所在村")
    household = models.OneToOneField(Household, models.RESTRICT, related_name="origin", verbose_name="贫困户")
    of_list = models.ForeignKey(
        AnnouncedList, models.RESTRICT, related_name="households", verbose_name="已公告名单"
    )
    registered_at = models.DateTimeField("登记时间")

    objects = ScopedQuerySet["HouseholdOrigin"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "原档来源"

    def __str__(self) -> str:
        return f"{self.household_id}"
