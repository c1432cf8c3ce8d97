"""A row a rule that breaks it, and a row beside it that does not."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from registry.rules.card import Card, IncomeLine, Relocation
from registry.rules.checks import RULES, check_card
from tests.registry.rules.cards import (
    Change,
    all_of,
    card_with,
    condition_with,
    context,
    good_card,
    income_with,
    joined_by,
    member_with,
    number,
    person,
)

HEAD, WIFE, SON, DAUGHTER, FATHER = range(5)
SON_NO = number("2000-01-15", 13)


def found(card: Card, **more: object) -> set[tuple[str, str, str]]:
    return {(f.rule, f.level, f.field) for f in check_card(card, ctx=context(**more))}


def grandson(**more: object) -> Change:
    born = str(more.pop("born", "1990-02-02"))
    return joined_by(person("任强", born, 31, "99", **more))


def test_good_card_breaks_nothing():
    assert check_card(good_card(), ctx=context()) == []


BROKEN: list[tuple[str, str, Change]] = [
    ("R-01", "members[2].id_no", member_with(SON, id_no="149901000115013")),
    ("R-01", "members[2].id_no", member_with(SON, id_no=SON_NO[:17])),
    ("R-01", "members[2].id_no", member_with(SON, id_no=SON_NO + "41")),
    ("R-01", "members[2].id_no", member_with(SON, id_type="90", id_no="0", birth_date=date(2000, 1, 15))),
    ("R-02", "members[2].id_no", member_with(SON, id_no=SON_NO[:17] + ("0" if SON_NO[17] != "0" else "1"))),
    ("R-02", "members[2].id_no", member_with(SON, id_no="149901200002300137", sex="1")),
    ("R-02", "members[2].id_no", member_with(SON, id_no=number("2014-06-21", 13))),
    ("R-03", "members[4].disability_no", member_with(FATHER, disability_no=number("1941-05-09", 15) + "81")),
    ("R-03", "members[4].disability_no", member_with(FATHER, disability_no=number("1941-05-09", 17) + "42")),
    ("R-03", "members[4].id_no", member_with(FATHER, id_type="09")),
    ("R-04", "members[5].id_no", joined_by(person("任小军", "2000-01-15", 13, "99", student="05"))),
    ("R-05", "members[3].sex", member_with(DAUGHTER, sex="1", relation="99")),
    ("R-05", "members[3].birth_date", member_with(DAUGHTER, birth_date=date(2004, 11, 3))),
    ("R-11", "members[0].ethnic", member_with(HEAD, ethnic=None)),
    ("R-12", "members[0].education", member_with(HEAD, education=None)),
    ("R-12", "members[4].education", member_with(FATHER, education="", student=None)),
    ("R-13", "members[3].student", member_with(DAUGHTER, student=None)),
    ("R-14", "members[0].health", member_with(HEAD, health=())),
    ("R-15", "members[0].labor", member_with(HEAD, labor=None)),
    ("R-16", "members", member_with(HEAD, relation="99")),
    ("R-16", "members[1].relation", member_with(WIFE, relation="01")),
    ("R-17", "members[4].disability_no", member_with(FATHER, health=("02", "04"))),
    ("R-18", "cause_main", card_with(cause_main=None)),
    *(
        ("R-19", f"condition.{name}", condition_with(**{name: None}))
        for name in (
            "has_prod_power", "has_life_power", "in_coop", "road_distance", "road_type", "house_area",
            "water_difficult", "water_safe", "fuel_type", "has_toilet",
        )
    ),
    ("R-20", "address", card_with(address="")),
    ("R-20", "poor_type", card_with(poor_type="05")),
    ("R-20", "village_code", card_with(village_code="141124101000")),
    ("R-20", "village_code", card_with(village_code="141124101600")),
    ("R-20", "phone", card_with(phone="1390358000")),
    ("R-20", "year", card_with(year=2012)),
    ("R-20", "plan_exit_year", card_with(plan_exit_year=2012)),
    ("R-20", "plan_exit_year", card_with(plan_exit_year=2021)),
    ("R-20", "cause_note", card_with(cause_main="12")),
    ("R-20", "cause_other", card_with(cause_other=("13",))),
    ("R-20", "relapse_cause", card_with(relapse_year=2013)),
    ("R-20", "fill_date", card_with(fill_date=date(2014, 6, 21))),
    ("R-20", "income.tr_eco", income_with(tr_eco=None)),
    ("R-20", "income.tr_eco", income_with(tr_eco=Decimal(-1))),
    ("R-20", "income.tr_eco", income_with(tr_eco=Decimal("0.005"))),
    ("R-20", "income.tr_eco", income_with(tr_eco=Decimal(10) ** 10)),
    ("R-20", "condition.irrigated_area", condition_with(irrigated_area=Decimal("12.51"))),
    ("R-20", "members[0].name", member_with(HEAD, name="任")),
    ("R-20", "members[0].sex", member_with(HEAD, sex=None)),
    ("R-20", "members[0].political", member_with(HEAD, political="14")),
    ("R-20", "members[1].is_wubao", member_with(WIFE, is_dibao=True, is_wubao=True)),
    ("R-20", "members[0].health", member_with(HEAD, health=("01", "02"), disease="高血压")),
    ("R-20", "members[4].disease", member_with(FATHER, disease="")),
    ("R-20", "members[2].dropout_reason", member_with(SON, student="01")),
    ("R-20", "members[0].in_pension", member_with(HEAD, in_pension=None)),
    ("R-20", "members[0].phone", member_with(HEAD, phone="12")),
    ("R-20", "members[2].birth_date", member_with(SON, id_type="90", id_no=None)),
    ("R-20", "members[2].change_date", member_with(SON, change_type="08")),
    ("R-20", "members[2].change_type", member_with(SON, change_date=date(2013, 3, 1))),
    ("R-20", "members[2].change_date", member_with(SON, change_type="08", change_date=date(2014, 1, 1))),
    ("R-20", "members[5].relation", joined_by(person("白月", "1974-01-01", 44, "02"))),
    ("R-20", "poor_type", card_with(poor_type="04")),
    ("R-20", "poor_type", card_with(poor_type="03")),
    ("R-20", "poor_type", member_with(FATHER, is_wubao=True)),
    ("R-20", "relocation.follow_up", card_with(relocation=Relocation(willing=True, place="a"))),
    ("R-20", "relocation.willing", card_with(relocation=Relocation())),
    ("R-31", "cause_main", member_with(FATHER, health=("01",), labor="04")),
    (
        "R-32",
        "cause_main",
        all_of(
            card_with(cause_main="03"),
            member_with(SON, student="01", dropout_reason="厌学"),
            member_with(DAUGHTER, student="01", dropout_reason="家庭困难"),
        ),
    ),
    ("R-33", "cause_main", card_with(cause_main="02")),
    ("R-34", "cause_other", card_with(cause_other=("01",))),
    ("R-34", "cause_other", card_with(cause_other=("07", "08", "09"))),
    ("R-34", "cause_other", card_with(cause_other=("09", "09"))),
    ("R-41", "income.business_expense", income_with(business_expense=Decimal(0))),
    ("R-42", "income.net_income_pc", income_with(business_expense=Decimal(14460))),
    ("R-42", "income.net_income_pc", income_with(property_income=Decimal("488440.03"))),
    ("R-43", "income.net_income", card_with(posted={"income.net_income": Decimal(11861)})),
    ("R-43", "member_count", card_with(posted={"member_count": 4})),
    ("R-43", "income.net_income_pc", card_with(posted={"income.net_income_pc": Decimal("2372.01")})),
    ("R-43", "condition.is_dangerous", card_with(posted={"condition.is_dangerous": True})),
    ("R-51", "poor_type", all_of(card_with(poor_type="02"), income_with(tr_dibao=Decimal(900)))),
    ("R-52", "poor_type", member_with(FATHER, is_dibao=True)),
    ("R-53", "poor_type", all_of(card_with(poor_type="04"), member_with(FATHER, is_wubao=True))),
    ("R-54", "income.tr_wubao", income_with(tr_dibao=Decimal(1), tr_wubao=Decimal(1))),
    ("R-55", "income.tr_dibao", income_with(tr_dibao=Decimal("0.01"))),
    ("R-55", "income.tr_wubao", income_with(tr_wubao=Decimal("0.01"))),
    ("R-56", "income.tr_dibao", all_of(card_with(poor_type="02"), member_with(FATHER, is_dibao=True))),
    ("R-57", "income.tr_wubao", all_of(card_with(poor_type="04"), member_with(FATHER, is_wubao=True))),
    ("R-61", "members[0].labor", member_with(HEAD, labor="03")),
    ("R-62", "members[0].labor", member_with(HEAD, labor="04")),
    ("R-63", "members[1].work_months", member_with(WIFE, work_months=13)),
    ("R-63", "members[1].work_months", member_with(WIFE, work_months=-1)),
    ("R-64", "members[1].work_months", member_with(WIFE, work_months=0)),
    ("R-64", "members[1].work_months", member_with(WIFE, work_months=None)),
    ("R-65", "members[1].work_area", member_with(WIFE, work_area=None)),
    ("R-66", "members[1].labor", member_with(WIFE, labor="04", health=("03",), disease="胃癌")),
    ("R-66", "members[1].labor", member_with(WIFE, labor="03", health=("03",), disease="胃癌")),
    ("R-67", "income.wage_income", member_with(WIFE, work_area=None, work_months=None)),
    ("R-67", "income.wage_income", income_with(wage_income=Decimal(0))),
    ("R-71", "members[2].relation", member_with(SON, relation="04")),
    ("R-71", "members[1].relation", member_with(WIFE, id_no=number("1972-08-21", 21), sex="1")),
    ("R-72", "members[2].student", member_with(SON, student="07")),
    ("R-73", "members[5].student", grandson(student="03", education="02", born="1993-02-02")),
    ("R-74", "members[5].student", grandson(student="09", education="04", born="1992-12-31")),
    ("R-74", "members[2].student", member_with(SON, student="10", education="04")),
    ("R-76", "members[2].education", member_with(SON, education="02")),
    ("R-81", "condition.arable_area", condition_with(arable_area=Decimal("250.01"))),
    ("R-81", "condition.forest_area", condition_with(forest_area=Decimal("350.01"))),
    ("R-81", "condition.road_distance", condition_with(road_distance=Decimal("50.01"))),
    ("R-82", "members", card_with(members=())),
    ("R-95", "members[2].birth_date", member_with(HEAD, id_no=number("1986-03-05", 11))),
    ("R-95", "members[4].birth_date", member_with(FATHER, id_no=number("1956-01-01", 15))),
    ("F-02", "bank_account", card_with(bank_account="6228480402564890019")),
    ("F-03", "members[0].id_no", member_with(HEAD, id_no="990000" + number("1970-03-05", 11)[6:])),
    ("F-05", "members[2].political", member_with(SON, political="01")),
    ("F-05", "members[0].political", member_with(HEAD, political="03")),
    ("F-06", "members[3].education", member_with(DAUGHTER, education="06")),
    ("F-07", "condition.house_area", condition_with(house_area=Decimal(0))),
    ("F-08", "members[0].id_type", member_with(HEAD, id_type="02", birth_date=date(1970, 3, 5))),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "field", "change"), BROKEN, ids=lambda v: v if isinstance(v, str) else "")
def test_broken(rule: str, field: str, change: Change):
    level = RULES[rule].level
    assert (rule, level, field) in found(change(good_card()))


KEPT: list[tuple[str, Change]] = [
    ("R-01", member_with(FATHER, id_type="09", id_no=number("1941-05-09", 15) + "42")),
    ("R-01", member_with(SON, id_type="90", id_no="LS1411241012000001", birth_date=date(2000, 1, 15))),
    ("R-01", member_with(SON, id_type="90", id_no=None, birth_date=date(2000, 1, 15))),
    ("R-02", member_with(SON, id_no=number("2000-01-15", 15))),
    ("R-02", member_with(SON, id_no=number("2014-06-20", 13))),
    ("R-03", member_with(FATHER, disability_no=number("1941-05-09", 15) + "42B1")),
    ("R-05", member_with(DAUGHTER, birth_date=date(2004, 11, 2))),
    ("R-12", member_with(SON, education=None)),
    ("R-13", grandson(student=None, born="1989-12-31")),
    ("R-13", grandson(student=None, born="2008-01-01", education="06")),
    ("R-15", member_with(FATHER, labor=None)),
    ("R-15", member_with(DAUGHTER, labor=None)),
    ("R-17", member_with(FATHER, health=("04",), disability_no=number("1941-05-09", 15) + "42")),
    ("R-20", card_with(plan_exit_year=2013)),
    ("R-20", card_with(plan_exit_year=2020)),
    ("R-20", card_with(village_code="141124101599")),
    ("R-20", card_with(phone="0358-4422000")),
    ("R-20", card_with(cause_main="12", cause_note="孩子多")),
    ("R-20", card_with(relapse_year=2013, relapse_cause="01")),
    ("R-20", condition_with(irrigated_area=Decimal("12.50"))),
    ("R-20", member_with(HEAD, name="阿卜杜拉·买买提")),
    ("R-20", member_with(SON, change_type="08", change_date=date(2013, 12, 31))),
    ("R-31", member_with(FATHER, health=("03",))),
    ("R-32", card_with(cause_main="03")),
    ("R-33", all_of(card_with(cause_main="02"), member_with(FATHER, health=("04",)))),
    ("R-34", card_with(cause_other=("07", "09"))),
    ("R-41", income_with(business_income=Decimal(0), business_expense=Decimal(0))),
    ("R-42", income_with(business_expense=Decimal("14459.95"))),
    ("R-42", income_with(property_income=Decimal(488440))),
    (
        "R-43",
        card_with(
            posted={
                "income.net_income": Decimal(11860),
                "income.net_income_pc": Decimal(2372),
                "income.transfer_income": Decimal(2960),
                "income.gross_income": Decimal(14460),
                "member_count": 5,
                "head_name": "任大海",
                "is_zero_employment": False,
                "condition.is_dangerous": False,
            }
        ),
    ),
    ("R-51", all_of(card_with(poor_type="02"), member_with(FATHER, is_dibao=True))),
    ("R-53", card_with(poor_type="02")),
    ("R-55", all_of(card_with(poor_type="02"), income_with(tr_dibao=Decimal(900)))),
    ("R-61", member_with(HEAD, labor="03", health=("03",))),
    ("R-61", member_with(HEAD, id_no=number("1952-12-31", 11), labor="03")),
    ("R-61", member_with(WIFE, id_no=number("1957-12-31", 22), labor="03")),
    ("R-62", grandson(student="09", born="1997-05-05", labor="04", education="04")),
    ("R-63", member_with(WIFE, work_months=12)),
    ("R-65", member_with(HEAD, work_months=0)),
    ("R-71", member_with(WIFE, sex="9")),
    ("R-72", member_with(SON, id_no=number("1998-12-31", 13), student="07")),
    ("R-73", grandson(student="03", born="1994-01-01")),
    ("R-74", grandson(student="09", education="04", born="1993-01-01")),
    ("R-74", grandson(student="07", education="04", born="1998-12-31")),
    ("R-76", member_with(SON, education="04")),
    ("R-81", condition_with(arable_area=Decimal(250), forest_area=Decimal(350), road_distance=Decimal(50))),
    ("R-95", member_with(HEAD, id_no=number("1985-03-05", 11))),
    ("F-02", card_with(bank_account="4111111111111111")),
    ("F-05", grandson(political="03", born="1986-06-06")),
    ("F-06", grandson(education="06", born="2007-01-01", student="02")),
]


@pytest.mark.parametrize(("rule", "change"), KEPT, ids=lambda v: v if isinstance(v, str) else "")
def test_kept(rule: str, change: Change):
    assert rule not in {broken for broken, _, _ in found(change(good_card()))}


def test_every_rule_of_the_catalogue_has_a_row_that_breaks_it():
    rows = {rule for rule, _, _ in BROKEN} | {"R-75", "R-91", "F-01", "F-04"}
    assert rows == set(RULES)


def test_person_of_another_household_is_named_where_he_stands():
    card = good_card()
    owners = {number("2000-01-15", 13): "本县白文镇曜头村"}
    [finding] = check_card(card, ctx=context(id_owners=owners))
    assert (finding.rule, finding.level, finding.field) == ("R-04", "E", "members[2].id_no")
    assert "白文镇曜头村" in finding.message


def test_disability_certificate_and_id_card_are_one_person():
    card = joined_by(
        person("任大海", "1970-03-05", 11, "99", id_type="09", id_no=number("1970-03-05", 11) + "42")
    )(good_card())
    assert ("R-04", "E", "members[5].id_no") in found(card)


def test_member_who_left_neither_counts_nor_blocks_his_number():
    gone = member_with(SON, change_type="08", change_date=date(2013, 5, 1), ethnic=None, health=())
    card = gone(good_card())
    assert card.member_count == 4
    assert found(card, id_owners={SON_NO: "他处"}) == set()


@pytest.mark.parametrize(
    ("before", "broken"),
    [(("05", "05"), True), (("05", "04"), False), (("05",), False), (("05", None), False)],
)
def test_grade_unchanged_for_three_years(before: tuple[str | None, ...], broken: bool):
    findings = found(good_card(), student_years={SON_NO: before})
    assert (("R-75", "W", "members[2].student") in findings) is broken


def test_primary_school_lasts_longer_than_three_years():
    daughter = number("2004-11-02", 24)
    assert found(good_card(), student_years={daughter: ("03", "03")}) == set()


@pytest.mark.parametrize(
    ("status", "assisted", "expected"),
    [
        ("D", False, "W"),
        ("C", False, "W"),
        ("N", False, "E"),
        ("X1", False, "E"),
        ("N", True, None),
        ("N", None, None),
    ],
)
def test_assist_person_is_a_warning_until_the_list_is_announced(
    status: str, assisted: bool | None, expected: str | None
):
    findings = found(good_card(), status=status, has_assist_person=assisted)
    assert findings == ({("R-91", expected, "assist_person")} if expected else set())


@pytest.mark.parametrize(("others", "doubted"), [(2, False), (3, True)])
def test_phone_of_more_than_three_households(others: int, doubted: bool):
    findings = found(good_card(), phone_households={"13903580001": others})
    assert findings == ({("F-01", "W", "phone")} if doubted else set())


def test_new_natural_village_is_doubted_only_where_the_list_is_known():
    assert found(good_card(), known_natural_villages=frozenset({"庙坪"})) == set()
    assert found(good_card(), known_natural_villages=frozenset({"阳坡"})) == {
        ("F-04", "W", "natural_village")
    }


def test_exited_household_names_its_year():
    assert found(good_card(), status="O") == {("R-20", "E", "exit_year")}
    assert found(replace(good_card(), exit_year=2013), status="O") == set()


def test_messages_never_show_a_number():
    for _, _, change in BROKEN:
        card = change(good_card())
        for finding in check_card(card, ctx=context()):
            for member in card.members:
                assert not member.id_no or len(member.id_no) < 6 or member.id_no not in finding.message
            assert not card.bank_account or card.bank_account not in finding.message


def test_repr_of_a_card_shows_no_number():
    text = repr(good_card())
    assert SON_NO not in text
    assert "13903580001" not in text


def test_masked_numbers_are_left_to_those_who_hold_them():
    masked = all_of(
        member_with(
            SON, id_no="149901************", member_no="141124101200000103", birth_date=date(2000, 1, 15)
        ),
        card_with(phone="*******0001", bank_account="************1111"),
    )
    assert found(masked(good_card())) == set()


def wages(*lines: IncomeLine, total: str = "6000") -> Change:
    return income_with(wage_income=Decimal(total), lines=lines)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (wages(IncomeLine("wage_income", Decimal(4000)), IncomeLine("wage_income", Decimal(2000))), set()),
        (wages(IncomeLine("wage_income", Decimal(4000))), {("R-43", "E", "income.wage_income")}),
        (
            wages(IncomeLine("wage_income", Decimal(6000), quantity=Decimal(5), unit_price=Decimal(1200))),
            set(),
        ),
        (
            wages(IncomeLine("wage_income", Decimal(6000), quantity=Decimal(5), unit_price=Decimal(1000))),
            {("R-43", "E", "income.lines[0].amount")},
        ),
        (wages(IncomeLine("net_income", Decimal(6000))), {("R-20", "E", "income.lines[0].kind")}),
        (
            wages(IncomeLine("wage_income", Decimal(6001)), IncomeLine("wage_income", Decimal(-1))),
            {("R-20", "E", "income.lines[1].amount")},
        ),
    ],
)
def test_income_lines(change: Change, expected: set[tuple[str, str, str]]):
    assert found(change(good_card())) == expected


def test_errors_come_first():
    card = all_of(card_with(address=None), income_with(business_expense=Decimal(0)))(good_card())
    assert [f.level for f in check_card(card, ctx=context())] == ["E", "W"]


def test_empty_card_is_refused_not_crashed():
    findings = check_card(Card(year=2013), ctx=context())
    assert {"R-18", "R-19", "R-20", "R-82"} <= {f.rule for f in findings}
