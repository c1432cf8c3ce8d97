"""Files meant to harm, and files that are merely odd: told in seconds, in bounded memory, or read rightly."""

import io
import resource
import time
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import xlsxwriter

from fupin.sheets.layouts import Heading, Layout, SheetLayout
from fupin.sheets.opening import FileRefused, Opened, Sent, open_files

LAYOUT = Layout(
    (
        SheetLayout(
            "户",
            (
                Heading("no", "户编号"),
                Heading("address", "家庭住址"),
                Heading("day", "填表日期", needed=False),
            ),
        ),
        SheetLayout("成员", (Heading("no", "户编号"), Heading("name", "姓名"))),
    )
)
SHEET = "xl/worksheets/sheet1.xml"
ROW = '<row r="{0}"><c r="A{0}" t="inlineStr"><is><t>x</t></is></c></row>'


def opened(*files: Sent) -> Opened:
    return open_files(files, LAYOUT, apart=[("no",), ("no",)])


def book(fill: Callable[[Any], object], name: str = "表.xlsx") -> Sent:
    out = io.BytesIO()
    made = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    fill(made)
    made.close()
    return Sent(name, out.getvalue())


def both(made: Any) -> tuple[Any, Any]:
    pages = made.add_worksheet("户"), made.add_worksheet("成员")
    for page, texts in zip(pages, (["户编号", "家庭住址", "填表日期"], ["户编号", "姓名"]), strict=True):
        for column, text in enumerate(texts):
            page.write_string(0, column, text)
    return pages


def tampered(changes: dict[str, bytes | None], *, adding: dict[str, bytes] | None = None) -> Sent:
    """Return a good workbook of which parts were exchanged, and others added."""
    source = zipfile.ZipFile(io.BytesIO(book(both).content))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in source.namelist():
            content = changes.get(part, source.read(part))
            if content is not None:
                archive.writestr(part, content)
        for part, content in (adding or {}).items():
            archive.writestr(part, content)
    return Sent("表.xlsx", out.getvalue())


def sheet(rows: str, head: str = "") -> bytes:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<?xml version="1.0" encoding="UTF-8"?>{head}<worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'.encode()


def lying() -> Sent:
    """Return an archive whose table of contents says that a part of 200 MB is a small one."""
    content = bytearray(tampered({SHEET: sheet("<row/>" * 40_000_000)}).content)
    size = len(sheet("<row/>" * 40_000_000)).to_bytes(4, "little")
    return Sent("表.xlsx", bytes(content.replace(size, (1000).to_bytes(4, "little"))))


def formula(made: Any) -> None:
    _, people = both(made)
    people.write_string(1, 0, "1")
    people.write_formula(1, 1, '=HYPERLINK("http://x","张三")')


HARMFUL: dict[str, tuple[Callable[[], Sent], str]] = {
    "zip bomb": (lambda: tampered({SHEET: sheet(" " * 300_000_000)}), "压缩得异常"),
    "a bomb that lies about its size": (lying, "已损坏|压缩得异常|超过"),
    "200 MB": (lambda: Sent("表.xlsx", b"PK\x03\x04" + bytes(200_000_000)), "超过 64 MB"),
    "two million phantom rows": (
        lambda: tampered(
            {SHEET: sheet("".join(f'<row r="{n}" spans="1:{n % 97}"/>' for n in range(1, 2_000_001)))}
        ),
        "空行",
    ),
    "a far cell": (
        lambda: tampered({SHEET: sheet('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')}),
        "空行|很远",
    ),
    "XML entities": (
        lambda: tampered(
            {SHEET: sheet(ROW.format(1), head='<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>')}
        ),
        "实体",
    ),
    "UTF-16 to hide them": (
        lambda: tampered({SHEET: sheet(ROW.format(1)).decode().encode("utf-16")}),
        "编码异常",
    ),
    "a macro": (lambda: tampered({}, adding={"xl/vbaProject.bin": b"x"}), "宏"),
    "a macro workbook": (lambda: Sent("表.xlsm", tampered({}).content), "含宏"),
    "an outside link": (
        lambda: tampered({}, adding={"xl/externalLinks/externalLink1.xml": b"<x/>"}),
        "外部链接",
    ),
    "a path": (lambda: tampered({}, adding={"../../etc/passwd": b"x"}), "越界"),
    "another extension": (lambda: Sent("表.csv", tampered({}).content), "不是 .csv"),
    "a program": (lambda: Sent("表.xlsx", b"MZ\x90\x00" + bytes(500)), "不是 .xlsx"),
    "no workbook": (lambda: tampered({"xl/workbook.xml": None}), "不是 .xlsx"),
    "formulas in names": (lambda: book(formula), "公式.*B2"),
    "a password": (
        lambda: Sent("表.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")),
        "密码",
    ),
    "nothing": (lambda: Sent("表.xlsx", b""), "空的"),
    "half of it": (lambda: Sent("表.xlsx", tampered({}).content[:-200]), "损坏"),
    "an unknown kind": (lambda: Sent("表.pdf", b"%PDF-1.4"), "不收"),
    "NUL in text": (lambda: Sent("户.csv", b"\xe6\x88\xb7\x00"), "不是 .csv|文本"),
}


