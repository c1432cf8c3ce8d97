"""Template workbooks: headings with notes, drop-downs from the code lists, locked key columns, a stamp; filled in where asked."""

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

import xlsxwriter
from django.utils import timezone

from fupin.sheets.cells import xml_text
from fupin.sheets.layouts import STAMP, Heading, Layout, SheetLayout
from fupin.sheets.opening import LIMITS

CODES: Final = "码表"
SPARE_ROWS: Final = 2_000
"""Rows below the filled-in ones that have their drop-downs too."""

_WIDEST: Final = 24
_UNLOCKED: Final = {
    "format_cells": True,
    "format_columns": True,
    "format_rows": True,
    "insert_rows": True,
    "delete_rows": True,
    "sort": True,
    "autofilter": True,
}


def blank(
    layout: Layout,
    *,
    title: str,
    about: Sequence[tuple[str, str]],
    rows: Iterable[tuple[int, Sequence[Any]]] = (),
    at: datetime,
) -> bytes:
    """Return a workbook to fill in; `rows` are sheet and cells in the order of the layout.

    Columns that the system works out are left out. The sheets are protected without a password: the keys and the
    version of what is filled in are not typed over by mistake.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    forms = _Forms(book)
    lists = _Lists()
    pages = [_Page(book, sheet, forms) for sheet in layout.sheets]
    for place, cells in rows:
        pages[place].add(cells)
    for page in pages:
        page.finish(lists)
    note = book.add_worksheet(STAMP)
    note.set_column(0, 0, 22)
    note.set_column(1, 1, 110)
    said = [
        ("模板", title),
        ("模板版本", str(layout.version)),
        *about,
        ("生成时间", f"{timezone.localtime(at):%Y-%m-%d %H:%M}"),
        ("填写", "列可以换次序，不能改标题；空行不算；每列标题上有填写说明，红色标题必填"),
        ("代码", "可填代码、名称或“代码 名称”，几项之间用“、”隔开"),
        ("号码", "证件号码、电话、银行账号用文本格式；带 * 的掩码原样保留表示不变"),
        ("上传", f"可以上传 {LIMITS}"),
    ]
    for row, (label, text) in enumerate(said):
        note.write_string(row, 0, xml_text(label), forms.heading)
        note.write_string(row, 1, xml_text(text), forms.text)
    lists.write(book)
    book.set_properties({"title": title})
    book.close()
    return out.getvalue()


class _Forms:
    """How cells look."""

    def __init__(self, book: Any) -> None:
        base = {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}
        self.heading = book.add_format({**base, "bg_color": "#EFEDEA"})
        self.needed = book.add_format({**base, "bg_color": "#EFEDEA", "font_color": "#A61B1B"})
        self.text = book.add_format({"num_format": "@", "locked": False})
        self.key = book.add_format({"num_format": "@", "locked": True, "bg_color": "#F4F4F2"})
        self.day = book.add_format({"num_format": "yyyy-mm-dd", "locked": False})
        self.numbers = {
            places: book.add_format(
                {"num_format": "0" + ("." + "0" * places if places else ""), "locked": False}
            )
            for places in (0, 2, 4, 6)
        }

    def of(self, heading: Heading) -> Any:
        """Return the form of a column's cells."""
        if heading.locked:
            return self.key
        if heading.kind == "number":
            return self.numbers[heading.decimals]
        return self.day if heading.kind == "date" else self.text


class _Page:
    """A sheet while it is filled in."""

    def __init__(self, book: Any, layout: SheetLayout, forms: _Forms) -> None:
        self._sheet = book.add_worksheet(layout.name)
        self._forms = forms
        self._columns = [
            (place, heading, forms.of(heading))
            for place, heading in enumerate(layout.headings)
            if not heading.derived
        ]
        self._next = 1
        self._sheet.freeze_panes(1, 3)
        for column, (_, heading, form) in enumerate(self._columns):
            width = 10 if heading.kind == "number" else min(_WIDEST, max(10, 2 * len(heading.text) + 2))
            self._sheet.set_column(column, column, width, form)
            self._sheet.write_string(
                0, column, heading.text, forms.needed if heading.needed else forms.heading
            )
            if heading.note:
                self._sheet.write_comment(0, column, heading.note[:1000], {"x_scale": 2, "y_scale": 1.5})

    def add(self, cells: Sequence[Any]) -> None:
        """Write a row, given in the order of the layout."""
        for column, (place, _, form) in enumerate(self._columns):
            match cells[place]:
                case "" | None:
                    continue
                case date() as day:
                    self._sheet.write_datetime(self._next, column, day, form)
                case Decimal() | int() | float() as number:
                    self._sheet.write_number(self._next, column, number, form)
                case text:
                    self._sheet.write_string(self._next, column, xml_text(str(text)), form)
        self._next += 1

    def finish(self, lists: "_Lists") -> None:
        """Give the columns their drop-downs and lock what is not for typing."""
        last = self._next + SPARE_ROWS
        for column, (_, heading, _) in enumerate(self._columns):
            if heading.choices:
                self._sheet.data_validation(
                    1,
                    column,
                    last,
                    column,
                    {
                        "validate": "list",
                        "source": lists.of(heading.choices),
                        "error_type": "warning",
                        "error_title": "不在码表内",
                        "error_message": "请从下拉框中选，或填码表中的代码、名称",
                    },
                )
        self._sheet.protect("", _UNLOCKED)


class _Lists:
    """Code lists on a sheet that is not shown: what a drop-down may hold in itself is short."""

    def __init__(self) -> None:
        self._lists: list[tuple[str, ...]] = []

    def of(self, choices: Sequence[str]) -> str:
        """Return where a list stands."""
        wanted = tuple(choices)
        if wanted not in self._lists:
            self._lists.append(wanted)
        column = xlsxwriter.utility.xl_col_to_name(self._lists.index(wanted), col_abs=True)
        return f"='{CODES}'!{column}$1:{column}${len(wanted)}"

    def write(self, book: Any) -> None:
        """Write the lists."""
        sheet = book.add_worksheet(CODES)
        for column, choices in enumerate(self._lists):
            for row, text in enumerate(choices):
                sheet.write_string(row, column, text)
        sheet.hide()
