"""Lists that are only matched: read by the bounded reader of all that is sent in, whatever their columns are."""

import zipfile
from collections.abc import Callable
from datetime import datetime
from io import BytesIO

import pytest
from xlsxwriter import Workbook

from fupin.sheets.opening import MOST_BYTES, FileRefused, Sent, headings_at, open_list


def book(write: Callable[[Workbook], None]) -> bytes:
    made = BytesIO()
    with Workbook(made, {"in_memory": True}) as workbook:
        write(workbook)
    return made.getvalue()


def packed(**parts: str) -> bytes:
    """Return a zip file with these parts."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name.replace("__", "/"), text)
    return made.getvalue()


WORKBOOK = {"[Content_Types].xml": "<Types/>", "xl__workbook.xml": "<workbook/>"}
SHEET = "xl__worksheets__sheet1.xml"
A_DAY = datetime(2014, 1, 2)  # noqa: DTZ001  (a spreadsheet's days have no zone)


def rows_of(content: bytes, name: str = "") -> list[tuple[int, list[str]]]:
    """Return the rows of a list that is called as its content wants it."""
    return list(open_list(Sent(name or ("名册.xlsx" if content.startswith(b"PK") else "名册.csv"), content)))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (packed(**WORKBOOK, **{SHEET: "0" * 700_000_000}), "疑为恶意文件"),
        (packed(**WORKBOOK, **{SHEET: '<worksheet><row r="1048576"/></worksheet>'}), "超过 1,000,000 行"),
        (
            packed(**WORKBOOK, **{SHEET: '<!DOCTYPE x [<!ENTITY a "b">]><worksheet>&a;</worksheet>'}),
            "XML 实体",
        ),
        (packed(**WORKBOOK, **{SHEET: '<worksheet><c r="A1"><f>1</f></c></worksheet>'}), "有公式（A1）"),
        (packed(**WORKBOOK, **{SHEET: "<worksheet>"}), "已损坏"),
        (packed(**WORKBOOK, **{SHEET: "<worksheet/>", "xl__vbaProject.bin": "x"}), "含有宏"),
        (packed(**{"word__document.xml": "<x/>"}), "不是 .xlsx"),
        (b"\0" * 100, "内容不是 .csv"),
        (b"%PDF-1.4\0", "内容不是 .csv"),
        (b"\xff\xff\xff\xff,\xff", "编码"),
        (b"", "文件是空的"),
        (b"x" * (MOST_BYTES + 1), "64 MB"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_list_is_refused(content: bytes, why: str) -> None:
    with pytest.raises(FileRefused, match=why):
        rows_of(content)


def test_rows_keep_their_numbers_and_cells_come_as_text() -> None:
    def write(workbook: Workbook) -> None:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, ["姓名", "金额", "日期", "号码", "是否"])
        sheet.write_row(2, 0, [" 张建国 ", 180, "2014-01-02", 1.41124e17, True])
        sheet.write_datetime(2, 2, A_DAY, workbook.add_format({"num_format": "yyyy-mm-dd"}))

    assert rows_of(book(write)) == [
        (1, ["姓名", "金额", "日期", "号码", "是否"]),
        (3, ["张建国", "180", "2014-01-02", "1.41124E+17", "是"]),
    ]


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("姓名,备注\r\n'=1+1,x\r\n", ["=1+1", "x"]),
        ("姓名\t备注\n甲\tx\n", ["甲", "x"]),
        ('姓名,备注\n"甲,乙",x', ["甲,乙", "x"]),
    ],
)
def test_text_with_commas_or_tabs(text: str, row: list[str]) -> None:
    assert rows_of(text.encode())[1] == (2, row)


def test_headings_are_found_without_stars_units_and_spaces() -> None:
    assert headings_at(
        ["＊ 姓 名", "月保障金额（元）", "多余"], needed=["姓名"], known=["姓名", "月保障金额", "村"]
    ) == {
        "姓名": 0,
        "月保障金额": 1,
    }
