"""A township clerk pastes a village's new incomes from Excel; the good rows are saved, the wrong one waits with its reason."""

from decimal import Decimal

import pytest
from playwright.sync_api import expect

from fupin.accounts.models import User
from registry.models import HouseholdYear
from tests.journeys.office import Office
from tests.registry.factories import VILLAGE, card, saved

pytestmark = pytest.mark.django_db(transaction=True)

PASTE = """([name, text]) => {
  const box = document.querySelector(`input[name="${name}"]`);
  box.focus();
  const data = new DataTransfer();
  data.setData("text/plain", text);
  box.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


def test_a_pasted_column(office: Office, tong: User, in_scope) -> None:
    with in_scope(tong):
        numbers = [
            saved(tong, card(phone=f"1380000001{n}", natural_village="前庄")).household.household_no
            for n in range(3)
        ]
    page = office.desk(tong)
    page.goto(f"{office.url}/registry/villages/{VILLAGE}/2014/grid/")
    first = page.locator('td.entry input[data-path="income.business_income"]').first
    name = first.get_attribute("name")
    assert name is not None
    assert name.startswith(numbers[0])
    page.evaluate(PASTE, [name, "6000\r\n-5\r\n7,000.50\r\n"])
    expect(page.locator("#paste-note")).to_contain_text("3 行 × 1 列")
    page.keyboard.press("Control+s")
    expect(page.get_by_role("heading", name="有 1 户没有保存")).to_be_visible()

    stored = dict(
        HouseholdYear.objects.using("owner").values_list("household__household_no", "business_income")
    )
    assert stored == {
        numbers[0]: Decimal("6000.00"),
        numbers[1]: Decimal("5200.00"),
        numbers[2]: Decimal("7000.50"),
    }
    wrong = page.locator(f'input[name^="{numbers[1]}"][data-path="income.business_income"]')
    expect(wrong).to_have_value("-5")
    expect(wrong).to_have_attribute("aria-invalid", "true")
    wrong.fill("5000")
    page.keyboard.press("Control+s")
    expect(page.get_by_text("已保存 1 户")).to_be_visible()
