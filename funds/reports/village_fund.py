"""How village funds stand on a day: what they consist of, what is at hand, lent, overdue, and lent to the poor."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, Sum

from funds.codes.village_fund import FundAccount
from funds.models import FundMember, VillageFund
from funds.rules.village_fund import Ratios, composition, ratios
from fupin.ledgers.models import Posting

BOOK = "VILLAGE_FUND"
NOTHING = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Standing:
    """A fund on a day, in yuan; what it has and what it consists of come to the same."""

    members: int
    poor_members: int
    government: Decimal
    shares: Decimal
    donations: Decimal
    fees: Decimal
    cash: Decimal
    outstanding: Decimal
    overdue: Decimal
    to_poor: Decimal

    @property
    def capital(self) -> Decimal:
        """What the fund consists of, without fees."""
        return composition(government=self.government, shares=self.shares, donations=self.donations)

    @property
    def whole(self) -> Decimal:
        """What the fund has: at hand and lent."""
        return self.cash + self.outstanding

    @property
    def ratios(self) -> Ratios:
        """In per cent: lent out of all, overdue of what is lent, lent to the poor of what is lent."""
        return ratios(
            fund=self.whole, outstanding=self.outstanding, overdue=self.overdue, to_poor=self.to_poor
        )


def standings(funds: Iterable[VillageFund], day: date) -> dict[int, Standing]:
    """Return how each fund stood at the end of a day, by its key."""
    villages = {fund.division_id: fund.pk for fund in funds}
    lines = Posting.objects.filter(account__book=BOOK, division__in=villages, on__lte=day)
    sums: dict[int, dict[str, Decimal]] = defaultdict(dict)
    by_kind = lines.order_by().values_list("division", "account__kind").annotate(sum=Sum("amount"))
    for village, kind, amount in by_kind:
        sums[village][kind] = amount
    lent = (
        lines.filter(account__kind=FundAccount.LOAN)
        .order_by()
        .values_list("division")
        .annotate(
            overdue=Sum("amount", filter=Q(account__fund_loan__due_on__lt=day)),
            poor=Sum("amount", filter=Q(account__fund_loan__to_poor=True)),
        )
    )
    loans = {village: (overdue or NOTHING, poor or NOTHING) for village, overdue, poor in lent}
    joined = (
        FundMember.objects.filter(Q(left_on__isnull=True) | Q(left_on__gt=day))
        .filter(fund__in=villages.values(), joined_on__lte=day)
        .order_by()
        .values_list("fund")
        .annotate(count=Count("pk"), poor=Count("household"))
    )
    people = {fund: (count, poor) for fund, count, poor in joined}
    found = {}
    for village, fund in villages.items():
        held = sums[village]
        overdue, poor = loans.get(village, (NOTHING, NOTHING))
        found[fund] = Standing(
            *people.get(fund, (0, 0)),
            government=-held.get(FundAccount.GOVERNMENT, NOTHING),
            shares=-held.get(FundAccount.SHARE, NOTHING),
            donations=-held.get(FundAccount.DONATION, NOTHING),
            fees=-held.get(FundAccount.FEE, NOTHING),
            cash=held.get(FundAccount.CASH, NOTHING),
            outstanding=held.get(FundAccount.LOAN, NOTHING),
            overdue=overdue,
            to_poor=poor,
        )
    return found
