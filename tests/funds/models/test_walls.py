"""What the database refuses of documents, schemes and allotments, whatever the code above it says."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, transaction

from funds.codes.allotment import LineKind, Movement
from funds.models import AnnualBudget, Appropriation, CarveOut, FactorKind, FactorValue, Scheme, SchemeWeight
from funds.services.documents import approve as approved
from funds.services.line import account_of, move
from fupin.accounts.constraints import name_of
from fupin.accounts.permissions import Refused
from fupin.divisions.codes import PROVINCE_CODE
from fupin.ledgers.services import reverse
from tests.conftest import KELAN, LINXIAN
from tests.funds.money import Treasury, document, figures, scheme, treasury
from tests.registry.cases import act_as

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(db: None) -> Treasury:
    return treasury()


def refused(act: Callable[[], object]) -> str:
    """Return the name of the wall that an act runs into."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():  # noqa: PT012
        act()
        run("SET CONSTRAINTS ALL IMMEDIATE")  # what waits for the commit is called up at once
    return name_of(caught.value)


def run(sql: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values or None)


def approve(people: Treasury, one: Appropriation) -> None:
    act_as(people.second)
    approved(actor=people.second, document=one, on=date(2014, 6, 1))


def test_a_document_is_approved_by_a_second_person_and_then_stands(people: Treasury) -> None:
    one = document(people)
    act_as(people.drafter)
    own = "UPDATE funds_appropriation SET approved_by_id = %s, approved_on = '2014-06-01', entry_id = %s WHERE id = %s"
    assert refused(lambda: run(own, people.second.pk, None, one.pk)) == "funds_by_its_actor"
    assert refused(lambda: run(own, people.drafter.pk, None, one.pk)) == "appropriation_entered_in_the_books"
    entry = move(
        actor=people.drafter, movement=Movement.REGISTER, source=account_of(LineKind.SOURCE, one),
        target=account_of(LineKind.PROVINCE, one), amount=one.amount_yuan, on=one.received_on, key="x",
    )  # fmt: skip
    assert refused(lambda: run(own, people.drafter.pk, entry.pk, one.pk)) == "appropriation_by_two"
    reverse(actor=people.drafter, entry=entry, on=one.received_on, reason="重记", key="y")
    with pytest.raises(Refused):
        approved(actor=people.drafter, document=one, on=date(2014, 6, 1))
    approve(people, one)
    assert account_of(LineKind.PROVINCE, one).balance == one.amount_yuan
    assert (
        refused(lambda: run("UPDATE funds_appropriation SET amount_yuan = 1 WHERE id = %s", one.pk))
        == "appropriation_kept"
    )
    with pytest.raises(ProgrammingError), transaction.atomic():
        run("DELETE FROM funds_appropriation WHERE id = %s", one.pk)


def test_carve_outs_stay_within_their_document(people: Treasury) -> None:
    one = document(people)

    def carve(amount: str) -> CarveOut:
        return CarveOut.objects.create(
            division_id=PROVINCE_CODE, appropriation=one, task="片区攻坚", amount_yuan=Decimal(amount),
            document_no="晋扶领〔2014〕3号", answerable="王处", entered_by=people.drafter,
        )  # fmt: skip

    carve("60000000")
    assert refused(lambda: carve("30000000.01")) == "carveout_within_its_document"
    assert (
        refused(lambda: run("UPDATE funds_appropriation SET amount_yuan = 1 WHERE id = %s", one.pk))
        == "appropriation_holds_its_carve_outs"
    )


