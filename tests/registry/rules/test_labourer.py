"""The labourer's card: a row a rule that breaks it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from registry.rules.card import MemberCard
from registry.rules.labourer import CertificateRow, LabourerCard, TrainingRow, check_labourer
from tests.registry.rules.cards import TODAY, YEAR, person

MAN = person("任大海", "1980-03-05", 11, "01", work_area="03", work_months=8)
TRAINING = TrainingRow(
    "县职业中学", "电焊", date(2013, 3, 1), date(2013, 4, 1), 120, is_thousand_villages=True
)
GOOD = LabourerCard(
    year=YEAR,
    member_no="141124101200000101",
    hukou="1",
    emp_status="2",
    employer="太原市第一建筑公司",
    job="瓦工",
    job_addr="太原市小店区",
    contract=True,
    contract_start=date(2013, 3, 1),
    contract_end=date(2016, 2, 29),
    wage=Decimal(2600),
    emp_months=8,
    longest_stay=8,
    work_area="03",
    train_will=True,
    plan="参加电焊培训",
    measure="2014年就业培训",
    trainings=(TRAINING,),
)


def found(card: LabourerCard, member: MemberCard = MAN) -> set[tuple[str, str, str]]:
    return {(f.rule, f.level, f.field) for f in check_labourer(card, member, today=TODAY)}


def test_good_card():
    assert found(GOOD) == set()


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("hukou", {"hukou": None}),
        ("emp_status", {"emp_status": "8"}),
        ("employer", {"employer": ""}),
        ("job", {"job": None}),
        ("job_addr", {"emp_status": "4", "job_addr": None}),
        ("unemp_reason", {"emp_status": "6"}),
        ("unemp_reason", {"emp_status": "7"}),
        ("emp_months", {"emp_months": 13}),
        ("emp_months", {"emp_months": None}),
        ("contract_end", {"contract_end": date(2013, 2, 28)}),
        ("train_will", {"train_will": None}),
        ("plan", {"plan": ""}),
        ("measure", {"measure": ""}),
        ("wage", {"wage": Decimal(-1)}),
        ("trainings[0].end", {"trainings": (replace(TRAINING, end=date(2013, 2, 1)),)}),
        ("trainings[0].institution", {"trainings": (replace(TRAINING, institution=None),)}),
        ("certificates[0].number", {"certificates": (CertificateRow("职业资格", "电焊工"),)}),
    ],
)
def test_refused(field: str, changes: dict[str, object]):
    assert ("R-20", "E", field) in found(replace(GOOD, **changes))  # type: ignore[arg-type]


def test_farmer_needs_no_employer():
    farmer = replace(GOOD, emp_status="1", employer=None, job=None, job_addr=None, contract=None, wage=None)
    assert found(farmer) == set()


def test_skilled_labourer_shows_a_certificate_or_says_why_not():
    skilled = replace(MAN, labor="02")
    certificate = CertificateRow("职业资格", "电焊工", "初级", "1304000000", date(2013, 5, 1))
    assert found(GOOD, skilled) == {("R-20", "E", "certificates")}
    assert found(replace(GOOD, certificates=(certificate,)), skilled) == set()
    assert found(replace(GOOD, certificate_note="祖传木工，未考证"), skilled) == set()


def test_member_who_is_no_labourer_gets_no_card():
    assert found(GOOD, replace(MAN, labor="03")) == {("R-20", "E", "member_no")}


@pytest.mark.parametrize(
    ("posted", "agrees"),
    [
        ({"stable_emp": True, "is_female": False, "is_away_youth": True}, True),
        ({"stable_emp": False}, False),
        ({"is_female": True}, False),
        ({"is_away_youth": False}, False),
    ],
)
def test_derived_values_must_agree(posted: dict[str, object], agrees: bool):
    findings = found(replace(GOOD, posted=posted))
    assert ({rule for rule, _, _ in findings} == {"R-43"}) is not agrees
