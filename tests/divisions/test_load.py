"""Loading divisions: once, again, and over what people have changed."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import ProgrammingError

from fupin.divisions.models import CountyProfile, Division, Succession
from fupin.divisions.services.load import load_divisions
from fupin.divisions.sources import read_shanxi
from tests.conftest import as_owner

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_suite_stands_on_loaded_divisions() -> None:
    assert Division.objects.count() == 23_278
    assert CountyProfile.objects.count() == 119
    assert Succession.objects.count() == 12
    village = Division.objects.get(code=141124101200)
    assert village.path_name == "吕梁市临县白文镇白文村"
    assert (village.is_present_day, village.present_code) == (True, 141124101200)
    county = Division.objects.get(code=140227000000)
    assert (county.path_name, county.is_present_day, county.valid_from) == (
        "大同市大同县",
        False,
        date(2013, 1, 1),
    )


@pytest.mark.parametrize(
    ("code", "pinyin", "initials"),
    [
        (140400000000, "changzhishi", "czs"),
        (140421000000, "changzhixian", "czx"),
        (140428000000, "zhangzixian", "zzx"),
        (141024000000, "hongtongxian", "htx"),
        (140924000000, "fanshixian", "fsx"),
        (140929000000, "kelanxian", "klx"),
        (141031000000, "xixian", "xx"),
    ],
)
def test_pinyin_is_read_as_people_of_shanxi_do(code: int, pinyin: str, initials: str) -> None:
    assert Division.objects.filter(code=code).values_list("pinyin", "initials").get() == (pinyin, initials)


def test_loading_again_writes_only_what_differs() -> None:
    with as_owner():
        assert load_divisions(read_shanxi()).changed == 0
        Division.objects.filter(code=141124101200).update(name="错", valid_to=date(2020, 1, 1))
        CountyProfile.objects.filter(division=141124000000).update(is_limited_development=True)
        try:
            assert load_divisions(read_shanxi()).changed == 1
            village = Division.objects.get(code=141124101200)
            assert (village.name, village.valid_to) == ("白文村", date(2020, 1, 1))
            assert CountyProfile.objects.get(division=141124000000).is_limited_development is True
        finally:
            Division.objects.filter(code=141124101200).update(valid_to=None)
            CountyProfile.objects.filter(division=141124000000).update(is_limited_development=None)


def test_the_command_says_how_much() -> None:
    said = StringIO()
    with as_owner():
        call_command("load_divisions", stdout=said)
    assert said.getvalue() == "区划 23,278 个,写入 0 行\n"


def test_the_web_may_not_change_divisions() -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        Division.objects.filter(code=141124101200).update(name="别名")
