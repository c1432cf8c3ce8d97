"""一高一低一无 village by village: the three figures with the rows behind them, each held to the province's (procedures §3)."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import BooleanField, Case, OuterRef, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from fupin.accounts.models import User
from registry.models import HouseholdYear, VillageYear
from registry.reports.villages import on_register
from registry.rules.village import poverty_rate
from registry.rules.village_identification import conditions


@dataclass(frozen=True, slots=True)
class Measures:
    """The province's figures of a year, against which its villages are held."""

    year: int
    rate: Decimal
    income: Decimal


def candidates(user: User, against: Measures) -> "QuerySet[VillageYear]":
    """Return the villages' tables of a year with `poor`, whether each condition holds (`high`, `low`, `without`) and all do (`meets`).

    `poor` are the persons on the register by their cards of the year, as on the table itself.
    """
    poor = (
        HouseholdYear.objects.filter(on_register(against.year), year=against.year)
        .filter(division_id=OuterRef("division_id"))
        .order_by()
        .values("division_id")
        .annotate(people=Sum("member_count"))
        .values("people")
    )
    held = conditions(against.year, province_rate=against.rate, province_income=against.income)
    yes: dict[str, Any] = {
        name: Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())
        for name, condition in held.items()
    }
    return (
        VillageYear.objects.visible_to(user)
        .filter(year=against.year)
        .annotate(poor=Coalesce(Subquery(poor), 0))
        .annotate(**yes)
        .select_related("division__parent", "village")
        .order_by("division_id", "pk")
    )


def rate_of(row: VillageYear) -> Decimal | None:
    """Return a village's rate of poverty in percent to two places, for show; None where nobody counted its people."""
    return poverty_rate(row.poor, row.rural_pop)  # type: ignore[attr-defined]  # annotated by `candidates`
