"""What the cards of villages come to, and a village's table read from its rows (data-standard §6)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db.models import Count, Q, QuerySet, Sum

from fupin.policy.standards import NoStandard, poverty_line
from registry.codes import DangerLevel, HouseholdStatus, PoorType
from registry.models import HouseholdYear, VillageYear
from registry.rules.checks.household import ANNOUNCED
from registry.rules.poverty import is_below_line
from registry.standard.village import VILLAGE_YEAR

KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    "general_poor": (PoorType.GENERAL,),
    "dibao_poor": (PoorType.DIBAO_POOR, PoorType.DIBAO),
    "wubao_poor": (PoorType.WUBAO,),
}
"""The three kinds whose sum is the number of poor households, by CL02."""
TYPED: Final = tuple(
    field for field in VILLAGE_YEAR if field.need != "D" and field.name not in {"year", "village_code"}
)
"""What is typed on the table."""


def on_register(year: int) -> Q:
    """Return the filter of cards whose households stood on the register at the end of the year."""
    exited_later = Q(household__status=HouseholdStatus.EXITED, household__exit_year__gt=year)
    return Q(household__status__in=ANNOUNCED) | exited_later


def poor_counts(cards: "QuerySet[HouseholdYear]", year: int) -> dict[str, int]:
    """Return the derived figures of the table by the names of the standard: households and persons, of each kind and in all."""
    sums: dict[str, int] = cards.filter(on_register(year)).order_by().aggregate(**_COUNTS)
    return sums


_COUNTS: Final[dict[str, Any]] = {
    "poor_households": Count("pk"),
    "poor_pop": Sum("member_count", default=0),
    **{f"{kind}_households": Count("pk", filter=Q(poor_type__in=codes)) for kind, codes in KINDS.items()},
    **{
        f"{kind}_pop": Sum("member_count", filter=Q(poor_type__in=codes), default=0)
        for kind, codes in KINDS.items()
    },
}


def poor_counts_by_village(
    cards: "QuerySet[HouseholdYear]", codes: Iterable[int], year: int
) -> dict[int, dict[str, int]]:
    """Return the derived figures of several villages' tables with one query; a village without cards is not among them."""
    rows: Iterable[Any] = (
        cards.filter(on_register(year), year=year, division_id__in=list(codes))
        .order_by()
        .values("division_id")
        .annotate(**_COUNTS)
    )
    return {row.pop("division_id"): row for row in rows}


def danger_counts(cards: "QuerySet[HouseholdYear]") -> dict[str, int]:
    """Return how many households live in houses of level C and D by their cards."""
    counts: dict[str, int] = cards.order_by().aggregate(
        danger_c=Count("pk", filter=Q(danger_level=DangerLevel.C)),
        danger_d=Count("pk", filter=Q(danger_level=DangerLevel.D)),
    )
    return counts


@dataclass(frozen=True, slots=True)
class VillageSums:
    """What the cards of a village, or of many, come to in a year."""

    households: int = 0
    persons: int = 0
    below: int = 0
    income: Decimal = Decimal(0)
    drafts: int = 0
    remarks: int = 0

    @property
    def per_head(self) -> Decimal | None:
        """Income per head of all of them together."""
        return self.income / self.persons if self.persons else None


def sums_by_village(
    cards: "QuerySet[HouseholdYear]", codes: Iterable[int], year: int
) -> dict[int, VillageSums]:
    """Return the sums of each of some villages with two queries; drafts, which are few, are found by themselves."""
    here = cards.filter(year=year, division_id__in=list(codes)).order_by()
    rows: Iterable[Any] = here.values("division_id").annotate(**_sums(year))
    drafts: dict[int, int] = dict(
        here.filter(household__status=HouseholdStatus.DRAFT, household__division_id__in=list(codes))
        .values_list("division_id")
        .annotate(drafts=Count("pk"))
    )
    return {
        row["division_id"]: VillageSums(
            drafts=drafts.get(row["division_id"], 0), **_filled(row, without="division_id")
        )
        for row in rows
    }


def sums_of_all(cards: "QuerySet[HouseholdYear]", year: int) -> VillageSums:
    """Return the sums of all cards of a year among those given."""
    here = cards.filter(year=year).order_by()
    drafts = here.filter(household__status=HouseholdStatus.DRAFT).count()
    return VillageSums(drafts=drafts, **_filled(here.aggregate(**_sums(year))))


def _sums(year: int) -> dict[str, Any]:
    try:
        below: Any = Count("pk", filter=is_below_line(poverty_line(year).amount))
    except NoStandard:
        below = Count("pk", filter=Q(pk__isnull=True))
    return {
        "households": Count("pk"),
        "persons": Sum("member_count"),
        "below": below,
        "income": Sum("net_income"),
        "remarks": Count("pk", filter=Q(open_remarks__gt=0)),
    }


def _filled(row: Mapping[str, Any], *, without: str = "") -> dict[str, Any]:
    return {name: value if value is not None else 0 for name, value in row.items() if name != without}


def read_table(table: VillageYear) -> dict[str, Any]:
    """Return what is typed on a village's table by the names of the standard; the telephone is masked."""
    found: dict[str, Any] = {"year": table.year, "village_code": str(table.division_id)}
    for field in TYPED:
        if field.name == "village_attr":
            value: Any = table.village.village_attr
        elif field.name == "head_phone":
            value = table.head_phone_masked
        else:
            value = getattr(table, field.name)
        found[field.name] = tuple(value) if isinstance(value, list) else None if value == "" else value
    return found
