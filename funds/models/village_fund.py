"""村级互助资金: a village's fund, its members, what they borrowed and gave back (funds F-11, policy-trace 13.3)."""

from typing import Final

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from funds.codes.village_fund import LoanStatus, ReceiptKind
from funds.models.document import yuan
from funds.rules.village_fund import PRODUCTION, LoanPurpose
from fupin.accounts.scoped import DivisionKey, ScopedQuerySet
from fupin.ledgers.models import Account, Entry
from fupin.policy.standards import figure
from registry.models import Household

LEAST_SHARE: Final = figure("village_join_least", 2014)
MOST_SHARE: Final = figure("village_join_most", 2014)
MOST_LENT: Final = figure("village_loan_most", 2014)
MOST_MONTHS: Final = int(figure("village_loan_months", 2014))
PRODUCTIVE: Final = sorted(purpose.value for purpose in PRODUCTION)


def _by(name: str, *, null: bool = False) -> models.ForeignKey:  # type: ignore[type-arg]
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, null=null, related_name="+", verbose_name=name
    )


def _entry(name: str, *, null: bool = False) -> models.OneToOneField:  # type: ignore[type-arg]
    return models.OneToOneField(Entry, models.RESTRICT, null=null, related_name="+", verbose_name=name)


class VillageFund(models.Model):
    """互助资金组织: one a village, registered with civil affairs as a 社团法人; its money stays in the village and goes round."""

    division = DivisionKey(verbose_name="行政村")
    name = models.CharField("名称", max_length=60)
    registration_no = models.CharField("社团登记证号", max_length=40, unique=True)
    registered_on = models.DateField("登记日期")
    annual_rate = models.DecimalField("占用费年费率（%）", max_digits=5, decimal_places=2)
    entered_by = _by("登记人")
    entered_at = models.DateTimeField("登记时间", auto_now_add=True)

    objects = ScopedQuerySet["VillageFund"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "村级互助资金"
        constraints = [
            models.UniqueConstraint(
                name="villagefund_one_a_village",
                fields=["division"],
                violation_error_message="该村已有互助资金组织",
            ),
            models.CheckConstraint(
                name="villagefund_registered",
                condition=~Q(registration_no=""),
                violation_error_message="须在民政部门登记为社团法人",
            ),
            models.CheckConstraint(
                name="villagefund_rate_sensible",
                condition=Q(annual_rate__gte=0, annual_rate__lte=36),
                violation_error_message="年费率应在 0 至 36 之间",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class FundReceipt(models.Model):
    """到账: the government's share, or a gift. Nothing else comes in from outside: a fund takes no deposits."""

    division = DivisionKey(db_constraint=False, verbose_name="行政村")
    fund = models.ForeignKey(VillageFund, models.RESTRICT, related_name="receipts", verbose_name="互助资金")
    kind = models.CharField("种类", max_length=10, choices=ReceiptKind.choices)
    giver = models.CharField("来源", max_length=60)
    amount_yuan = yuan("金额（元）")
    document_no = models.CharField("文号或票据号", max_length=60)
    on = models.DateField("到账日期")
    entry = _entry("记账凭证")
    entered_by = _by("登记人")

    objects = ScopedQuerySet["FundReceipt"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "互助资金到账"
        indexes = [models.Index(name="fundreceipt_fund", fields=["fund", "on"])]
        constraints = [
            models.CheckConstraint(
                name="fundreceipt_no_deposit",
                condition=Q(kind__in=ReceiptKind.values),
                violation_error_message="互助资金不得吸收存款，只收配股、入股、捐赠和占用费",
            ),
            models.CheckConstraint(
                name="fundreceipt_of_something",
                condition=Q(amount_yuan__gt=0),
                violation_error_message="金额须大于零",
            ),
            models.CheckConstraint(
                name="fundreceipt_with_proof",
                condition=~Q(document_no="") & ~Q(giver=""),
                violation_error_message="填来源，以及配股文号或捐赠票据号",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount_yuan}"


class FundMember(models.Model):
    """社员: a household of the village that paid its share; a poor one is tied to the register, and the state may have paid for it."""

    division = DivisionKey(db_constraint=False, verbose_name="行政村")
    fund = models.ForeignKey(VillageFund, models.RESTRICT, related_name="members", verbose_name="互助资金")
    number = models.PositiveSmallIntegerField("社员号")
    household = models.ForeignKey(
        Household, models.RESTRICT, null=True, related_name="fund_memberships", verbose_name="在册户"
    )
    head_name = models.CharField("户主", max_length=50)
    share_yuan = yuan("入股（元）")
    state_paid = models.BooleanField("财政代缴", default=False)
    joined_on = models.DateField("入社日期")
    account = models.OneToOneField(
        Account, models.RESTRICT, related_name="fund_member", verbose_name="股金账户"
    )
    join_entry = _entry("入社凭证")
    left_on = models.DateField("退社日期", null=True)
    leave_entry = _entry("退社凭证", null=True)
    entered_by = _by("登记人")

    objects = ScopedQuerySet["FundMember"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "社员"
        constraints = [
            models.UniqueConstraint(name="fundmember_number", fields=["fund", "number"]),
            models.UniqueConstraint(
                name="fundmember_household_once",
                fields=["fund", "household"],
                condition=Q(left_on__isnull=True),
                violation_error_message="该户已是社员",
            ),
            models.CheckConstraint(
                name="fundmember_share_within",
                condition=Q(share_yuan__gte=LEAST_SHARE, share_yuan__lte=MOST_SHARE),
                violation_error_message=f"入社 {LEAST_SHARE:f}–{MOST_SHARE:f} 元",
            ),
            models.CheckConstraint(
                name="fundmember_state_pays_for_the_poor",
                condition=Q(state_paid=False) | Q(household__isnull=False),
                violation_error_message="财政只为在册贫困户代缴",
            ),
            models.CheckConstraint(
                name="fundmember_left_in_the_books",
                condition=Q(left_on__isnull=True, leave_entry__isnull=True)
                | Q(left_on__gte=F("joined_on"), leave_entry__isnull=False),
                violation_error_message="退社须有日期和凭证，且不早于入社",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.head_name}"


class FundLoan(models.Model):
    """借款: asked for by a member and decided on by another person than who entered it; ``due_on`` follows from its months."""

    division = DivisionKey(db_constraint=False, verbose_name="行政村")
    fund = models.ForeignKey(VillageFund, models.RESTRICT, related_name="loans", verbose_name="互助资金")
    member = models.ForeignKey(FundMember, models.RESTRICT, related_name="loans", verbose_name="社员")
    amount_yuan = yuan("金额（元）")
    months = models.PositiveSmallIntegerField("期限（月）")
    annual_rate = models.DecimalField("年费率（%）", max_digits=5, decimal_places=2)
    purpose = models.CharField("用途", max_length=20, choices=LoanPurpose.choices)
    purpose_note = models.CharField("用途说明", max_length=100)
    guarantors = models.ManyToManyField(
        FundMember, through="LoanGuarantor", related_name="guaranteed", verbose_name="联保社员"
    )
    asked_on = models.DateField("申请日期")
    status = models.CharField("状态", max_length=10, choices=LoanStatus.choices, default=LoanStatus.ASKED)
    lent_on = models.DateField("借出日期", null=True)
    due_on = models.DateField("到期日", null=True)
    to_poor = models.BooleanField("借给贫困户", default=False)
    account = models.OneToOneField(
        Account, models.RESTRICT, null=True, related_name="fund_loan", verbose_name="借款账户"
    )
    entry = _entry("借出凭证", null=True)
    decided_by = _by("审批人", null=True)
    decided_on = models.DateField("审批日期", null=True)
    refused_because = models.CharField("不批准的原因", max_length=200, blank=True)
    entered_by = _by("登记人")

    objects = ScopedQuerySet["FundLoan"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "互助资金借款"
        indexes = [
            models.Index(name="fundloan_fund", fields=["fund", "asked_on"]),
            models.Index(name="fundloan_member", fields=["member"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="fundloan_for_production",
                condition=Q(purpose__in=PRODUCTIVE),
                violation_error_message="只借给发展生产，请选生产用途",
            ),
            models.CheckConstraint(
                name="fundloan_amount_within",
                condition=Q(amount_yuan__gt=0, amount_yuan__lte=MOST_LENT),
                violation_error_message=f"借款最高 {MOST_LENT:f} 元",
            ),
            models.CheckConstraint(
                name="fundloan_months_within",
                condition=Q(months__gte=1, months__lte=MOST_MONTHS),
                violation_error_message=f"期限 1–{MOST_MONTHS} 个月",
            ),
            models.CheckConstraint(
                name="fundloan_lent_in_the_books",
                condition=Q(
                    status=LoanStatus.LENT,
                    lent_on__isnull=False,
                    due_on__isnull=False,
                    account__isnull=False,
                    entry__isnull=False,
                )
                | (
                    ~Q(status=LoanStatus.LENT)
                    & Q(lent_on__isnull=True, due_on__isnull=True, account__isnull=True, entry__isnull=True)
                ),
                violation_error_message="借出须有日期、到期日和凭证",
            ),
            models.CheckConstraint(
                name="fundloan_decided_by_another",
                condition=Q(status=LoanStatus.ASKED, decided_by__isnull=True, decided_on__isnull=True)
                | (
                    ~Q(status=LoanStatus.ASKED)
                    & Q(decided_by__isnull=False, decided_on__isnull=False)
                    & ~Q(decided_by=F("entered_by"))
                ),
                violation_error_message="自己登记的借款须由另一人审批",
            ),
            models.CheckConstraint(
                name="fundloan_refused_for_a_reason",
                condition=~Q(status=LoanStatus.REFUSED) | ~Q(refused_because=""),
                violation_error_message="写明不批准的原因",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member.head_name} {self.amount_yuan}"


class LoanGuarantor(models.Model):
    """联保: a member who answers for another's loan."""

    division = DivisionKey(db_constraint=False, verbose_name="行政村")
    loan = models.ForeignKey(FundLoan, models.RESTRICT, related_name="guarantees", verbose_name="借款")
    member = models.ForeignKey(FundMember, models.RESTRICT, related_name="guarantees", verbose_name="社员")

    objects = ScopedQuerySet["LoanGuarantor"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "联保"
        constraints = [models.UniqueConstraint(name="loanguarantor_once", fields=["loan", "member"])]

    def __str__(self) -> str:
        return f"{self.member_id} → {self.loan_id}"


class FundRepayment(models.Model):
    """归还: principal and fee that came back on a day."""

    division = DivisionKey(db_constraint=False, verbose_name="行政村")
    loan = models.ForeignKey(FundLoan, models.RESTRICT, related_name="repayments", verbose_name="借款")
    on = models.DateField("归还日期")
    principal_yuan = yuan("本金（元）")
    fee_yuan = yuan("占用费（元）")
    entry = _entry("归还凭证")
    entered_by = _by("登记人")

    objects = ScopedQuerySet["FundRepayment"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "互助资金归还"
        indexes = [models.Index(name="fundrepayment_loan", fields=["loan", "on"])]
        constraints = [
            models.CheckConstraint(
                name="fundrepayment_of_something",
                condition=Q(principal_yuan__gte=0, fee_yuan__gte=0)
                & (Q(principal_yuan__gt=0) | Q(fee_yuan__gt=0)),
                violation_error_message="金额须大于零",
            )
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.principal_yuan}+{self.fee_yuan}"
