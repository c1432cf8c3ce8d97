"""A department's file: columns by name, every bad row named with the mend, nothing of a number kept but what finds it."""

from datetime import date
from io import BytesIO

import pytest
from xlsxwriter import Workbook

from fupin.lib.idnumber import compose
from fupin.sheets.opening import Sent
from fupin.vault.cipher import blind_index
from registry.codes.outside import ListKind
from registry.errors import MatchingRefused, RowsRefused
from registry.services.matching.reading import ListedPerson, read_list
from registry.services.matching.template import template
from tests.conftest import BAIWEN, LINXIAN
from tests.registry.lists import ON, sheet

MAN = compose("149901", date(1970, 5, 6), 11)
WOMAN = compose("149902", date(1972, 3, 4), 12)
HEADS = ("身份号码", "姓名", "号牌号码")


def read(content: bytes, kind: ListKind = ListKind.VEHICLE) -> list[ListedPerson]:
    name = "名册.xlsx" if content.startswith(b"PK") else "名册.csv"
    return read_list(Sent(name, content), kind=kind, division=LINXIAN, places={LINXIAN, BAIWEN}, on=ON)


def workbook(*rows: tuple[object, ...]) -> bytes:
    made = BytesIO()
    with Workbook(made, {"in_memory": True}) as book:
        page = book.add_worksheet()
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    return made.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_columns_are_found_by_name_whatever_the_encoding(encoding: str) -> None:
    text = (
        f"号牌号码,备注, 姓 名 *,身份证号码\r\n晋J1,无,张建国,{MAN}\r\n\r\n晋J2,无,李秀英,{WOMAN.lower()}\r\n"
    )
    first, second = read(text.encode(encoding))
    assert (first.number, first.name, first.fact, first.place) == (2, "张建国", "晋J1", LINXIAN)
    assert first.index == blind_index("id_no", MAN)
    assert first.masked == "149901" + "*" * 12
    assert first.note == {"号牌号码": "晋J1"}
    assert second.number == 4, "a blank row counts, as the spreadsheet counts it"


def test_a_workbook_is_read_like_a_text() -> None:
    (one,) = read(workbook(HEADS, (MAN, "张建国", "晋J1"), ("", "", "")))
    assert (one.number, one.name) == (2, "张建国")


def test_an_old_number_is_upgraded_and_a_certificate_cut() -> None:
    old = MAN[:6] + MAN[8:17]
    (one,) = read(sheet(HEADS, (old, "张建国", "晋J1")))
    assert one.index == blind_index("id_no", MAN)
    (two,) = read(sheet(("姓名", "身份号码"), ("张建国", MAN + "43")), ListKind.DISABILITY)
    assert two.index == blind_index("id_no", MAN)


@pytest.mark.parametrize(
    ("row", "mend"),
    [
        (("", "张建国", "x"), "没有身份号码，请补填"),
        ((MAN, "", "x"), "没有姓名，请补填"),
        ((MAN[:17], "张建国", "x"), "身份号码应为18位"),
        ((MAN[:17] + ("0" if MAN[17] != "0" else "1"), "张建国", "x"), "身份号码校验码不对，请逐位核对"),
        (("149901" + "*" * 12, "张建国", "x"), "身份号码带星号，比对须有完整号码"),
        (
            ("1.49901E+17", "张建国", "x"),
            "身份号码被表格存成了数字，末几位已丢失：请把该列设为文本格式，从原表重新填写",
        ),
        ((MAN, "张建国", "x" * 201), "“号牌号码”超过 200 字"),
    ],
)
def test_a_bad_row_is_named_with_the_mend(row: tuple[str, ...], mend: str) -> None:
    with pytest.raises(RowsRefused) as refused:
        read(sheet(HEADS, (WOMAN, "李秀英", "晋J2"), row))
    assert [(one.number, one.message) for one in refused.value.faults] == [(3, mend)]


def test_a_number_that_a_workbook_rounded_is_refused() -> None:
    with pytest.raises(RowsRefused, match="1 行要改") as refused:
        read(workbook(HEADS, (float(MAN[:17] + "0"), "张建国", "晋J1")))
    assert "存成了数字" in refused.value.faults[0].message


def test_all_bad_rows_are_told_at_once_and_doubles_too() -> None:
    with pytest.raises(RowsRefused) as refused:
        read(
            sheet(
                HEADS,
                ("", "甲", ""),
                (MAN, "张建国", "晋J1"),
                (MAN, "张建国", "晋J1"),
                (MAN, "张建国", "晋J2"),
                ("1", "乙", ""),
            )
        )
    assert [one.number for one in refused.value.faults] == [2, 4, 6]
    assert refused.value.faults[1].message == "与第 3 行重复，请删去一行"


def test_a_place_lies_within_the_list() -> None:
    heads = ("姓名", "身份号码", "区划代码")
    (one,) = read(sheet(heads, ("张建国", MAN, BAIWEN)), ListKind.DIBAO)
    assert one.place == BAIWEN
    with pytest.raises(RowsRefused, match="1 行"):
        read(sheet(heads, ("张建国", MAN, 140929000000)), ListKind.DIBAO)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "文件是空的"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "另存为 .xlsx"),
        (b"PK\x03\x04rubbish", "已损坏"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "内容不是 .csv"),
        (sheet(("姓名", "号牌号码"), ("张建国", "x")), "没有“身份号码”列"),
        (sheet(("姓名", "身份号码", "姓名"), ("张", MAN, "张")), "出现了两次"),
        (sheet(HEADS), "没有一行"),
    ],
)
def test_a_file_that_is_none_is_refused_in_words(content: bytes, why: str) -> None:
    with pytest.raises(MatchingRefused, match=why):
        read(content)


@pytest.mark.parametrize("kind", list(ListKind))
def test_the_template_passes_its_own_reading(kind: ListKind) -> None:
    with pytest.raises(MatchingRefused, match="没有一行"):
        read(template(kind), kind)
