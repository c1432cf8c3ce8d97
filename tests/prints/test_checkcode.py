"""The check code binds kind, number, year, version and every value of the record."""

from datetime import date
from decimal import Decimal

import pytest

from fupin.prints.checkcode import (
    ALPHABET,
    LENGTH,
    Sheet,
    canonical,
    check_code,
    grouped,
    normalised,
    parse_scan,
    scan_text,
    verify,
)

KEY = b"a key of the tests"
SHEET = Sheet("household", "1411241012220037", 2014, 3)
RECORD = {
    "name": "王有田",
    "net_income": Decimal("11860.00"),
    "on": date(2014, 4, 2),
    "members": [{"no": 1}],
    "exit": None,
}


def test_a_code_has_twelve_characters_that_nobody_misreads():
    code = check_code(RECORD, sheet=SHEET, key=KEY)
    assert len(code) == LENGTH
    assert set(code) <= set(ALPHABET)


def test_a_code_verifies_as_printed_as_typed_and_as_misread():
    code = check_code(RECORD, sheet=SHEET, key=KEY)
    misread = code.replace("0", "O").replace("1", "l").lower()
    for typed in (code, grouped(code), f" {grouped(code).lower()} ", misread):
        assert verify(typed, RECORD, sheet=SHEET, key=KEY)


@pytest.mark.parametrize(
    ("record", "sheet", "key"),
    [
        (RECORD | {"net_income": Decimal("11860.01")}, SHEET, KEY),
        (RECORD | {"exit": 0}, SHEET, KEY),
        (RECORD | {"members": [{"no": 1}, {"no": 2}]}, SHEET, KEY),
        (RECORD, Sheet("household", "1411241012220038", 2014, 3), KEY),
        (RECORD, Sheet("household", "1411241012220037", 2015, 3), KEY),
        (RECORD, Sheet("household", "1411241012220037", 2014, 4), KEY),
        (RECORD, SHEET, b"another key"),
    ],
)
def test_whatever_differs_changes_the_code(record, sheet, key):
    assert not verify(check_code(RECORD, sheet=SHEET, key=KEY), record, sheet=sheet, key=key)


def test_a_code_does_not_depend_on_the_order_of_names():
    assert check_code(dict(reversed(RECORD.items())), sheet=SHEET, key=KEY) == check_code(
        RECORD, sheet=SHEET, key=KEY
    )


def test_a_record_is_written_one_way():
    assert canonical(
        {"b": Decimal("1.50"), "a": date(2014, 1, 2), "c": frozenset({"2", "1"}), "d": b"photo"}
    ) == (
        b'{"a":"2014-01-02","b":"1.50","c":["1","2"],'
        b'"d":"sha256:55c64d0fcd6f9d5f7c828093857e3fdfda68478bb4e9bd24d481ef391c7804e8"}'
    )


def test_what_has_no_one_way_is_refused():
    with pytest.raises(TypeError, match="object"):
        canonical({"a": object()})


@pytest.mark.parametrize(
    "sheet",
    [SHEET, Sheet("village", "141124101222", 2014, 2), Sheet("labourer", "141124101222003703", 2014, 11)],
)
def test_a_scanned_line_gives_sheet_and_code_back(sheet):
    code = check_code(RECORD, sheet=sheet, key=KEY)
    assert parse_scan(scan_text(sheet, code)) == (sheet, code)
    assert parse_scan(f" {scan_text(sheet, grouped(code)).lower()}\n") == (sheet, code)


@pytest.mark.parametrize(
    "text", ["", "王有田", "1411241012220037", "1411241012220037/2014/3", "14112410/2014/3/EV9HD9X2XJ88"]
)
def test_other_text_is_no_scan(text):
    assert parse_scan(text) is None


def test_a_sheet_carries_its_kind_of_number():
    with pytest.raises(ValueError, match="village"):
        Sheet("village", "1411241012220037", 2014, 1)


def test_letters_are_put_right():
    assert normalised("ev9h-d9x2-xjoi") == "EV9HD9X2XJ01"
