"""The typeset pages: their number, every field of the data standard, nothing that may not be there."""

import re
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from pypdf import PdfReader

from registry.prints.records import household_cards, labourer_cards
from registry.prints.rosters import village_tables
from registry.standard.household import CONDITION, HOUSEHOLD_YEAR, INCOME, RELOCATION
from registry.standard.labourer import CERTIFICATE, LABOURER, TRAINING
from registry.standard.member import MEMBER
from registry.standard.village import VILLAGE_YEAR
from tests.registry.prints import samples
from tests.registry.prints.samples import IMPRINT, MEMBERS, household, labourer, member, village

CANARY = "149912196103120019"


def pages(manuscript):
    return [page.extract_text() for page in PdfReader(BytesIO(manuscript.typeset())).pages]


def text(manuscript):
    """Return all text without spaces and line breaks, which a PDF does not keep."""
    return re.sub(r"\s", "", "".join(pages(manuscript)))


# ---- Every field -----------------------------------------------------------------------------------

NOT_PRINTED = {"bank_name", "bank_account", "photo", "sign_file", "danger_report"}


def filled(fields, start):
    """Return a value for every field by which it can be found on paper, and what is to be found."""
    record, marks = {}, {}
    for number, field in enumerate(fields, start):
        if field.name in NOT_PRINTED:
            continue
        value, mark = mark_of(field, number)
        record[field.name], marks[field.name] = value, mark
    return record, marks


def mark_of(field, number):
    match field.kind:
        case "str":
            return f"甲{number}", f"甲{number}"
        case "int":
            return number + 600, str(number + 600)
        case "money" | "wan" | "mu" | "km" | "m2" | "degree":
            return Decimal(number) + Decimal("4000.25"), f"{number + 4000:,}.25"
        case "date":
            day = date(2014, 1 + number % 12, 1 + number % 28)
            return day, day.isoformat()
        case "year":
            return 2100 + number, str(2100 + number)
        case "enum":
            return f"{number % 100:02} 码{number}", f"{number % 100:02}码{number}"
        case "enums":
            return [f"{number % 100:02} 码{number}"], f"{number % 100:02}码{number}"
        case "bool":
            return True, "是"
    raise AssertionError(field.kind)


def missing(marks, printed):
    return {name: mark for name, mark in marks.items() if mark not in printed}


@pytest.mark.parametrize(
    ("part", "fields", "given"),
    [
        (None, HOUSEHOLD_YEAR, {"household_no", "village_code", "year", "phone"}),
        ("income", INCOME, set()),
        ("condition", CONDITION, set()),
        ("relocation", RELOCATION, set()),
    ],
)
def test_a_household_card_prints_every_field_of_the_standard(part, fields, given):
    values, marks = filled([field for field in fields if field.name not in given], start=20)
    record = household(relocation=samples.RELOCATION)
    record = record | values if part is None else record | {part: record[part] | values}
    printed = text(household_cards([record], IMPRINT))
    assert not missing(marks, printed)
    for mark in ("1411241012220037", "庙坪村", "2014年", "*******0417"):
        assert mark in printed


def test_a_household_card_prints_every_field_of_a_member():
    given = {"member_no", "id_no", "phone", "birth_date", "disability_no", "health", "work_months"}
    values, marks = filled([field for field in MEMBER if field.name not in given], start=20)
    ticks = {name for name, mark in marks.items() if mark == "是"}
    people = [member(1, values.pop("name"), **values, phone="*******7731", work_months=7), *MEMBERS[1:5]]
    printed = text(household_cards([household(members=people)], IMPRINT))
    assert not missing({name: mark for name, mark in marks.items() if name not in ticks}, printed)
    assert printed.count("√") >= len(ticks) == 6
    for mark in ("01", "149912************", "1961-03-12", "53岁", "*******7731", "01健康"):
        assert mark in printed


def test_a_labourer_card_prints_every_field_of_the_standard():
    given = {"year", "member_no", "household_no", "village_code"}
    values, marks = filled([field for field in LABOURER if field.name not in given], start=20)
    course, course_marks = filled(TRAINING, start=60)
    paper, paper_marks = filled(CERTIFICATE, start=75)
    record = labourer(**values, trainings=[course], certificates=[paper])
    printed = text(labourer_cards([record], IMPRINT))
    course_marks.pop("is_thousand_villages")
    assert not missing(marks | {f"training.{k}": v for k, v in course_marks.items()}, printed)
    assert not missing(paper_marks, printed)
    assert "√" in printed
    for mark in ("1411241012220037", "王建国", "149912************", "*******7731", "02技能劳动力"):
        assert mark in printed


def test_a_village_table_prints_every_field_of_the_standard():
    given = {"year", "village_code", "name", "head_phone"}
    values, marks = filled([field for field in VILLAGE_YEAR if field.name not in given], start=20)
    printed = text(village_tables([village(12, **values)], IMPRINT))
    assert not missing(marks, printed)
    for mark in ("141124101222", "庙坪村", "*******3306", "2014年"):
        assert mark in printed


def test_what_was_not_collected_prints_as_a_dash_and_nothing_as_zero():
    record = household()
    empty = dict.fromkeys(record["condition"])
    printed = text(household_cards([record | {"condition": empty}], IMPRINT))
    assert "耕地面积—" in printed
    assert "耕地面积8.00亩" in text(household_cards([record], IMPRINT))
    assert "水面面积0.00亩" in text(household_cards([record], IMPRINT))


