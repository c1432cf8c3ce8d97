"""Pages of interest subsidies: from the loan to the payment by three people's hands, what they take out, and the card."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from funds.codes.interest import PotKind
from funds.models import InterestClaim, InterestLoan, PotAct
from funds.resources.interest import claims as claims_sheet, loans as loans_sheet, pot_acts
from funds.rules.interest_pot import PotUse
from fupin.accounts.models import User
from fupin.sheets.kinds import Request
from tests.conftest import LINXIAN
from tests.funds.interesting import Bureau, bureau, filled, loan, poor, pot
from tests.registry.cases import act_as

pytestmark = pytest.mark.django_db

LOAN = {
    "borrower": "HOUSEHOLD", "bank": "信用联社", "contract_no": "临信1号", "kind": "WORKING", "purpose": "养羊",
    "principal_yuan": "80,000", "rate": "6.00", "begins_on": "2014-07-01", "ends_on": "2015-07-01", "is_differential": "1",
    "promised_yuan": "100000", "promised_rate": "5.60",
}  # fmt: skip


@pytest.fixture
def office(db: None) -> Bureau:
    return bureau()


def sent(browser: Client, name: str, *args: Any, **data: str) -> HttpResponse:
    return browser.post(reverse(name, args=args), data)  # type: ignore[return-value]


def test_from_the_loan_to_the_payment(office: Bureau, client_for: Callable[[User], Client]) -> None:
    household = poor(office)
    filled(office)
    clerk, approver, finance = (client_for(one) for one in (office.clerk, office.approver, office.finance))
    assert sent(clerk, "interest_loan_new", **LOAN, household=household.household_no).status_code == 302
    act_as(office.clerk)
    one = InterestLoan.objects.get()
    assert (one.principal_yuan, one.is_differential, one.promised_rate) == (80_000, True, Decimal("5.60"))
    claimed = sent(
        clerk, "interest_claim_new", one.pk,
        begins_on="2014-07-01", ends_on="2015-07-01", province="5", document_no="晋财农〔2014〕20号",
    )  # fmt: skip
    assert claimed.status_code == 302
    act_as(office.clerk)
    claim = InterestClaim.objects.get()
    decided = sent(approver, "interest_claim_decide", claim.pk, decision="approve", on="2014-08-01")
    assert decided.status_code == 302
    assert sent(finance, "interest_claim_pay", claim.pk, on="2014-08-10").status_code == 302
    page = finance.get(reverse("interest_loan", args=[one.pk])).content.decode()
    for said in ("2,500.00", "50,000.00", "已支付", "银行承诺额度 100,000.00 元", "差别授权"):
        assert said in page
    listed = clerk.get(reverse("interest_list")).content.decode()
    assert "信用联社" in listed
    assert "2,500.00" in listed
    assert "已支付" in clerk.get(f"{reverse('interest_list')}?list=claims&on=2014-08-10").content.decode()
    assert "没有贴息单" in clerk.get(f"{reverse('interest_list')}?list=claims&on=2014-08-09").content.decode()
    card = clerk.get(reverse("household_card", args=[household.household_no, 2014])).content.decode()
    assert reverse("interest_loan", args=[one.pk]) in card


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"household": "1411241012009999"}, "没有这一户"),
        ({"household": ""}, "农户贷款须挂贫困户"),
        ({"principal_yuan": "-1"}, "本金"),
        ({"principal_yuan": "1" * 16}, ""),
        ({"begins_on": "2014-13-01"}, ""),
        ({"ends_on": "2014-07-01"}, "到期日须晚于放款日"),
        ({"rate": "40"}, "实际年利率应大于 0"),
        ({"borrower": "STRANGER"}, ""),
    ],
)
def test_bad_input_stands_at_its_field_and_nothing_is_written(
    office: Bureau, client_for: Callable[[User], Client], changed: dict[str, str], said: str
) -> None:
    household = poor(office)
    answer = sent(
        client_for(office.clerk),
        "interest_loan_new",
        **(LOAN | {"household": household.household_no} | changed),
    )
    assert answer.status_code == 422
    assert 'class="wrong"' in answer.content.decode()
    assert said in answer.content.decode()
    act_as(office.clerk)
    assert InterestLoan.objects.count() == 0


def test_a_claim_twice_is_refused_at_its_field(office: Bureau, client_for: Callable[[User], Client]) -> None:
    one = loan(office, poor(office))
    clerk = client_for(office.clerk)
    asked = {"begins_on": "2014-07-01", "ends_on": "2015-07-01", "document_no": "晋财农〔2014〕20号"}
    assert "至少填一级的贴息率" in sent(clerk, "interest_claim_new", one.pk, **asked).content.decode()
    assert sent(clerk, "interest_claim_new", one.pk, **asked, province="5").status_code == 302
    again = sent(clerk, "interest_claim_new", one.pk, **asked, province="5")
    assert (again.status_code, "不得重复" in again.content.decode()) == (422, True)


def test_the_pot_on_its_page(office: Bureau, client_for: Callable[[User], Client]) -> None:
    finance = client_for(office.finance)
    form = finance.get(reverse("interest_pot_act", args=[LINXIAN, "take-in"]))
    key = form.context["form"]["key"].value()
    asked = {
        "key": key, "appropriation": str(office.document.pk), "amount_yuan": "1,000,000", "on": "2014-06-20",
        "document_no": "临财农〔2014〕9号",
    }  # fmt: skip
    assert sent(finance, "interest_pot_act", LINXIAN, "take-in", **asked).status_code == 302
    assert sent(finance, "interest_pot_act", LINXIAN, "take-in", **asked).status_code == 422
    act_as(office.finance)
    assert PotAct.objects.count() == 1
    pot(office, PotKind.SET_ASIDE, "300000", target=PotUse.RISK_FUND)
    over = {
        "key": "2",
        "target": "DIRECT",
        "amount_yuan": "700000.01",
        "on": "2014-06-21",
        "document_no": "x",
    }
    refused = sent(finance, "interest_pot_act", LINXIAN, "set-aside", **over)
    assert "余 700,000.00 元" in refused.content.decode()
    page = finance.get(reverse("interest_pot", args=[LINXIAN])).content.decode()
    for said in ("扶贫贷款支持保障基金", "300,000.00", "临财农〔2014〕9号", "未定用途 700,000.00 元"):
        assert said in page
    assert "700,000.00" in finance.get(reverse("interest_pots")).content.decode()
    assert finance.get(reverse("interest_pot_act", args=[LINXIAN, "gift"])).status_code == 404


def test_lists_to_take_out_as_of_a_day(office: Bureau, rf: Any) -> None:
    filled(office)
    loan(office, poor(office))
    act_as(office.finance)
    for sheet, rows in ((loans_sheet, 1), (claims_sheet, 0), (pot_acts, 2)):
        asked = Request(office.finance, None, rf.get("/").GET)
        assert sheet(asked).rows.count() == rows
    earlier = Request(office.finance, None, rf.get("/", {"on": f"{date(2014, 6, 19)}"}).GET)
    assert (loans_sheet(earlier).rows.count(), pot_acts(earlier).rows.count()) == (0, 0)
    assert pot_acts(earlier).filters == [("截至", "2014-06-19")]
