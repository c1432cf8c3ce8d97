"""A village fund as it is kept in the browser: from its registration to the first repayment, and what its forms refuse."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from funds.models import FundLoan, FundMember, FundReceipt, VillageFund
from funds.resources.village_funds import village_funds
from fupin.accounts.models import User
from fupin.ledgers.models import Entry
from fupin.sheets.kinds import NotAsked, Request
from registry.codes import HouseholdStatus
from tests.registry.factories import OTHER_VILLAGE, VILLAGE, saved
from tests.registry.standing import put

pytestmark = pytest.mark.django_db

Send = Callable[[User, str, dict[str, Any]], Any]


@pytest.fixture
def send(client_for: Callable[[User], Client]) -> Send:
    """Fill in a form as it is served and send it."""

    def fill(user: User, url: str, said: dict[str, Any]) -> Any:
        browser = client_for(user)
        key = re.search(r'name="key"[^>]*value="([^"]+)"', browser.get(url).content.decode())
        return browser.post(url, said | ({"key": key[1]} if key else {}))

    return fill


@pytest.fixture
def fund(tong: User, ai: User, chen: User, send: Send, in_scope: Callable[[User], Any]) -> VillageFund:
    """A fund registered and filled through its pages: 1,000 of the state's and three members with 200 each."""
    said = {
        "village": str(VILLAGE),
        "name": "前庄村互助社",
        "registration_no": "晋社证字第0101号",
        "registered_on": "2014-01-06",
        "annual_rate": "6",
    }
    assert send(tong, reverse("village_fund_new"), said).status_code == 302
    with in_scope(tong):
        fund = VillageFund.objects.get()
    receipt = {"kind": "GOVERNMENT", "giver": "县扶贫办", "amount_yuan": "10,000", "document_no": "3号"}
    send(ai, reverse("village_fund_receive", args=[fund.pk]), receipt | {"on": "2014-01-06"})
    for name in ("王大山", "李二柱", "赵三娃"):
        joins = {"head_name": name, "share_yuan": "200", "on": "2014-01-07"}
        assert send(ai, reverse("village_fund_join", args=[fund.pk]), joins).status_code == 302
    return fund


ASKED = {
    "household": "1",
    "amount_yuan": "5000",
    "months": "9",
    "purpose": "BREEDING",
    "purpose_note": "买羊",
    "guarantors": "2、3",
    "on": "2014-02-10",
}


def test_a_loan_from_asking_to_the_last_yuan(
    fund: VillageFund, ai: User, chen: User, send: Send, client_for: Callable[[User], Client],
    in_scope: Callable[[User], Any],
) -> None:  # fmt: skip
    asked = send(ai, reverse("village_loan_ask", args=[fund.pk]), ASKED)
    url = asked["Location"]
    assert "待审批" in client_for(ai).get(url).content.decode()
    with in_scope(chen):
        loan = FundLoan.objects.get()
    assert send(chen, reverse("village_loan_lend", args=[loan.pk]), {"on": "2014-02-11"}).status_code == 302
    back = {"principal_yuan": "2000", "fee_yuan": "100.5", "on": "2014-04-01"}
    assert send(ai, reverse("village_loan_repay", args=[loan.pk]), back).status_code == 302
    page = client_for(chen).get(url).content.decode()
    assert "3,000.00 元" in page
    assert "共 225.00 元，还应收 124.50 元" in page
    assert "2014-11-11" in page
    page = client_for(chen).get(reverse("village_fund", args=[fund.pk]) + "?on=2014-04-01").content.decode()
    for figure in ("10,000.00", "600.00", "100.50", "10,700.50", "7,700.50", "3,000.00", "28.04"):
        assert figure in page, figure
    earlier = (
        client_for(chen).get(reverse("village_fund", args=[fund.pk]) + "?on=2014-02-10").content.decode()
    )
    assert "10,600.00" in earlier
    assert "5,600.00" not in earlier
    listed = client_for(chen).get(reverse("village_fund_list") + "?on=2014-04-01").content.decode()
    assert "前庄村互助社" in listed
    assert "7,700.50" in listed


def test_the_same_form_sent_twice_enters_once(
    fund: VillageFund, ai: User, client_for: Callable[[User], Client], in_scope: Callable[[User], Any]
) -> None:
    browser, url = client_for(ai), reverse("village_fund_receive", args=[fund.pk])
    key = re.search(r'name="key"[^>]*value="([^"]+)"', browser.get(url).content.decode())
    assert key
    said = {
        "kind": "DONATION",
        "giver": "甲",
        "amount_yuan": "5",
        "document_no": "1",
        "on": "2014-01-08",
        "key": key[1],
    }
    assert [browser.post(url, said).status_code for _ in range(3)] == [302, 302, 302]
    assert browser.post(url, said | {"amount_yuan": "6"}).status_code == 422
    with in_scope(ai):
        assert FundReceipt.objects.filter(kind="DONATION").count() == 1


