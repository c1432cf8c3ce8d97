"""Gifts: the worked example of F-08 on its books, nothing diverted, each on a project or household; and what everybody may know of them."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test import Client
from django.urls import reverse

from funds.errors import MoneyRefused
from funds.models import Donation, DonationSpending
from funds.reports.donations import gifts, left_by_purpose, whereabouts
from funds.services.donations import receive_gift, spend_gifts
from fupin.accounts.constraints import name_of
from fupin.accounts.models import User
from fupin.accounts.permissions import Refused
from fupin.ledgers.models import Account
from tests.conftest import LINXIAN
from tests.funds.money import Treasury, treasury
from tests.registry.cases import act_as
from tests.registry.helping import registered

pytestmark = pytest.mark.django_db

DAY = date(2014, 10, 17)
SCHOOL = "助学"


@pytest.fixture
def people(db: None) -> Treasury:
    return treasury()


def gift(people: Treasury, receipt_no: str, amount: str, purpose: str = "", **more: Any) -> Donation:
    act_as(people.county)
    given = {"received_on": DAY, "donor": "某公司"} | more
    return receive_gift(
        actor=people.county,
        division=LINXIAN,
        receipt_no=receipt_no,
        amount_yuan=Decimal(amount),
        purpose=purpose,
        **given,
    )


def household(people: Treasury) -> Any:
    act_as(people.county)
    return registered(people.county)


def spend(people: Treasury, amount: str, purpose: str, given: str, **more: Any) -> DonationSpending:
    act_as(people.county_finance)
    asked = {"on": date(2014, 11, 1), "document_no": "支1号", "key": f"{purpose}{given}{amount}"} | more
    return spend_gifts(
        actor=people.county_finance,
        division=LINXIAN,
        amount_yuan=Decimal(amount),
        purpose=purpose,
        given_purpose=given,
        **asked,
    )


def fields(act: Callable[[], object]) -> dict[str, str]:
    with pytest.raises(MoneyRefused) as refusal:
        act()
    return refusal.value.fields


def test_the_worked_example(people: Treasury) -> None:
    """120 万 received, 30 for a purpose; 28 and 75 spent: 2 and 15 are left, and the 2 serve nothing else."""
    gift(people, "捐1", "300000", SCHOOL)
    gift(people, "捐2", "500000")
    gift(people, "捐3", "400000")
    house = household(people)
    spend(people, "280000", SCHOOL, SCHOOL, household=house)
    wide = spend(people, "750000", "修路", "", household=house)
    assert [(draw.donation.receipt_no, draw.amount_yuan) for draw in wide.draws.order_by("pk")] == [
        ("捐2", 500_000),
        ("捐3", 250_000),
    ]
    assert left_by_purpose(gifts(people.county_finance)) == [("", 150_000), (SCHOOL, 20_000)]
    assert left_by_purpose(gifts(people.county_finance, on=date(2014, 10, 31))) == [
        ("", 900_000),
        (SCHOOL, 300_000),
    ]
    assert sum(one.balance for one in Account.objects.filter(book="DONATION")) == 0
    assert fields(lambda: spend(people, "20000", "修路", SCHOOL, household=house)) == {
        "purpose": "定向捐款只能用于“助学”，不得改用"
    }


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"amount": "100000.01"}, "amount_yuan"),
        ({"amount": "-1"}, "amount_yuan"),
        ({"purpose": " "}, "purpose"),
        ({"document_no": ""}, "document_no"),
        ({"household": None}, "project"),
        ({"on": date(2014, 10, 16)}, "on"),
    ],
)
def test_a_spending_is_refused_at_its_field(people: Treasury, changed: dict[str, Any], field: str) -> None:
    gift(people, "捐1", "100000")
    asked = {"amount": "100", "purpose": "修路", "given": "", "household": household(people)} | changed
    assert list(fields(lambda: spend(people, **asked))) == [field]
    assert DonationSpending.objects.count() == 0


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"amount": "0"}, "amount_yuan"),
        ({"receipt_no": " "}, "receipt_no"),
        ({"receipt_no": "捐0"}, "receipt_no"),
        ({"donor": ""}, "donor"),
        ({"is_in_kind": True}, "thing"),
        ({"received_on": date(2999, 1, 1)}, ""),
    ],
)
def test_a_gift_is_refused_at_its_field(people: Treasury, changed: dict[str, Any], field: str) -> None:
    gift(people, "捐0", "1")
    assert list(fields(lambda: gift(people, **({"receipt_no": "捐1", "amount": "5"} | changed)))) == [field]
    assert Donation.objects.count() == 1


def test_who_receives_does_not_spend(people: Treasury) -> None:
    gift(people, "捐1", "5")
    act_as(people.county)
    with pytest.raises(Refused):
        spend_gifts(
            actor=people.county, division=LINXIAN, amount_yuan=Decimal(1), purpose="x", given_purpose="",
            on=DAY, document_no="x", key="1",
        )  # fmt: skip


def wall(sql: str, *values: object) -> str:
    with pytest.raises(IntegrityError) as caught, transaction.atomic(), connection.cursor() as cursor:  # noqa: PT012
        cursor.execute(sql, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return name_of(caught.value)


def test_the_database_diverts_nothing(people: Treasury) -> None:
    directed = gift(people, "捐1", "1000", SCHOOL)
    gift(people, "捐2", "1000")
    one = spend(people, "100", "修路", "", household=household(people))
    draw = "INSERT INTO funds_donationdraw (division, spending_id, donation_id, amount_yuan) VALUES (%s, %s, %s, %s)"
    assert wall(draw, LINXIAN, one.pk, directed.pk, "1") == "donation_never_diverted"
    spending = (
        'INSERT INTO funds_donationspending (division, "on", purpose, amount_yuan, project_id, household_id, document_no,'
        " entered_by_id, entered_at, entry_id) VALUES (%s, %s, 'x', 5, NULL, %s, 'x', %s, now(), %s)"
    )
    values = (LINXIAN, "2014-11-01", one.household_id, people.county_finance.pk, directed.entry_id)
    assert wall(spending, *values) == "donationspending_adds_up"
    assert wall(spending, *values[:2], None, *values[3:]) == "donationspending_on_something"
    assert wall(spending, *values[:3], people.county.pk, values[4]) == "funds_by_its_actor"
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE funds_donation SET purpose = '' WHERE id = %s", [directed.pk])


def test_a_gift_is_what_the_books_say(people: Treasury) -> None:
    one = gift(people, "捐1", "1000")
    act_as(people.county)
    again = (
        "INSERT INTO funds_donation (division, receipt_no, received_on, is_anonymous, donor, amount_yuan, is_in_kind, thing, purpose,"
        " entered_by_id, entered_at, account_id, entry_id) VALUES (%s, '捐9', '2014-10-17', true, '', %s, false, '', '', %s, now(), %s, %s)"
    )
    assert (
        wall(again, LINXIAN, "2000", people.county.pk, one.account_id, one.entry_id)
        == "donation_entered_in_the_books"
    )


# Pages --------------------------------------------------------------------------------------------------------------------------------


def test_everybody_follows_his_gift_by_its_receipt(people: Treasury, client: Client) -> None:
    gift(people, "捐1", "1000", donor="王某某")
    house = household(people)
    spend(people, "400", "养羊", "", household=house)
    head = house.years.get().head_name
    found = whereabouts("捐1")
    assert found is not None
    assert (found.amount, found.left, len(found.spent)) == (1000, 600, 1)
    page = client.get(reverse("public_donation"), {"receipt": "捐1"}).content.decode()
    for said in ("1,000.00", "600.00", "养羊", "贫困户一户", "2014 年 4 季度"):
        assert said in page
    assert "王某某" not in page
    assert house.household_no not in page
    assert head not in page
    missing = client.get(reverse("public_donation"), {"receipt": "捐9"}).content.decode()
    assert "没有票据号为 捐9 的捐赠" in missing
    assert "捐1" not in client.get(reverse("public_donation")).content.decode()


def test_from_the_receipt_to_the_household(people: Treasury, client_for: Callable[[User], Client]) -> None:
    house = household(people)
    clerk, finance = client_for(people.county), client_for(people.county_finance)
    given = {
        "receipt_no": "捐1", "received_on": "2014-10-17", "is_anonymous": "0", "donor": "某公司", "amount_yuan": "1,000",
        "is_in_kind": "1", "thing": "面粉 20 袋", "purpose": SCHOOL,
    }  # fmt: skip
    assert clerk.post(reverse("donation_new"), given).status_code == 302
    twice = clerk.post(reverse("donation_new"), given)
    assert (twice.status_code, "此票据号已登记" in twice.content.decode()) == (422, True)
    form = finance.get(reverse("donation_spend"))
    assert "定向：助学（余 1,000.00 元）" in form.content.decode()
    asked = {
        "key": form.context["form"]["key"].value(), "given_purpose": SCHOOL, "purpose": SCHOOL, "amount_yuan": "400",
        "on": "2014-11-01", "household": house.household_no, "document_no": "支1号",
    }  # fmt: skip
    diverted = finance.post(reverse("donation_spend"), asked | {"purpose": "修路"})
    assert (diverted.status_code, "不得改用" in diverted.content.decode()) == (422, True)
    assert (
        "没有这个项目" in finance.post(reverse("donation_spend"), asked | {"project": "X"}).content.decode()
    )
    assert finance.post(reverse("donation_spend"), asked).status_code == 302
    act_as(people.county)
    one = Donation.objects.get()
    listed = clerk.get(reverse("donation_list")).content.decode()
    assert "助学 600.00 元" in listed
    assert "400.00" in finance.get(f"{reverse('donation_list')}?list=spendings").content.decode()
    assert house.household_no in clerk.get(reverse("donation", args=[one.pk])).content.decode()
    card = clerk.get(reverse("household_card", args=[house.household_no, 2014])).content.decode()
    assert "社会捐赠" in card
