"""The demonstration's rounds, and the quota of the first shared out from the province to the villages."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from django.db import connection

from fupin.accounts.models import User
from fupin.accounts.services.demo import BAIWEN, KELAN, LINXIAN, LVLIANG
from fupin.divisions.codes import PROVINCE_CODE, Level, cut
from fupin.divisions.models import CountyProfile, Division
from fupin.lib.apportion import apportion
from registry.models import Quota, Round, RoundKind
from registry.seeding.load import SEED_USER
from registry.seeding.offices import Offices, acting
from registry.seeding.shares import OTHER_COUNTY, POOR_COUNTY

PROVINCE: Final = 580_000
"""Persons: the demonstration's cards are fewer than a county's poor, and so is its quota."""

BASIS: Final = "演示规模：按行政村数加权，最大余数法"


def open_rounds(offices: Offices, today: date) -> tuple[Round, Round]:
    """Open the first round and the yearly one after it; both take cases until the end of this year, so that one can try them."""
    ends = date(today.year, 12, 31)
    province = offices["province"]
    with acting(province):
        first = Round.objects.create(
            year=2014,
            kind=RoundKind.INITIAL,
            income_year=2013,
            opens_on=date(2014, 4, 10),
            closes_on=ends,
            document="国开办发〔2014〕24号（演示）",
            opened_by=province,
        )
        yearly = Round.objects.create(
            year=2015,
            kind=RoundKind.ANNUAL,
            income_year=2014,
            opens_on=date(2015, 1, 5),
            closes_on=ends,
            document="年度动态管理（演示）",
            opened_by=province,
        )
    return first, yearly


def set_quotas(offices: Offices, in_round: Round, wanted: Mapping[int, int]) -> None:
    """Share the province's quota out to its counties, and in the two counties of the demonstration on to the villages.

    `wanted` are the persons that the villages of 白文镇 get.
    """
    villages: dict[int, list[int]] = {}
    for code in Division.objects.administrative_villages().order_by("code").values_list("code", flat=True):
        villages.setdefault(cut(code, Level.TOWNSHIP), []).append(code)
    counties = _counties(villages)
    cities: dict[int, Decimal] = {}
    for county, weight in counties.items():
        cities[cut(county, Level.CITY)] = cities.get(cut(county, Level.CITY), Decimal(0)) + weight
    nobody = User.objects.get(username=SEED_USER)
    quotas = {PROVINCE_CODE: PROVINCE}
    _write(in_round, offices["province"], quotas, {})
    quotas |= _share(in_round, offices["province"], PROVINCE, cities)
    for city in cities:
        below = {county: weight for county, weight in counties.items() if cut(county, Level.CITY) == city}
        setter = offices["city"] if city == LVLIANG else nobody
        quotas |= _share(in_round, setter, quotas[city], below)
    for county, setter in ((LINXIAN, offices["approver"]), (KELAN, nobody)):
        weights = {
            town: Decimal(len(codes)) for town, codes in villages.items() if cut(town, Level.COUNTY) == county
        }
        if county == LINXIAN:
            weights = _leaving(sum(wanted.values()), quotas[county], weights)
        quotas |= _share(in_round, setter, quotas[county], weights)
        for town in weights:
            shares = {code: Decimal(wanted.get(code, 0) if town == BAIWEN else 1) for code in villages[town]}
            by = offices["township"] if town == BAIWEN else setter
            _share(in_round, by, quotas[town], shares)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _counties(villages: Mapping[int, Sequence[int]]) -> dict[int, Decimal]:
    """Return each county's weight: its villages, those of poor counties weighing more."""
    profiles = CountyProfile.objects.filter(is_national_poor=True) | CountyProfile.objects.filter(
        is_provincial_key=True
    )
    poor = set(profiles.values_list("division_id", flat=True))
    weights: dict[int, Decimal] = {}
    for town, codes in villages.items():
        county = cut(town, Level.COUNTY)
        each = Decimal(str(POOR_COUNTY if county in poor else OTHER_COUNTY))
        weights[county] = weights.get(county, Decimal(0)) + len(codes) * each
    return weights


def _leaving(wanted: int, whole: int, weights: Mapping[int, Decimal]) -> dict[int, Decimal]:
    """Return weights that leave 白文镇 exactly what its villages want and the others their share of the rest."""
    others = {town: weight for town, weight in weights.items() if town != BAIWEN}
    rest = apportion(whole - wanted, others)
    return {BAIWEN: Decimal(wanted)} | {town: Decimal(persons) for town, persons in rest.items()}


def _share(in_round: Round, setter: User, whole: int, weights: Mapping[int, Decimal]) -> dict[int, int]:
    """Write the quotas of some divisions that add up to the whole, and return them."""
    shares = apportion(whole, weights)
    _write(in_round, setter, shares, weights)
    return shares


def _write(in_round: Round, setter: User, persons: Mapping[int, int], weights: Mapping[int, Decimal]) -> None:
    with acting(setter):
        Quota.objects.bulk_create(
            Quota(
                round=in_round,
                division_id=code,
                persons=number,
                weight=weights.get(code, 0),
                basis=BASIS if weights else in_round.document,
                set_by=setter,
            )
            for code, number in persons.items()
        )
