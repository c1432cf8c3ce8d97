"""Lists of payments to households and contractors, and each payment with what became of it at the bank."""

import pghistory
from django.db import models
from django.db.models import F, Q

from funds.models.use import Acceptance, Placement, entry_key, staff, yuan
from fupin.accounts.scoped import DivisionKey, ScopedQuerySet
from registry.models import Household, Member


class BatchKind(models.TextChoices):
    """Whom a list pays."""

    HOUSEHOLD = "HOUSEHOLD", "到户"
    CONTRACTOR = "CONTRACTOR", "施工、供货单位"


class BatchStatus(models.TextChoices):
    """How far a list is."""

    DRAFT = "DRAFT", "待批准"
    APPROVED = "APPROVED", "已批准"
    EXPORTED = "EXPORTED", "已送银行"
    DONE = "DONE", "已办结"
    WITHDRAWN = "WITHDRAWN", "已作废"


class PaymentStatus(models.TextChoices):
    """What became of a payment."""

    PENDING = "PENDING", "待支付"
    PAID = "PAID", "已到账"
    FAILED = "FAILED", "退票"
    STOPPED = "STOPPED", "停付"


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    model_name="PaymentBatchEvent",
    meta={"verbose_name": "支付清单变更"},
)
class PaymentBatch(models.Model):
    """支付清单: what is to be paid from one placement, for one matter and period.

    Three people: one makes it, another approves it, a third sends it to the bank and reads the results back. ``period`` is a year or
    a month of it (2014, 2014-09). The same ``key`` sent twice is one list.
    """

    division = DivisionKey(db_constraint=False, verbose_name="县")
    placement = models.ForeignKey(Placement, models.RESTRICT, related_name="batches", verbose_name="资金落实")
    number = models.CharField("编号", max_length=20, unique=True)
    kind = models.CharField("支付对象", max_length=12, choices=BatchKind.choices)
    item = models.CharField("支付事项", max_length=60)
    period = models.CharField("所属期", max_length=7)
    amount_yuan = yuan("合计金额（元）")
    rows = models.PositiveIntegerField("笔数")
    status = models.CharField("状态", max_length=10, choices=BatchStatus.choices, default=BatchStatus.DRAFT)
    made_on = models.DateField("编制日期")
    made_by = staff("编制人")
    approved_on = models.DateField("批准日期", null=True, blank=True)
    approved_by = staff("批准人", null=True)
    sent_on = models.DateField("送银行日期", null=True, blank=True)
    paid_by = staff("支付人", null=True)
    done_on = models.DateField("办结日期", null=True, blank=True)
    withdrawn_because = models.CharField("作废原因", max_length=200, blank=True)
    key = models.UUIDField("提交键", unique=True)
    entered_at = models.DateTimeField("登记时间", auto_now_add=True)

    objects = ScopedQuerySet["PaymentBatch"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "支付清单"
        indexes = [models.Index(name="paymentbatch_division", fields=["division", "status"])]
        constraints = [
            models.CheckConstraint(
                name="paymentbatch_period_of_the_calendar",
                condition=Q(period__regex=r"^20[0-9]{2}(-(0[1-9]|1[0-2]))?$"),
                violation_error_message="所属期应为年度或月份，如 2014、2014-09",
            ),
            models.CheckConstraint(
                name="paymentbatch_three_people",
                condition=~Q(approved_by=F("made_by"))
                & ~Q(paid_by=F("made_by"))
                & ~Q(paid_by=F("approved_by")),
                violation_error_message="编制、批准、支付须由三个人办理",
            ),
            models.CheckConstraint(
                name="paymentbatch_signed_as_far_as_it_is",
                condition=Q(
                    status=BatchStatus.DRAFT,
                    approved_by__isnull=True,
                    paid_by__isnull=True,
                    done_on__isnull=True,
                )
                | Q(
                    status=BatchStatus.APPROVED,
                    approved_by__isnull=False,
                    approved_on__isnull=False,
                    paid_by__isnull=True,
                )
                | Q(
                    status__in=[BatchStatus.EXPORTED, BatchStatus.DONE],
                    approved_by__isnull=False,
                    approved_on__isnull=False,
                    paid_by__isnull=False,
                    sent_on__isnull=False,
                )
                | (Q(status=BatchStatus.WITHDRAWN, paid_by__isnull=True) & ~Q(withdrawn_because="")),
                violation_error_message="支付清单的经办人与状态不符",
            ),
            models.CheckConstraint(
                name="paymentbatch_pays_something",
                condition=Q(amount_yuan__gt=0, rows__gte=1),
                violation_error_message="支付清单是空的",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class PaymentQuerySet(ScopedQuerySet["Payment"]):
    """Payments by what became of them."""

    def paid(self) -> "PaymentQuerySet":
        """Keep what has arrived."""
        return self.filter(status=PaymentStatus.PAID)


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    model_name="PaymentEvent",
    meta={"verbose_name": "支付变更"},
)
class Payment(models.Model):
    """一笔支付: to a household's account, or to a contractor's. It lies in the household's village, a contractor's in the county.

    ``item``, ``period`` and ``source`` repeat what its list says, so that a village reads what reached its households. The account
    lies in the vault; here stand its blind index and its last four digits.
    """

    division = DivisionKey(verbose_name="区划")
    batch = models.ForeignKey(PaymentBatch, models.RESTRICT, related_name="payments", verbose_name="支付清单")
    seq = models.PositiveIntegerField("序号")
    household = models.ForeignKey(
        Household, models.RESTRICT, null=True, blank=True, related_name="payments", verbose_name="户"
    )
    member = models.ForeignKey(
        Member, models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="户名所属成员"
    )
    payee_name = models.CharField("户名", max_length=60)
    bank_name = models.CharField("开户银行", max_length=60, blank=True)
    account_sealed = models.UUIDField("账号密文")
    account_index = models.BinaryField("账号盲索引", max_length=16)
    account_masked = models.CharField("账号", max_length=30)
    item = models.CharField("支付事项", max_length=60)
    period = models.CharField("所属期", max_length=7)
    source = models.CharField("资金来源", max_length=120)
    amount_yuan = yuan("金额（元）")
    account_shared = models.BooleanField("账号与他户相同", default=False)
    status = models.CharField(
        "状态", max_length=8, choices=PaymentStatus.choices, default=PaymentStatus.PENDING
    )
    status_on = models.DateField("到账、退票或停付日期", null=True, blank=True)
    because = models.CharField("退票、停付原因", max_length=100, blank=True)
    entry = entry_key("支付分录", one=False)
    acceptance = models.ForeignKey(
        Acceptance, models.RESTRICT, null=True, blank=True, related_name="payments", verbose_name="验收"
    )
    accept_entry = entry_key("验收分录", one=False)
    recovered_yuan = yuan("已追回（元）", default=0)

    objects = PaymentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "支付"
        indexes = [
            models.Index(name="payment_division", fields=["division", "status"]),
            models.Index(name="payment_household", fields=["household"]),
            models.Index(name="payment_account", fields=["account_index"]),
        ]
        constraints = [
            models.UniqueConstraint(name="payment_seq_of_batch", fields=["batch", "seq"]),
            models.UniqueConstraint(
                name="payment_once_for_a_matter_and_period",
                fields=["household", "member", "item", "period"],
                condition=Q(household__isnull=False, status__in=[PaymentStatus.PENDING, PaymentStatus.PAID]),
                nulls_distinct=False,
                violation_error_message="同一户（人）同一事项同一期已在支付或已领取",
            ),
            models.CheckConstraint(
                name="payment_amount_positive",
                condition=Q(amount_yuan__gt=0),
                violation_error_message="金额应大于 0",
            ),
            models.CheckConstraint(
                name="payment_recovered_within_it",
                condition=Q(recovered_yuan__gte=0, recovered_yuan__lte=F("amount_yuan")),
                violation_error_message="追回额不能超过已付额",
            ),
            models.CheckConstraint(
                name="payment_booked_when_paid",
                condition=Q(status=PaymentStatus.PENDING, entry__isnull=True, status_on__isnull=True)
                | Q(status=PaymentStatus.PAID, entry__isnull=False, status_on__isnull=False)
                | (
                    Q(
                        status__in=[PaymentStatus.FAILED, PaymentStatus.STOPPED],
                        entry__isnull=True,
                        status_on__isnull=False,
                    )
                    & ~Q(because="")
                ),
                violation_error_message="到账须有分录，退票、停付须有原因",
            ),
            models.CheckConstraint(
                name="payment_accepted_when_paid",
                condition=Q(accept_entry__isnull=True) | Q(acceptance__isnull=False, entry__isnull=False),
                violation_error_message="未支付的不能验收入账",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}/{self.seq}"
