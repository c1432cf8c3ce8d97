"""Who holds an ID number in a year (R-04): the one question whose answer may lie outside one's scope."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

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
    found = [row for row in held(indexes, year) if besides is None or row.household_no != besides]
    return places_told(found, village) if found else {}


@dataclass(frozen=True, slots=True)
class Held:
    """Who holds a number: the household's number where it lies in scope, else None, and the county."""

    index: bytes
    household_no: str | None
    county: int


def held(indexes: Iterable[bytes], year: int) -> list[Held]:
    """Return which of the blind indexes any standing household holds in the year; that of others is noted."""
    wanted = list(indexes)
    if not wanted:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id_no_index, household_no, county, in_scope FROM registry_id_no_holders(%s, %s)",
            [wanted, year],
        )
        rows = cursor.fetchall()
    if outside := sorted({county for _, _, county, seen in rows if not seen}):
        note(detail={"id_no_held_in": outside})
    return [Held(bytes(index), number, county) for index, number, county, _ in rows]


def places_told(found: Iterable[Held], village: int) -> dict[bytes, str]:
    """Return where each number is held, as whoever asks from a village may be told."""
    rows = list(found)
    villages = dict(
        Household.objects.filter(
            household_no__in=[row.household_no for row in rows if row.household_no]
        ).values_list("household_no", "division_id")
    )
    codes = {*villages.values(), *(row.county for row in rows)}
    places = dict(Division.objects.filter(code__in=codes).values_list("code", "path_name"))
    told = {}
    for row in rows:
        number = row.household_no
        where = places.get(villages.get(number or "", 0)) or places.get(row.county, str(row.county))
        told[row.index] = _distance(row.county, village) + where + (f"，户编号{number}" if number else "")
    return told


def _distance(county: int, village: int) -> str:
    """Return how far off the other household is: 县内、市内县外、省内市外, as duplicates are graded."""
    if county == cut(village, Level.COUNTY):
        return "县内："
    return "市内县外：" if cut(county, Level.CITY) == cut(village, Level.CITY) else "省内市外："
