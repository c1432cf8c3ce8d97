"""Workbooks of households as people fill them in, made from cards."""

import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import xlsxwriter

from fupin.sheets.layouts import Layout
from fupin.sheets.opening import Sent
from registry.rules.card import Card
from registry.services.importing.filling import household_cells
from registry.standard.workbooks import HOUSEHOLDS

Rows = list[list[list[Any]]]


def rows_of(cards: Iterable[Card], *, versions: Mapping[str, int] | None = None) -> Rows:
    """Return the cells of both sheets, one household after another; those without a number get a serial."""
    sheets: Rows = [[], []]
    for serial, card in enumerate(cards, start=1):
        number = card.household_no
        own, people = household_cells(
            card, serial="" if number else str(serial), version=(versions or {}).get(number or "")
        )
        sheets[0].append(list(own))
        sheets[1] += [list(row) for row in people]
    return sheets


def place(layout: Layout, sheet: int, heading: str) -> int:
    """Return the column of a heading."""
    return [one.text for one in layout.sheets[sheet].headings].index(heading)


def workbook(
    rows: Sequence[Sequence[Sequence[Any]]],
    *,
    layout: Layout = HOUSEHOLDS,
    name: str = "贫困户.xlsx",
    alter: Callable[[Any], None] | None = None,
    headings: Callable[[int, list[str]], list[str]] | None = None,
) -> Sent:
    """Return a workbook of these rows, text as text, numbers as numbers, dates as dates."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_numbers": False, "strings_to_formulas": False}
    )
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for number, (sheet, cells) in enumerate(zip(layout.sheets, rows, strict=True)):
        page = book.add_worksheet(sheet.name)
        said = [heading.text for heading in sheet.headings]
        for column, text in enumerate(headings(number, said) if headings else said):
            page.write_string(0, column, text)
        for at, row in enumerate(cells, start=1):
            for column, cell in enumerate(row):
                match cell:
                    case "" | None:
                        continue
                    case date():
                        page.write_datetime(at, column, cell, day)
                    case int() | float() | Decimal():
                        page.write_number(at, column, cell)
                    case _:
                        page.write_string(at, column, cell)
    if alter is not None:
        alter(book)
    book.close()
    return Sent(name, out.getvalue())
