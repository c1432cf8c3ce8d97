"""Which cards stood on the register at the end of a year."""

from django.db.models import Q

from registry.codes import HouseholdStatus
from registry.rules.checks.household import ANNOUNCED


def on_register(year: int) -> Q:
    """Return the filter of cards whose households stood on the register at the end of the year."""
    exited_later = Q(household__status=HouseholdStatus.EXITED, household__exit_year__gt=year)
    return Q(household__status__in=ANNOUNCED) | exited_later