# ---- Pages -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("people", [1, 5, 10])
@pytest.mark.parametrize("moved", [False, True])
def test_a_card_of_up_to_ten_people_takes_two_pages(people, moved):
    members = [member(seat, "王有田", relation="99 其他") for seat in range(1, people + 1)]
    record = household(members=members, member_count=people, relocation=samples.RELOCATION if moved else None)
    printed = pages(household_cards([record], IMPRINT))
    assert len(printed) == 2
    assert "第 1 页 共 2 页" in printed[0]
    assert "第 2 页 共 2 页" in printed[1]


def test_more_people_flow_on_and_are_all_there():
    members = [member(seat, f"王第{seat}人", disease="慢性支气管炎" * 4) for seat in range(1, 24)]
    manuscript = household_cards([household(members=members, member_count=23)], IMPRINT)
    printed, whole = pages(manuscript), text(manuscript)
    assert all(f"王第{seat}人" in whole for seat in range(1, 24))
    assert f"共 {len(printed)} 页" in printed[-1]


def test_eight_changes_still_fit_the_second_page():
    change = household()["changes"][0]
    assert len(pages(household_cards([household(changes=[change] * 8)], IMPRINT))) == 2


def test_empty_seats_give_way_to_long_texts():
    talkative = household(
        cause_note="妻子患慢性病多年，药费支出大。" * 20, address="上庙坪第三村民小组沟口" * 6
    )
    printed = pages(household_cards([talkative], IMPRINT))
    assert len(printed) == 2
    assert "收入与支出" in printed[0]


def test_pages_are_counted_within_each_card_of_a_file():
    printed = pages(
        household_cards([household(), household(household_no="1411241012220038", head_name="李二")], IMPRINT)
    )
    assert [re.search(r"第 \d+ 页 共 \d+ 页", page)[0] for page in printed] == [
        "第 1 页 共 2 页",
        "第 2 页 共 2 页",
    ] * 2
    assert "李二" in printed[3]
    assert "王有田" not in printed[3]


def test_a_labourer_card_takes_one_page():
    assert len(pages(labourer_cards([labourer()], IMPRINT))) == 1


@pytest.mark.parametrize(("households", "count"), [(0, 1), (3, 1), (4, 2), (9, 2), (31, 2), (32, 3), (46, 3)])
def test_a_village_table_takes_as_many_pages_as_its_roster(households, count):
    printed = pages(village_tables([village(households)], IMPRINT))
    assert len(printed) == count
    assert "全村合计" in printed[-1]
    assert "乡镇人民政府" in printed[-1]
    assert all("累" in page for page in printed[:-1])


# ---- What each sheet says of itself ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("manuscript", "number"),
    [
        (household_cards([household()], IMPRINT), "141124101222 0037"),
        (labourer_cards([labourer()], IMPRINT), "141124101222 0037 03"),
        (village_tables([village()], IMPRINT), "141124101222"),
    ],
)
def test_every_page_carries_number_version_code_day_and_person(manuscript, number):
    (sheets,) = (value for value in manuscript.data.values() if isinstance(value, list))
    sheet = sheets[0]["sheet"]
    for page in pages(manuscript):
        for mark in (
            number,
            f"第 {sheet['version']} 版",
            sheet["code"],
            "打印 2015-01-20 示意甲",
            "演示数据",
        ):
            assert mark in page


def test_real_data_carry_no_mark_of_invented_ones():
    imprint = type(IMPRINT)(printed_on=IMPRINT.printed_on, printed_by="示意甲", demo=False, key=IMPRINT.key)
    assert "演示数据" not in text(household_cards([household()], imprint))


def test_the_same_record_gives_the_same_bytes():
    for manuscripts in (household_cards, labourer_cards, village_tables):
        record = {household_cards: household, labourer_cards: labourer, village_tables: village}[manuscripts]
        assert manuscripts([record()], IMPRINT).typeset() == manuscripts([record()], IMPRINT).typeset()


# ---- What no sheet carries -------------------------------------------------------------------------


def poisoned(value):
    """Return the record with an identity number in every text."""
    match value:
        case dict():
            return {
                name: inner if name in {"household_no", "member_no", "village_code"} else poisoned(inner)
                for name, inner in value.items()
            }
        case list():
            return [poisoned(inner) for inner in value]
        case str():
            return value[:2] + CANARY
        case _:
            return value


@pytest.mark.parametrize(
    ("manuscripts", "record"),
    [
        (
            household_cards,
            household(relocation=samples.RELOCATION, bank_name="甲行", bank_account="6228480012345678901"),
        ),
        (labourer_cards, labourer()),
        (village_tables, village(12)),
    ],
)
def test_no_whole_identity_number_reaches_the_file(manuscripts, record):
    pdf = manuscripts([poisoned(record)], IMPRINT).typeset()
    reader = PdfReader(BytesIO(pdf))
    everything = re.sub(r"\s", "", "".join(page.extract_text() for page in reader.pages)) + str(
        reader.metadata
    )
    assert CANARY not in everything
    assert CANARY[6:14] not in everything
    assert CANARY.encode() not in pdf


def test_no_bank_and_no_account_reach_the_file():
    printed = text(
        household_cards([household(bank_name="某信用社", bank_account="6228480012345678901")], IMPRINT)
    )
    assert "某信用社" not in printed
    assert "6228" not in printed
