"""Which bound files were printed of a division."""

from collections.abc import Sequence

from django.db.models import QuerySet

from fupin.accounts.models import User
from fupin.sheets.models import ExportLog
from registry.models import PrintedSheet


def files_of(user: User, division: int, year: int, *, kinds: Sequence[str]) -> "QuerySet[ExportLog]":
    """Return the bound files of a division and year, the latest first: who printed when, how many sheets."""
    printed = PrintedSheet.objects.visible_to(user).within(division).filter(year=year)
    files = printed.filter(file__kind__in=kinds, file__division=division).order_by().values("file_id")
    return (
        ExportLog.objects.filter(pk__in=files).select_related("user", "post__division").order_by("-at", "-pk")
    )
