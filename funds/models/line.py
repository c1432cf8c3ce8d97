"""资金线: which account of the books holds what of an appropriation, so that lists can join it."""

from typing import Self

from django.db import models
from django.db.models import Q

from funds.codes.allotment import LineKind, NamedLedger
from funds.models.document import Appropriation
from fupin.accounts.scoped import DivisionKey, ScopedQuerySet
from fupin.divisions.models import Division
from fupin.ledgers.models import Account
from projects.models import Project


class LineAccountQuerySet(ScopedQuerySet["LineAccount"]):
    """Accounts of the line by where on the way they stand."""

    def of(self, appropriation: Appropriation) -> Self:
        """Keep the accounts of one appropriation."""
        return self.filter(appropriation=appropriation)

    def standing(self, *kinds: LineKind) -> Self:
        """Keep the accounts of some kinds that hold anything."""
        return self.filter(kind__in=kinds).exclude(account__balance=0)


class LineAccount(models.Model):
    """What an account of the book FUNDS is for: an appropriation, a place on its way, a county, a project or a named ledger.

    It lies in the division of its account: with the city while the city has the money, else with province or county. Written once.
    """

    division = DivisionKey(db_constraint=False, verbose_name="区划")
    account = models.OneToOneField(Account, models.RESTRICT, related_name="line", verbose_name="账户")
    appropriation = models.ForeignKey(
        Appropriation, models.RESTRICT, related_name="line", verbose_name="资金文件"
    )
    kind = models.CharField("环节", max_length=10, choices=LineKind.choices)
    county = models.ForeignKey(Division, models.RESTRICT, null=True, related_name="+", verbose_name="县")
    project = models.ForeignKey(
        Project, models.RESTRICT, null=True, related_name="money_line", verbose_name="项目"
    )
    ledger = models.CharField("专账", max_length=20, choices=NamedLedger.choices, blank=True)

    objects = LineAccountQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "资金线账户"
        indexes = [
            models.Index(name="lineaccount_appropriation", fields=["appropriation", "kind"]),
            models.Index(name="lineaccount_county", fields=["county", "kind"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="lineaccount_of_a_county",
                condition=Q(kind__in=(LineKind.SOURCE, LineKind.PROVINCE, LineKind.POOL), county__isnull=True)
                | (
                    ~Q(kind__in=(LineKind.SOURCE, LineKind.PROVINCE, LineKind.POOL)) & Q(county__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="lineaccount_of_a_named_ledger",
                condition=~Q(kind=LineKind.LEDGER) | ~Q(ledger=""),
            ),
            models.CheckConstraint(
                name="lineaccount_of_a_project",
                condition=~Q(kind=LineKind.PROJECT) | Q(project__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.county_id or ''}"
