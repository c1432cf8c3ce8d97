"""A township clerk finds who has nobody, pairs the household, plans by its cause, and puts down help until it has arrived."""

import re

import pytest
from playwright.sync_api import expect

from fupin.accounts.models import User
from tests.journeys.office import Office
from tests.registry.factories import VILLAGE
from tests.registry.helping import helper, registered

pytestmark = pytest.mark.django_db(transaction=True)


def test_from_the_gap_to_the_delivery(office: Office, tong: User, in_scope) -> None:
    with in_scope(tong):
        household = registered(tong)
        person = helper(tong, VILLAGE - 200, name="王帮扶")
        number, choice = household.household_no, str(person.pk)
    page = office.desk(tong)
    page.goto(f"{office.url}/registry/help/gaps/")
    page.get_by_role("link", name=number).click()
    expect(page.get_by_text("没有帮扶责任人").first).to_be_visible()
    page.get_by_role("link", name="结对").click()
    page.get_by_label("帮扶责任人").select_option(choice)
    page.get_by_label("自", exact=True).fill("2014-07-01")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("link", name="王帮扶")).to_be_visible()

    page.get_by_role("link", name="＋ 计划").click()
    expect(page.get_by_text(re.compile("按致贫原因建议：缺资金"))).to_be_visible()
    page.get_by_label("针对原因").select_option("09")
    page.get_by_label("措施种类").select_option("04")
    page.get_by_label("目标").fill("贷款养羊二十只")
    page.get_by_label("计划资金（元）").fill("5000")
    page.get_by_label("时限").fill("2014-12-31")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("cell", name="贷款养羊二十只")).to_be_visible()

    page.get_by_role("link", name="＋ 措施").click()
    page.get_by_label("日期").fill("2014-08-01")
    page.get_by_label("种类").select_option("04")
    page.get_by_label("内容").fill("小额贷款贴息")
    page.get_by_label("金额（元）", exact=True).fill("300")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("未到户", exact=True)).to_be_visible()
    page.get_by_role("link", name="04 贷款贴息").click()
    page.get_by_role("link", name="＋ 到户").click()
    page.get_by_label("日期").fill("2014-08-10")
    page.get_by_label("方式").select_option("IN_KIND")
    page.get_by_label("签收人").fill("张建国")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("cell", name="300.00")).to_be_visible()

    page.get_by_role("link", name="本户帮扶").click()
    expect(page.get_by_text("已到户", exact=True)).to_be_visible()
    page.goto(f"{office.url}/registry/help/gaps/")
    expect(page.get_by_role("link", name=number)).to_have_count(0)
