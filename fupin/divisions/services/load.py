"""Bring the divisions of the files into the database: any number of times, writing only what differs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import models, transaction

from fupin.divisions.models import CountyProfile, Division, Succession
from fupin.divisions.sources import DivisionRow, Shanxi

VALID_FROM = date(2013, 1, 1)
"""The first cards are of 2013, as on its last day; the counties of GB/T 2260 were the same in 2013-12 and 2014-10."""

_BATCH = 2_000
_KEPT = [
    "level",
    "name",
    "path_name",
    "parent",
    "pinyin",
    "initials",
    "is_administrative_village",
    "present_code",
    "is_present_day",
]


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many rows the files hold, and how many of them were new or had changed."""

    divisions: int
    changed: int


@transaction.atomic
def load_divisions(shanxi: Shanxi) -> Loaded:
    """Write divisions, county profiles and successions; needs the owner's login.

    Validity dates and the two lists not yet published (限制开发区域, 生态脆弱) stay as they stand: people
    maintain them in the database.
    Divisions that the files do not name are left alone: someone may have added a village of 2014.
    """
    divisions = [_division(row) for row in shanxi.divisions]
    profiles = [
        CountyProfile(
            division_id=row.code,
            is_national_poor=row.is_national_poor,
            is_national_key=row.is_national_key,
            is_provincial_key=row.is_provincial_key,
            contiguous_area=row.contiguous_area,
        )
        for row in shanxi.counties
    ]
    successions = [
        Succession(
            predecessor_id=row.predecessor,
            successor_code=row.successor_code,
            successor_name=row.successor_name,
            year=row.year,
            kind=row.kind,
        )
        for row in shanxi.successions
    ]
    changed = _upsert(divisions, key=["code"], kept=_KEPT)
    changed += _upsert(
        profiles,
        key=["division"],
        kept=["is_national_poor", "is_national_key", "is_provincial_key", "contiguous_area"],
    )
    changed += _upsert(
        successions, key=["predecessor", "successor_code"], kept=["successor_name", "year", "kind"]
    )
    return Loaded(len(divisions), changed)


def _division(row: DivisionRow) -> Division:
    return Division(
        code=row.code,
        level=row.level,
        name=row.name,
        path_name=row.path_name,
        parent_id=row.parent_code,
        pinyin=row.pinyin,
        initials=row.initials,
        is_administrative_village=row.is_administrative_village,
        present_code=row.present_code,
        is_present_day=row.present_code is not None,
        valid_from=VALID_FROM,
    )


def _upsert(rows: Sequence[models.Model], *, key: list[str], kept: list[str]) -> int:
    """Insert or update the rows that are new or differ in one of the ``kept`` fields; return how many."""
    if not rows:
        return 0
    model = type(rows[0])
    columns_of = {field.name: field.attname for field in model._meta.concrete_fields}
    columns = [columns_of[name] for name in (*key, *kept)]
    there = set(model._default_manager.values_list(*columns))
    differing = [row for row in rows if tuple(_values(row, columns)) not in there]
    model._default_manager.bulk_create(
        differing, batch_size=_BATCH, update_conflicts=True, unique_fields=key, update_fields=kept
    )
    return len(differing)


def _values(row: models.Model, columns: Iterable[str]) -> Iterable[object]:
    return (getattr(row, column) for column in columns)
