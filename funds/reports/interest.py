"""How interest subsidies stand: loans with what was borne on them, claims by their step, and a county's pot by use."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import DecimalField, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from funds.codes.interest import ClaimStatus, PotAccount, PotKind
from funds.models import InterestClaim, InterestLoan, LineAccount, PotAct
from funds.rules.interest_pot import PotUse, leverage
from fupin.accounts.models import User
from fupin.divisions.codes import Level, cut
from fupin.ledgers.models import Account, Posting

BOOK = "INTEREST"
_YUAN = DecimalField(max_digits=18, decimal_places=2)


def loans(user: User, *, on: date | None = None) -> "QuerySet[InterestLoan]":
    """Return the loans of a post's divisions with what is and was borne on each; those lent by a day, as paid by then."""
    paid = InterestClaim.objects.filter(loan=OuterRef("pk"), status=ClaimStatus.PAID)
    found: QuerySet[InterestLoan] = InterestLoan.objects.visible_to(user)
    if on is not None:
        paid = paid.filter(paid_on__lte=on)
        found = found.filter(begins_on__lte=on)
    borne = paid.order_by().values("loan").annotate(sum=Sum("amount_yuan")).values("sum")
    return found.annotate(
        borne_yuan=Coalesce(Subquery(borne), Value(Decimal(0)), output_field=_YUAN)
    ).select_related("division__parent", "household")


def claims(user: User, *, on: date | None = None) -> "QuerySet[InterestClaim]":
    """Return the claims of a post's divisions; those paid by a day where one is given."""
    found: QuerySet[InterestClaim] = InterestClaim.objects.visible_to(user)
    if on is not None:
        found = found.filter(status=ClaimStatus.PAID, paid_on__lte=on)
    return found.select_related("loan__household", "division__parent", "entered_by", "decided_by", "paid_by")


def counted_elsewhere(loan: InterestLoan, year: int) -> Decimal:
    """Return the principal of a household and year that other loans of it already have interest borne on."""
    if loan.household_id is None:
        return Decimal(0)
    found = (
        InterestClaim.objects.filter(loan__household_id=loan.household_id, year=year)
        .exclude(loan=loan)
        .exclude(status=ClaimStatus.REFUSED)
        .aggregate(sum=Sum("counted_yuan"))
    )
    return found["sum"] or Decimal(0)


@dataclass(frozen=True, slots=True)
class Use:
    """One of the four uses of a pot: what was set aside for it in all, what is left of that, and its account where it has one."""

    use: PotUse
    set_aside: Decimal
    left: Decimal
    account: Account | None

    @property
    def spent(self) -> Decimal:
        """Yuan that went out."""
        return self.set_aside - self.left


@dataclass(frozen=True, slots=True)
class Pot:
    """A county's interest money: what was placed on the ledger, taken in, still without use, and by use."""

    county: int
    placed: Decimal
    taken_in: Decimal
    unset: Decimal
    uses: tuple[Use, ...]
    finance: Decimal
    social: Decimal

    @property
    def spent(self) -> Decimal:
        """Yuan that went out, for all uses together."""
        return sum((one.spent for one in self.uses), Decimal(0))

    @property
    def leverage(self) -> Decimal | None:
        """Yuan of banks and society that one yuan moved."""
        return leverage(self.spent, finance=self.finance, social=self.social)


def account_key(county: int, kind: str) -> str:
    """Return the key of an account of the pot."""
    return f"interest/{county}/{kind}"


def placed(county: int, *, appropriation: int | None = None, on: date | None = None) -> Decimal:
    """Return what of the fund line lies placed on the county's ledger of interest, of one document or of all."""
    return _placed([county], appropriation=appropriation, on=on).get(county, Decimal(0))


def _placed(
    counties: Collection[int], *, appropriation: int | None = None, on: date | None = None
) -> dict[int, Decimal]:
    lines = LineAccount.objects.filter(county_id__in=counties, kind="LEDGER", ledger="INTEREST")
    if appropriation is not None:
        lines = lines.filter(appropriation_id=appropriation)
    postings = Posting.objects.filter(account__line__in=lines, entry__kind__in=("PLACE", "UNPLACE", "STRAND"))
    if on is not None:
        postings = postings.filter(on__lte=on)
    rows = postings.order_by("account__line__county_id").values_list("account__line__county_id")
    return dict(rows.annotate(sum=Sum("amount")))


def pot_of(county: int, *, on: date | None = None) -> Pot:
    """Return a county's pot, as of the end of a business day where one is given."""
    return pots_of([county], on=on)[0]


def pots_of(counties: Sequence[int], *, on: date | None = None) -> list[Pot]:
    """Return the pots of counties in the order given, in as many queries for all as for one."""
    accounts = {
        (one.division_id, one.kind): one
        for one in Account.objects.filter(book=BOOK, division_id__in=counties)
        .with_balance(on=on)
        .order_by("pk")
    }
    flows, moved, lying = _flows(counties, on), _moved(counties, on), _placed(counties, on=on)

    def balance(county: int, kind: str) -> Decimal:
        account = accounts.get((county, kind))
        return account.balance_then if account is not None else Decimal(0)  # type: ignore[attr-defined]

    return [
        Pot(
            county=county,
            placed=lying.get(county, Decimal(0)),
            taken_in=-balance(county, PotAccount.SOURCE),
            unset=balance(county, PotAccount.POT),
            uses=tuple(
                Use(
                    use,
                    flows.get((county, use.value), Decimal(0)),
                    balance(county, use),
                    accounts.get((county, use)),
                )
                for use in PotUse
            ),
            finance=moved.get(county, _NOTHING)[0],
            social=moved.get(county, _NOTHING)[1],
        )
        for county in counties
    ]


_NOTHING = (Decimal(0), Decimal(0))


def _flows(counties: Collection[int], on: date | None) -> dict[tuple[int, str], Decimal]:
    """Return what was set aside for each use, what was moved between uses included."""
    postings = Posting.objects.filter(
        account__book=BOOK,
        division_id__in=counties,
        entry__kind__in=(PotKind.SET_ASIDE, PotKind.CHANGE),
    )
    if on is not None:
        postings = postings.filter(on__lte=on)
    rows = postings.order_by("division_id", "account__kind").values_list("division_id", "account__kind")
    return {(county, kind): summed for county, kind, summed in rows.annotate(sum=Sum("amount"))}


def _moved(counties: Collection[int], on: date | None) -> dict[int, tuple[Decimal, Decimal]]:
    """Return the yuan of banks and of society that the money of each county moved."""
    acts = PotAct.objects.filter(division_id__in=counties)
    if on is not None:
        acts = acts.filter(on__lte=on)
    rows = acts.order_by("division_id").values_list("division_id")
    summed = rows.annotate(finance=Sum("finance_yuan"), social=Sum("social_yuan"))
    return {county: (finance, social) for county, finance, social in summed}


def counties_with_pots(user: User) -> list[int]:
    """Return the counties of a post's divisions that have interest money placed or taken in."""
    placing = LineAccount.objects.visible_to(user).filter(kind="LEDGER", ledger="INTEREST")
    held = Account.objects.visible_to(user).filter(book=BOOK)
    return sorted(
        {
            *placing.order_by("county_id").values_list("county_id", flat=True),
            *held.order_by("division_id").values_list("division_id", flat=True),
        }
    )


def county_of(division: int) -> int:
    """Return the county in which a division lies."""
    return cut(division, Level.COUNTY)
