"""What the files of divisions hold, and that damaged ones are refused."""

import shutil
from pathlib import Path

import pytest

from fupin.divisions.codes import Level, code_range, level_of
from fupin.divisions.sources import FOLDER, Shanxi, SourceDamaged, code_of_2014, read_shanxi, village_name


@pytest.fixture(scope="module")
def shanxi() -> Shanxi:
    return read_shanxi()


@pytest.mark.parametrize(
    ("official", "name"),
    [
        ("庙坪村委会", "庙坪村"),
        ("西街村村委会", "西街村"),
        ("上兰村民委员会", "上兰村"),
        ("新店村村民委员会", "新店村"),
        ("高庄村村民委会", "高庄村"),
        ("郝开村民员会", "郝开村"),
        ("崇串村村委员会", "崇串村"),
        ("岚峪村村民委员", "岚峪村"),
        ("东南村村委", "东南村"),
        ("劲松社区居民委员会", "劲松社区"),
        ("师范街社区居委会", "师范街社区"),
        ("城关居民委员会", "城关居委会"),
        ("白文居委会", "白文居委会"),
        ("农木场社区", "农木场社区"),
    ],
)
def test_a_village_bears_its_own_name_not_its_committees(official: str, name: str) -> None:
    assert village_name(official) == name


@pytest.mark.parametrize(
    ("present", "then"),
    [
        (140215100200, 140227100200),
        (140213001001, 140211001001),
        (140214001001, 140211001001),
        (140403001001, 140411001001),
        (140404100000, 140421100000),
        (140405100000, 140424100000),
        (140406100000, 140481100000),
        (140681100000, 140624100000),
        (140703100000, 140726100000),
        (141124101200, 141124101200),
        (140171001000, None),
    ],
)
def test_townships_and_villages_lie_under_their_county_of_2014(present: int, then: int | None) -> None:
    assert code_of_2014(present) == then


def test_every_level_is_there(shanxi: Shanxi) -> None:
    counts = {level: sum(row.level == level for row in shanxi.divisions) for level in Level}
    assert counts == {
        Level.PROVINCE: 1,
        Level.CITY: 11,
        Level.COUNTY: 119,
        Level.TOWNSHIP: 1341,
        Level.VILLAGE: 21806,
    }


def test_the_code_says_level_and_parent(shanxi: Shanxi) -> None:
    for row in shanxi.divisions:
        assert level_of(row.code) == row.level
        if row.parent_code is not None:
            low, high = code_range(row.parent_code)
            assert low < row.code < high


def test_cards_may_stand_in_villages_of_two_hundred_to_five_hundred(shanxi: Shanxi) -> None:
    for row in shanxi.divisions:
        assert row.is_administrative_village == (row.level == Level.VILLAGE and 200 <= row.code % 1000 <= 599)


def test_no_two_villages_of_a_township_share_a_name(shanxi: Shanxi) -> None:
    names = [(row.parent_code, row.name) for row in shanxi.divisions if row.level == Level.VILLAGE]
    assert len(set(names)) == len(names)


def test_the_lists_of_counties(shanxi: Shanxi) -> None:
    counties = {row.code: row for row in shanxi.counties}
    datong = counties[140227000000]
    assert datong.is_national_poor
    assert not datong.is_national_key
    assert {row.code for row in counties.values() if row.is_national_poor and not row.is_national_key} == {
        datong.code
    }
    assert not any(row.is_national_poor and row.is_provincial_key for row in counties.values())
    assert counties[141124000000].contiguous_area == "LVLIANG"
    assert counties[140929000000].is_national_poor


def test_datong_was_redrawn_many_to_many(shanxi: Shanxi) -> None:
    became = {(row.predecessor // 10**6, row.successor_code // 10**6) for row in shanxi.successions}
    assert {(140202, 140213), (140203, 140214), (140211, 140213), (140211, 140214)} <= became
    there = {row.code for row in shanxi.divisions}
    assert not {row.successor_code for row in shanxi.successions} & there


@pytest.mark.parametrize(
    ("file", "before", "after", "says"),
    [
        ("counties_2014.csv", "140227,大同县,大同市,1,", "140227,大同县,大同市,0,", "is_national_poor"),
        ("counties_2014.csv", "141034,汾西县", "141033,汾西县", "twice"),
        ("divisions_present_day.csv", "141124101000,白文镇,township", "141124101000,白文镇,other", "parent"),
        ("successions.csv", "140227,140215", "140299,140215", "unknown"),
    ],
)
def test_damaged_files_are_refused(tmp_path: Path, file: str, before: str, after: str, says: str) -> None:
    shutil.copytree(FOLDER, tmp_path / "data")
    damaged = tmp_path / "data" / file
    text = damaged.read_text(encoding="utf-8")
    assert before in text
    damaged.write_text(text.replace(before, after), encoding="utf-8")
    with pytest.raises(SourceDamaged, match=says):
        read_shanxi(tmp_path / "data")
