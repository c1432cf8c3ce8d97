"""Which years there are, which are closed, and which one is being entered."""

from registry.models import YearClose
from registry.models.household_year import FIRST_YEAR


def closed_years() -> frozenset[int]:
    """Return the years whose books are closed."""
    return frozenset(YearClose.objects.values_list("year", flat=True))


def entry_year() -> int:
    """Return the first year that is still open: cards entered now are its cards, whatever the clock says (procedures §7)."""
    return max(closed_years(), default=FIRST_YEAR - 1) + 1


def years_on_file() -> list[int]:
    """Return the years that lists can be asked for: the closed ones and the one being entered, the latest first."""
    return sorted({*closed_years(), entry_year()}, reverse=True)
