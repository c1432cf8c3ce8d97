"""Accounts, what was entered, and the lines of it. Nothing here is ever changed: what was wrong is reversed."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import ClassVar, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Sum, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from fupin.accounts.models import User
from fupin.accounts.scoped import DivisionKey, ScopedQuerySet
from fupin.divisions.codes import code_range

AMOUNT = models.DecimalField(max_digits=18, decimal_places=2)


class Unit(models.TextChoices):
    """What an account counts."""

    YUAN = "YUAN", "元"
    MU = "MU", "亩"


class AccountQuerySet(ScopedQuerySet["Account"]):
    """Accounts by what they held."""

    def with_balance(self, *, on: date | None = None, known_on: date | None = None) -> Self:
        """Add ``balance_then``: what stood in the account at the end of a business day, as far as it was known on another."""
        postings = Posting.objects.filter(account=OuterRef("pk"))
        if on is not None:
            postings = postings.filter(on__lte=on)
        if known_on is not None:
            postings = postings.known_on(known_on)
        summed = postings.order_by().values("account").annotate(sum=Sum("amount")).values("sum")
        return self.annotate(balance_then=Coalesce(summed, Value(Decimal("0.00")), output_field=AMOUNT))


class Account(models.Model):
    """账户: a place where something stands, in one division, of one book.

    The bounds hold at the end of every business day, not only today: an asset has ``low`` 0, where it comes from has ``high`` 0 and no
    ``low``. ``balance`` and ``latest_on`` are kept by the database as postings come in; nobody else may write them.
    """

    division = DivisionKey()
    book = models.CharField("账簿", max_length=20)
    kind = models.CharField("科目", max_length=20)
    key = models.CharField("账户键", max_length=120, unique=True)
    title = models.CharField("户名", max_length=120)
    unit = models.CharField("单位", max_length=10, choices=Unit.choices, default=Unit.YUAN)
    low = models.DecimalField("下限", max_digits=18, decimal_places=2, null=True, default=Decimal(0))
    high = models.DecimalField("上限", max_digits=18, decimal_places=2, null=True)
    opened_on = models.DateField("开户日", null=True)
    balance = models.DecimalField("余额", max_digits=18, decimal_places=2, default=Decimal(0))
    latest_on = models.DateField("最近记账日", null=True)
    opened_at = models.DateTimeField("开户时间", auto_now_add=True)

    as_of_query: ClassVar[str] = (
        "SELECT a.id, a.division, a.book, a.kind, a.key, a.title, a.unit, a.low, a.high, a.opened_on, a.opened_at,"
        " coalesce(p.balance, 0)::numeric(18,2) AS balance, p.latest_on FROM public.ledgers_account a LEFT JOIN LATERAL"
        ' (SELECT sum(amount) AS balance, max("on") AS latest_on FROM public.ledgers_posting'
        " WHERE account_id = a.id AND entered_at < {moment}) p ON true WHERE a.opened_at < {moment}"
    )
    objects = AccountQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "账户"
        indexes = [models.Index(name="account_division_book", fields=["division", "book", "kind"])]
        constraints = [
            models.CheckConstraint(
                name="ledgers_account_not_below",
                condition=Q(low__isnull=True) | Q(balance__gte=F("low")),
                violation_error_message="账户余额不足",
            ),
            models.CheckConstraint(
                name="ledgers_account_not_above",
                condition=Q(high__isnull=True) | Q(balance__lte=F("high")),
                violation_error_message="超过账户上限",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def fits(self, balance: Decimal) -> bool:
        """Tell whether a balance lies within the account's bounds."""
        return (self.low is None or balance >= self.low) and (self.high is None or balance <= self.high)


class EntryQuerySet(ScopedQuerySet["Entry"]):
    """Entries by whom they concern and whether they still stand."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Keep what was entered in the post's divisions, and what touches an account there, wherever it was entered."""
        if isinstance(user, AnonymousUser) or user.post is None:
            return self.none()
        low, high = code_range(user.post.division_id)
        touching = Posting.objects.filter(entry=OuterRef("pk"), division_id__gte=low, division_id__lt=high)
        return self.filter(Q(division_id__gte=low, division_id__lt=high) | Exists(touching))

    def standing(self) -> Self:
        """Keep what was not reversed and reverses nothing."""
        return self.filter(reverses__isnull=True, reversal__isnull=True)


