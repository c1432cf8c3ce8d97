"""Which years are open, and closing one: then only a correction slip changes its cards (procedures §7)."""

from datetime import date

from django.db import IntegrityError, transaction

from fupin.accounts.audit import note
from fupin.accounts.constraints import name_of, said_by_database
from fupin.accounts.models import User
from fupin.accounts.permissions import require
from registry.errors import CloseRefused, YearClosed
from registry.models import YearClose
from registry.models.household_year import FIRST_YEAR


def is_closed(year: int) -> bool:
    """Tell whether the year's books are closed; it is open until `close_year`, whatever the clock says."""
    return YearClose.objects.filter(pk=year).exists()


def require_open(year: int) -> None:
    """Raise YearClosed when the year's books are closed."""
    if is_closed(year):
        raise YearClosed(year)


@transaction.atomic
def close_year(*, actor: User | None, year: int, on: date, document: str) -> YearClose:
    """Close a year for the whole province; `actor` is None at the console. Closing twice changes nothing.

    Raise CloseRefused without a document, or while the year before is open; the database asks the same of the application (and
    that the year is over); Refused.
    """
    if actor is not None:
        require(actor, "registry.close_year")
    if (closed := YearClose.objects.filter(pk=year).first()) is not None:
        return closed
    if not document.strip():
        raise CloseRefused("关账须注明依据文号")
    if year > FIRST_YEAR and not is_closed(year - 1):
        raise CloseRefused(f"{year - 1} 年度还没有关账，须按年度先后关账")
    try:
        with transaction.atomic():
            closed, _ = YearClose.objects.get_or_create(
                year=year, defaults={"closed_on": on, "closed_by": actor, "document": document.strip()}
            )
    except IntegrityError as violation:
        if not name_of(violation).startswith("closing_"):
            raise
        raise CloseRefused(said_by_database(violation)) from violation
    note(object_key=str(year), reason=document.strip())
    return closed
