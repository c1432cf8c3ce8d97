"""Text that a spreadsheet would carry out."""

from datetime import date
from decimal import Decimal

import pytest

from fupin.sheets.cells import csv_cell, csv_line, is_active, xml_text


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+86",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n1",
        "\x00=1",
        "＝1",
        "＋1",
        "－1",
        "＠a",
        " =1",
        "\u200b=1",
        "\ufeff=1",
    ],
)
def test_text_that_a_spreadsheet_carries_out_gets_an_apostrophe(text: str) -> None:
    assert is_active(text)
    assert csv_cell(text) == f"'{text}"


@pytest.mark.parametrize(
    "text", ["", "张建国", "149901************", "*******0001", "1-2", "a=b", "（=）", "'=1"]
)
def test_other_text_stays_as_it_is(text: str) -> None:
    assert csv_cell(text) == text


def test_numbers_below_nothing_are_numbers() -> None:
    assert (
        csv_line([Decimal("-12.50"), -3, date(2014, 4, 29), "甲,乙", '"'])
        == '-12.50,-3,2014-04-29,"甲,乙",""""\r\n'
    )


def test_what_no_workbook_can_hold_is_left_out() -> None:
    assert xml_text("甲\x00\x1b\ufffe乙\t丙\n") == "甲乙\t丙\n"
