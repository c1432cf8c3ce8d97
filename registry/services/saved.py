"""What a service gives back that has written a card."""

from dataclasses import dataclass

from fupin.accounts.audit import note
from registry.models import Household, HouseholdYear
from registry.rules.findings import Finding


@dataclass(frozen=True, slots=True)
class SavedCard:
    """A card as it now stands: `findings` are its warnings, answered or not."""

    household: Household
    household_year: HouseholdYear
    findings: tuple[Finding, ...]


def noted(household: Household, household_year: HouseholdYear) -> None:
    """Tell the audit record which card was written."""
    note(
        object_key=household.household_no,
        division=household.division_id,
        detail={"year": household_year.year, "version": household_year.version},
    )
