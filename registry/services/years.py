"""Which years are open, and closing one: then only a correction slip changes its cards (procedures §7)."""

from datetime import date

from django.db import transaction

from fupin.accounts.models import User
from fupin.accounts.permissions import require
from registry.errors import YearClosed
from registry.models import YearClose


def is_closed(year: int) -> bool:
    """Tell whether the year's books are closed; it is open until `close_year`, whatever the clock says."""
    return YearClose.objects.filter(pk=year).exists()


def require_open(year: int) -> None:
    """Raise YearClosed when the year's books are closed."""
    if is_closed(year):
        raise YearClosed(year)


@transaction.atomic
def close_year(*, actor: User | None, year: int, on: date, document: str) -> YearClose:
    """Close a year for the whole province; `actor` is None at the console. Closing twice changes nothing."""
    if actor is not None:
        require(actor, "registry.close_year")
    closed, _ = YearClose.objects.get_or_create(
        year=year, defaults={"closed_on": on, "closed_by": actor, "document": document}
    )
    return closed
