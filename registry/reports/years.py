"""Which years there are, which are closed, and which one is being entered."""

from registry.models import YearClose
from registry.models.household_year import FIRST_YEAR


def closed_years() -> frozenset[int]:
    """Return the years whose books are closed."""
    return frozenset(YearClose.objects.values_list("year", flat=True))


def entry_year() -> int:
    """Return the first year that is still open: what is entered now is its, whatever the clock says (§7)."""
    return max(closed_years(), default=FIRST_YEAR - 1) + 1


def years_on_file() -> list[int]:
    """Return the years to list: the closed ones and the one being entered, the latest first."""
    return sorted({*closed_years(), entry_year()}, reverse=True)
