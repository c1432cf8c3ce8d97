"""Of which year and which division the auditor asks, as the address says."""

from django.http import HttpRequest

from fupin.accounts.doors import actor
from fupin.divisions.codes import contains
from fupin.divisions.models import Division
from registry.reports.years import entry_year, years_on_file


def year_asked(request: HttpRequest) -> int:
    """Return the year asked for, the one being entered where there is none such."""
    asked = request.GET.get("year", "")
    return int(asked) if asked.isdigit() and int(asked) in years_on_file() else entry_year()


def place_asked(request: HttpRequest) -> Division | None:
    """Return the division that is looked at: the one asked for within one's own, else one's own."""
    user = actor(request)
    own = user.post.division if user.post else None
    asked = request.GET.get("division", "").strip()
    if own is None or not asked.isdigit() or len(asked) != 12 or not contains(own.pk, int(asked)):
        return own
    return Division.objects.filter(pk=int(asked)).first() or own
