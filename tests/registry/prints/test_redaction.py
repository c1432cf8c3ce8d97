"""No whole identity number, account or telephone number gets past the last wall, however it is written."""

import pytest

from registry.prints.redaction import redacted

ID = "149912196103120019"
FULL_WIDTH = ID.translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"})


@pytest.mark.parametrize(
    ("name", "value", "printed"),
    [
        ("id_no", ID, "149912************"),
        ("id_no", "149912************", "149912************"),
        ("id_no", "LS1411241012220001", "LS1411241012220001"),
        ("disability_no", ID + "42", "149912" + "*" * 14),
        ("phone", "13900010417", "*******0417"),
        ("phone", "*******0417", "*******0417"),
        ("phone", None, None),
        ("head_phone", "0358-4412306", "********2306"),
        ("household_no", "1411241012220037", "1411241012220037"),
        ("member_no", "141124101222003703", "141124101222003703"),
        ("address", f"身份证{ID}号", "身份证149912************号"),
        ("address", "149912 19610312 0019", "149912************"),
        ("address", "149912-19610312-0019", "149912************"),
        ("address", FULL_WIDTH, FULL_WIDTH[:6] + "*" * 12),
        ("cause_note", "欠款账号 6228 4800 1234 5678 901", "欠款账号 622848************"),
        ("cause_note", "电话13900010417，白天", "电话*******0417，白天"),
        (
            "cause_note",
            "2014-04-11 至 2014-04-17，借款 12,000.00 元",
            "2014-04-11 至 2014-04-17，借款 12,000.00 元",
        ),
        ("coop_code", ID, "149912************"),
        ("number", "1304000000500123", "1304000000500123"),
        ("cause_other", ["01 因病", ID], ["01 因病", "149912************"]),
        ("members", [{"name": "王有田", "id_no": ID}], [{"name": "王有田", "id_no": "149912************"}]),
        ("member_count", 5, 5),
    ],
)
def test_a_value_as_it_is_printed(name, value, printed):
    assert redacted({name: value}) == {name: printed}


@pytest.mark.parametrize("name", ["bank_name", "bank_account", "sign_file", "danger_report"])
def test_some_fields_are_never_printed(name):
    assert redacted({name: "6228480012345678901", "year": 2014}) == {"year": 2014}
