"""Workbooks of synthetic households, as large as a county's."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import xlsxwriter

A_HOUSEHOLD = 3.3
"""Members a household has on the whole: 165,000 in 50,000."""


def cards(households: int, *, county: int, year: int = 2014) -> Iterator[Any]:
    """Yield the cards of so many new households, village after village, of A_HOUSEHOLD members on the whole."""
    from dataclasses import replace

    from registry.seeding.chance import repeatable
    from registry.seeding.households import make_household
    from registry.seeding.load import places
    from registry.seeding.villages import Village

    found = list(places([county] if county else []))
    each = -(-households // len(found))
    made = ordinal = people = 0
    for place in found:
        rng = repeatable("import", place.code)
        village = Village(rng, place, poor=True)
        last = min(households, made + each)
        while made < last:
            ordinal += 1
            household = make_household(rng, village, ordinal=ordinal, serial=1)
            card = household.cards.get(year) or replace(next(iter(household.cards.values())), year=year)
            if people < A_HOUSEHOLD * made and len(card.members) < A_HOUSEHOLD:
                continue
            made += 1
            people += len(card.members)
            members = tuple(replace(one, member_no=None) for one in card.members)
            standing = {"exit_year": None, "relapse_year": None, "relapse_cause": None}
            yield replace(card, household_no=None, members=members, relocation=None, **standing)


def write(path: Path, households: int, *, county: int) -> tuple[int, int]:
    """Write a workbook of new households; return how many households and members it has."""
    from registry.services.importing.filling import household_cells
    from registry.standard.workbooks import HOUSEHOLDS

    book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_formulas": False})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    pages = [book.add_worksheet(sheet.name) for sheet in HOUSEHOLDS.sheets]
    for page, sheet in zip(pages, HOUSEHOLDS.sheets, strict=True):
        for place, heading in enumerate(sheet.headings):
            page.write_string(0, place, heading.text)
    at = [1, 1]

    def put(sheet: int, row: Any) -> None:
        page, number = pages[sheet], at[sheet]
        for place, cell in enumerate(row):
            if cell == "":
                continue
            if isinstance(cell, str):
                page.write_string(number, place, cell)
            elif hasattr(cell, "isoformat"):
                page.write_datetime(number, place, cell, day)
            else:
                page.write_number(number, place, cell)
        at[sheet] += 1

    for serial, card in enumerate(cards(households, county=county), start=1):
        own, people = household_cells(card, serial=str(serial))
        put(0, own)
        for row in people:
            put(1, row)
    book.close()
    return at[0] - 1, at[1] - 1
