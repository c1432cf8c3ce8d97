"""From a document to the county's account: registered, shared out, settled by a second person, issued, passed on, received."""

import json
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from funds.codes.allotment import LineKind, SchemeStatus
from funds.errors import MoneyRefused, NotComplete
from funds.models import Allotment, Appropriation, Scheme, SchemeShare
from funds.reports.scheme import reckon
from funds.services import documents
from funds.services.allotments import issue_scheme, issue_task, pass_on, receive
from funds.services.line import account_of
from funds.services.schemes import change, copy, grade, send_back, settle, submit
from fupin.accounts.permissions import Refused
from tests.conftest import KELAN, LINXIAN
from tests.funds.money import SHILOU, Treasury, document, figures, scheme, treasury
from tests.registry.cases import act_as

pytestmark = pytest.mark.django_db

EXAMPLE = {KELAN: Decimal("39209900.00"), LINXIAN: Decimal("29816000.00"), SHILOU: Decimal("20974100.00")}
"""F-01: 3920.99 / 2981.60 / 2097.41 万元."""


@pytest.fixture
def people(db: None) -> Treasury:
    return treasury()


def approved(people: Treasury, number: str = "财农〔2014〕41号", **values: object) -> Appropriation:
    one = document(people, number, **values)
    act_as(people.second)
    return documents.approve(actor=people.second, document=one, on=date(2014, 5, 13))


def settled(people: Treasury, of: Appropriation) -> Scheme:
    figures(people)
    drafted = scheme(people, of)
    submit(actor=people.drafter, scheme=drafted)
    act_as(people.second)
    return settle(actor=people.second, scheme=drafted)


def issued(people: Treasury) -> dict[int, Allotment]:
    one = settled(people, approved(people))
    act_as(people.finance)
    rows = issue_scheme(
        actor=people.finance, scheme=one, document_no="晋财农〔2014〕60号", on=date(2014, 6, 10),
        tasks="整村推进 12 个村", answerable=dict.fromkeys(EXAMPLE, "县长"),
    )  # fmt: skip
    return {row.division_id: row for row in rows}


def test_the_worked_example_is_settled_issued_passed_on_and_received(people: Treasury) -> None:
    rows = issued(people)
    assert {code: row.amount_yuan for code, row in rows.items()} == EXAMPLE
    one = rows[LINXIAN]
    of = one.appropriation
    assert account_of(LineKind.PROVINCE, of).balance == 0
    assert account_of(LineKind.CITY, of, LINXIAN).balance == EXAMPLE[LINXIAN]
    act_as(people.city_finance)
    pass_on(actor=people.city_finance, allotment=one, on=date(2014, 6, 20))
    act_as(people.county_finance)
    receive(actor=people.county_finance, allotment=one, on=date(2014, 6, 25))
    assert account_of(LineKind.COUNTY, of, LINXIAN).balance == EXAMPLE[LINXIAN]
    with pytest.raises(MoneyRefused, match="已到账"):
        receive(actor=people.county_finance, allotment=one, on=date(2014, 6, 25))


def test_what_is_frozen_explains_each_amount_to_the_fen(people: Treasury) -> None:
    settled(people, approved(people))
    for share in SchemeShare.objects.order_by("division_id"):
        assert sum(Decimal(one["brought_yuan"]) for one in share.factors) == share.amount_yuan
        assert {one["source"] for one in share.factors} == {"省统计局"}
        assert {one["data_on"] for one in share.factors} == {"2013-12-31"}
    assert SchemeShare.objects.get(division=KELAN).poor_population == 42_000


def test_a_county_without_a_figure_keeps_the_run_from_submission_and_is_named(people: Treasury) -> None:
    one = approved(people)
    figures(people, left_out=(KELAN, "FISCAL_PER_HEAD"))
    drafted = scheme(people, one)
    with pytest.raises(NotComplete) as caught:
        submit(actor=people.drafter, scheme=drafted)
    assert set(caught.value.missing) == {KELAN}
    found = reckon(drafted)
    assert not found.complete
    assert found.missing[KELAN] == ("缺人均地方财力",)


