"""贷款贴息: loans of households, enterprises and project units, what interest is borne on them, and the one pot that it comes from."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from funds.codes.interest import ClaimStatus, PotKind
from funds.models.document import MOST_YUAN, Appropriation, yuan
from funds.rules.interest import Borrower, LoanKind, Payer
from funds.rules.interest_pot import PotUse
from fupin.accounts.scoped import DivisionKey, ScopedQuerySet
from fupin.ledgers.models import Entry
from registry.models import Household


def staff(name: str, *, null: bool = False) -> models.ForeignKey:  # type: ignore[type-arg]
    """Return a key to a member of staff."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, null=null, related_name="+", verbose_name=name
    )


def percent(name: str, **options: object) -> models.DecimalField:  # type: ignore[type-arg]
    """Return a column of per cent a year."""
    return models.DecimalField(name, max_digits=5, decimal_places=2, **options)  # type: ignore[arg-type]


class InterestLoan(models.Model):
    """贴息贷款: a loan on which interest may be borne (policy §13, F-10).

    A household's lies in its village, all others in their county. What the bank promised (21.3: 差别授权, 额度, 利率) stands beside what
    it lent. ``rate`` is the rate really agreed, below which all that is borne together has to stay.
    """

    division = DivisionKey(verbose_name="区划")
    borrower = models.CharField("借款人类别", max_length=15, choices=Borrower.choices)
    household = models.ForeignKey(
        Household, models.RESTRICT, null=True, related_name="interest_loans", verbose_name="贫困户"
    )
    borrower_name = models.CharField("借款人", max_length=100)
    bank = models.CharField("放款银行", max_length=100)
    contract_no = models.CharField("借款合同号", max_length=60)
    kind = models.CharField("贷款种类", max_length=10, choices=LoanKind.choices)
    purpose = models.CharField("用途", max_length=200)
    principal_yuan = yuan("本金（元）")
    rate = percent("实际年利率（%）")
    begins_on = models.DateField("放款日")
    ends_on = models.DateField("到期日")
    repaid_on = models.DateField("提前还清日", null=True)
    is_differential = models.BooleanField("差别授权", default=False)
    promised_yuan = yuan("银行承诺额度（元）", null=True)
    promised_rate = percent("银行承诺利率（%）", null=True)
    entered_by = staff("登记人")
    entered_at = models.DateTimeField("登记时间", auto_now_add=True)

    objects = ScopedQuerySet["InterestLoan"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "贴息贷款"
        indexes = [models.Index(name="interestloan_division", fields=["division", "-begins_on"])]
        constraints = [
            models.UniqueConstraint(
                name="interestloan_registered_once",
                fields=["bank", "contract_no"],
                violation_error_message="这份借款合同已登记，不得重复贴息",
            ),
            models.CheckConstraint(
                name="interestloan_of_a_household",
                condition=Q(borrower=Borrower.HOUSEHOLD, household__isnull=False)
                | (~Q(borrower=Borrower.HOUSEHOLD) & Q(household__isnull=True)),
                violation_error_message="农户贷款须挂贫困户，企业和项目单位不挂户",
            ),
            models.CheckConstraint(
                name="interestloan_principal_sensible",
                condition=Q(principal_yuan__gt=0, principal_yuan__lt=MOST_YUAN),
                violation_error_message="本金应大于 0，整数位不超过 15 位",
            ),
            models.CheckConstraint(
                name="interestloan_rate_sensible",
                condition=Q(rate__gt=0, rate__lte=36),
                violation_error_message="实际年利率应大于 0，不超过 36%",
            ),
            models.CheckConstraint(
                name="interestloan_ends_after_it_begins",
                condition=Q(ends_on__gt=F("begins_on")),
                violation_error_message="到期日须晚于放款日",
            ),
            models.CheckConstraint(
                name="interestloan_repaid_early",
                condition=Q(repaid_on__isnull=True)
                | Q(repaid_on__gte=F("begins_on"), repaid_on__lte=F("ends_on")),
                violation_error_message="提前还清日应在放款日和到期日之间",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.borrower_name} {self.contract_no}"


class InterestClaim(models.Model):
    """贴息单: interest borne on a loan for some of its time; drafted, approved and paid by three people.

    ``counted_yuan`` is the principal that counts: of a household 50,000 yuan a year at the most over all its loans. ``pot_yuan`` is what of
    the amount comes from the county's interest money; city and county bear theirs from their own budgets.
    """

    division = DivisionKey(db_constraint=False, verbose_name="区划")
    loan = models.ForeignKey(InterestLoan, models.RESTRICT, related_name="claims", verbose_name="贷款")
    year = models.PositiveSmallIntegerField("年度")
    begins_on = models.DateField("贴息起")
    ends_on = models.DateField("贴息止")
    counted_yuan = yuan("计贴本金（元）")
    amount_yuan = yuan("贴息额（元）")
    pot_yuan = yuan("贴息资金支付（元）")
    status = models.CharField("状态", max_length=10, choices=ClaimStatus.choices, default=ClaimStatus.DRAFT)
    reason = models.CharField("退回原因", max_length=200, blank=True)
    entered_by = staff("编制人")
    entered_at = models.DateTimeField("编制时间", auto_now_add=True)
    decided_by = staff("批准人", null=True)
    decided_on = models.DateField("批准日期", null=True)
    paid_by = staff("支付人", null=True)
    paid_on = models.DateField("支付日期", null=True)
    entry = models.OneToOneField(Entry, models.RESTRICT, null=True, related_name="+", verbose_name="记账凭证")

    objects = ScopedQuerySet["InterestClaim"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "贴息单"
        indexes = [models.Index(name="interestclaim_status", fields=["division", "status"])]
        constraints = [
            models.CheckConstraint(
                name="interestclaim_ends_after_it_begins",
                condition=Q(ends_on__gt=F("begins_on")),
                violation_error_message="贴息止日须晚于起日",
            ),
            models.CheckConstraint(
                name="interestclaim_amounts_sensible",
                condition=Q(
                    counted_yuan__gt=0, amount_yuan__gt=0, pot_yuan__gte=0, pot_yuan__lte=F("amount_yuan")
                ),
                violation_error_message="贴息额应大于 0",
            ),
            models.CheckConstraint(
                name="interestclaim_by_three",
                condition=(Q(decided_by__isnull=True) | ~Q(decided_by=F("entered_by")))
                & (Q(paid_by__isnull=True) | (~Q(paid_by=F("entered_by")) & ~Q(paid_by=F("decided_by")))),
                violation_error_message="编制、批准、支付须是三个人",
            ),
            models.CheckConstraint(
                name="interestclaim_step_by_step",
                condition=Q(status=ClaimStatus.DRAFT, decided_on__isnull=True, paid_on__isnull=True)
                | Q(
                    status__in=(ClaimStatus.APPROVED, ClaimStatus.REFUSED),
                    decided_on__isnull=False,
                    decided_by__isnull=False,
                    paid_on__isnull=True,
                )
                | Q(
                    status=ClaimStatus.PAID,
                    decided_on__isnull=False,
                    paid_on__gte=F("decided_on"),
                    paid_by__isnull=False,
                ),
                violation_error_message="贴息单须先批准再支付",
            ),
            models.CheckConstraint(
                name="interestclaim_refused_for_a_reason",
                condition=~Q(status=ClaimStatus.REFUSED) | ~Q(reason=""),
                violation_error_message="退回须写明原因",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.loan} {self.begins_on}"


class InterestShare(models.Model):
    """各级贴息: what one level bears of a claim, at which rate of what it offered (21.4: together never above the loan's own rate)."""

    division = DivisionKey(db_constraint=False, verbose_name="区划")
    claim = models.ForeignKey(InterestClaim, models.RESTRICT, related_name="shares", verbose_name="贴息单")
    payer = models.CharField("承担级次", max_length=15, choices=Payer.choices)
    document_no = models.CharField("贴息率依据文号", max_length=100)
    offered = percent("应贴率（%）")
    rate = percent("实贴率（%）")
    amount_yuan = yuan("金额（元）")

    objects = ScopedQuerySet["InterestShare"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "各级贴息"
        constraints = [
            models.UniqueConstraint(
                name="interestshare_once_a_level",
                fields=["claim", "payer"],
                violation_error_message="同一级次列了两次",
            ),
            models.CheckConstraint(
                name="interestshare_within_what_was_offered",
                condition=Q(offered__gt=0, rate__gte=0, rate__lte=F("offered"), amount_yuan__gte=0),
                violation_error_message="实贴率不能高于应贴率",
            ),
            models.CheckConstraint(
                name="interestshare_by_a_document",
                condition=~Q(document_no=""),
                violation_error_message="贴息率须有文号",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_payer_display()} {self.rate}%"


class PotAct(models.Model):
    """贴息资金分账: money taken into a county's pot, set aside for one of four uses, moved between them or paid out (13.7)."""

    division = DivisionKey(verbose_name="县")
    kind = models.CharField("事项", max_length=10, choices=PotKind.choices)
    source = models.CharField("从", max_length=15, choices=PotUse.choices, blank=True)
    target = models.CharField("到", max_length=15, choices=PotUse.choices, blank=True)
    appropriation = models.ForeignKey(
        Appropriation, models.RESTRICT, null=True, related_name="+", verbose_name="资金文件"
    )
    amount_yuan = yuan("金额（元）")
    on = models.DateField("日期")
    document_no = models.CharField("文号", max_length=60)
    memo = models.CharField("摘要", max_length=200, blank=True)
    finance_yuan = yuan("撬动金融资金（元）", default=0)
    social_yuan = yuan("撬动社会资金（元）", default=0)
    entered_by = staff("登记人")
    entered_at = models.DateTimeField("登记时间", auto_now_add=True)
    entry = models.OneToOneField(Entry, models.RESTRICT, related_name="+", verbose_name="记账凭证")

    objects = ScopedQuerySet["PotAct"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "贴息资金分账"
        indexes = [models.Index(name="potact_division", fields=["division", "-on", "-id"])]
        constraints = [
            models.CheckConstraint(
                name="potact_amount_positive",
                condition=Q(
                    amount_yuan__gt=0, amount_yuan__lt=MOST_YUAN, finance_yuan__gte=0, social_yuan__gte=0
                ),
                violation_error_message="金额应大于 0，整数位不超过 15 位",
            ),
            models.CheckConstraint(
                name="potact_by_a_document",
                condition=~Q(document_no=""),
                violation_error_message="填写文号，改用途须留文号",
            ),
            models.CheckConstraint(
                name="potact_between_its_accounts",
                condition=Q(kind=PotKind.TAKE_IN, source="", target="", appropriation__isnull=False)
                | (Q(kind=PotKind.SET_ASIDE, source="", appropriation__isnull=True) & ~Q(target=""))
                | (
                    Q(kind=PotKind.CHANGE, appropriation__isnull=True)
                    & ~Q(source="")
                    & ~Q(target="")
                    & ~Q(source=F("target"))
                )
                | (
                    Q(kind=PotKind.SPEND, target="", appropriation__isnull=True)
                    & ~Q(source__in=("", PotUse.DIRECT))
                ),
                violation_error_message="贴息资金只在四项用途之间，直接贴息按贴息单支付",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount_yuan}"