def test_a_scheme_goes_step_by_step_complete_and_frozen(people: Treasury) -> None:
    one = document(people)
    approve(people, one)
    figures(people, left_out=(KELAN, "FISCAL_PER_HEAD"))
    drafted = scheme(people, one)
    to = "UPDATE funds_scheme SET status = %s WHERE id = %s"
    assert refused(lambda: run(to, "APPROVED", drafted.pk)) == "scheme_step_by_step"
    assert refused(lambda: run(to, "SUBMITTED", drafted.pk)) == "scheme_complete"
    FactorValue.objects.create(
        division_id=KELAN, year=2013, kind=FactorKind.objects.get(code="FISCAL_PER_HEAD"), value=1500,
        data_on=date(2013, 12, 31), source="省财政厅", entered_by=people.drafter,
    )  # fmt: skip
    weight = SchemeWeight.objects.filter(scheme=drafted, kind__code="PERFORMANCE")
    weight.update(weight=Decimal("0.3"))
    assert refused(lambda: run(to, "SUBMITTED", drafted.pk)) == "scheme_weights_add_up"
    assert refused(lambda: weight.update(document_no="")) == "schemeweight_by_a_document"
    weight.update(weight=Decimal("0.2"))
    run(to, "SUBMITTED", drafted.pk)
    assert refused(lambda: weight.update(weight=Decimal("0.1"))) == "scheme_frozen"
    act_as(people.second)
    approval = (
        "UPDATE funds_scheme SET status = 'APPROVED', approved_by_id = %s, approved_at = now() WHERE id = %s"
    )
    assert refused(lambda: run(approval, people.second.pk, drafted.pk)) == "scheme_adds_up"
    share = (
        "INSERT INTO funds_schemeshare (division, scheme_id, appropriation_id, amount_yuan, bonus_yuan, score, factors)"
        " VALUES (%s, %s, %s, %s, 0, 0.5, '[]')"
    )
    assert refused(lambda: run(share, LINXIAN, drafted.pk, one.pk, 90_000_000)) == "schemeshare_at_approval"
    for county, amount in ((KELAN, 40_000_000), (LINXIAN, 50_000_000)):
        run(share, county, drafted.pk, one.pk, amount)
    assert refused(lambda: run(approval, people.second.pk, drafted.pk)) == "scheme_adds_up"
    run(share, 141126000000, drafted.pk, one.pk, 0)
    run(approval, people.second.pk, drafted.pk)
    assert (
        refused(lambda: run("UPDATE funds_scheme SET name = 'B' WHERE id = %s", drafted.pk))
        == "scheme_frozen"
    )


def test_only_the_province_writes_documents_and_a_county_reads_approved_ones(people: Treasury) -> None:
    one = document(people)
    act_as(people.county)
    assert not Appropriation.objects.exists()
    approve(people, one)
    act_as(people.county)
    assert Appropriation.objects.count() == 1
    assert not Appropriation.objects.visible_to(people.county).exists()
    assert not Scheme.objects.exists()
    with pytest.raises(DatabaseError), transaction.atomic():
        Appropriation.objects.create(
            division_id=PROVINCE_CODE, number="假〔2014〕1号", level="CENTRAL", kind="OTHER", fiscal_year=2014,
            issued_on=date(2014, 5, 9), received_on=date(2014, 5, 9), amount_yuan=1, entered_by=people.county,
        )  # fmt: skip


def test_money_is_issued_to_counties_out_of_approved_documents_only(people: Treasury) -> None:
    one = document(people)
    issue = (
        "INSERT INTO funds_allotment (issue_entry_id, division, appropriation_id, source, amount_yuan, document_no, via_city, tasks,"
        " answerable, issued_on, issued_by_id) VALUES (1, %s, %s, 'PROVINCE_PROJECT', 1, '晋财农〔2014〕1号', %s, '任务', '人',"
        " '2014-06-01', %s)"
    )
    act_as(people.drafter)
    own = (LINXIAN, one.pk, True, people.drafter.pk)
    assert refused(lambda: run(issue, *own)) == "allotment_of_an_approved_document"
    approve(people, one)
    act_as(people.drafter)
    assert refused(lambda: run(issue, *own)) == "allotment_without_approval"
    assert refused(lambda: run(issue, LINXIAN, one.pk, False, people.drafter.pk)) == "allotment_by_its_way"
    assert (
        refused(lambda: run(issue, PROVINCE_CODE, one.pk, True, people.drafter.pk)) == "allotment_to_a_county"
    )


def test_budgets_stand_at_their_level(people: Treasury) -> None:
    act_as(people.drafter)
    wrong = {
        "year": 2014,
        "kind": "COUNTY",
        "amount_yuan": 1,
        "document_no": "x",
        "entered_by": people.drafter,
    }
    assert (
        refused(lambda: AnnualBudget.objects.create(division_id=PROVINCE_CODE, **wrong))
        == "annualbudget_of_its_level"
    )
    AnnualBudget.objects.create(division_id=LINXIAN, **wrong)
