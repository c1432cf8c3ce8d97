"""How gifts stand: what is left of each, by purpose and free, as of a day; and what everybody may know of the one whose receipt he has."""

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import DecimalField, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from funds.models import Donation, DonationDraw, DonationSpending
from fupin.accounts.models import User

_YUAN = DecimalField(max_digits=18, decimal_places=2)


def with_rest(found: "QuerySet[Donation]", *, on: date | None = None) -> "QuerySet[Any]":
    """Add what was spent of each gift and what is left of it, by the end of a day where one is given."""
    draws = DonationDraw.objects.filter(donation=OuterRef("pk"))
    if on is not None:
        draws = draws.filter(spending__on__lte=on)
    spent = draws.order_by().values("donation").annotate(sum=Sum("amount_yuan")).values("sum")
    return found.annotate(
        spent_yuan=Coalesce(Subquery(spent), Value(Decimal(0)), output_field=_YUAN)
    ).annotate(left_yuan=F("amount_yuan") - F("spent_yuan"))


def gifts(user: User, *, on: date | None = None) -> "QuerySet[Any]":
    """Return the gifts of a post's divisions with what is left of each, those received by a day where one is given."""
    found: QuerySet[Donation] = Donation.objects.visible_to(user).select_related("division__parent")
    if on is not None:
        found = found.filter(received_on__lte=on)
    return with_rest(found, on=on)


def spendings(user: User, *, on: date | None = None) -> "QuerySet[DonationSpending]":
    """Return what gifts of a post's divisions were spent on, by a day where one is given."""
    found: QuerySet[DonationSpending] = DonationSpending.objects.visible_to(user)
    if on is not None:
        found = found.filter(on__lte=on)
    return found.select_related("division__parent", "project", "household", "entered_by", "entry")


def left_by_purpose(found: "QuerySet[Any]") -> list[tuple[str, Decimal]]:
    """Return what is left by purpose, gifts for none first, of gifts that say what is left of them."""
    rows = found.order_by("purpose").values_list("purpose", "left_yuan")
    sums: dict[str, Decimal] = {}
    for purpose, left in rows:
        sums[purpose] = sums.get(purpose, Decimal(0)) + left
    return sorted(sums.items())


def drawable(division: int, given_purpose: str) -> "QuerySet[Any]":
    """Return the gifts of a division for a purpose (or for none) of which something is left, the oldest first."""
    found = with_rest(Donation.objects.filter(Q(division_id=division), purpose=given_purpose))
    return found.filter(left_yuan__gt=0).order_by("received_on", "pk")


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """What everybody may know of a gift whose receipt he holds: never who gave it, nor the name of a household."""

    received_on: date
    amount: Decimal
    thing: str
    purpose: str
    place: str
    left: Decimal
    spent: tuple[dict[str, Any], ...]


def whereabouts(receipt_no: str) -> Whereabouts | None:
    """Return what became of the gift of a receipt; None where there is no such receipt."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT funds_donation_public(%s)", [receipt_no])
        row = cursor.fetchone()
    if row is None or row[0] is None:
        return None
    said = json.loads(row[0]) if isinstance(row[0], str) else row[0]
    return Whereabouts(
        received_on=date.fromisoformat(said["received_on"]),
        amount=Decimal(said["amount_yuan"]),
        thing=said["thing"],
        purpose=said["purpose"],
        place=said["place"],
        left=Decimal(said["left_yuan"]),
        spent=tuple(
            {
                **one,
                "on": date.fromisoformat(one["on"]),
                "amount": Decimal(one["amount_yuan"]),
            }
            for one in said["spent"]
        ),
    )


def quarters() -> list[dict[str, Any]]:
    """Return what each place received and spent by quarter, the latest first: published for everybody (按季公开)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT place, year, quarter, received, spent FROM funds_donation_quarters()")
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