class Entry(models.Model):
    """记账凭证: one business event, on one day. A reversal has the kind of what it reverses, so that sums by kind stay true."""

    division = DivisionKey(verbose_name="记账地")
    book = models.CharField("账簿", max_length=20)
    kind = models.CharField("事由", max_length=30)
    number = models.CharField("凭证号", max_length=20, unique=True)
    on = models.DateField("业务日期")
    lines = models.PositiveSmallIntegerField("分录数")
    document_no = models.CharField("文号", max_length=60, blank=True)
    memo = models.CharField("摘要", max_length=200, blank=True)
    key = models.CharField("提交编号", max_length=120, unique=True)
    digest = models.CharField("内容摘要", max_length=64)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, null=True, related_name="+", verbose_name="记账人"
    )
    entered_at = models.DateTimeField("记账时间", default=timezone.now)
    reverses = models.OneToOneField(
        "self", models.RESTRICT, null=True, related_name="reversal", verbose_name="冲销的凭证"
    )

    written_at: ClassVar[str] = "entered_at"
    is_sealed: ClassVar[bool] = True
    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "记账凭证"
        indexes = [models.Index(name="entry_division_on", fields=["division", "book", "on"])]
        constraints = [
            models.CheckConstraint(
                name="ledgers_entry_of_two_lines",
                condition=Q(lines__gte=2),
                violation_error_message="一张凭证至少两笔分录",
            ),
            models.CheckConstraint(
                name="ledgers_entry_reverses_another",
                condition=Q(reverses__isnull=True) | ~Q(reverses=F("id")),
                violation_error_message="凭证不能冲销自己",
            ),
            models.CheckConstraint(
                name="ledgers_entry_reversed_for_a_reason",
                condition=Q(reverses__isnull=True) | ~Q(memo=""),
                violation_error_message="冲销要写明原因",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class PostingQuerySet(ScopedQuerySet["Posting"]):
    """Postings by when they were known, and on which side."""

    def in_and_out(self) -> Self:
        """Add ``came`` and ``went``: the amount without its sign on its side, nothing on the other."""
        return self.annotate(
            came=Case(When(amount__gt=0, then="amount")), went=Case(When(amount__lt=0, then=-F("amount")))
        )

    def known_on(self, day: date) -> Self:
        """Keep what had been entered by the end of a day."""
        return self.filter(entered_at__lt=end_of(day))


class Posting(models.Model):
    """分录: one line of an entry, signed: what comes into the account is positive."""

    entry = models.ForeignKey(Entry, models.RESTRICT, related_name="postings", verbose_name="凭证")
    position = models.PositiveSmallIntegerField("行号")
    account = models.ForeignKey(Account, models.RESTRICT, related_name="postings", verbose_name="账户")
    division = DivisionKey(db_constraint=False)
    amount = models.DecimalField("金额", max_digits=18, decimal_places=2)
    on = models.DateField("业务日期")
    entered_at = models.DateTimeField("记账时间", default=timezone.now)

    written_at: ClassVar[str] = "entered_at"
    is_sealed: ClassVar[bool] = True
    objects = PostingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "分录"
        indexes = [
            models.Index(name="posting_account_on", fields=["account", "on", "id"], include=["amount"])
        ]
        constraints = [
            models.UniqueConstraint(name="ledgers_posting_position", fields=["entry", "position"]),
            models.UniqueConstraint(
                name="ledgers_posting_account_once",
                fields=["entry", "account"],
                violation_error_message="一张凭证里一个账户只记一笔",
            ),
            models.CheckConstraint(
                name="ledgers_posting_of_something",
                condition=~Q(amount=0),
                violation_error_message="分录金额不能为零",
            ),
            models.CheckConstraint(
                name="ledgers_posting_counted_from_one",
                condition=Q(position__gte=1),
                violation_error_message="行号从 1 起",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id}/{self.position} {self.amount}"


def end_of(day: date) -> datetime:
    """Return the moment at which a day is over."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))
