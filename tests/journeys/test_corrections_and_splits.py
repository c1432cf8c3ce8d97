"""A closed year is corrected by two people; sons found a household of their own."""

from dataclasses import replace
from datetime import date

import pytest
from playwright.sync_api import expect

from fupin.accounts.models import User
from fupin.accounts.scope import whole_province
from registry.models import CorrectionSlip, Household, HouseholdLink, HouseholdYear, YearClose
from registry.services.years import close_year
from tests.conftest import as_owner
from tests.journeys.office import Office
from tests.registry.factories import card, member, pupil, saved, wife

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_closed_year_is_corrected_by_two(office: Office, bo: User, chen: User, in_scope) -> None:
    YearClose.objects.using("owner").all().delete()
    with in_scope(bo):
        given = replace(card(), year=2013)
        number = saved(bo, given).household.household_no
    with as_owner(), whole_province():
        close_year(actor=None, year=2013, on=date(2014, 1, 31), document="晋扶办〔2014〕1号")

    clerk = office.desk(bo)
    clerk.goto(f"{office.url}/registry/households/{number}/2013/")
    expect(clerk.locator("#id_address")).to_be_disabled()
    clerk.locator("#main").get_by_role("link", name="更正单").click()
    clerk.locator("#id_slip_reason").fill("入户核实，地址登记有误")
    clerk.locator("#id_address").fill("白文镇前庄21号")
    clerk.keyboard.press("Control+s")
    changes = clerk.locator("section", has=clerk.get_by_role("heading", name="更正事项"))
    expect(changes).to_contain_text("白文镇前庄12号")
    expect(changes).to_contain_text("白文镇前庄21号")
    clerk.keyboard.press("Control+s")
    clerk.wait_for_url("**/registry/corrections/**")
    assert HouseholdYear.objects.using("owner").get(year=2013).address == "白文镇前庄12号"

    slip = CorrectionSlip.objects.using("owner").get()
    reviewer = office.desk(chen)
    reviewer.goto(f"{office.url}/registry/corrections/{slip.pk}/")
    expect(reviewer.locator("main")).to_contain_text("入户核实，地址登记有误")
    reviewer.locator("[name=note]").fill("核对无误")
    reviewer.get_by_role("button", name="同意更正").click()
    reviewer.locator("dialog[open]").get_by_role("button", name="同意更正").click()
    expect(reviewer.locator("main")).to_contain_text("已更正")
    assert HouseholdYear.objects.using("owner").get(year=2013).address == "白文镇前庄21号"
    reviewer.goto(f"{office.url}/registry/households/{number}/history/")
    expect(reviewer.locator("main")).to_contain_text("白文镇前庄12号")
    expect(reviewer.locator("main")).to_contain_text("入户核实，地址登记有误")


def test_a_son_founds_a_household(office: Office, tong: User, in_scope) -> None:
    son = member(name="张大明", relation="03", born=date(1990, 7, 1))
    with in_scope(tong):
        number = saved(tong, card(member(), wife(), pupil(), son)).household.household_no
    page = office.desk(tong)
    page.goto(f"{office.url}/registry/households/{number}/2014/")
    page.locator("#main").get_by_role("link", name="分户").click()
    row = page.locator("tr", has_text="张大明")
    row.get_by_role("checkbox").check()
    row.locator("select").select_option("01")
    page.get_by_label("理由").fill("2014-03-12 分户，户口簿已分立")
    page.keyboard.press("Control+s")
    expect(page.locator(".consequence")).to_contain_text("张大明")
    expect(page.locator(".consequence")).to_contain_text("本户余 3 人")
    page.get_by_role("button", name="确定分户").click()
    expect(page.get_by_text("已分户：新户")).to_be_visible()

    households = Household.objects.using("owner").order_by("household_no")
    assert households.count() == 2
    cards = dict(HouseholdYear.objects.using("owner").values_list("household__household_no", "member_count"))
    assert sorted(cards.values()) == [1, 3]
    assert HouseholdLink.objects.using("owner").count() == 1
    page.goto(f"{office.url}/registry/households/{number}/history/")
    expect(page.locator("main")).to_contain_text(
        next(one.household_no for one in households if one.household_no != number)
    )
