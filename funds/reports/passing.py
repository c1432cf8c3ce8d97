"""How far the money of documents has come: issued against due, county by county, and who was how fast."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Sum

from funds.models import Allotment, Appropriation
from funds.rules.clocks import Stay, due_on, exempt_warning, mean_days, overdue_days, overdue_weight, stays
from funds.rules.pool import percent_of
from fupin.accounts.models import User


@dataclass(frozen=True, slots=True)
class Passing:
    """A document and how much of it is out, against the day by which all has to be."""

    document: Appropriation
    issued: Decimal
    counties: int
    last_on: date | None
    due: date | None
    today: date

    @property
    def left(self) -> Decimal:
        """What has not been issued."""
        left: Decimal = self.document.amount_yuan - self.issued
        return left

    @property
    def percent(self) -> Decimal:
        """What has been issued, in per cent."""
        return percent_of(self.issued, self.document.amount_yuan)

    @property
    def days_left(self) -> int | None:
        """Days until the due day, below nought after it; None without a clock or when all is out."""
        return None if self.due is None or not self.left else (self.due - self.today).days

    @property
    def overdue(self) -> int:
        """Days over the due day while anything is left, or by which the last part came too late."""
        return overdue_days(self.due, self.today if self.left or self.last_on is None else self.last_on)

    @property
    def weight(self) -> Decimal:
        """超期天数 × 未下达额, in 万元-days."""
        return overdue_weight(self.left, self.due, self.today) / 10_000


def due_of(document: Appropriation) -> date | None:
    """Return the day by which a document's money is to be out."""
    return due_on(
        document.issued_on,
        fiscal_year=document.fiscal_year,
        advance=document.is_advance,
        needs_prov_approval=document.needs_prov_approval,
    )


def passing(user: User, documents: Sequence[Appropriation], today: date) -> list[Passing]:
    """Return how far each document has come within the user's division."""
    rows: dict[int, list[Allotment]] = {}
    for row in Allotment.objects.visible_to(user).filter(appropriation__in=documents).order_by("pk"):
        rows.setdefault(row.appropriation_id, []).append(row)
    found = []
    for document in documents:
        issued = rows.get(document.pk, [])
        found.append(
            Passing(
                document=document,
                issued=sum((row.amount_yuan for row in issued if row.source != "REDISTRIBUTION"), Decimal(0)),
                counties=len({row.division_id for row in issued}),
                last_on=max((row.issued_on for row in issued), default=None),
                due=due_of(document),
                today=today,
            )
        )
    return found


def way_of(row: Allotment, today: date) -> list[Stay]:
    """Return how long the money lay at each level (policy-trace 6.2)."""
    stops: list[tuple[str, date | None]] = [
        ("省级", max(row.appropriation.received_on, row.appropriation.issued_on))
    ]
    if row.issued_on < row.appropriation.received_on:
        stops = [("省级", row.issued_on)]
    if row.via_city:
        stops += [("市级", row.issued_on), ("在途", row.passed_on)]
    else:
        stops += [("在途", row.issued_on)]
    return stays([*stops, ("县级", row.received_on)], today)


@dataclass(frozen=True, slots=True)
class CountyLine:
    """A county of the board: what was issued to it, where it lies, and how long it took."""

    code: int
    name: str
    city: str
    issued: Decimal
    at_city: Decimal
    under_way: Decimal
    received: Decimal
    mean: Decimal | None
    """Days from issue to arrival, weighed by amount; of what has arrived."""
    waiting: int
    """Days that the oldest part not yet there has waited."""
    rank: int | None = None


def by_county(user: User, year: int, today: date) -> list[CountyLine]:
    """Return the counties that anything of a fiscal year was issued to, the fastest first; those without arrival last."""
    rows = (
        Allotment.objects.visible_to(user)
        .filter(appropriation__fiscal_year=year)
        .select_related("division__parent")
        .order_by("division_id", "pk")
    )
    groups: dict[int, list[Allotment]] = {}
    for row in rows:
        groups.setdefault(row.division_id, []).append(row)
    lines = [_line(group, today) for group in groups.values()]
    lines.sort(key=lambda one: (one.mean is None, one.mean or Decimal(0), one.code))
    ranks: dict[Decimal, int] = {}
    for place, one in enumerate(lines, start=1):
        if one.mean is not None:
            ranks.setdefault(one.mean, place)
    return [
        CountyLine(*_values(one), rank=ranks.get(one.mean) if one.mean is not None else None) for one in lines
    ]


def _values(one: CountyLine) -> tuple[int, str, str, Decimal, Decimal, Decimal, Decimal, Decimal | None, int]:
    return (
        one.code, one.name, one.city, one.issued, one.at_city, one.under_way, one.received, one.mean, one.waiting,
    )  # fmt: skip


def _line(rows: Sequence[Allotment], today: date) -> CountyLine:
    county = rows[0].division
    arrived = [row for row in rows if row.received_on]
    at_city = [row for row in rows if row.via_city and not row.passed_on]
    under_way = [row for row in rows if not row.received_on and (not row.via_city or row.passed_on)]
    return CountyLine(
        code=county.pk,
        name=county.name,
        city=county.parent.name if county.parent else "",
        issued=_sum(rows),
        at_city=_sum(at_city),
        under_way=_sum(under_way),
        received=_sum(arrived),
        mean=mean_days([((row.received_on - row.issued_on).days, row.amount_yuan) for row in arrived if row.received_on]),
        waiting=max(((today - row.issued_on).days for row in (*at_city, *under_way)), default=0),
    )  # fmt: skip


def _sum(rows: Sequence[Allotment]) -> Decimal:
    return sum((row.amount_yuan for row in rows), Decimal(0))


def exempt_of(year: int) -> tuple[Decimal, Decimal, str | None]:
    """Return what of a year's money waits for the province's approval, its share in per cent, and a warning above a few."""
    sums: Mapping[bool, Decimal] = {
        row["needs_prov_approval"]: row["total"]
        for row in Appropriation.objects.approved()
        .filter(fiscal_year=year)
        .order_by()
        .values("needs_prov_approval")
        .annotate(total=Sum("amount_yuan"))
    }
    exempt, whole = sums.get(True, Decimal(0)), sum(sums.values(), Decimal(0))
    return exempt, percent_of(exempt, whole), exempt_warning(exempt, whole, year)
