"""Who holds an ID number in a year (R-04): the one question whose answer may lie outside one's scope."""

from collections.abc import Iterable, Mapping

from django.db import connection

from fupin.accounts.audit import note
from fupin.divisions.codes import Level, cut
from fupin.divisions.models import Division
from registry.models import Household


def holders_of(
    indexes: Iterable[bytes], *, year: int, village: int, besides: str | None = None
) -> Mapping[bytes, str]:
    """Return, for each blind index that another standing household holds in the year, where that is.

    Inside the scope the place and the household's number are told, outside of it the county and no more; that
    this much was told is noted in the audit record. `besides` is the household that asks.
    """
    wanted = list(indexes)
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id_no_index, household_no, county, in_scope FROM registry_id_no_holders(%s, %s)",
            [wanted, year],
        )
        found = [(bytes(index), number, county, seen) for index, number, county, seen in cursor.fetchall()]
    found = [row for row in found if besides is None or row[1] != besides]
    if not found:
        return {}
    if outside := [county for _, _, county, seen in found if not seen]:
        note(detail={"id_no_held_in": sorted(outside)})
    villages = dict(
        Household.objects.filter(
            household_no__in=[number for _, number, _, _ in found if number]
        ).values_list("household_no", "division_id")
    )
    codes = {*villages.values(), *(county for _, _, county, _ in found)}
    places = dict(Division.objects.filter(code__in=codes).values_list("code", "path_name"))
    told = {}
    for index, number, county, _ in found:
        where = places.get(villages.get(number, 0)) or places.get(county, str(county))
        told[index] = _distance(county, village) + where + (f"，户编号{number}" if number else "")
    return told


def _distance(county: int, village: int) -> str:
    """Return how far off the other household is: 县内、市内县外、省内市外, as duplicates are graded."""
    if county == cut(village, Level.COUNTY):
        return "县内："
    return "市内县外：" if cut(county, Level.CITY) == cut(village, Level.CITY) else "省内市外："
