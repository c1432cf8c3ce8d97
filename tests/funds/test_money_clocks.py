"""Clocks of money: by when it has to be out and placed, and what stops them; and the demonstration's money."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from funds.models import Allotment, Appropriation, FactorValue, Scheme, SchemeShare
from funds.reports.scheme import reckon
from funds.seeding.demo import FIRST, LACKS, SECOND, play_money
from funds.services import documents
from funds.services.allotments import issue_project
from fupin.deadlines.kinds import KINDS
from fupin.deadlines.services.columns import selection
from tests.funds.money import Treasury, document, treasury
from tests.registry.cases import act_as

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(db: None) -> Treasury:
    return treasury()


def clocks(kind: str, today: date) -> list[dict[str, Any]]:
    """Return what the worker would write, by the very statement that it runs."""
    query, parameters = selection(KINDS[f"funds.{kind}"], today)
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


@pytest.mark.parametrize(
    ("issued", "year", "due"),
    [
        (date(2014, 5, 9), 2014, date(2014, 7, 9)),
        (date(2014, 7, 31), 2014, date(2014, 9, 30)),
        (date(2014, 12, 31), 2014, date(2015, 2, 28)),
        (date(2015, 12, 31), 2015, date(2016, 2, 29)),
        (date(2014, 11, 20), 2015, date(2015, 3, 31)),
    ],
)
def test_a_document_is_due_as_the_article_says(people: Treasury, issued: date, year: int, due: date) -> None:
    one = document(
        people, issued_on=issued, received_on=issued, fiscal_year=year, is_advance=issued.year < year
    )
    assert clocks("issue", issued) == []
    act_as(people.second)
    documents.approve(actor=people.second, document=one, on=issued)
    (clock,) = clocks("issue", issued)
    assert (clock["starts_on"], clock["due_on"], clock["done_on"]) == (issued, due, None)


def test_the_few_that_the_province_approves_have_no_clock(people: Treasury) -> None:
    one = document(people, needs_prov_approval=True, approval_reason="跨县项目", amount_yuan=Decimal("10.00"))
    act_as(people.second)
    documents.approve(actor=people.second, document=one, on=date(2014, 5, 13))
    act_as(people.finance)
    issue_project(
        actor=people.finance, document=one, county=LACKS, amount_yuan=Decimal("10.00"), document_no="1号",
        on=date(2014, 6, 1), tasks="路", answerable="县长", key="k",
    )  # fmt: skip
    assert clocks("issue", date(2014, 6, 2)) == []


def test_the_demonstration_is_made_once_and_shows_each_state() -> None:
    issued = play_money()
    assert issued == 36
    assert play_money() == 0
    act_as(treasury().drafter)
    first, second = Appropriation.objects.get(number=FIRST), Appropriation.objects.get(number=SECOND)
    assert sum(row.amount_yuan for row in Allotment.objects.filter(appropriation=first)) == first.amount_yuan
    assert SchemeShare.objects.filter(appropriation=first).count() == 36
    assert set(FactorValue.objects.values_list("source", flat=True)) == {"示意数据"}
    tried = Scheme.objects.filter(appropriation=second).order_by("name")
    assert [one.name for one in tried] == ["A", "B"]
    assert set(reckon(tried[0]).missing) == {LACKS}
    done = {one["due_on"]: one["done_on"] for one in clocks("issue", date(2015, 1, 1))}
    assert done == {date(2014, 7, 9): date(2014, 6, 20), date(2015, 3, 31): None}
    placing = clocks("place", date(2014, 7, 1))
    assert {one["division"] for one in placing} == {141124000000, 140929000000}
    assert {(one["starts_on"], one["due_on"], one["done_on"]) for one in placing} == {
        (date(2014, 6, 30), date(2014, 7, 30), None)
    }
