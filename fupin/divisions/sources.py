"""The divisions in the files of ``data/``: counties of 2014, below them townships and villages of today.

Plain Python: nothing here touches the database. Provenance and licences: ``data/README.md``.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fupin.divisions.codes import PROVINCE_CODE, Level, cut, is_administrative_village
from fupin.lib.pinyin import place_keys

FOLDER = Path(__file__).parent / "data"

COUNTY_OF_2014 = {
    140213: 140211,
    140214: 140211,
    140215: 140227,
    140403: 140411,
    140404: 140421,
    140405: 140424,
    140406: 140481,
    140681: 140624,
    140703: 140726,
}
"""Counties of today that had another code in 2014; two new districts of 大同 share one old county."""

STATISTICAL_AREAS = frozenset({140171, 140271, 140671, 140971})
"""Development zones and a scenic area that statistics count like counties; they are none."""

EXPECTED_LEVELS = {Level.PROVINCE: 1, Level.CITY: 11, Level.COUNTY: 119}
EXPECTED_COUNTIES = {
    "is_national_poor": 36,
    "is_national_key": 35,
    "is_provincial_key": 22,
    "is_poor": 58,
    "LVLIANG": 13,
    "YANSHAN_TAIHANG": 8,
}
"""How many counties bear each mark (shanxi.md §1); 58 are poor by the nation's list or the province's."""

_AREAS = {"none": "NONE", "吕梁山区": "LVLIANG", "燕山-太行山区": "YANSHAN_TAIHANG"}
_COMMITTEE = re.compile(r"村(民委员会|民委会|民员会|民委员|委员会|委会|委)$")
_NEIGHBOURHOOD = re.compile(r"居(民委员会|委会)$")


class SourceDamaged(Exception):
    """The files do not hold what Shanxi had in 2014; nothing is loaded from them."""


@dataclass(frozen=True, slots=True)
class DivisionRow:
    """A division to be loaded; ``present_code`` is set where today's list stands in for that of 2014."""

    code: int
    level: Level
    name: str
    path_name: str
    parent_code: int | None
    pinyin: str
    initials: str
    present_code: int | None

    @property
    def is_administrative_village(self) -> bool:
        """Whether a household's card may stand here."""
        return self.level == Level.VILLAGE and is_administrative_village(self.code)


@dataclass(frozen=True, slots=True)
class CountyRow:
    """What the lists of 2014 say of a county."""

    code: int
    is_national_poor: bool
    is_national_key: bool
    is_provincial_key: bool
    contiguous_area: str


@dataclass(frozen=True, slots=True)
class SuccessionRow:
    """A county of 2014 and one of those that followed it."""

    predecessor: int
    successor_code: int
    successor_name: str
    year: int
    kind: str


@dataclass(frozen=True, slots=True)
class Shanxi:
    """Everything that is loaded: parents stand before their children."""

    divisions: tuple[DivisionRow, ...]
    counties: tuple[CountyRow, ...]
    successions: tuple[SuccessionRow, ...]


def read_shanxi(folder: Path = FOLDER) -> Shanxi:
    """Return the checked content of the files; raise SourceDamaged when it contradicts itself."""
    shanxi = Shanxi(tuple(_divisions(folder)), tuple(_counties(folder)), tuple(_successions(folder)))
    _check(shanxi)
    return shanxi


def village_name(official: str) -> str:
    """Return a village's own name from its committee's: 庙坪村委会, 庙坪村村民委员会 → 庙坪村.

    Neighbourhoods alike: 劲松社区居民委员会 → 劲松社区.
    """
    if found := _COMMITTEE.search(official):
        name = official[: found.start()]
        return name if name.endswith("村") else f"{name}村"
    if found := _NEIGHBOURHOOD.search(official):
        name = official[: found.start()]
        return name if name.endswith("社区") else f"{name}居委会"
    return official


def code_of_2014(present_code: int) -> int | None:
    """Return under which code a township or village of today lies in 2014; None within a statistical area."""
    county, rest = divmod(present_code, 10**6)
    return None if county in STATISTICAL_AREAS else COUNTY_OF_2014.get(county, county) * 10**6 + rest


def _divisions(folder: Path) -> Iterator[DivisionRow]:
    """Yield province, cities, counties of 2014, then townships and villages by code."""
    paths: dict[int, str] = {}

    def row(code: int, level: Level, name: str, *, present_code: int | None = None) -> DivisionRow:
        above = None if level == Level.PROVINCE else cut(code, Level(level - 1))
        if above is not None and above not in paths:
            raise SourceDamaged(f"{code} {name}: its parent {above} is missing")
        if code in paths:
            raise SourceDamaged(f"{code} {name}: twice")
        # The province's own name is left out of the paths below it: every path would begin with it.
        paths[code] = "" if level == Level.PROVINCE else f"{paths[above or PROVINCE_CODE]}{name}"
        keys = place_keys(name)
        return DivisionRow(
            code, level, name, paths[code] or name, above, keys.full, keys.initials, present_code
        )

    present = list(_rows(folder / "divisions_present_day.csv"))
    for line in present:
        if line["level"] in {"province", "city"}:
            yield row(int(line["code"]), Level[line["level"].upper()], line["name"])
    for line in _rows(folder / "counties_2014.csv"):
        yield row(int(line["code"]) * 10**6, Level.COUNTY, line["name"])
    for level in (Level.TOWNSHIP, Level.VILLAGE):
        for line in present:
            if line["level"] != level.name.lower():
                continue
            if (code := code_of_2014(int(line["code"]))) is None:
                continue
            name = village_name(line["name"]) if level == Level.VILLAGE else line["name"]
            yield row(code, level, name, present_code=int(line["code"]))


def _counties(folder: Path) -> Iterator[CountyRow]:
    for line in _rows(folder / "counties_2014.csv"):
        yield CountyRow(
            code=int(line["code"]) * 10**6,
            is_national_poor=line["is_national_poor"] == "1",
            is_national_key=line["is_national_key"] == "1",
            is_provincial_key=line["is_provincial_key"] == "1",
            contiguous_area=_AREAS[line["contiguous_area"]],
        )


def _successions(folder: Path) -> Iterator[SuccessionRow]:
    for line in _rows(folder / "successions.csv"):
        yield SuccessionRow(
            predecessor=int(line["predecessor"]) * 10**6,
            successor_code=int(line["successor"]) * 10**6,
            successor_name=line["successor_name"],
            year=int(line["year"]),
            kind=line["kind"],
        )


def _check(shanxi: Shanxi) -> None:
    levels = Counter(row.level for row in shanxi.divisions)
    if wrong := {
        level.label: levels[level] for level, count in EXPECTED_LEVELS.items() if levels[level] != count
    }:
        raise SourceDamaged(f"expected 1 province, 11 cities, 119 counties, found {wrong}")
    marks = Counter(mark for county in shanxi.counties for mark in _marks(county))
    if wrong := {mark: marks[mark] for mark, count in EXPECTED_COUNTIES.items() if marks[mark] != count}:
        raise SourceDamaged(f"the lists of counties have {EXPECTED_COUNTIES}, found {wrong}")
    codes = {row.code for row in shanxi.divisions}
    if strange := [row.predecessor for row in shanxi.successions if row.predecessor not in codes]:
        raise SourceDamaged(f"successions of unknown counties: {strange}")


def _marks(county: CountyRow) -> Iterator[str]:
    for mark in ("is_national_poor", "is_national_key", "is_provincial_key"):
        if getattr(county, mark):
            yield mark
    if county.is_national_poor or county.is_provincial_key:
        yield "is_poor"
    yield county.contiguous_area


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
