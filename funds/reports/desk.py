"""A county's money as it lies: received, placed, paid, accepted, stranded, returned, by document and by project."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import QuerySet, Sum

from funds.codes.allotment import LineKind
from funds.models.document import Appropriation
from funds.models.line import LineAccount

SHOWN: tuple[LineKind, ...] = (
    LineKind.TRANSIT,
    LineKind.COUNTY,
    LineKind.PROJECT,
    LineKind.LEDGER,
    LineKind.PAID,
    LineKind.ACCEPTED,
    LineKind.STRANDED,
    LineKind.RETURNING,
)
"""What a county has in hand, in the order of the way."""


@dataclass(slots=True)
class DeskRow:
    """What of a document lies where in a county, in yuan."""

    appropriation: Appropriation
    balances: dict[str, Decimal] = field(default_factory=dict)

    def at(self, kind: str) -> Decimal:
        """Return what lies at a station."""
        return self.balances.get(kind, Decimal(0))

    @property
    def total(self) -> Decimal:
        """All that came and has not gone back."""
        return sum(self.balances.values(), Decimal(0))


def desk_of(county: int) -> list[DeskRow]:
    """Return the documents of which something lies in a county, the latest first."""
    rows: dict[int, DeskRow] = {}
    for appropriation, kind, balance in (
        LineAccount.objects.filter(county_id=county, kind__in=SHOWN)
        .order_by()
        .values_list("appropriation", "kind")
        .annotate(balance=Sum("account__balance"))
    ):
        row = rows.setdefault(appropriation, DeskRow(Appropriation(pk=appropriation)))
        row.balances[kind] = balance
    documents = Appropriation.objects.in_bulk(list(rows))
    for pk, row in rows.items():
        if pk in documents:
            row.appropriation = documents[pk]
    return sorted(
        rows.values(), key=lambda one: (one.appropriation.issued_on, one.appropriation.pk), reverse=True
    )


def sums_of(rows: list[DeskRow]) -> Mapping[str, Decimal]:
    """Return the sums over all documents by station."""
    return {kind: sum((row.at(kind) for row in rows), Decimal(0)) for kind in SHOWN}


def lines_of(county: int, kind: str) -> "QuerySet[LineAccount]":
    """Return the accounts behind a number of the desk."""
    rows = LineAccount.objects.filter(county_id=county, kind=kind, account__balance__gt=0)
    return rows.select_related("appropriation", "project", "account")