def test_a_scheme_is_settled_by_another_and_may_be_given_back(people: Treasury) -> None:
    one = approved(people)
    figures(people)
    drafted = scheme(people, one)
    submit(actor=people.drafter, scheme=drafted)
    with pytest.raises(Refused, match="自己录入的须由另一人办理"):
        settle(actor=people.drafter, scheme=drafted)
    act_as(people.second)
    with pytest.raises(MoneyRefused):
        send_back(actor=people.second, scheme=drafted, opinion=" ")
    send_back(actor=people.second, scheme=drafted, opinion="权重与上年不同，请附文件")
    act_as(people.drafter)
    change(
        actor=people.drafter, scheme=drafted, weights={"POOR_POPULATION": Decimal("0.6"), "NET_INCOME": Decimal("0.1")},
        weights_document="晋扶领〔2014〕15号",
    )  # fmt: skip
    submit(actor=people.drafter, scheme=drafted)
    act_as(people.second)
    assert settle(actor=people.second, scheme=drafted).status == SchemeStatus.APPROVED


def test_two_schemes_stand_side_by_side_and_one_is_settled(people: Treasury) -> None:
    one = approved(people)
    figures(people)
    a = scheme(people, one)
    b = copy(actor=people.drafter, scheme=a, name="B")
    change(
        actor=people.drafter, scheme=b, weights={"POOR_POPULATION": Decimal("0.6"), "NET_INCOME": Decimal("0.1")},
        weights_document="晋扶领〔2014〕12号",
    )  # fmt: skip
    first, other = reckon(a).run, reckon(b).run
    assert first is not None
    assert other is not None
    assert first.amounts() == EXAMPLE
    assert other.amounts() != EXAMPLE
    assert sum(other.amounts().values()) == Decimal("90000000.00")
    for each in (a, b):
        submit(actor=people.drafter, scheme=each)
    act_as(people.second)
    settle(actor=people.second, scheme=a)
    with pytest.raises(MoneyRefused, match="已有定案"):
        settle(actor=people.second, scheme=b)


def test_carve_outs_and_bonus_come_before_the_pool(people: Treasury) -> None:
    one = approved(people, amount_yuan=Decimal("120000000.00"))
    figures(people)
    act_as(people.drafter)
    task = documents.carve_out(
        actor=people.drafter, document=one, task="片区攻坚", amount_yuan=Decimal("21000000.00"),
        document_no="晋扶领〔2014〕3号", answerable="王处",
    )  # fmt: skip
    drafted = scheme(people, one, bonus_yuan=Decimal("9000000.00"))
    for county, graded in ((KELAN, "B"), (LINXIAN, "A"), (SHILOU, "C")):
        grade(
            actor=people.drafter, scheme=drafted, county=county, grade=graded, is_barred=False,
            grade_document="晋扶考〔2014〕1号",
        )  # fmt: skip
    found = reckon(drafted)
    assert found.run is not None
    assert found.run.amounts() == EXAMPLE
    assert found.bonus == {
        KELAN: Decimal("3375000.00"),
        LINXIAN: Decimal("5625000.00"),
        SHILOU: Decimal("0.00"),
    }
    submit(actor=people.drafter, scheme=drafted)
    act_as(people.second)
    settle(actor=people.second, scheme=drafted)
    act_as(people.finance)
    given = {
        "actor": people.finance, "task": task, "county": LINXIAN, "document_no": "晋财农〔2014〕61号",
        "on": date(2014, 6, 10), "tasks": "片区道路", "answerable": "县长",
    }  # fmt: skip
    issue_task(amount_yuan=Decimal("20000000.00"), key="t1", **given)  # type: ignore[arg-type]
    with pytest.raises(MoneyRefused, match="不能超过该项重大任务"):
        issue_task(amount_yuan=Decimal("1000000.01"), key="t2", **given)  # type: ignore[arg-type]


