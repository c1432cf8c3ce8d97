"""The standard as data: one list of fields that every other part relies on."""

from dataclasses import fields as dataclass_fields

import pytest

from registry.codes import Ethnic, HouseholdStatus, Relation
from registry.rules.card import Card, Condition, Income, MemberCard, Relocation
from registry.rules.labourer import CertificateRow, LabourerCard, TrainingRow
from registry.standard.crosswalk import ETHNIC_LETTERS, MEASURE_ARTICLES, RELATION_GB
from registry.standard.fields import Field, table
from registry.standard.household import CONDITION, HOUSEHOLD_YEAR, INCOME, RELOCATION
from registry.standard.labourer import CERTIFICATE, LABOURER, TRAINING
from registry.standard.lists import CODE_LISTS, code_of, codes_of, label_of, shown
from registry.standard.member import MEMBER
from registry.standard.village import NOT_ABOVE, VILLAGE_YEAR

TABLES = {
    "household": HOUSEHOLD_YEAR, "income": INCOME, "condition": CONDITION, "relocation": RELOCATION,
    "member": MEMBER, "labourer": LABOURER, "training": TRAINING, "certificate": CERTIFICATE,
    "village": VILLAGE_YEAR,
}  # fmt: skip


@pytest.mark.parametrize("name", TABLES)
def test_labels_are_unique_and_code_lists_exist(name: str):
    labels = [field.label for field in TABLES[name]]
    assert len(labels) == len(set(labels))
    for field in TABLES[name]:
        assert (field.kind in {"enum", "enums"}) == (field.codes is not None), field
        assert field.codes is None or field.codes in CODE_LISTS
        assert field.kind != "str" or field.digits


@pytest.mark.parametrize(
    ("card", "fields"),
    [
        (Card, HOUSEHOLD_YEAR), (Income, INCOME), (Condition, CONDITION), (Relocation, RELOCATION),
        (MemberCard, MEMBER), (LabourerCard, LABOURER), (TrainingRow, TRAINING),
        (CertificateRow, CERTIFICATE),
    ],
)  # fmt: skip
def test_cards_hold_every_field_that_is_entered(card: type, fields: tuple[Field, ...]):
    held = {field.name for field in dataclass_fields(card)}
    entered = {field.name for field in fields if field.need != "D" and field.kind != "file"}
    assert entered <= held


def test_table_refuses_a_name_twice():
    with pytest.raises(ValueError, match="year"):
        table(Field("year", "年度", "year", "Y"), Field("year", "年", "year", "Y"))


def test_pairs_of_the_village_name_its_fields():
    names = {field.name for field in VILLAGE_YEAR}
    assert {name for pair in NOT_ABOVE for name in pair} <= names


def test_crosswalks_are_complete():
    assert set(RELATION_GB) == set(Relation.values)
    assert len(set(RELATION_GB.values())) == len(RELATION_GB)
    assert set(ETHNIC_LETTERS) == set(Ethnic.values) - {"97", "98"}
    assert len(set(ETHNIC_LETTERS.values())) == 56
    assert set(MEASURE_ARTICLES) == set(codes_of("CL21"))


def test_states_of_a_household_are_those_of_the_procedures():
    expected = "D A M M- P1 V T P2 C N X1 X2 X3 X4 XP O R K Z S".split()  # noqa: SIM905
    assert HouseholdStatus.values == expected


@pytest.mark.parametrize(
    ("code_list", "text", "code"),
    [
        ("CL03", "01", "01"),
        ("CL03", "1", "01"),
        ("CL03", "因病", "01"),
        ("CL03", "01 因病", "01"),
        ("CL03", " 01  因病 ", "01"),
        ("CL03", "０１", "01"),
        ("CL03", "01 因残", None),
        ("CL03", "13", None),
        ("CL03", "", None),
        ("CL07", "汉", "01"),
        ("CL07", "汉族", "01"),
        ("CL07", "01 汉", "01"),
        ("CL06", "户主", "01"),
        ("CL06", "子", "03"),
        ("CL09", "高中（含中职）", "04"),
        ("CL16", "D级", "4"),
        ("CL16", "D", "4"),
        ("CL17", "窑洞(土窑)", "6"),
        ("CL24", "M-", "M-"),
    ],
)
def test_code_of(code_list: str, text: str, code: str | None):
    assert code_of(code_list, text) == code


@pytest.mark.parametrize("code_list", CODE_LISTS)
def test_every_code_is_found_by_code_by_name_and_by_both(code_list: str):
    for code in codes_of(code_list):
        assert code_of(code_list, code) == code
        assert code_of(code_list, label_of(code_list, code)) == code
        assert code_of(code_list, shown(code_list, code)) == code