@pytest.mark.parametrize("name", HARMFUL)
def test_harm_is_refused_in_seconds_and_bounded_memory(name: str) -> None:
    make, said = HARMFUL[name]
    sent = make()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.process_time()
    with pytest.raises(FileRefused, match=said):
        opened(sent)
    assert time.process_time() - began < 5
    # The readers are bounded by the kernel (RLIMIT_AS); this process must not grow on their behalf.
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300_000


HEADINGS = {
    "in a wrong script": (["戶編號", "家庭住址"], "缺少列：户编号"),
    "twice": (["户编号", "家庭住址", "家庭住址"], "重复的列：家庭住址"),
    "unknown": (["户编号", "家庭住址", "备注"], "不认识的列：C列“备注”"),
    "missing": (["户编号"], "缺少列：家庭住址"),
    "English": (["household_no", "address"], "没有找到模板的列标题"),
}


@pytest.mark.parametrize("name", HEADINGS)
def test_headings_that_are_not_the_templates(name: str) -> None:
    texts, said = HEADINGS[name]

    def fill(made: Any) -> None:
        page, people = made.add_worksheet("户"), both_people(made)
        for column, text in enumerate(texts):
            page.write_string(0, column, text)
        people.write_string(0, 0, "户编号")

    with pytest.raises(FileRefused, match=said):
        opened(book(fill))


def both_people(made: Any) -> Any:
    page = made.add_worksheet("成员")
    page.write_string(0, 0, "户编号")
    page.write_string(0, 1, "姓名")
    return page


def cells(found: Opened, number: int = 0) -> list[tuple[int, list[Any]]]:
    return [(row.number, row.cells()) for row in found.sheets[number]]


def test_columns_in_any_order_titles_blank_rows_and_hidden_sheets() -> None:
    def fill(made: Any) -> None:
        hidden = made.add_worksheet("草稿")
        hidden.write_string(0, 0, "户编号")
        hidden.hide()
        page = made.add_worksheet("户")
        page.activate()
        page.set_first_sheet()
        page.merge_range(0, 0, 0, 2, "2014年度贫困户")
        for column, text in enumerate(["家庭住址", "填表日期", "户 编 号"]):
            page.write_string(1, column, text)
        page.write_string(2, 0, "白文镇")
        page.write_datetime(2, 1, date(2014, 4, 29), made.add_format({"num_format": "yyyy-mm-dd"}))
        page.write_string(2, 2, "１２")
        page.write_blank(3, 0, None, made.add_format({"bold": True}))
        page.write_string(4, 0, "  ")
        page.write_string(9, 2, "3")
        both_people(made)

    assert cells(opened(book(fill))) == [(3, ["１２", "白文镇", "2014-04-29"]), (10, ["3", "", ""])]


def test_cells_merged_downwards_stand_in_each_row() -> None:
    def fill(made: Any) -> None:
        _, people = both(made)
        people.merge_range(1, 0, 3, 0, "7")
        for row in (1, 2, 3):
            people.write_string(row, 1, f"张{row}")

    assert cells(opened(book(fill)), 1) == [(2, ["7", "张1"]), (3, ["7", "张2"]), (4, ["7", "张3"])]


def test_a_cell_beside_the_headings_is_told() -> None:
    def fill(made: Any) -> None:
        page, _ = both(made)
        page.write_string(1, 0, "1")
        page.write_string(1, 5, "随手记")

    with pytest.raises(FileRefused, match="F2 有内容而该列没有标题"):
        opened(book(fill))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_by_file_names(encoding: str) -> None:
    households = Sent("导出-户.csv", "户编号,家庭住址\r\n1,白文镇\r\n,\r\n2,'=1+1\r\n".encode(encoding))
    people = Sent("成员.csv", "姓名,户编号\r\n张三,1\r\n".encode(encoding))
    found = opened(people, households)
    assert cells(found) == [(2, ["1", "白文镇", ""]), (4, ["2", "=1+1", ""])]
    assert cells(found, 1) == [(2, ["1", "张三"])]
    assert found.missing == [frozenset({"day"}), frozenset()]
    with pytest.raises(FileRefused, match="一次选择"):
        opened(households)
