"""Reads of the records that cross rows."""

from django.db.models import IntegerField, QuerySet
from django.db.models.expressions import RawSQL

from fupin.accounts.models import AccessRecord

_WITHIN_THE_HOUR = """(
    SELECT count(*) FROM accounts_accessrecord earlier
    WHERE earlier.user_id = accounts_accessrecord.user_id
        AND earlier.at <= accounts_accessrecord.at AND earlier.at > accounts_accessrecord.at - interval '1 hour'
)"""


def accesses() -> QuerySet[AccessRecord]:
    """Return the access records with ``within_the_hour``: how many the user had made by then within the hour, this one included."""
    rows = AccessRecord.objects.select_related("user", "post__division")
    return rows.annotate(within_the_hour=RawSQL(_WITHIN_THE_HOUR, (), output_field=IntegerField()))  # noqa: S611
