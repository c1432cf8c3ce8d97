"""What is wrong stands at its field and in a summary that leads there; what is doubtful is kept with a reason."""

from decimal import Decimal

import pytest
from playwright.sync_api import expect

from fupin.accounts.models import User
from registry.models import HouseholdYear
from tests.journeys.office import Office, where
from tests.registry.factories import card, income, saved

pytestmark = pytest.mark.django_db(transaction=True)

REASON = "子女赡养，无经营支出"


def test_errors_stand_at_their_fields_and_the_summary_leads_there(office: Office, bo: User, in_scope) -> None:
    with in_scope(bo):
        number = saved(bo).household.household_no
    page = office.desk(bo)
    page.goto(f"{office.url}/registry/households/{number}/2014/")
    page.locator("#id_phone").fill("123")
    page.locator("#id_condition-irrigated_area").fill("99")
    page.locator("#id_income-wage_income").fill("abc")
    page.keyboard.press("Control+s")

    summary = page.locator(".errors[role=alert]")
    expect(summary).to_be_visible()
    expect(summary).to_be_focused()
    expect(page.locator("#id_income-wage_income")).to_have_value("abc")  # nothing typed is lost
    for box in ("phone", "condition-irrigated_area", "income-wage_income"):
        expect(page.locator(f"#id_{box}")).to_have_attribute("aria-invalid", "true")
        expect(page.locator(f".err:has(#id_{box})").first).to_be_visible()
    summary.get_by_role("link", name="联系电话").first.press("Enter")
    assert where(page)["name"] == "phone"
    page.keyboard.press("Control+a")
    page.keyboard.type("13800000001")
    page.locator("#id_condition-irrigated_area").fill("1.5")
    page.locator("#id_income-wage_income").fill("0")
    page.keyboard.press("Control+s")
    expect(page.get_by_text("已保存：")).to_be_visible()


def test_a_doubt_is_kept_and_answered_with_a_reason(office: Office, bo: User, in_scope) -> None:
    with in_scope(bo):
        doubtful = card(income=income(business_expense=Decimal(0)))  # earnings without outlay
        number = saved(bo, doubtful).household.household_no
    page = office.desk(bo)
    page.goto(f"{office.url}/registry/households/{number}/2014/")
    expect(page.locator("#rail")).to_contain_text("R-41")
    page.keyboard.press("Control+s")  # saved, and the doubt stays open
    expect(page.get_by_text("已保存：")).to_be_visible()

    before = HouseholdYear.objects.using("owner").get().open_remarks
    assert before
    doubt = page.locator(".doubts li", has_text="R-41")
    doubt.get_by_role("textbox").fill(REASON)
    page.keyboard.press("Control+s")
    expect(page.get_by_text("已保存：")).to_be_visible()
    row = HouseholdYear.objects.using("owner").get()
    assert row.open_remarks == before - 1
    assert {one["reason"] for one in row.remarks if one["rule"] == "R-41"} == {REASON}
    expect(page.locator("#rail")).to_contain_text(f"理由：{REASON}")
    expect(page.locator(".doubts li", has_text="R-41")).to_have_count(0)
