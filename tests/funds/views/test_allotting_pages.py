"""The pages of allotment, as the people who work with them walk through them."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from funds.models import Allotment, AnnualBudget, Appropriation, FactorKind, FactorValue, Scheme
from fupin.accounts.models import User
from tests.conftest import LINXIAN, browser_of
from tests.funds.money import COUNTIES, Treasury, document, figures, scheme, treasury

pytestmark = pytest.mark.django_db

DOCUMENT = {
    "number": "财农〔2014〕41号", "level": "CENTRAL", "kind": "DEVELOPMENT", "fiscal_year": "2014",
    "issued_on": "2014-05-09", "received_on": "2014-05-12", "purpose": "扶贫发展", "amount_yuan": "90,000,000.00",
}  # fmt: skip


@pytest.fixture
def people(db: None) -> Treasury:
    return treasury()


def walk(people: Treasury, see_all: Callable[[], None]) -> Scheme:
    """Register, approve, draft, settle and issue, each by whose it is, through the pages."""
    ni, fu, cai = browser_of(people.drafter), browser_of(people.second), browser_of(people.finance)
    answer = ni.post(reverse("appropriation_new"), DOCUMENT)
    assert answer.status_code == 302, answer.content.decode()
    see_all()
    one = Appropriation.objects.get()
    ni.post(reverse("appropriation_approve", args=[one.pk]))
    see_all()
    one.refresh_from_db()
    assert one.approved_on is None
    fu.post(reverse("appropriation_approve", args=[one.pk]))
    figures(people)
    drafted = scheme(people, one)
    for name in ("scheme_submit", "scheme_decide"):
        who = ni if name == "scheme_submit" else fu
        who.post(reverse(name, args=[drafted.pk]), {"decision": "settle"})
    see_all()
    drafted.refresh_from_db()
    assert drafted.status == "APPROVED"
    issued = cai.post(
        reverse("scheme_issue", args=[drafted.pk]),
        {"document_no": "晋财农〔2014〕60号", "on": "2014-06-10", "tasks": "整村推进"}
        | {f"answerable-{county}": "县长" for county in COUNTIES},
    )
    assert issued.status_code == 302, issued.content.decode()
    see_all()
    return drafted


def page(browser: Client, name: str, *args: object, **query: str) -> str:
    answer = browser.get(reverse(name, args=args), query)
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode())


def test_the_way_of_a_document_through_the_pages(people: Treasury, see_all: Callable[[], None]) -> None:
    drafted = walk(people, see_all)
    one = Allotment.objects.get(division=LINXIAN)
    assert one.amount_yuan == Decimal("29816000.00")
    shi, xian = browser_of(people.city_finance), browser_of(people.county_finance)
    shi.post(reverse("allotment_pass", args=[one.pk]), {"on": "2014-06-20"})
    xian.post(reverse("allotment_receive", args=[one.pk]), {"on": "2014-06-25"})
    see_all()
    one.refresh_from_db()
    assert one.received_on == date(2014, 6, 25)
    ni = browser_of(people.drafter)
    assert "2,981.60" in page(ni, "appropriation_page", drafted.appropriation_id)
    assert "2014-07-09" in page(ni, "appropriation_list")
    board = page(ni, "fund_board", year="2014")
    assert "已全部下达" in board
    assert "15.0" in board
    shown = page(xian, "allotment_page", one.pk)
    assert "农村贫困人口" in shown
    assert "市级" in shown
    assert "2,981.60" in page(xian, "allotment_list")
    assert "3,920.99" not in page(xian, "allotment_list")
    assert "3,920.99" not in page(xian, "appropriation_page", drafted.appropriation_id)
    assert xian.get(reverse("scheme_page", args=[drafted.pk])).status_code == 404


def test_the_workbench_shows_two_schemes_and_names_what_is_missing(
    people: Treasury, see_all: Callable[[], None]
) -> None:
    one = document(people)
    figures(people, left_out=(LINXIAN, "FISCAL_PER_HEAD"))
    kind = FactorKind.objects.get(code="FISCAL_PER_HEAD")
    FactorValue.objects.create(
        division_id=LINXIAN, year=2012, kind=kind, value=2500, data_on=date(2012, 12, 31), source="省财政厅",
        entered_by=people.drafter,
    )  # fmt: skip
    drafted = scheme(people, one)
    ni = browser_of(people.drafter)
    ni.post(reverse("scheme_copy", args=[drafted.pk]), {"name": "B"})
    see_all()
    other = Scheme.objects.get(name="B")
    weights = {"POOR_POPULATION": "0.6", "NET_INCOME": "0.1", "FISCAL_PER_HEAD": "0.1", "PERFORMANCE": "0.2"}
    given = {f"weight-{code}": weight for code, weight in weights.items()}
    assert ni.post(reverse("scheme_weights", args=[other.pk]), given).status_code == 422
    answer = ni.post(
        reverse("scheme_weights", args=[other.pk]),
        given | {"weights_document": "晋扶领〔2014〕15号", "bonus_yuan": ""},
    )
    assert answer.status_code == 302, answer.content.decode()
    shown = page(ni, "scheme_page", drafted.pk, beside=str(other.pk))
    assert "临县缺人均地方财力" in shown
    assert "2,500" in shown
    assert "现按上一年的值试算" in shown
    assert "0.60" in shown
    assert "晋扶领〔2014〕15号" in page(ni, "scheme_page", other.pk)
    refused = ni.post(reverse("scheme_submit", args=[drafted.pk]), follow=True)
    assert "补齐前不得定案" in refused.content.decode()


def test_figures_are_pasted_and_each_wrong_line_is_named(
    people: Treasury, see_all: Callable[[], None]
) -> None:
    ni = browser_of(people.drafter)
    kind = FactorKind.objects.get(code="NET_INCOME")
    given = {"year": "2013", "kind": str(kind.pk), "data_on": "2014-01-20", "source": "省统计局"}
    wrong = ni.post(reverse("factor_enter"), given | {"lines": "临县 3547\n没有县 1\n兴县 零\n岚县 0"})
    assert wrong.status_code == 422
    said = wrong.content.decode()
    assert all(word in said for word in ("第 2 行", "第 3 行", "第 4 行"))
    assert not FactorValue.objects.exists()
    assert ni.post(reverse("factor_enter"), given | {"lines": "临县\t3,547\n140929 3876"}).status_code == 302
    see_all()
    assert FactorValue.objects.count() == 2
    shown = page(ni, "factor_list", year="2013")
    assert "3,547" in shown
    assert "缺" in shown
    assert ni.post(reverse("factor_take"), {"year": "2013"}).status_code == 302


def test_budgets_stand_against_the_year_before(people: Treasury, see_all: Callable[[], None]) -> None:
    ni = browser_of(people.drafter)
    for kind, year, amount in (
        ("CENTRAL_TO_PROVINCE", 2013, "1000000000"), ("CENTRAL_TO_PROVINCE", 2014, "1200000000"),
        ("PROVINCE", 2013, "420000000"), ("PROVINCE", 2014, "450000000"), ("WORKING", 2014, "0"),
    ):  # fmt: skip
        answer = ni.post(
            reverse("budget_new"),
            {"division": "140000000000", "year": str(year), "kind": kind, "amount_yuan": amount, "document_no": "晋财预〔2014〕1号"},
        )  # fmt: skip
        assert answer.status_code == 302, answer.content.decode()
    see_all()
    assert AnnualBudget.objects.count() == 5
    shown = page(ni, "budget_list", year="2014")
    assert "省级增幅 7.14%，低于中央对省增幅 20.00%" in shown
    assert "37.50" in shown
    assert "没有预算安排工作经费" in shown
    wrong = {
        "division": "140000000000",
        "year": "2014",
        "kind": "COUNTY",
        "amount_yuan": "1",
        "document_no": "x",
    }
    assert "级别不符" in ni.post(reverse("budget_new"), wrong).content.decode()


def test_bad_documents_are_refused_at_the_field(people: Treasury) -> None:
    ni = browser_of(people.drafter)
    for field, value in (
        ("amount_yuan", "-1"), ("amount_yuan", "9" * 17), ("amount_yuan", "一百"), ("amount_yuan", "1.005"),
        ("fiscal_year", "20144"), ("issued_on", "2014-13-01"), ("received_on", "2014-05-01"),
    ):  # fmt: skip
        answer = ni.post(reverse("appropriation_new"), DOCUMENT | {field: value})
        assert answer.status_code == 422
        assert field in answer.context["form"].errors
    assert not Appropriation.objects.exists()


def test_a_county_clerk_registers_nothing(people: Treasury, client_for: Callable[[User], Client]) -> None:
    assert client_for(people.county).get(reverse("appropriation_new")).status_code == 403