def test_a_county_that_the_province_administers_skips_the_city(people: Treasury) -> None:
    act_as(people.drafter)
    documents.put_on_list(
        actor=people.drafter, division=LINXIAN, listed_as="PROVINCE_DIRECT", since=date(2014, 1, 1),
        document_no="晋政发〔2014〕1号",
    )  # fmt: skip
    rows = issued(people)
    one = rows[LINXIAN]
    assert not one.via_city
    act_as(people.city_finance)
    with pytest.raises(MoneyRefused, match="不经市级"):
        pass_on(actor=people.city_finance, allotment=one, on=date(2014, 6, 20))
    act_as(people.county_finance)
    receive(actor=people.county_finance, allotment=one, on=date(2014, 6, 12))
    assert rows[KELAN].via_city


def test_each_level_enters_its_own_day_and_none_before_the_one_above(people: Treasury) -> None:
    one = issued(people)[LINXIAN]
    act_as(people.county_finance)
    with pytest.raises(Refused):
        pass_on(actor=people.county_finance, allotment=one, on=date(2014, 6, 20))
    with pytest.raises(MoneyRefused, match="市级还没有转下"):
        receive(actor=people.county_finance, allotment=one, on=date(2014, 6, 20))
    act_as(people.city_finance)
    with pytest.raises(MoneyRefused):
        pass_on(actor=people.city_finance, allotment=one, on=date(2014, 6, 9))
    pass_on(actor=people.city_finance, allotment=one, on=date(2014, 6, 20))
    with pytest.raises(Refused, match="县财政局"):
        receive(actor=people.finance, allotment=one, on=date(2014, 6, 21))


def test_bad_documents_are_refused_at_their_field(people: Treasury) -> None:
    act_as(people.drafter)
    good = {
        "number": "财农〔2014〕9号", "level": "CENTRAL", "kind": "DEVELOPMENT", "fiscal_year": 2014,
        "issued_on": date(2014, 5, 9), "received_on": date(2014, 5, 12), "purpose": "扶贫", "amount_yuan": Decimal("1.00"),
    }  # fmt: skip
    for field, wrong in (
        ("amount_yuan", Decimal("-1.00")),
        ("amount_yuan", Decimal("1000000000000000.00")),
        ("received_on", date(2014, 5, 8)),
    ):
        with pytest.raises(MoneyRefused) as caught:
            documents.register(actor=people.drafter, **(good | {field: wrong}))
        assert set(caught.value.fields) == {field}
    documents.register(actor=people.drafter, **good)
    with pytest.raises(MoneyRefused) as caught:
        documents.register(actor=people.drafter, **good)
    assert caught.value.fields == {"number": "此文号已登记"}
    assert documents.register(
        actor=people.drafter, **(good | {"number": "财农〔2013〕9号", "issued_on": date(2013, 11, 1), "received_on": date(2013, 11, 5)}),
    ).is_advance  # fmt: skip


def test_the_command_reckons_names_what_is_missing_and_settles(people: Treasury) -> None:
    one = approved(people)
    figures(people, left_out=(KELAN, "FISCAL_PER_HEAD"))
    drafted = scheme(people, one)
    said = StringIO()
    with pytest.raises(CommandError, match=str(KELAN)):
        call_command("allot", document=one.number, scheme="A", json=True, stdout=said)
    assert json.loads(said.getvalue()) == {"missing": [str(KELAN)]}
    figures(people)
    said = StringIO()
    call_command("allot", document=one.number, scheme="A", json=True, stdout=said)
    found = json.loads(said.getvalue())
    assert found["pool"] == "90000000.00"
    assert {int(row["code"]): Decimal(row["amount_yuan"]) for row in found["counties"]} == EXAMPLE
    assert found["counties"][0]["factors"]["POOR_POPULATION"]["share"] == "0.466667"
    act_as(people.drafter)
    assert Scheme.objects.get(pk=drafted.pk).status == SchemeStatus.DRAFT
