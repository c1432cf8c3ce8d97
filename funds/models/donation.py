"""扶贫济困日捐赠: gifts by their receipts, and what each was spent on; in a book of their own, apart from public money (8.3)."""

from django.db import models
from django.db.models import Q

from funds.models.document import MOST_YUAN, yuan
from funds.models.interest import staff
from fupin.accounts.scoped import DivisionKey, ScopedQuerySet
from fupin.ledgers.models import Account, Entry
from projects.models import Project
from registry.models import Household


class Donation(models.Model):
    """捐赠: money, or a thing at its value, given freely or for a purpose. Whoever gave it follows it by the number of the receipt."""

    division = DivisionKey(verbose_name="受赠地")
    receipt_no = models.CharField("票据号", max_length=40, unique=True)
    received_on = models.DateField("收到日期")
    is_anonymous = models.BooleanField("匿名", default=False)
    donor = models.CharField("捐赠人", max_length=100, blank=True)
    amount_yuan = yuan("金额（元）")
    is_in_kind = models.BooleanField("实物", default=False)
    thing = models.CharField("实物名称和数量", max_length=200, blank=True)
    purpose = models.CharField("定向意愿", max_length=60, blank=True)
    entered_by = staff("登记人")
    entered_at = models.DateTimeField("登记时间", auto_now_add=True)
    account = models.OneToOneField(Account, models.RESTRICT, related_name="+", verbose_name="账户")
    entry = models.OneToOneField(Entry, models.RESTRICT, related_name="+", verbose_name="记账凭证")

    objects = ScopedQuerySet["Donation"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "捐赠"
        indexes = [models.Index(name="donation_division", fields=["division", "-received_on"])]
        constraints = [
            models.CheckConstraint(
                name="donation_amount_sensible",
                condition=Q(amount_yuan__gt=0, amount_yuan__lt=MOST_YUAN),
                violation_error_message="金额（实物按作价）应大于 0，整数位不超过 15 位",
            ),
            models.CheckConstraint(
                name="donation_with_a_receipt",
                condition=~Q(receipt_no=""),
                violation_error_message="填写票据号，捐赠人凭它查询去向",
            ),
            models.CheckConstraint(
                name="donation_of_a_thing",
                condition=Q(is_in_kind=False) | ~Q(thing=""),
                violation_error_message="写明实物名称和数量",
            ),
            models.CheckConstraint(
                name="donation_by_somebody",
                condition=Q(is_anonymous=True, donor="") | (Q(is_anonymous=False) & ~Q(donor="")),
                violation_error_message="填写捐赠人，或选匿名",
            ),
        ]

    def __str__(self) -> str:
        return self.receipt_no


class DonationSpending(models.Model):
    """捐赠支出: gifts spent for a purpose on a project or a household, drawn from as many gifts as it takes."""

    division = DivisionKey(verbose_name="支出地")
    on = models.DateField("日期")
    purpose = models.CharField("用途", max_length=60)
    amount_yuan = yuan("金额（元）")
    project = models.ForeignKey(
        Project, models.RESTRICT, null=True, related_name="donations", verbose_name="项目"
    )
    household = models.ForeignKey(
        Household, models.RESTRICT, null=True, related_name="donations", verbose_name="贫困户"
    )
    document_no = models.CharField("凭据号", max_length=60)
    entered_by = staff("登记人")
    entered_at = models.DateTimeField("登记时间", auto_now_add=True)
    entry = models.OneToOneField(Entry, models.RESTRICT, related_name="+", verbose_name="记账凭证")

    objects = ScopedQuerySet["DonationSpending"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "捐赠支出"
        indexes = [
            models.Index(name="donationspending_division", fields=["division", "-on"]),
            models.Index(name="donationspending_household", fields=["household"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="donationspending_amount_positive",
                condition=Q(amount_yuan__gt=0),
                violation_error_message="金额应大于 0",
            ),
            models.CheckConstraint(
                name="donationspending_on_something",
                condition=Q(project__isnull=False, household__isnull=True)
                | Q(project__isnull=True, household__isnull=False),
                violation_error_message="支出须挂一个项目或一户贫困户",
            ),
            models.CheckConstraint(
                name="donationspending_for_a_purpose",
                condition=~Q(purpose="") & ~Q(document_no=""),
                violation_error_message="填写用途和凭据号",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.amount_yuan}"


class DonationDraw(models.Model):
    """支出来源: what of a spending came from which gift; by it a giver sees what became of his."""

    division = DivisionKey(db_constraint=False, verbose_name="区划")
    spending = models.ForeignKey(DonationSpending, models.RESTRICT, related_name="draws", verbose_name="支出")
    donation = models.ForeignKey(Donation, models.RESTRICT, related_name="draws", verbose_name="捐赠")
    amount_yuan = yuan("金额（元）")

    objects = ScopedQuerySet["DonationDraw"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "支出来源"
        constraints = [
            models.UniqueConstraint(
                name="donationdraw_once_a_gift",
                fields=["spending", "donation"],
                violation_error_message="同一笔捐赠列了两次",
            ),
            models.CheckConstraint(name="donationdraw_amount_positive", condition=Q(amount_yuan__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.donation_id} {self.amount_yuan}"