@pytest.mark.parametrize(
    ("name", "said", "words"),
    [
        ("village_loan_ask", {"household": "9"}, "不是社员，互助资金只借给社员"),
        ("village_loan_ask", {"household": f"{OTHER_VILLAGE}0001"}, "不得跨村借款"),
        ("village_loan_ask", {"amount_yuan": "5000.01"}, "首次借款最高 5,000.00 元"),
        ("village_loan_ask", {"amount_yuan": "-5"}, ""),
        ("village_loan_ask", {"amount_yuan": "1" * 30}, ""),
        ("village_loan_ask", {"months": "13"}, "期限 1–12 个月"),
        ("village_loan_ask", {"purpose": "CONSUMPTION"}, "只借给发展生产"),
        ("village_loan_ask", {"guarantors": "甲"}, "写社员号"),
        ("village_loan_ask", {"on": "2014-13-01"}, ""),
        ("village_fund_receive", {"kind": "DEPOSIT"}, ""),
        ("village_fund_receive", {"on": "2013-12-31"}, "2014-01-06 开户"),
        ("village_fund_join", {"share_yuan": "501"}, "入社 100–500 元"),
        ("village_fund_join", {"household": f"{OTHER_VILLAGE}0001"}, "互助资金不得跨村"),
        ("village_fund_join", {"state_paid": "on"}, "财政只为在册贫困户代缴"),
    ],
)
def test_what_is_refused_is_said_and_nothing_written(
    fund: VillageFund, ai: User, send: Send, in_scope: Callable[[User], Any], name: str, said: dict[str, str], words: str
) -> None:  # fmt: skip
    proper = {
        "village_loan_ask": ASKED,
        "village_fund_receive": {"kind": "DONATION", "giver": "甲", "amount_yuan": "5", "document_no": "1", "on": "2014-01-08"},
        "village_fund_join": {"head_name": "孙四", "share_yuan": "200", "on": "2014-01-08"},
    }[name]  # fmt: skip
    answer = send(ai, reverse(name, args=[fund.pk]), proper | said)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    with in_scope(ai):
        assert (FundLoan.objects.count(), FundMember.objects.count(), Entry.objects.count()) == (0, 3, 4)


def test_a_wrong_receipt_is_reversed_by_another(
    fund: VillageFund, tong: User, chen: User, send: Send, client_for: Callable[[User], Client],
    in_scope: Callable[[User], Any],
) -> None:  # fmt: skip
    said = {"kind": "DONATION", "giver": "甲", "amount_yuan": "5", "document_no": "1", "on": "2014-01-08"}
    send(tong, reverse("village_fund_receive", args=[fund.pk]), said)
    with in_scope(chen):
        receipt = FundReceipt.objects.get(kind="DONATION")
    url = reverse("fund_receipt_back", args=[receipt.pk])
    reason = {"reason": "重复登记", "on": "2014-01-09"}
    assert send(tong, url, reason).status_code == 403
    assert send(chen, url, reason).status_code == 302
    page = client_for(chen).get(reverse("village_fund", args=[fund.pk]) + "?list=receipts").content.decode()
    assert "已冲销" in page


def test_the_card_of_a_household_shows_its_membership(
    fund: VillageFund, ai: User, bo: User, send: Send, client_for: Callable[[User], Client],
    in_scope: Callable[[User], Any],
) -> None:  # fmt: skip
    with in_scope(bo):
        household = saved(bo).household
        put(household, HouseholdStatus.REGISTERED)
    joins = {
        "household": household.household_no[-4:], "head_name": "张建国", "share_yuan": "100", "state_paid": "on",
        "on": "2014-01-08",
    }  # fmt: skip
    assert send(ai, reverse("village_fund_join", args=[fund.pk]), joins).status_code == 302
    page = client_for(bo).get(reverse("household_card", args=[household.household_no, 2014])).content.decode()
    assert "前庄村互助社" in page
    assert "2014-01-08 入社" in page


def test_the_list_is_taken_out_as_of_a_day(
    fund: VillageFund, chen: User, in_scope: Callable[[User], Any]
) -> None:
    with in_scope(chen):
        chosen = village_funds(Request(chen, None, QueryDict("on=2014-01-06")))
        resource = chosen.tables[0].resource
        (row,) = [resource.export_resource(one) for one in chosen.read(chosen.rows)]
        assert row[3:11] == [0, 0, *map(Decimal, ("10000.00", "0.00", "0.00", "0.00", "10000.00", "0.00"))]
        with pytest.raises(NotAsked):
            village_funds(Request(chen, None, QueryDict("on=2014-13-01")))
