"""Two clerks on one card: the second is told what the first changed, and chooses."""

from dataclasses import replace
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from fupin.accounts.models import User
from fupin.accounts.roles import Role
from registry.models import HouseholdYear
from tests.conftest import LINXIAN, person
from tests.journeys.office import Office
from tests.registry.factories import card, change, income, saved

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_second_chooses_and_both_values_are_in_the_history(office: Office, bo: User, in_scope) -> None:
    bao = person("bao", Role.COUNTY_ENTRY, LINXIAN, full_name="包录")
    given = card()
    with in_scope(bo):
        first = saved(bo, given)
        number = first.household.household_no
    page = office.desk(bo)
    page.goto(f"{office.url}/registry/households/{number}/2014/")

    with in_scope(bao):
        change(
            bao, first, replace(given, address="白文镇后庄3号", income=income(business_income=Decimal(6000)))
        )

    page.locator("#id_address").fill("白文镇前庄99号")
    page.locator("#id_phone").fill("13800000009")
    page.keyboard.press("Control+s")
    table = page.locator("table.conflict")
    expect(table).to_be_visible()
    expect(page.get_by_role("heading", name="此卡已被他人改动")).to_be_visible()
    address = table.locator("tr", has_text="家庭住址")
    expect(address).to_contain_text("白文镇前庄12号")
    expect(address).to_contain_text("白文镇后庄3号")
    expect(address).to_contain_text("白文镇前庄99号")
    expect(address).to_contain_text("包录")
    address.get_by_role("radio").nth(1).check()
    page.keyboard.press("Control+s")
    expect(page.get_by_text("已保存：")).to_be_visible()

    row = HouseholdYear.objects.using("owner").get()
    assert (row.address, row.phone_masked, row.version) == ("白文镇前庄99号", "*******0009", 3)
    assert row.business_income == 6000, "what only the other had changed stays his"

    page.goto(f"{office.url}/registry/households/{number}/history/")
    history = page.locator("main")
    for value in ("白文镇后庄3号", "白文镇前庄99号", "包录", "薄录"):
        expect(history).to_contain_text(value)
