"""Which column of which table holds which field of a card: reading and writing both follow this."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final

from django.db import models

from registry.models import HouseholdYear, Member, MemberYear, Relocation
from registry.models.income import AMOUNTS

HOUSEHOLD: Final = (
    "natural_village",
    "address",
    "bank_name",
    "id_standard",
    "poor_type",
    "cause_main",
    "cause_other",
    "cause_note",
    "plan_exit_year",
    "is_martyr_family",
    "is_one_child",
    "is_two_girls",
    "filler",
    "fill_date",
)
"""Fields of Card that are columns of HouseholdYear under the same name."""

STANDING: Final = ("exit_year", "relapse_year", "relapse_cause")
"""Fields of Card that stand on Household: the steps of identification and exit write them, not the card."""

INCOME: Final = AMOUNTS

CONDITION: Final[Mapping[str, str]] = MappingProxyType(
    {
        **{
            name: name
            for name in (
                "arable_area",
                "irrigated_area",
                "forest_area",
                "returned_forest_area",
                "fruit_area",
                "pasture_area",
                "water_area",
                "has_prod_power",
                "has_life_power",
                "has_tv",
                "water_difficult",
                "water_safe",
                "tap_water",
                "has_broadband",
                "road_distance",
                "road_type",
                "house_area",
                "house_structure",
                "danger_level",
                "renovate_year",
                "renovate_subsidy",
                "fuel_type",
                "fuel_other",
                "has_toilet",
                "in_coop",
                "coop_code",
                "has_leading_ent",
                "leading_ent_code",
                "has_leader",
                "in_mutual_fund",
                "is_credit_household",
            )
        },
        "danger_appraiser": "danger_appraiser",
        "danger_appraised_on": "danger_appraised_on",
    }
)
"""Field of Condition → column of HouseholdYear."""

RELOCATION: Final = (
    "willing",
    "mode",
    "form",
    "place",
    "old_homestead_area",
    "reclaimed",
    "reclaimed_to",
    "persons",
    "build_area",
    "build_cost",
    "own_funds",
    "new_address",
    "moved_in_on",
    "demolished_on",
    "follow_up",
    "follow_up_note",
)

IDENTITY: Final = ("name", "sex", "birth_date", "id_type", "ethnic")
"""Fields of MemberCard that say who the person is: columns of Member, the same in every year."""

YEARLY: Final = (
    "relation",
    "political",
    "education",
    "student",
    "school",
    "dropout_reason",
    "health",
    "disease",
    "disease_level",
    "labor",
    "work_area",
    "work_months",
    "work_org",
    "work_place",
    "in_ncms",
    "in_major_ins",
    "in_pension",
    "is_dibao",
    "is_wubao",
    "is_soldier",
    "change_type",
    "change_date",
)
"""Fields of MemberCard that are columns of MemberYear."""

SEALED_HOUSEHOLD: Final[Mapping[str, str]] = MappingProxyType({"phone": "phone", "bank_account": "account"})
"""Sealed fields of a card and the kind under which the vault keeps them."""

SEALED_IDENTITY: Final[Mapping[str, str]] = MappingProxyType({"id_no": "id_no"})
SEALED_YEARLY: Final[Mapping[str, str]] = MappingProxyType({"disability_no": "id_no", "phone": "phone"})


def value_of(row: models.Model, column: str) -> Any:
    """Return a column as a card holds it: nothing typed is None, a set of codes a tuple."""
    value = getattr(row, column)
    if isinstance(value, list):
        return tuple(value)
    return None if value == "" else value


def values_of(row: models.Model, columns: Iterable[str]) -> dict[str, Any]:
    """Return several columns as a card holds them, by their names."""
    return {column: value_of(row, column) for column in columns}


def stored(model: type[models.Model], column: str, value: object) -> Any:
    """Return a card's value as its column stores it: None becomes empty text where the column has no NULL."""
    if isinstance(value, tuple):
        return list(value)
    if value is None and column in _TEXT[model]:
        return ""
    return value


_TEXT: Final[Mapping[type[models.Model], frozenset[str]]] = {
    model: frozenset(
        field.attname for field in model._meta.concrete_fields if isinstance(field, models.CharField)
    )
    for model in (HouseholdYear, Member, MemberYear, Relocation)
}
