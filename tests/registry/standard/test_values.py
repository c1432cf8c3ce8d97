"""Text of forms, workbooks and departments against the values it means."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from registry.standard.fields import Field, by_name
from registry.standard.household import CONDITION, HOUSEHOLD_YEAR, INCOME, RELOCATION
from registry.standard.labourer import CERTIFICATE, LABOURER, TRAINING
from registry.standard.lists import codes_of
from registry.standard.member import MEMBER
from registry.standard.values import Unreadable, parse, present
from registry.standard.village import VILLAGE_YEAR

ALL = {
    **by_name(HOUSEHOLD_YEAR),
    **by_name(INCOME),
    **by_name(CONDITION),
    **by_name(RELOCATION),
    **by_name(MEMBER),
}
TABLES = (
    HOUSEHOLD_YEAR,
    INCOME,
    CONDITION,
    RELOCATION,
    MEMBER,
    LABOURER,
    TRAINING,
    CERTIFICATE,
    VILLAGE_YEAR,
)


@pytest.mark.parametrize(
    ("name", "raw", "value"),
    [
        ("cause_main", "01", "01"),
        ("cause_main", "1", "01"),
        ("cause_main", 1, "01"),
        ("cause_main", 1.0, "01"),
        ("cause_main", "因病", "01"),
        ("cause_main", "01 因病", "01"),
        ("cause_main", "０１　因病", "01"),
        ("cause_main", " ", None),
        ("cause_other", "因残、缺技术", ("02", "07")),
        ("cause_other", "02，07", ("02", "07")),
        ("cause_other", "02 因残、07 缺技术", ("02", "07")),
        ("cause_other", ["02", "因残", 7], ("02", "07")),
        ("cause_other", "", ()),
        ("cause_other", None, ()),
        ("in_coop", "是", True),
        ("in_coop", "0", False),
        ("in_coop", 1, True),
        ("in_coop", False, False),
        ("wage_income", "1,234.5", Decimal("1234.50")),
        ("wage_income", "１２３４.５", Decimal("1234.50")),
        ("wage_income", "6000元", Decimal("6000.00")),
        ("wage_income", 6000, Decimal("6000.00")),
        ("wage_income", 0.1, Decimal("0.10")),
        ("wage_income", "0.005", Decimal("0.005")),
        ("wage_income", Decimal("6E+3"), Decimal("6000.00")),
        ("work_months", "6", 6),
        ("work_months", 6.0, 6),
        ("plan_exit_year", "2016年", 2016),
        ("fill_date", "2014-04-29", date(2014, 4, 29)),
        ("fill_date", "2014/4/29", date(2014, 4, 29)),
        ("fill_date", "2014.4.29", date(2014, 4, 29)),
        ("fill_date", "20140429", date(2014, 4, 29)),
        ("fill_date", 20140429, date(2014, 4, 29)),
        ("fill_date", "2014年4月29日", date(2014, 4, 29)),
        ("fill_date", datetime(2014, 4, 29, 8, 30), date(2014, 4, 29)),  # noqa: DTZ001
        ("id_no", "1401231885 0312001x", "14012318850312001X"),
        ("id_no", "149901************", "149901************"),
        ("phone", "１３８ ０３５０ ０００１", "13803500001"),
        ("phone", 13803500001.0, "13803500001"),
        ("bank_account", "6228-4800 1234 5678", "6228480012345678"),
        ("address", "  白文镇　庙坪村  12号 ", "白文镇 庙坪村 12号"),
        ("name", "张 三", "张三"),
        ("name", "阿依•古丽", "阿依·古丽"),
    ],
)
def test_what_a_text_means(name: str, raw: object, value: object) -> None:
    assert parse(ALL[name], raw) == value


@pytest.mark.parametrize(
    ("name", "raw", "says"),
    [
        ("cause_main", "因懒", "主要致贫原因的值“因懒”不在码表内"),
        ("cause_main", "01 因残", "不在码表内"),
        ("cause_other", "02、某因", "其他致贫原因的值“某因”"),
        ("in_coop", "也许", "是否加入农民专业合作组织应填是或否"),
        ("wage_income", "六千", "工资性收入应为数字"),
        ("wage_income", "12,34", "工资性收入应为数字"),
        ("wage_income", "NaN", "应为数字"),
        ("wage_income", "1e3", "应为数字"),
        ("wage_income", True, "应为数字"),
        ("wage_income", float("inf"), "应为数字"),
        ("work_months", "6.5", "务工时间应为整数"),
        ("plan_exit_year", "16", "四位年份"),
        ("fill_date", "2014-02-30", "没有这一天"),
        ("fill_date", "去年", "填表日期应为日期，如2014-04-29"),
        ("id_no", 1.4990119800101e17, "末几位已丢失"),
        ("address", {"a": 1}, "家庭住址应为文字"),
        ("photo", "x.jpg", "附件栏上传"),
    ],
)
def test_what_cannot_be_read_says_how_to_write_it(name: str, raw: object, says: str) -> None:
    with pytest.raises(Unreadable) as raised:
        parse(ALL[name], raw)
    assert says in raised.value.message


def test_every_code_of_every_list_is_read_back() -> None:
    for field in (field for table in TABLES for field in table if field.codes):
        for code in codes_of(field.codes or ""):
            single = Field(field.name, field.label, "enum", "N", codes=field.codes)
            assert parse(single, present(single, code)) == code
            several = Field(field.name, field.label, "enums", "N", codes=field.codes)
            assert parse(several, present(several, (code,))) == (code,)


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("cause_main", "01", "01 因病"),
        ("cause_other", ("02", "07"), "02 因残、07 缺技术"),
        ("cause_other", (), ""),
        ("in_coop", True, "是"),
        ("wage_income", Decimal(6000), "6000.00"),
        ("arable_area", Decimal("3.5"), "3.50"),
        ("fill_date", date(2014, 4, 29), "2014-04-29"),
        ("plan_exit_year", 2016, "2016"),
        ("phone", None, ""),
    ],
)
def test_how_a_value_is_written(name: str, value: object, text: str) -> None:
    assert present(ALL[name], value) == text
    assert parse(ALL[name], text) == value
