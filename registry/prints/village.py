"""Reads 村表 from the register: the village's own facts, its roster, what is counted from the cards."""

from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from registry.codes import PoorType
from registry.models import LIVE, HouseholdYear, VillageYear
from registry.prints.reading import line_of, path, place_names, values
from registry.reports.on_register import on_register
from registry.standard.lists import shown
from registry.standard.village import VILLAGE_YEAR

_DIBAO = (PoorType.DIBAO_POOR, PoorType.DIBAO)

COUNTED = {
    "general_poor": (PoorType.GENERAL,),
    "dibao_poor": _DIBAO,
    "wubao_poor": (PoorType.WUBAO,),
}
"""The three kinds whose sum is the number of poor households (data standard §6), by CL02."""


def village_table_record(village_year: VillageYear) -> dict[str, Any]:
    """Return the record of a village's table of a year, as `rosters.village_tables` prints it."""
    village, year = village_year.village, village_year.year
    names = place_names([village.division_id])
    cards = HouseholdYear.objects.filter(division_id=village.division_id, year=year)
    listed = cards.filter(on_register(year)).select_related("household").order_by("household__household_no")
    return {
        **values(_TYPED, village_year, village),
        **_counts(listed),
        "village_code": str(village.division_id),
        "name": names[village.division_id],
        "divisions": path(village.division_id, names),
        "status": shown("CL24.village", village.status),
        "version": village_year.version,
        "is_demo": village.is_demo,
        "poverty_line": line_of(year),
        "pending": cards.filter(household__status__in=LIVE).exclude(on_register(year)).count(),
        "roster": [roster_record(card) for card in listed],
    }


_DERIVED = {
    "poor_households",
    "poor_pop",
    *(f"{kind}_{what}" for kind in COUNTED for what in ("households", "pop")),
}
_TYPED = tuple(field for field in VILLAGE_YEAR if field.name not in {"village_code", "name", *_DERIVED})


def _counts(listed: "QuerySet[HouseholdYear]") -> dict[str, int]:
    """Return households and persons of the cards, in all and of each kind, by the names of the standard."""
    households = {kind: Count("pk", filter=Q(poor_type__in=codes)) for kind, codes in COUNTED.items()}
    people = {
        kind: Sum("member_count", filter=Q(poor_type__in=codes), default=0) for kind, codes in COUNTED.items()
    }
    sums: dict[str, int] = listed.order_by().aggregate(
        poor_households=Count("pk"),
        poor_pop=Sum("member_count", default=0),
        **{f"{kind}_households": count for kind, count in households.items()},
        **{f"{kind}_pop": total for kind, total in people.items()},
    )
    return sums


def roster_record(card: HouseholdYear) -> dict[str, Any]:
    """Return what a roster says of a card, its household being at hand."""
    household = card.household
    return {
        "household_no": household.household_no,
        "head_name": card.head_name,
        "natural_village": card.natural_village,
        "member_count": card.member_count,
        "labor_count": card.labourer_count,
        "poor_type": shown("CL02", card.poor_type) if card.poor_type else None,
        "cause_main": shown("CL03", card.cause_main) if card.cause_main else None,
        "net_income": card.net_income,
        "net_income_pc": card.net_income_pc,
        "plan_exit_year": card.plan_exit_year,
        "status": shown("CL24", household.status),
        "assist_person": None,
        "assist_org": None,
    }
